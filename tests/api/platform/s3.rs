//! Objects in S3, and an S3 that fails now and then.

use std::io::Read;
use std::path::Path;
use std::time::Duration;

use legato::platform::error::Error;
use legato::platform::storage::{Storage, Stored, Zone};
use reqwest::Method;

use crate::streaming::hls;
use crate::support::{App, Database, Faults, Person, Proxy, S3Server, becomes_true, send, tone, with_settings};

/// The rates of the fault matrix, and more: one request in eleven.
const FAULTS: Faults = Faults { refused: 50, reset: 20, unanswered: 10, truncated: 10 };

/// Longer than one part.
const LARGE: usize = 20 * 1024 * 1024;

/// Runs a test against a server that keeps its objects in S3, behind a proxy that breaks nothing yet.
async fn with_s3(more: &[(&'static str, &str)], test: impl AsyncFnOnce(&App, &S3Server, &Proxy)) {
    let Some(s3) = S3Server::start().await else { return };
    let proxy = Proxy::before(&s3.authority, Faults::default()).await;
    let settings = s3.settings(&proxy.authority);
    let settings: Vec<(&'static str, &str)> =
        settings.iter().map(|(name, value)| (*name, value.as_str())).chain(more.iter().copied()).collect();
    with_settings(&settings, async |app| test(app, &s3, &proxy).await).await;
}

/// Another process on the same database and bucket, with a disk of its own.
async fn another(app: &App, s3: &S3Server) -> App {
    let settings = s3.settings(&s3.authority);
    let settings: Vec<(&'static str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    App::start(app.platform.db.url(), &settings).await
}

async fn hears(person: &Person<'_>, play: &serde_json::Value, range: Option<&str>) -> bytes::Bytes {
    let request = person.request(Method::GET, play["stream"]["url"].as_str().expect("a stream"));
    match range {
        None => send(request).await.is(200).body,
        Some(range) => send(request.header("range", range)).await.is(206).body,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_track_is_uploaded_processed_and_played() {
    with_s3(&[], async |app, s3, _| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let original = tone(440.0, 60.0);
        let track = nina.uploads(&release, "tides.wav", original.clone()).await;
        nina.waits_until_ready(&track).await;
        app.settle().await;
        assert_eq!((s3.stored("raw").await.len(), s3.stored("curated").await.len()), (1, 6));
        assert_eq!((s3.stored("landing").await.len(), s3.unfinished().await), (0, 0));
        assert_eq!(s3.gives(&format!("raw/{}", s3.stored("raw").await[0])).await, original);
        assert!(["landing", "raw", "curated"].iter().all(|zone| app.stored(zone).is_empty()), "objects on disk");
        assert!(!app.stored("cache").is_empty(), "nothing in the cache");

        nina.publishes(&release).await;
        let whole = listen(&nina, &track).await;
        // On a machine that has none of it, the same comes out of S3 as it is played.
        let second = another(app, s3).await;
        let guest = second.listener("gus").await;
        assert!(second.stored("cache").is_empty());
        assert_eq!(listen(&guest, &track).await, whole);
        assert!(!second.stored("cache").is_empty(), "it was not kept");
        second.stop().await;

        nina.delete(&format!("/tracks/{track}")).await.is(204);
        app.settle().await;
        assert_eq!((s3.stored("raw").await.len(), s3.stored("curated").await.len()), (0, 0));
        assert!(app.stored("cache").is_empty(), "{:?}", app.stored("cache"));
    })
    .await;
}

/// Plays a track by all ways; the answer is the whole file and the whole of the segments.
async fn listen(person: &Person<'_>, track: &str) -> (bytes::Bytes, Vec<u8>) {
    let play = person.plays(track).await;
    let end = hears(person, &play, Some("bytes=-1000")).await;
    let middle = hears(person, &play, Some("bytes=100000-299999")).await;
    let whole = hears(person, &play, None).await;
    assert_eq!((&whole[whole.len() - 1000..], &whole[100_000..300_000]), (&end[..], &middle[..]));
    (whole, hls::fetch_all(person, &play).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn whole_files_come_from_s3_itself_where_the_operator_wants_that() {
    with_s3(&[("s3_redirect", "true")], async |app, s3, _| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let play = nina.plays(&single.track).await;
        let url = app.site.url(play["stream"]["url"].as_str().expect("a stream"));
        let client = crate::support::client().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        let answer = client.get(&url).send().await.expect("an answer");
        assert_eq!((answer.status().as_u16(), answer.headers()["cache-control"].as_bytes()), (307, &b"no-store"[..]));
        let there = answer.headers()["location"].to_str().expect("an address").to_owned();
        assert!(there.contains("/curated/") && there.contains("X-Amz-Signature="), "{there}");
        // Through the redirect the same bytes, whole and in part.
        let whole = hears(&nina, &play, None).await;
        assert_eq!(hears(&nina, &play, Some("bytes=100-299")).await, whole[100..300]);
        let key = there.split("/curated/").nth(1).and_then(|rest| rest.split('?').next()).expect("a key");
        assert_eq!(whole, s3.gives(&format!("curated/{key}")).await);
        // HEAD and segments are answered here, and a grant that ended opens nothing.
        let head = client.head(&url).send().await.expect("an answer");
        assert_eq!(head.status().as_u16(), 200);
        assert!(!hls::fetch_all(&nina, &play).await.is_empty());
        nina.delete("/session").await.is(204);
        let is_over = async || client.get(&url).send().await.expect("an answer").status().as_u16() == 404;
        assert!(becomes_true(Duration::from_secs(5), is_over).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_used_goes_to_quarantine() {
    with_s3(&[], async |app, s3, _| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let track = nina.uploads(&release, "letter.wav", "Dear Sir or Madam").await;
        assert_eq!(nina.waits_for(&track).await["problem"]["slug"], "not_audio");
        app.settle().await;
        assert_eq!((s3.stored("raw").await.len(), s3.stored("quarantine").await.len()), (0, 1));
        let key = format!("quarantine/{}", s3.stored("quarantine").await[0]);
        assert_eq!(s3.gives(&key).await, b"Dear Sir or Madam");
    })
    .await;
}

/// Bytes that nobody has seen before.
fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    blake3::Hasher::new().update(&seed.to_le_bytes()).finalize_xof().fill(&mut bytes);
    bytes
}

/// Stores a file, as often as it takes; every failure on the way must be a clean one.
async fn keep(storage: &Storage, file: &Path) -> Stored {
    for _ in 0..20 {
        match storage.keep_file(file, Zone::Raw).await {
            Ok(stored) => return stored,
            Err(Error::Unavailable) => {}
            Err(other) => panic!("not a clean failure: {other}"),
        }
    }
    panic!("it never succeeds");
}

/// Reads an object on a machine that has none of it.
async fn read(storage: &Storage, key: &str) -> Vec<u8> {
    for _ in 0..20 {
        match storage.file(key).await {
            Ok(mut file) => {
                let mut bytes = Vec::new();
                file.read_to_end(&mut bytes).expect("a file");
                return bytes;
            }
            Err(error) => assert!(matches!(error.downcast_ref(), Some(Error::Unavailable)), "not clean: {error:#}"),
        }
    }
    panic!("it never comes");
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_on_the_way_cost_no_byte() {
    with_s3(&[], async |app, s3, proxy| {
        proxy.meets_with(FAULTS);
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        let mut kept = Vec::new();
        for seed in 0..300_u64 {
            // Three in a hundred go in parts.
            let length = if seed % 100 < 3 { LARGE } else { (seed as usize * 997) % 100_000 };
            std::fs::write(&file, noise(seed, length)).expect("written");
            kept.push((seed, length, keep(&app.platform.storage, &file).await));
        }
        let faulty = Storage::of(&config_elsewhere(app, folder.path())).expect("a store");
        for (seed, length, stored) in &kept {
            let expected = noise(*seed, *length);
            assert_eq!(stored.hash, blake3::hash(&expected).as_bytes());
            assert!(read(&faulty, &stored.key).await == expected, "wrong bytes: {seed}");
            assert!(s3.gives(&stored.key).await == expected, "wrong bytes in S3: {seed}");
        }
        assert!(proxy.faults() > 50, "{} faults", proxy.faults());
        assert_eq!(s3.stored("raw").await.len(), kept.len());
        proxy.meets_with(Faults::default());
    })
    .await;
}

/// The same store for a process with another disk.
fn config_elsewhere(app: &App, folder: &Path) -> legato::platform::config::Config {
    let mut config = (*app.platform.config).clone();
    config.data = folder.join("elsewhere");
    config
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_streamed_while_faults_happen_is_right_or_cut_off() {
    with_s3(&[], async |app, _, proxy| {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        let expected = noise(7, LARGE);
        std::fs::write(&file, &expected).expect("written");
        let stored = keep(&app.platform.storage, &file).await;
        proxy.meets_with(Faults { truncated: 300, reset: 100, ..Faults::default() });
        let elsewhere = Storage::of(&config_elsewhere(app, folder.path())).expect("a store");
        let (mut at, mut failures) = (0, 0);
        while at < LARGE {
            // The end first, as players do that look for an index.
            let opened = elsewhere.open(&stored.key).await;
            let piece = match opened {
                Ok(opened) => opened.read(at as u64, 65_536).await,
                Err(error) => Err(error),
            };
            match piece {
                Ok(piece) => {
                    assert!(!piece.is_empty() && piece[..] == expected[at..at + piece.len()], "wrong bytes at {at}");
                    at += piece.len();
                }
                Err(Error::Unavailable) if failures < 50 => failures += 1,
                Err(other) => panic!("not a clean failure: {other}"),
            }
        }
        proxy.meets_with(Faults::default());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_object_is_never_taken_for_the_original() {
    with_s3(&[], async |app, s3, _| {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        std::fs::write(&file, noise(9, 50_000)).expect("written");
        let stored = keep(&app.platform.storage, &file).await;
        s3.takes(&stored.key, noise(10, 50_000)).await;
        let elsewhere = Storage::of(&config_elsewhere(app, folder.path())).expect("a store");
        let error = elsewhere.file(&stored.key).await.expect_err("it is damaged");
        assert!(error.to_string().contains("damaged"), "{error:#}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_to_an_s3_that_is_away_is_refused_and_waits_for_nobody() {
    with_s3(&[], async |app, _, proxy| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        proxy.meets_with(Faults { refused: 1000, ..Faults::default() });
        nina.tries_to_upload(&release, "tides.wav", tone(440.0, 0.5)).await.is_problem(503, "unavailable");
        proxy.meets_with(Faults::default());
        let track = nina.uploads(&release, "tides.wav", tone(440.0, 0.5)).await;
        nina.waits_until_ready(&track).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_waits_for_its_store_without_losing_an_attempt() {
    with_s3(&[], async |app, _, proxy| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        // Whatever the chain asks for once the upload is there is refused; a minute of music is not packaged before.
        let track = nina.uploads(&release, "tides.wav", tone(440.0, 60.0)).await;
        proxy.meets_with(Faults { refused: 1000, ..Faults::default() });
        let stages = async || nina.get(&format!("/tracks/{track}")).await.json()["stages"].clone();
        let any = |stages: &serde_json::Value, is: &dyn Fn(&serde_json::Value) -> bool| {
            stages.as_array().is_some_and(|stages| stages.iter().any(is))
        };
        let waits = async || any(&stages().await, &|stage| stage["problem"]["slug"] == "storage_away");
        assert!(becomes_true(Duration::from_secs(60), waits).await, "{:#}", stages().await);
        proxy.meets_with(Faults::default());
        let is_ready = async || {
            app.execute("update platform.jobs set run_at = now() where state = 'pending'").await;
            nina.get(&format!("/tracks/{track}")).await.json()["state"] == "ready"
        };
        assert!(becomes_true(Duration::from_secs(60), is_ready).await);
        let stages = stages().await;
        assert!(!any(&stages, &|stage| stage["attempt"] != 1), "no attempt is lost: {stages:#}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_finished_is_given_up() {
    with_s3(&[], async |app, s3, _| {
        s3.begins_upload("landing/lost").await;
        s3.begins_upload("curated/aa/lost").await;
        assert_eq!(s3.unfinished().await, 2);
        let start = async |hours: &'static str| {
            let settings = s3.settings(&s3.authority);
            let mut settings: Vec<(&'static str, &str)> =
                settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
            settings.push(("landing_hours", hours));
            app.execute("delete from platform.rounds").await;
            App::start(app.platform.db.url(), &settings).await
        };
        // Moto says of every upload that it was begun in 2010.
        let second = start("8760").await;
        assert!(becomes_true(Duration::from_secs(20), async || s3.unfinished().await == 0).await);
        second.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_all_processes_sweeps_the_bucket() {
    with_s3(&[], async |app, s3, _| {
        let began = "select began_at::text as line from platform.rounds where name = 'storage.sweep'";
        assert!(becomes_true(Duration::from_secs(10), async || !app.lines(began).await.is_empty()).await);
        let first = app.lines(began).await;
        let second = another(app, s3).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(app.lines(began).await, first);
        second.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rendition_that_the_bucket_lost_is_made_again() {
    with_s3(&[], async |app, s3, _| {
        let nina = app.artist("nina").await;
        nina.drafts_a_single("Tides").await;
        app.settle().await;
        let before = s3.stored("curated").await;
        s3.loses(&format!("curated/{}", before[0])).await;
        app.execute("update platform.objects set checked_at = now() - interval '31 days'").await;
        let second = another(app, s3).await;
        let is_whole = async || {
            for key in &before {
                let bytes = s3.finds(&format!("curated/{key}")).await;
                if bytes.is_none_or(|bytes| !key.ends_with(blake3::hash(&bytes).to_hex().as_str())) {
                    return false;
                }
            }
            true
        };
        assert!(becomes_true(Duration::from_secs(60), is_whole).await, "{:?}", s3.stored("curated").await);
        second.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_says_what_is_wrong_with_a_bucket() {
    let Some(s3) = S3Server::start().await else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let database = Database::create().await;
    let endpoint = format!("http://{}", s3.authority);
    let doctor = async |bucket: &str| {
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_legato"));
        command.args(["doctor", "--storage-url", bucket, "--data"]).arg(folder.path());
        command.env("LEGATO_DATABASE_URL", &database.url).env("LEGATO_S3_ENDPOINT", &endpoint);
        command.env("LEGATO_S3_ACCESS_KEY", "somebody").env("LEGATO_S3_SECRET_KEY", "hunter2");
        let output = command.output().await.expect("it ends");
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(!said.contains("hunter2"), "{said}");
        (output.status.success(), said)
    };
    let (is_well, said) = doctor("s3://music/legato").await;
    assert!(is_well && said.contains("s3://music/legato takes, gives and forgets"), "{said}");
    s3.takes("curated/aa/lost", "lost").await;
    let mut deep = tokio::process::Command::new(env!("CARGO_BIN_EXE_legato"));
    deep.args(["doctor", "--deep", "--storage-url", "s3://music/legato", "--data"]).arg(folder.path());
    deep.env("LEGATO_DATABASE_URL", &database.url).env("LEGATO_S3_ENDPOINT", &endpoint);
    deep.env("LEGATO_S3_ACCESS_KEY", "somebody").env("LEGATO_S3_SECRET_KEY", "hunter2");
    let said = String::from_utf8_lossy(&deep.output().await.expect("it ends").stdout).into_owned();
    assert!(said.contains("objects: 1 more came within the hour"), "{said}");
    let (is_well, said) = doctor("s3://no-such-bucket").await;
    assert!(!is_well && said.contains("FAIL  storage: s3://no-such-bucket"), "{said}");
    database.drop().await;
}
