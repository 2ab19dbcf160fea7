//! `Idempotency-Key`: what is sent again is not done again.

use std::collections::HashSet;

use futures_util::future::join_all;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::support::{Answer, App, Person, send, tone, with_app};

const KEY: &str = "Idempotency-Key";

async fn posts(person: &Person<'_>, path: &str, key: &str, body: &Value) -> Answer {
    send(person.request(Method::POST, path).header(KEY, key).json(body)).await
}

async fn uploads(person: &Person<'_>, release: &str, key: &str, filename: &str, file: &[u8]) -> Answer {
    let part = Part::bytes(file.to_vec()).file_name(filename.to_owned());
    let request = person.request(Method::POST, &format!("/releases/{release}/tracks")).header(KEY, key);
    send(request.multipart(Form::new().part("file", part))).await
}

async fn names_of_artists(person: &Person<'_>) -> Vec<Value> {
    person.walks("/artists", 200).await.iter().map(|artist| artist["name"].clone()).collect()
}

async fn kept_keys(app: &App) -> Vec<String> {
    app.lines("select key as line from platform.idempotency_keys").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_twins_make_one_artist_and_hear_the_same() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let body = json!({ "name": "Moss" });
        let answers = join_all((0..100).map(|_| posts(&ada, "/artists", "once", &body))).await;
        let told: HashSet<String> = answers.into_iter().map(|answer| answer.is(201).text()).collect();
        assert_eq!(told.len(), 1, "{told:#?}");
        assert_eq!(names_of_artists(&ada).await, ["Moss"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_key_twins_are_two() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        for _ in 0..2 {
            ada.post("/artists", json!({ "name": "Moss" })).await.is(201);
        }
        assert_eq!(names_of_artists(&ada).await, ["Moss", "Moss"]);
        assert_eq!(kept_keys(app).await, [""; 0]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_body_in_another_spelling_is_the_same() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let ids = join_all([r#"{"name":"Moss","slug":"moss"}"#, "{ \"slug\": \"moss\",\n \"name\": \"Moss\" }"].map(
            async |body| {
                let request = ada.request(Method::POST, "/artists").header(KEY, "k");
                send(request.header("content-type", "application/json").body(body)).await.is(201).json()["id"].clone()
            },
        ))
        .await;
        assert_eq!(ids[0], ids[1]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_good_for_one_request() {
    with_app(async |app| {
        let ada = app.artist("ada").await;
        let draft = json!({ "title": "Dew", "kind": "single" });
        posts(&ada, "/artists/ada/releases", "k", &draft).await.is(201);
        let other_body = posts(&ada, "/artists/ada/releases", "k", &json!({ "title": "Dew", "kind": "ep" })).await;
        other_body.is_invalid(KEY);
        posts(&ada, "/artists", "k", &json!({ "name": "Fern" })).await.is_invalid(KEY);
        ada.creates_artist("Fern").await;
        posts(&ada, "/artists/fern/releases", "k", &draft).await.is_invalid(KEY);
        assert_eq!(ada.walks("/artists/ada/releases", 200).await.len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_has_keys_of_their_own() {
    with_app(async |app| {
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        let hers = posts(&ada, "/artists", "k", &json!({ "name": "Moss" })).await.is(201).json();
        let his = posts(&ben, "/artists", "k", &json!({ "name": "Fern" })).await.is(201).json();
        assert_eq!((&hers["name"], &his["name"]), (&json!("Moss"), &json!("Fern")));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_attempt_leaves_its_key_free() {
    with_app(async |app| {
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        ben.creates_artist("moss").await;
        let taken = json!({ "name": "Moss", "slug": "moss" });
        posts(&ada, "/artists", "k", &taken).await.is_problem(409, "slug-taken");
        posts(&ada, "/artists", "k", &taken).await.is_problem(409, "slug-taken");
        assert_eq!(kept_keys(app).await, [""; 0]);
        posts(&ada, "/artists", "k", &json!({ "name": "Moss", "slug": "moss-of-ada" })).await.is(201);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_sent_again_is_one_track() {
    with_app(async |app| {
        let ada = app.artist("ada").await;
        let release = ada.creates_release("Dew").await;
        let (file, other) = (tone(440.0, 0.5), tone(220.0, 0.5));
        let first = uploads(&ada, &release, "k", "dew.wav", &file).await.is(202).json();
        let again = uploads(&ada, &release, "k", "dew.wav", &file).await.is(202).json();
        assert_eq!(first["id"], again["id"]);
        uploads(&ada, &release, "k", "dew.wav", &other).await.is_invalid(KEY);
        uploads(&ada, &release, "k", "rain.wav", &file).await.is_invalid(KEY);
        let tracks = ada.get(&format!("/releases/{release}")).await.json()["tracks"].clone();
        assert_eq!(tracks.as_array().map(Vec::len), Some(1), "{tracks}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_play_sent_again_is_one_play_with_the_same_grant() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let single = nina.publishes_a_single("Dew").await;
        let play = json!({ "track_id": single.track });
        let first = posts(&ada, "/plays", "k", &play).await.is(201).json();
        assert_eq!(posts(&ada, "/plays", "k", &play).await.is(201).json(), first);
        posts(&ada, "/plays", "k", &json!({ "track_id": single.track, "accept": ["audio/ogg"] })).await.is_invalid(KEY);
        assert_eq!(app.lines("select id::text as line from streaming.plays").await.len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_has_no_keys() {
    with_app(async |app| {
        let single = app.artist("nina").await.publishes_a_single("Dew").await;
        let play = json!({ "track_id": single.track });
        let first = posts(&app.stranger(), "/plays", "k", &play).await.is(201).json();
        let second = posts(&app.stranger(), "/plays", "k", &play).await.is(201).json();
        assert_ne!(first["id"], second["id"]);
        assert_eq!(kept_keys(app).await, [""; 0]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_forgotten_after_a_day() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let first = posts(&ada, "/artists", "k", &json!({ "name": "Moss" })).await.is(201).json();
        let age =
            |hours: u8| format!("update platform.idempotency_keys set created_at = now() - interval '{hours} hours'");
        app.execute(&age(23)).await;
        assert_eq!(posts(&ada, "/artists", "k", &json!({ "name": "Moss" })).await.is(201).json(), first);
        app.execute(&age(24)).await;
        let second = json!({ "name": "Fern" });
        let id = posts(&ada, "/artists", "k", &second).await.is(201).json()["id"].clone();
        assert_eq!(posts(&ada, "/artists", "k", &second).await.is(201).json()["id"], id);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_deleted_does_not_come_back_by_its_key() {
    with_app(async |app| {
        let ada = app.artist("ada").await;
        let draft = json!({ "title": "Dew", "kind": "single" });
        let release = posts(&ada, "/artists/ada/releases", "k", &draft).await.is(201).json();
        ada.delete(&format!("/releases/{}", release["id"].as_str().unwrap_or_default())).await.is(204);
        posts(&ada, "/artists/ada/releases", "k", &draft).await.is_problem(404, "not-found");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_none_is_refused() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let body = json!({ "name": "Moss" });
        for key in ["", "two words", &"k".repeat(256)] {
            posts(&ada, "/artists", key, &body).await.is_invalid(KEY);
        }
        let latin1 = ada.request(Method::POST, "/artists").header(KEY, b"caf\xe9".as_slice()).json(&body);
        send(latin1).await.is_invalid(KEY);
        let two = ada.request(Method::POST, "/artists").header(KEY, "a").header(KEY, "b").json(&body);
        send(two).await.is_invalid(KEY);
        posts(&ada, "/artists", &"k".repeat(255), &body).await.is(201);
    })
    .await;
}
