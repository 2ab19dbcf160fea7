//! Put an upload together of parts.

use reqwest::{Method, RequestBuilder};
use serde_json::json;

use super::{asks, metadata, sends, tus};
use crate::support::{Person, send, tone, with_app, with_settings};

fn part(person: &Person<'_>, length: usize) -> RequestBuilder {
    tus(person, Method::POST, "/uploads").header("upload-concat", "partial").header("upload-length", length)
}

fn joined(person: &Person<'_>, release: &str, parts: &[String]) -> RequestBuilder {
    let request = tus(person, Method::POST, "/uploads").header("upload-concat", format!("final;{}", parts.join(" ")));
    request.header("upload-metadata", metadata(release, "whole.wav"))
}

async fn begins_part(person: &Person<'_>, length: usize) -> String {
    send(part(person, length)).await.is(201).header("location").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_are_a_file_one_behind_the_other() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let wav = tone(440.0, 1.0);
        let (one, two) = wav.split_at(77_777);
        let parts = [begins_part(&nina, one.len()).await, begins_part(&nina, two.len()).await];
        sends(&nina, &parts[1], 0, two).await.is(204);
        send(joined(&nina, &release, &parts)).await.is_problem(409, "upload-parts-unfinished");
        let answer = sends(&nina, &parts[0], 0, one).await.is(204);
        assert_eq!(answer.header("upload-track"), "", "a part is no track");
        let answer = asks(&nina, &parts[0]).await.is(200);
        assert_eq!((answer.header("upload-concat"), answer.header("upload-offset")), ("partial", "77777"));
        send(joined(&nina, &release, &parts).header("upload-length", wav.len())).await.is_problem(400, "malformed");
        let answer = send(joined(&nina, &release, &parts)).await.is(201);
        let (location, track) = (answer.header("location").to_owned(), answer.header("upload-track").to_owned());
        nina.waits_until_ready(&track).await;
        let hash = blake3::hash(&wav).to_hex();
        assert_eq!(app.stored("raw"), [format!("{}/{hash}", &hash[..2])]);
        let answer = asks(&nina, &location).await.is(200);
        assert_eq!(answer.header("upload-concat"), format!("final;{}", parts.join(" ")));
        let length = wav.len().to_string();
        assert_eq!((answer.header("upload-length"), answer.header("upload-offset")), (&*length, &*length));
        sends(&nina, &location, wav.len(), b"").await.is_problem(403, "upload-put-together");
        // The parts went into it.
        asks(&nina, &parts[0]).await.is(404);
        assert!(app.stored("landing").is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_put_together_yet_has_no_offset() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let id = uuid::Uuid::now_v7();
        // As while a long one is put together.
        app.execute(&format!(
            "insert into artists.uploads (id, account_id, release_id, form, length_bytes, part_ids, expires_at)
             values ('{id}', '{}', '{release}', 'joined', 4, array['{id}']::uuid[], now() + interval '1 day')",
            nina.id
        ))
        .await;
        let answer = asks(&nina, &format!("/uploads/{id}")).await.is(200);
        assert_eq!((answer.header("upload-offset"), answer.header("upload-length")), ("", "4"));
        sends(&nina, &format!("/uploads/{id}"), 0, b"abcd").await.is_problem(403, "upload-put-together");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_are_ones_own_and_fit_together() {
    with_settings(&[("upload_max_bytes", "10")], async |app| {
        let nina = app.artist("nina").await;
        let ada = app.artist("ada").await;
        let eve = app.listener("eve").await;
        let release = nina.creates_release("Tides").await;
        send(part(&eve, 4)).await.is_problem(403, "forbidden");
        let (own, other) = (begins_part(&nina, 6).await, begins_part(&ada, 4).await);
        sends(&nina, &own, 0, b"abcdef").await.is(204);
        sends(&ada, &other, 0, b"abcd").await.is(204);
        send(joined(&nina, &release, &[own.clone(), other])).await.is_problem(404, "not-found");
        send(joined(&nina, &release, &[own.clone(), own.clone()])).await.is_problem(413, "upload-too-large");
        send(joined(&ada, &release, std::slice::from_ref(&own))).await.is_problem(404, "not-found");
        for bad in ["final", "final;", "final;nonsense", "whole"] {
            let request = tus(&nina, Method::POST, "/uploads").header("upload-concat", bad);
            send(request.header("upload-metadata", metadata(&release, "a.wav"))).await.is_problem(400, "malformed");
        }
        assert_eq!(nina.get(&format!("/releases/{release}")).await.json()["tracks"], json!([]));
        send(joined(&nina, &release, &[own])).await.is(201);
        app.settle().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_may_have_no_bytes() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let wav = tone(440.0, 0.5);
        let parts = [begins_part(&nina, 0).await, begins_part(&nina, wav.len()).await];
        sends(&nina, &parts[1], 0, &wav).await.is(204);
        let answer = send(joined(&nina, &release, &parts)).await.is(201);
        nina.waits_until_ready(answer.header("upload-track")).await;
        app.settle().await;
        let hash = blake3::hash(&wav).to_hex();
        assert_eq!(app.stored("raw"), [format!("{}/{hash}", &hash[..2])]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_that_want_one_part_at_once_nothing_hangs() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let wav = tone(440.0, 0.5);
        let part = [begins_part(&nina, wav.len()).await];
        sends(&nina, &part[0], 0, &wav).await.is(204);
        let answers = futures_util::future::join_all((0..3).map(|_| send(joined(&nina, &release, &part)))).await;
        assert!(answers.iter().any(|answer| answer.status == 201));
        for answer in answers {
            assert!([201, 404, 409].contains(&answer.status), "{} {}", answer.status, answer.text());
        }
        app.settle().await;
        let open = "select state as line from artists.uploads where state in ('arriving', 'arrived')";
        assert_eq!(app.lines(open).await, Vec::<String>::new());
    })
    .await;
}
