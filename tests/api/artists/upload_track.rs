//! Upload a track.

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::json;

use crate::support::{send, tone, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_is_a_track_at_the_end_of_its_release() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        for (place, name) in [(1, "01 Ebb"), (2, "02 Flow")] {
            let upload = nina.tries_to_upload(&release, &format!("{name}.wav"), tone(440.0, 0.5)).await;
            let track = upload.is(202).json();
            assert_eq!((&track["title"], &track["position"]), (&json!(name), &json!(place)));
            assert_eq!((&track["release"]["id"], &track["artist"]["slug"]), (&json!(release), &json!("nina")));
            assert_eq!(track["stages"].as_array().map(Vec::len), Some(3));
            nina.waits_until_ready(track["id"].as_str().unwrap_or_default()).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_bytes_are_stored_once() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let (first, second) = (
            nina.uploads(&release, "a.wav", tone(440.0, 0.5)).await,
            nina.uploads(&release, "b.wav", tone(440.0, 0.5)).await,
        );
        nina.waits_until_ready(&first).await;
        nina.waits_until_ready(&second).await;
        assert_ne!(first, second);
        assert_eq!((app.stored("raw").len(), app.stored("curated").len()), (1, 9));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_holds_the_file_alone() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let path = format!("/releases/{release}/tracks");
        let file = || Part::bytes(tone(440.0, 0.2)).file_name("tides.wav");
        let before = Form::new().text("title", "not asked for").part("file", file());
        send(nina.request(Method::POST, &path).multipart(before)).await.is_invalid("title");
        let after = Form::new().part("file", file()).text("after", "the file");
        send(nina.request(Method::POST, &path).multipart(after)).await.is_invalid("after");
        assert!(app.stored("landing").is_empty() && app.stored("raw").is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_a_file_in_a_form_is_refused() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let path = format!("/releases/{release}/tracks");
        let request = || nina.request(Method::POST, &path);
        send(request().body(tone(440.0, 0.2))).await.is_problem(415, "not-a-multipart-upload");
        send(request().header("content-type", "audio/wav").body("RIFF"))
            .await
            .is_problem(415, "not-a-multipart-upload");
        send(request().json(&json!({ "file": "x" }))).await.is_problem(415, "not-a-multipart-upload");
        let form = Form::new().part("music", Part::bytes(tone(440.0, 0.2)).file_name("tides.wav"));
        send(request().multipart(form)).await.is_invalid("music");
        send(request().multipart(Form::new())).await.is_problem(400, "upload-interrupted");
        let headless = request().header("content-type", "multipart/form-data").body("--x--");
        assert!((400..500).contains(&send(headless).await.status));
        app.stranger().tries_to_upload(&release, "a.wav", tone(440.0, 0.2)).await.is_problem(401, "unauthenticated");
        nina.tries_to_upload("nonsense", "a.wav", tone(440.0, 0.2)).await.is_problem(404, "not-found");
        assert_eq!(nina.get(&format!("/releases/{release}")).await.json()["tracks"], json!([]));
        assert!(app.stored("landing").is_empty() && app.stored("raw").is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_holds_200_tracks() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Everything").await;
        app.execute(&format!(
            "insert into artists.tracks (id, release_id, title, position, source_key, source_size_bytes, uploaded_by)
             select gen_random_uuid(), '{release}', 'Track ' || n, n, 'raw/00/00', 1, '{}' from generate_series(1, 199) n",
            nina.id
        ))
        .await;
        nina.uploads(&release, "200.wav", tone(440.0, 0.2)).await;
        nina.tries_to_upload(&release, "201.wav", tone(440.0, 0.2)).await.is_problem(409, "release-full");
    })
    .await;
}
