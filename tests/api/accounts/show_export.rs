//! Fetch the archive.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{App, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn its_owner_fetches_the_archive() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        ada.get("/me/export/archive").await.is_problem(404, "not-found");
        ada.post("/me/export", json!({})).await.is(202);
        app.settle().await;
        let size = ada.get("/me/export").await.is(200).json()["size_bytes"].as_u64().expect("a size");
        let archive = ada.get("/me/export/archive").await.is(200);
        assert_eq!(archive.header("content-type"), "application/zip");
        assert_eq!(archive.header("content-disposition"), "attachment; filename=\"legato-export.zip\"");
        assert_eq!(archive.header("cache-control"), "private, no-store");
        assert_eq!(archive.header("content-length"), size.to_string());
        assert_eq!(archive.body.len() as u64, size);
        assert!(archive.body.starts_with(b"PK"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_fetches_it() {
    with_app(async |app| {
        let (ada, eve) = (app.listener("ada").await, app.listener("eve").await);
        ada.post("/me/export", json!({})).await.is(202);
        app.settle().await;
        eve.get("/me/export").await.is_problem(404, "not-found");
        eve.get("/me/export/archive").await.is_problem(404, "not-found");
        app.stranger().get("/me/export/archive").await.is_problem(401, "unauthenticated");
        let key = app.stored("exports").remove(0);
        for path in [format!("/exports/{key}"), format!("/audio/x/{key}"), "/exports/..%2f..%2fsecret.key".to_owned()] {
            eve.get(&path).await.is(404);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_of_the_letter_is_good_for_a_week() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        ada.post("/me/export", json!({})).await.is(202);
        let letter = app.letter_to("ada@example.org", "Your archive is ready").await;
        let (page, code) = letter.link();
        assert!(page.ends_with("/export"), "{page}");
        let link = format!("/exports/{code}");
        let fetched = app.stranger().get(&link).await.is(200);
        assert_eq!(fetched.body, ada.get("/me/export/archive").await.is(200).body);
        app.stranger().get(&link).await.is(200);
        for wrong in ["x", &code[1..], &code.to_uppercase()] {
            app.stranger().get(&format!("/exports/{wrong}")).await.is_problem(404, "not-found");
        }
        app.platform.clock.advance(TimeDelta::days(7) - TimeDelta::minutes(5));
        app.stranger().get(&link).await.is(200);
        app.platform.clock.advance(TimeDelta::minutes(6));
        app.stranger().get(&link).await.is_problem(404, "not-found");
        let ada = app.site.signs_in("ada").await;
        ada.get("/me/export/archive").await.is_problem(404, "not-found");
        ada.get("/me/export").await.is_problem(404, "not-found");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_past_its_time_is_taken_away() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        ada.post("/me/export", json!({})).await.is(202);
        app.settle().await;
        assert_eq!(app.stored("exports").len(), 1);
        app.execute("update accounts.exports set expires_at = now() - interval '1 second'").await;
        // Each process looks for them as it starts.
        let data = app.data().to_str().expect("a plain path");
        let second = App::start(app.platform.db.url(), &[("data", data)]).await;
        let gone =
            crate::support::becomes_true(std::time::Duration::from_secs(10), async || app.stored("exports").is_empty());
        assert!(gone.await, "{:?}", app.stored("exports"));
        second.stop().await;
        assert!(app.lines("select id::text as line from accounts.exports").await.is_empty());
    })
    .await;
}
