//! What feeds enclose, as podcast clients fetch it: without an account, in pieces, for years.

use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, App, Single, send, with_app, with_settings};

async fn set(app: &App) -> Single {
    let nina = app.artist("nina").await;
    let single = nina.publishes_a_single("Tides").await;
    nina.patch("/artists/nina", json!({ "feed": true })).await.is(200);
    single
}

async fn fetch(app: &App, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    let request = app.stranger().request(method, path);
    send(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_podcast_client_fetches_the_whole_and_parts_of_it() {
    with_app(async |app| {
        let path = format!("/enclosures/{}.opus", set(app).await.track);
        let whole = fetch(app, Method::GET, &path, &[]).await.is(200);
        let size = whole.body.len();
        assert!(whole.body.starts_with(b"OggS"));
        assert_eq!((whole.header("accept-ranges"), whole.header("access-control-allow-origin")), ("bytes", "*"));
        // It may be gone tomorrow: nothing keeps it without asking.
        assert_eq!(whole.header("cache-control"), "private, no-cache");
        let head = fetch(app, Method::HEAD, &path, &[]).await.is(200);
        assert_eq!((head.body.len(), head.header("content-length")), (0, size.to_string().as_str()));
        let part = fetch(app, Method::GET, &path, &[("range", "bytes=10-19")]).await.is(206);
        assert_eq!(
            (&part.body[..], part.header("content-range")),
            (&whole.body[10..20], format!("bytes 10-19/{size}").as_str())
        );
        let tag = whole.header("etag");
        fetch(app, Method::GET, &path, &[("range", "bytes=0-1"), ("if-range", tag)]).await.is(206);
        fetch(app, Method::GET, &path, &[("range", "bytes=0-1"), ("if-range", "\"other\"")]).await.is(200);
        fetch(app, Method::GET, &path, &[("if-none-match", tag)]).await.is(304);
        fetch(app, Method::GET, &path, &[("range", &format!("bytes={size}-"))])
            .await
            .is_problem(416, "range-not-satisfiable");
        // Nobody has pressed play.
        assert_eq!(app.lines("select id::text as line from streaming.plays").await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_artists_with_a_feed_give_their_files_away() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let path = format!("/enclosures/{}.opus", nina.publishes_a_single("Tides").await.track);
        fetch(app, Method::GET, &path, &[]).await.is_problem(404, "not-found");
        nina.get(&path).await.is_problem(404, "not-found");
        nina.patch("/artists/nina", json!({ "feed": true })).await.is(200);
        fetch(app, Method::GET, &path, &[]).await.is(200);
        nina.patch("/artists/nina", json!({ "feed": false })).await.is(200);
        fetch(app, Method::GET, &path, &[]).await.is_problem(404, "not-found");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_there_is_not_is_not_found() {
    with_app(async |app| {
        let track = set(app).await.track;
        let unknown = uuid::Uuid::now_v7();
        for file in [
            track.clone(),
            format!("{track}."),
            format!("{track}.mp3"),
            format!("{track}.ogg"),
            format!("{track}.opus.mp3"),
            format!("{unknown}.opus"),
            ".opus".into(),
            "..%2f..%2fsecret.key".into(),
            "x".repeat(5000),
        ] {
            fetch(app, Method::GET, &format!("/enclosures/{file}"), &[]).await.is_problem(404, "not-found");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_there_is_mp3_feeds_enclose_it_and_other_files_stay() {
    with_settings(&[("ladder", "opus_64,opus_128,mp3_v0")], async |app| {
        let track = set(app).await.track;
        let feed = app.stranger().get("/artists/nina/feed.json").await.is(200).json();
        let file = &feed["items"][0]["attachments"][0];
        assert_eq!(file["mime_type"], "audio/mpeg");
        assert!(
            file["url"].as_str().is_some_and(|url| url.ends_with(&format!("/api/v1/enclosures/{track}.mp3"))),
            "{file}"
        );
        let mp3 = fetch(app, Method::GET, &format!("/enclosures/{track}.mp3"), &[]).await.is(200);
        assert_eq!((mp3.header("content-type"), json!(mp3.body.len())), ("audio/mpeg", file["size_in_bytes"].clone()));
        // Whoever has an older address still hears the track, as the best of its kind.
        let opus = fetch(app, Method::GET, &format!("/enclosures/{track}.opus"), &[]).await.is(200);
        let best = "select max(size_bytes)::text as line from artists.renditions where kind = 'opus_ogg'";
        assert_eq!(app.lines(best).await, [opus.body.len().to_string()]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_for_a_country_is_not_enclosed_there() {
    let proxy = &[("trusted_proxies", "127.0.0.1/32"), ("country_header", "CF-IPCountry")];
    with_settings(proxy, async |app| {
        let single = set(app).await;
        let nina = app.site.signs_in("nina").await;
        let only = json!({ "territories": { "rule": "allow", "countries": ["DE"] } });
        nina.patch(&format!("/releases/{}", single.release), only).await.is(200);
        let path = format!("/enclosures/{}.opus", single.track);
        fetch(app, Method::GET, &path, &[("cf-ipcountry", "DE")]).await.is(200);
        fetch(app, Method::GET, &path, &[("cf-ipcountry", "US")]).await.is_problem(403, "not-in-this-country");
        fetch(app, Method::HEAD, &path, &[("cf-ipcountry", "US")]).await.is(403);
    })
    .await;
}
