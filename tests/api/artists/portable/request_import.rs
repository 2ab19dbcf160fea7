//! Bring in a package that was uploaded.

use reqwest::Method;
use serde_json::json;

use super::super::people::joins;
use super::super::uploads::{begins, sends, tus};
use super::{ends, exports, sends_package};
use crate::support::{send, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn only_an_owner_brings_in() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let (ada, eve) = (app.listener("ada").await, app.artist("eve").await);
        joins(&nina, "nina", &ada, "editor").await;
        let package = exports(&nina).await;
        for (person, status, slug) in [(&ada, 403, "forbidden"), (&eve, 404, "not-found")] {
            let upload_ids = sends_package(person, &package, 1).await;
            let new = json!({ "upload_ids": upload_ids });
            person.post("/artists/nina/imports", new).await.is_problem(status, slug);
            person.get("/artists/nina/imports").await.is_problem(status, slug);
        }
        app.stranger().post("/artists/nina/imports", json!({})).await.is_problem(401, "unauthenticated");
        assert!(app.lines("select id::text as line from artists.imports").await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_package_is_what_ones_own_whole_parts_hold() {
    with_app(async |app| {
        let (nina, eve) = (app.artist("nina").await, app.artist("eve").await);
        let package = exports(&nina).await;
        let path = "/artists/nina/imports";
        let asks = async |ids: serde_json::Value| nina.post(path, json!({ "upload_ids": ids })).await;
        asks(json!([])).await.is_invalid("upload_ids");
        asks(json!([uuid::Uuid::now_v7()])).await.is_problem(404, "not-found");
        asks(json!(sends_package(&eve, &package, 1).await)).await.is_problem(404, "not-found");
        let begun = tus(&nina, Method::POST, "/uploads").header("upload-concat", "partial").header("upload-length", 9);
        let begun = send(begun).await.is(201).header("location").rsplit('/').next().expect("an id").to_owned();
        asks(json!([begun])).await.is_invalid("upload_ids");
        let release = nina.creates_release("Tides").await;
        let track = begins(&nina, &release, "a.wav", 4).await;
        sends(&nina, &track, 0, b"RIFF").await.is(204);
        asks(json!([track.rsplit('/').next()])).await.is_invalid("upload_ids");
        // One that is wanted twice is not there twice; and nothing was taken by what was refused.
        let part = sends_package(&nina, &package, 1).await;
        asks(json!([part[0], part[0]])).await.is_invalid("upload_ids");
        nina.post(path, json!({ "upload_ids": part, "owner": "me" })).await.is_invalid("owner");
        let import = asks(json!(part)).await.is(202).json();
        // The same uploads are the same import, now and later; for another one they are used.
        assert_eq!(asks(json!(part)).await.is(202).json()["id"], import["id"]);
        let report = ends(&nina, &format!("{path}/{}", import["id"].as_str().expect("an id"))).await;
        assert_eq!(report["state"], "done", "{report:#}");
        assert_eq!(asks(json!(part)).await.is(202).json()["id"], import["id"]);
        nina.creates_artist("Another").await;
        let other = nina.post("/artists/another/imports", json!({ "upload_ids": part })).await;
        other.is_invalid("upload_ids");
        app.settle().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_import_of_an_artist_goes_at_a_time() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let package = exports(&nina).await;
        app.execute(
            "insert into artists.imports (id, artist_id, upload_ids, publish)
             select gen_random_uuid(), id, array[gen_random_uuid()], false from artists.artists",
        )
        .await;
        let upload_ids = sends_package(&nina, &package, 2).await;
        let path = "/artists/nina/imports";
        nina.post(path, json!({ "upload_ids": upload_ids })).await.is_problem(409, "import-under-way");
        app.execute("delete from artists.imports").await;
        // What was refused took nothing.
        nina.post(path, json!({ "upload_ids": upload_ids })).await.is(202);
        app.settle().await;
    })
    .await;
}
