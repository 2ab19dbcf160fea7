//! Music that is answered on the connection itself is answered as the app would do it.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{App, Database, Raw, Said, noise, with_app};

/// What a player was told, and where the segments are.
struct Heard {
    whole: String,
    folder: String,
    master: String,
}

async fn hears(app: &App) -> Heard {
    let nina = app.artist("nina").await;
    let single = nina.publishes_a_single("Tides").await;
    let play = app.stranger().plays(&single.track).await;
    let url = |of: &Value| of["url"].as_str().expect("an address").to_owned();
    let (whole, master) = (url(&play["stream"]), url(&play["hls"]));
    let text = app.stranger().get(&master).await.is(200).text();
    let media = text.lines().find(|line| line.ends_with("media.m3u8")).expect("a playlist").to_owned();
    let media = format!("{}/{media}", master.rsplit_once('/').expect("a folder").0);
    Heard { whole, folder: media.trim_end_matches("/media.m3u8").to_owned(), master }
}

fn request(app: &App, method: &str, target: &str, headers: &str) -> String {
    format!("{method} {target} HTTP/1.1\r\nHost: {}\r\n{headers}\r\n", app.site.authority())
}

/// How many requests were answered past the app.
async fn direct_answers(app: &App) -> u64 {
    let text = app.figures().await;
    let line = text.lines().find_map(|line| line.strip_prefix("legato_direct_answers_total "));
    line.and_then(|count| count.parse().ok()).expect("a figure")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_answered_past_the_app_is_what_the_app_answers() {
    with_app(async |app| {
        let Heard { whole, folder, master } = hears(app).await;
        let tag = app.stranger().get(&whole).await.is(200).header("etag").to_owned();
        let segment_tag = app.stranger().get(&format!("{folder}/0.m4s")).await.is(200).header("etag").to_owned();
        let targets = [
            ("GET", whole.clone(), String::new()),
            ("GET", whole.clone(), "Range: bytes=100-199\r\n".into()),
            ("GET", whole.clone(), "Range: bytes=-7\r\n".into()),
            ("GET", whole.clone(), "Range: bytes=0-1,5-6\r\n".into()),
            ("GET", whole.clone(), format!("Range: bytes=5-\r\nIf-Range: {tag}\r\n")),
            ("GET", whole.clone(), "Range: bytes=5-\r\nIf-Range: \"other\"\r\n".into()),
            ("GET", whole.clone(), format!("If-None-Match: {tag}\r\n")),
            ("HEAD", whole.clone(), String::new()),
            ("GET", master.clone(), String::new()),
            ("GET", format!("{master}?max_bitrate_bps=70000"), String::new()),
            ("GET", master.replace("master.m3u8", "manifest.mpd"), String::new()),
            ("GET", format!("{folder}/media.m3u8"), String::new()),
            ("GET", format!("{folder}/init.mp4"), String::new()),
            ("GET", format!("{folder}/0.m4s"), String::new()),
            ("GET", format!("{folder}/0.m4s"), format!("If-None-Match: {segment_tag}\r\n")),
        ];
        let before = direct_answers(app).await;
        for (number, (method, target, headers)) in targets.iter().enumerate() {
            let asked = request(app, method, target, headers);
            let (direct, by_app) = both(app, &asked, *method == "HEAD").await;
            assert_eq!(direct, by_app, "{asked}");
            let answered = direct_answers(app).await - before;
            assert_eq!(answered, number as u64 + 1, "one of the two was answered directly: {asked}");
        }
    })
    .await;
}

/// The answer on a new connection, and on one that the app has for good.
async fn both(app: &App, asked: &str, is_head: bool) -> (Said, Said) {
    let mut new = Raw::open(&app.site).await;
    new.sends(asked).await;
    let mut kept = Raw::open(&app.site).await;
    kept.sends(request(app, "GET", "/healthz", "Connection: keep-alive, te\r\n")).await;
    kept.reads_answer(false).await;
    kept.sends(asked).await;
    (new.reads_answer(is_head).await, kept.reads_answer(is_head).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_is_explained_by_the_app() {
    with_app(async |app| {
        let Heard { whole, folder, .. } = hears(app).await;
        let before = direct_answers(app).await;
        for (method, target, headers, status) in [
            ("GET", &*whole, "Range: bytes=99999999-\r\n", 416),
            ("GET", "/api/v1/audio/forged/opus_ogg_128", "", 404),
            ("GET", &format!("{folder}/999.m4s"), "", 404),
            ("GET", &format!("{folder}/../0.m4s"), "", 404),
            ("POST", &*whole, "Content-Length: 0\r\n", 404),
            ("HEAD", &format!("{folder}/0.m4s"), "", 404),
        ] {
            let asked = request(app, method, target, headers);
            let (direct, by_app) = both(app, &asked, method == "HEAD").await;
            assert_eq!((direct.status, by_app.status), (status, status), "{asked}");
            assert_eq!(direct.headers, by_app.headers, "{asked}");
        }
        let mut foreign = Raw::open(&app.site).await;
        foreign.sends(format!("GET {whole} HTTP/1.1\r\nHost: evil.example\r\n\r\n")).await;
        assert_eq!(foreign.reads_answer(false).await.status, 421);
        assert_eq!(direct_answers(app).await, before, "none of these was answered directly");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_serves_requests_in_their_order_whoever_answers_them() {
    with_app(async |app| {
        let Heard { whole, folder, .. } = hears(app).await;
        let segment = app.stranger().get(&format!("{folder}/0.m4s")).await.is(200).body;
        let file = app.stranger().get(&whole).await.is(200).body;
        let mut one = Raw::open(&app.site).await;
        let asked = [
            request(app, "GET", &format!("{folder}/0.m4s"), ""),
            request(app, "GET", &whole, ""),
            request(app, "GET", "/healthz", ""),
            request(app, "GET", &format!("{folder}/0.m4s"), ""),
            request(app, "GET", &whole, "Connection: close\r\n"),
        ];
        // All at once, and the last one in two pieces.
        let before = direct_answers(app).await;
        let (first, rest) = asked.split_at(4);
        let (head, tail) = rest[0].split_at(20);
        one.sends(first.concat() + head).await;
        assert_eq!(one.reads_answer(false).await.body, segment);
        assert_eq!(one.reads_answer(false).await.body, file);
        assert_eq!(one.reads_answer(false).await.status, 200);
        one.sends(tail).await;
        assert_eq!(one.reads_answer(false).await.body, segment);
        assert_eq!(one.reads_answer(false).await.body, file);
        assert_eq!(one.reads_to_the_end().await, 0);
        assert_eq!(direct_answers(app).await - before, 4, "the app has given the connection back");
        // A head in two pieces on a new connection.
        let mut slow = Raw::open(&app.site).await;
        slow.sends(head).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        slow.sends(tail).await;
        assert_eq!(slow.reads_answer(false).await.body, file);
    })
    .await;
}

/// What an app is asked on the way: with a body, with none, with an answer that is long, and with one of no length.
fn asked_of_the_app(app: &App) -> [String; 5] {
    let sign_in = r#"{"login":"nobody","password":"not the right one"}"#;
    let json = format!("Content-Type: application/json\r\nContent-Length: {}\r\n", sign_in.len());
    [
        request(app, "GET", "/healthz", ""),
        request(app, "POST", "/api/v1/session", &json) + sign_in,
        request(app, "GET", "/api/v1/nothing/here", ""),
        request(app, "GET", "/api/openapi.json", ""),
        request(app, "HEAD", "/", ""),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn the_app_gives_a_connection_back_with_its_answer() {
    with_app(async |app| {
        let Heard { folder, .. } = hears(app).await;
        let segment = app.stranger().get(&format!("{folder}/0.m4s")).await.is(200).body;
        let asks = request(app, "GET", &format!("{folder}/0.m4s"), "");
        let (mut one, before) = (Raw::open(&app.site).await, direct_answers(app).await);
        for (number, asked) in asked_of_the_app(app).iter().enumerate() {
            one.sends(asked).await;
            let said = one.reads_answer(asked.starts_with("HEAD")).await;
            assert!(said.status < 500 && !said.headers.contains(&"connection: close".to_owned()), "{asked}: {said:?}");
            one.sends(&asks).await;
            assert!(one.reads_answer(false).await.body == segment, "{asked}");
            assert_eq!(direct_answers(app).await - before, number as u64 + 1, "{asked}");
        }
        // The same without waiting for any answer.
        let whole: String = asked_of_the_app(app).iter().map(|asked| format!("{asked}{asks}")).collect();
        let mut other = Raw::open(&app.site).await;
        other.sends(whole).await;
        for asked in asked_of_the_app(app) {
            other.reads_answer(asked.starts_with("HEAD")).await;
            assert!(other.reads_answer(false).await.body == segment, "{asked}");
        }
        assert_eq!(direct_answers(app).await - before, 10);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_is_never_taken_for_a_request() {
    with_app(async |app| {
        let Heard { folder, .. } = hears(app).await;
        let hidden = request(app, "GET", &format!("{folder}/0.m4s"), "");
        let before = direct_answers(app).await;
        // Nobody reads what is sent to a page that does not exist.
        for path in ["/api/v1/nothing/here", "/healthz", "/api/v1/session"] {
            for rest in [0, 5000, 100_000] {
                let body = hidden.clone() + &"x".repeat(rest) + &hidden;
                let length = format!("Content-Length: {}\r\n", body.len());
                let mut one = Raw::open(&app.site).await;
                one.sends(request(app, "POST", path, &length)).await;
                tokio::time::sleep(Duration::from_millis(20)).await;
                one.sends_what_is_taken(&body).await;
                let said = one.reads_answer(false).await;
                assert!((400..500).contains(&said.status), "{path}: {}", said.status);
                one.sends_what_is_taken(&request(app, "GET", "/healthz", "Connection: close\r\n")).await;
                let more = one.reads_to_the_end().await;
                assert!(more < 2000, "{path} and {rest}: {more} bytes are more than a word of health");
            }
        }
        let chunked = request(app, "POST", "/api/v1/nothing/here", "Transfer-Encoding: chunked\r\n");
        let mut one = Raw::open(&app.site).await;
        one.sends(format!("{chunked}{:x}\r\n{hidden}\r\n0\r\n\r\n", hidden.len())).await;
        one.reads_answer(false).await;
        assert_eq!(direct_answers(app).await, before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sends_or_takes_next_to_nothing_is_cut_off() {
    with_app(async |app| {
        let began = Instant::now();
        let mut heads = Raw::open(&app.site).await;
        heads.sends("GET /healthz HTTP/1.1\r\nHost: localhost\r\n").await;
        let mut bodies = Raw::open(&app.site).await;
        let json = "Content-Type: application/json\r\nContent-Length: 4096\r\n";
        bodies.sends(request(app, "POST", "/api/v1/session", json)).await;
        let mut answers = Raw::open_narrow(&app.site).await;
        answers.sends(request(app, "GET", "/api/openapi.json", "")).await;
        let trickle = async |one: &mut Raw| {
            while began.elapsed() < Duration::from_secs(20) && one.sends_what_is_taken("x").await {
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
            began.elapsed()
        };
        let nibble = async |one: &mut Raw| {
            while began.elapsed() < Duration::from_secs(13) {
                one.reads_some(1).await;
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
        };
        let (head, body, ()) = tokio::join!(trickle(&mut heads), trickle(&mut bodies), nibble(&mut answers));
        assert!(head < Duration::from_secs(15) && body < Duration::from_secs(15), "{head:?}, {body:?}");
        // What the sockets held still comes, and no more.
        let (document, rest) =
            (app.stranger().get("/api/openapi.json").await.is(200), answers.reads_to_the_end().await);
        assert!(rest < document.body.len() / 2, "{rest}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_pauses_music_goes_on_where_it_was_whoever_sends_it() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let track = nina.uploads(&release, "noise.wav", noise(60)).await;
        nina.waits_until_ready(&track).await;
        nina.patch(&format!("/releases/{release}"), json!({ "downloadable": true })).await.is(200);
        nina.publishes(&release).await;
        let streams = app.stranger().plays(&track).await["stream"]["url"].as_str().expect("an address").to_owned();
        // The first is sent past the app, the second is the app's.
        for path in [streams, format!("/api/v1/tracks/{track}/download")] {
            let whole = app.stranger().get(&path).await.is(200).body;
            assert!(whole.len() > 500_000, "more than sockets hold: {}", whole.len());
            let mut one = Raw::open_narrow(&app.site).await;
            one.sends(request(app, "GET", &path, "")).await;
            tokio::time::sleep(Duration::from_secs(12)).await;
            assert!(one.reads_answer(false).await.body == whole, "{path}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_says_nothing_at_first_is_not_kept() {
    with_app(async |app| {
        let silent = Raw::open(&app.site).await;
        let opened = Instant::now();
        assert_eq!(silent.reads_to_the_end().await, 0);
        assert!(opened.elapsed() < Duration::from_secs(15), "{:?}", opened.elapsed());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_ends_does_not_wait_for_idle_connections() {
    let database = Database::create().await;
    let app = App::start(&database.url, &[]).await;
    let Heard { whole, .. } = hears(&app).await;
    let mut idle = Raw::open(&app.site).await;
    idle.sends(request(&app, "GET", &whole, "")).await;
    assert_eq!(idle.reads_answer(false).await.status, 200);
    let stopping = Instant::now();
    app.stop().await;
    assert!(stopping.elapsed() < Duration::from_secs(10), "{:?}", stopping.elapsed());
    assert_eq!(idle.reads_to_the_end().await, 0);
    database.drop().await;
}
