//! What nobody finishes goes away.

use std::time::Duration;

use super::{asks, begins, sends};
use crate::support::{App, becomes_true, tone, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_waits_for_its_time_and_no_longer() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let location = begins(&nina, &release, "a.wav", 8).await;
        let other = begins(&nina, &release, "b.wav", 8).await;
        for location in [&location, &other] {
            sends(&nina, location, 0, b"abcd").await.is(204);
        }
        let id = location.rsplit('/').next().expect("an id");
        app.execute(&format!("update artists.uploads set expires_at = now() - interval '1 second' where id = '{id}'"))
            .await;
        asks(&nina, &location).await.is(410);
        sends(&nina, &location, 4, b"efgh").await.is_problem(410, "upload-expired");
        assert_eq!(app.stored("landing").len(), 2);
        // Every process looks when it starts.
        let data = app.data().to_str().expect("a plain path");
        let second = App::start(app.platform.db.url(), &[("data", data)]).await;
        assert!(becomes_true(Duration::from_secs(15), async || app.stored("landing").len() == 1).await);
        second.stop().await;
        asks(&nina, &location).await.is(410);
        assert_eq!(nina.get(&location).await.is(200).json()["state"], "expired");
        sends(&nina, &other, 4, b"efgh").await.is(204);
        app.settle().await;
        // What ended is told for a day.
        app.execute("update artists.uploads set expires_at = now() - interval '25 hours'").await;
        let second = App::start(app.platform.db.url(), &[("data", data)]).await;
        let forgotten = async || app.lines("select id::text as line from artists.uploads").await.is_empty();
        assert!(becomes_true(Duration::from_secs(15), forgotten).await);
        second.stop().await;
        asks(&nina, &location).await.is(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_its_process_did_not_finish_is_finished_by_a_job() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let wav = tone(440.0, 0.3);
        let location = begins(&nina, &release, "a.wav", wav.len()).await;
        sends(&nina, &location, 0, &wav[..100]).await.is(204);
        // As a process leaves it that dies after its last commit.
        let id = location.rsplit('/').next().expect("an id");
        std::fs::write(app.data().join("objects/landing").join(id), &wav).expect("written");
        let hash = blake3::hash(&wav).to_hex();
        app.execute(&format!(
            "update artists.uploads set state = 'arrived', offset_bytes = length_bytes, hash = '\\x{hash}',
                    writer = id, writer_until = now() + interval '6 s' where id = '{id}'"
        ))
        .await;
        app.execute(&format!(
            "insert into platform.jobs (id, queue, kind, payload, max_attempts, unique_key)
             values (gen_random_uuid(), 'ingest', 'artists.finish_upload', '{{\"upload\": \"{id}\"}}', 20, 'upload:{id}')"
        ))
        .await;
        let done = async || nina.get(&location).await.json()["state"] == "done";
        assert!(becomes_true(Duration::from_secs(30), done).await, "{}", nina.get(&location).await.text());
        let track = nina.get(&location).await.json()["track_id"].as_str().expect("a track").to_owned();
        nina.waits_until_ready(&track).await;
    })
    .await;
}
