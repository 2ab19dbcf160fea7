//! The program as an operator runs it: processes that start, stop, are killed, and meet on one data folder.

use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;

use rustix::process::Signal;
use serde_json::json;

use crate::support::{Legato, Raw, becomes_true, run_legato, tone, with_app};

/// A data folder that does not exist yet.
struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn data(&self) -> PathBuf {
        self.0.path().join("data")
    }
}

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// How many objects the store holds in a zone.
fn stored(data: &Path, zone: &str) -> usize {
    let folders = std::fs::read_dir(data.join("objects").join(zone)).into_iter().flatten().flatten();
    folders.map(|folder| std::fs::read_dir(folder.path()).map_or(1, Iterator::count)).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fresh_server_keeps_what_it_was_given_over_a_restart() {
    let home = Home::new();
    let (legato, site) = Legato::serve(&home.data(), &[]).await;
    let single = site.artist("nina").await.publishes_a_single("Tides").await;
    assert_alone(&home.data()).await;
    legato.signal(Signal::TERM);
    assert_eq!(legato.ends().await.code(), Some(0));

    let (legato, site) = Legato::serve(&home.data(), &[]).await;
    let nina = site.signs_in("nina").await;
    let play = nina.plays(&single.track).await;
    nina.get(play["stream"]["url"].as_str().expect("a stream")).await.is(200);
    legato.signal(Signal::INT);
    assert_eq!(legato.ends().await.code(), Some(0));
}

/// A second server on the folder is refused; who only asks is not.
async fn assert_alone(data: &Path) {
    let second = run_legato(data, &["serve", "--listen", "127.0.0.1:0"], "").await;
    assert_eq!(second.status.code(), Some(1), "{}", told(&second));
    assert!(told(&second).contains("already uses the data folder"), "{}", told(&second));
    let doctor = run_legato(data, &["doctor"], "").await;
    assert_eq!(doctor.status.code(), Some(0), "{}", told(&doctor));
    assert!(told(&doctor).contains("All is well."), "{}", told(&doctor));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_kept_between_two_segments() {
    with_app(async |app| {
        let mut player = Raw::open(&app.site).await;
        // A segment is of six seconds.
        for pause in [0, 7] {
            tokio::time::sleep(Duration::from_secs(pause)).await;
            player.sends(format!("GET /api/v1/clock HTTP/1.1\r\nHost: {}\r\n\r\n", app.site.authority())).await;
            assert!(player.reads_first().await.starts_with("HTTP/1.1 200"));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_whose_process_is_killed_runs_again() {
    let home = Home::new();
    let (legato, site) = Legato::serve(&home.data(), &[]).await;
    let nina = site.artist("nina").await;
    let release = nina.creates_release("Tides").await;
    let track = nina.uploads(&release, "long.wav", tone(220.0, 120.0)).await;
    let path = format!("/tracks/{track}");
    let rendering = async || nina.get(&path).await.json()["stages"][1]["percent"].as_u64().unwrap_or(0) > 0;
    assert!(becomes_true(Duration::from_secs(30), rendering).await, "{}", legato.logged());
    legato.kill().await;

    let (legato, site) = Legato::serve(&home.data(), &[]).await;
    let nina = site.signs_in("nina").await;
    let track = nina.waits_until_ready(&track).await;
    assert_eq!(track["renditions"].as_array().map(Vec::len), Some(6), "{track:#}");
    assert_eq!((stored(&home.data(), "raw"), stored(&home.data(), "curated")), (1, 6));
    let release = nina.get(&format!("/releases/{release}")).await.is(200).json();
    assert_eq!(release["tracks"].as_array().map(Vec::len), Some(1), "{release:#}");
    nina.publishes(release["id"].as_str().unwrap_or_default()).await;
    legato.signal(Signal::TERM);
    assert_eq!(legato.ends().await.code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_of_another_process_do_the_work_of_a_server_without() {
    let home = Home::new();
    let (serving, site) = Legato::serve(&home.data(), &["--no-workers"]).await;
    let nina = site.artist("nina").await;
    let release = nina.creates_release("Tides").await;
    let mut live = nina.listens_to("/live", None).await;
    let track = nina.uploads(&release, "tides.wav", tone(440.0, 2.0)).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(nina.get(&format!("/tracks/{track}")).await.json()["stages"][0]["state"], "waiting");
    let working = Legato::start(&home.data(), &["work"]);
    nina.waits_until_ready(&track).await;
    let event = live.next_within(Duration::from_secs(5)).await.expect("progress travels between processes");
    assert_eq!(event.data["track_id"], json!(track));
    working.signal(Signal::TERM);
    assert_eq!(working.ends().await.code(), Some(0));
    drop(live);
    serving.signal(Signal::TERM);
    assert_eq!(serving.ends().await.code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_prepares_a_folder_before_the_first_start() {
    let home = Home::new();
    let migrated = run_legato(&home.data(), &["migrate"], "").await;
    assert!(migrated.status.success() && told(&migrated).contains("now up to date"), "{}", told(&migrated));
    let again = run_legato(&home.data(), &["migrate"], "").await;
    assert!(again.status.success() && told(&again).contains("The database is up to date."), "{}", told(&again));
    let create = ["admin", "create-account", "--handle", "mod", "--email", "mod@example.org", "--role", "moderator"];
    let created = run_legato(&home.data(), &create, "the password of mod\n").await;
    assert!(created.status.success(), "{}", told(&created));
    let twice = run_legato(&home.data(), &create, "the password of mod\n").await;
    assert!(!twice.status.success() && told(&twice).contains("This handle is taken."), "{}", told(&twice));
    let short = run_legato(&home.data(), &create, "short\n").await;
    assert!(!short.status.success() && told(&short).contains("8 to 256 characters"), "{}", told(&short));

    let (legato, site) = Legato::serve(&home.data(), &[]).await;
    let moderator = site.signs_in("mod").await;
    assert_eq!(moderator.get("/me").await.is(200).json()["role"], "moderator");
    legato.signal(Signal::TERM);
    assert!(legato.ends().await.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_problem_of_a_configuration_is_told_at_once() {
    let home = Home::new();
    let output = run_legato(&home.data(), &["serve", "--listen", "nowhere", "--upload-max-bytes", "many"], "").await;
    assert_eq!(output.status.code(), Some(1));
    let told = told(&output);
    assert!(
        told.contains("2 problem(s)") && told.contains("--listen") && told.contains("--upload-max-bytes"),
        "{told}"
    );
}
