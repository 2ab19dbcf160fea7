//! Fetch a package.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::json;

use super::super::people::joins;
use super::exports;
use crate::support::{App, becomes_true, send, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn a_download_that_broke_off_goes_on() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        nina.drafts_a_single("Tides").await;
        nina.get("/artists/nina/export/archive").await.is_problem(404, "not-found");
        let package = exports(&nina).await;
        let answer = nina.get("/artists/nina/export/archive").await.is(200);
        assert_eq!(answer.header("content-type"), "application/zip");
        assert_eq!(answer.header("content-length"), package.len().to_string());
        assert_eq!((answer.header("cache-control"), answer.header("accept-ranges")), ("private, no-store", "bytes"));
        let etag = answer.header("etag").to_owned();
        let asks = async |range: &str, etag: &str| {
            let request = nina.request(Method::GET, "/artists/nina/export/archive");
            send(request.header("range", range).header("if-range", etag)).await
        };
        let rest = asks("bytes=1000-", &etag).await.is(206);
        assert_eq!(rest.header("content-range"), format!("bytes 1000-{}/{}", package.len() - 1, package.len()));
        assert_eq!(rest.body, package[1000..]);
        assert_eq!(asks("bytes=5-9", &etag).await.is(206).body, package[5..10]);
        assert_eq!(asks("bytes=5-9", "\"another\"").await.is(200).body, package);
        assert_eq!(
            asks("bytes=99999999-", &etag).await.is(416).header("content-range"),
            format!("bytes */{}", package.len())
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_fetches_it_and_nobody_after_a_week() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let (ada, eve) = (app.listener("ada").await, app.listener("eve").await);
        joins(&nina, "nina", &ada, "editor").await;
        exports(&nina).await;
        ada.get("/artists/nina/export/archive").await.is_problem(403, "forbidden");
        eve.get("/artists/nina/export/archive").await.is_problem(404, "not-found");
        app.stranger().get("/artists/nina/export/archive").await.is_problem(401, "unauthenticated");
        app.platform.clock.advance(TimeDelta::days(7) + TimeDelta::minutes(1));
        let nina = app.site.signs_in("nina").await;
        nina.get("/artists/nina/export/archive").await.is_problem(404, "not-found");
        nina.get("/artists/nina/export").await.is(204);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_package_past_its_time_and_one_of_nobody_are_taken_away() {
    with_app(async |app| {
        let (nina, otto) = (app.artist("nina").await, app.artist("otto").await);
        exports(&nina).await;
        exports(&otto).await;
        assert_eq!(app.stored("exports").len(), 2);
        app.execute(
            "update artists.packages set expires_at = now() - interval '1 second'
             where artist_id = (select id from artists.artists where slug = 'nina')",
        )
        .await;
        otto.delete("/artists/otto").await.is(204);
        app.settle().await;
        // Each process looks for them as it starts.
        let data = app.data().to_str().expect("a plain path");
        let second = App::start(app.platform.db.url(), &[("data", data)]).await;
        let gone = becomes_true(std::time::Duration::from_secs(10), async || app.stored("exports").is_empty());
        assert!(gone.await, "{:?}", app.stored("exports"));
        second.stop().await;
        assert!(app.lines("select id::text as line from artists.packages").await.is_empty());
        nina.post("/artists/nina/export", json!({})).await.is(202);
    })
    .await;
}
