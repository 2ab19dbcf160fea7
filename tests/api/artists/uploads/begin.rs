//! Begin an upload.

use reqwest::Method;
use serde_json::json;

use super::{asks, begins, metadata, offset, sends, tries_to_begin, tus};
use crate::support::{Person, send, tone, with_app, with_settings};

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_begins_with_its_address_and_its_time() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let answer = tries_to_begin(&nina, &release, "a.wav", 8).await.is(201);
        let id = answer.header("location").rsplit('/').next().expect("an id").to_owned();
        assert!(uuid::Uuid::parse_str(&id).is_ok(), "{id}");
        let expires = answer.header("upload-expires").to_owned();
        let expires = chrono::DateTime::parse_from_rfc2822(&expires).unwrap_or_else(|_| panic!("no date: {expires}"));
        let hours = (expires.to_utc() - app.platform.clock.now()).num_hours();
        assert!((21..=23).contains(&hours), "{hours}");
        let upload = nina.get(&format!("/uploads/{id}")).await.is(200).json();
        assert_eq!(
            (&upload["id"], &upload["state"], &upload["filename"]),
            (&json!(id), &json!("arriving"), &json!("a.wav"))
        );
        assert_eq!((&upload["track_id"], &upload["release_id"]), (&json!(null), &json!(release)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_bytes_may_come_at_once() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let wav = tone(440.0, 0.5);
        let begin = |bytes: &[u8]| {
            let request = tus(&nina, Method::POST, "/uploads").header("upload-length", wav.len());
            let request = request.header("upload-metadata", metadata(&release, "a.wav"));
            request.header("content-type", "application/offset+octet-stream").body(bytes.to_vec())
        };
        let answer = send(begin(&wav[..1000])).await.is(201);
        assert_eq!(answer.header("upload-offset"), "1000");
        assert!(!answer.header("upload-expires").is_empty());
        let location = answer.header("location").to_owned();
        assert_eq!(offset(&nina, &location).await, 1000);
        let rest = sends(&nina, &location, 1000, &wav[1000..]).await.is(204);
        nina.waits_until_ready(rest.header("upload-track")).await;
        // All of them, and no second request.
        let answer = send(begin(&wav)).await.is(201);
        assert_eq!(answer.header("upload-offset"), wav.len().to_string());
        nina.waits_until_ready(answer.header("upload-track")).await;
        // A body of another type is none of an upload.
        let request = tus(&nina, Method::POST, "/uploads").header("upload-length", 4).body("abcd");
        let request = request.header("upload-metadata", metadata(&release, "a.wav"));
        send(request).await.is_problem(415, "not-a-piece-of-an-upload");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_length_may_be_said_later_and_once() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let begin = |defer: &'static str| {
            let request = tus(&nina, Method::POST, "/uploads").header("upload-defer-length", defer);
            request.header("upload-metadata", metadata(&release, "a.wav"))
        };
        send(begin("2")).await.is_problem(400, "malformed");
        send(begin("1").header("upload-length", 4)).await.is_problem(400, "malformed");
        let location = send(begin("1")).await.is(201).header("location").to_owned();
        let answer = asks(&nina, &location).await.is(200);
        assert_eq!((answer.header("upload-defer-length"), answer.header("upload-length")), ("1", ""));
        let wav = tone(440.0, 0.2);
        sends(&nina, &location, 0, &wav[..100]).await.is(204);
        assert_eq!(nina.get(&location).await.json()["length"], json!(null));
        let with_length = |at: usize, bytes: &[u8], length: usize| {
            super::piece(&nina, &location, at, bytes.to_vec()).header("upload-length", length)
        };
        send(with_length(100, b"", 99)).await.is_problem(400, "malformed");
        send(with_length(100, b"", 3_000_000_000)).await.is_problem(413, "upload-too-large");
        send(with_length(100, &wav[100..200], wav.len())).await.is(204);
        let answer = asks(&nina, &location).await.is(200);
        assert_eq!(
            (answer.header("upload-defer-length"), answer.header("upload-length")),
            ("", &*wav.len().to_string())
        );
        send(with_length(200, b"", wav.len() + 1)).await.is_problem(400, "malformed");
        let answer = send(with_length(200, &wav[200..], wav.len())).await.is(204);
        nina.waits_until_ready(answer.header("upload-track")).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_length_that_is_not_said_is_no_way_round_the_quota() {
    with_settings(&[("artist_max_bytes", "1000")], async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        for (header, value) in
            [("upload-metadata", metadata(&release, "a.wav")), ("upload-concat", "partial".to_owned())]
        {
            let begin = tus(&nina, Method::POST, "/uploads").header("upload-defer-length", "1").header(header, value);
            let location = send(begin).await.is(201).header("location").to_owned();
            sends(&nina, &location, 0, &[0; 600]).await.is(204);
            sends(&nina, &location, 600, &[0; 600]).await.is_problem(413, "upload-too-large");
            let said = super::piece(&nina, &location, 600, Vec::<u8>::new()).header("upload-length", 1_201);
            send(said).await.is_problem(413, "quota-of-bytes");
            send(tus(&nina, Method::DELETE, &location)).await.is(204);
        }
    })
    .await;
}

/// Begins some uploads without a length, which go on at the same time.
async fn begin_without_length(nina: &Person<'_>, header: &str, value: &str) -> Vec<String> {
    let mut locations = Vec::new();
    for _ in 0..6 {
        let begin = tus(nina, Method::POST, "/uploads").header("upload-defer-length", "1").header(header, value);
        locations.push(send(begin).await.is(201).header("location").to_owned());
    }
    locations
}

#[tokio::test(flavor = "multi_thread")]
async fn uploads_without_a_length_share_one_quota_however_they_race() {
    with_settings(&[("artist_max_bytes", "100000")], async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        for (header, value) in
            [("upload-metadata", metadata(&release, "a.wav")), ("upload-concat", "partial".to_owned())]
        {
            // All say at once how long they are: two fit.
            let locations = begin_without_length(&nina, header, &value).await;
            let saying = locations.iter().map(async |location| {
                let said = super::piece(&nina, location, 0, Vec::<u8>::new()).header("upload-length", 40_000);
                send(said).await
            });
            let (said, refused): (Vec<_>, Vec<_>) =
                futures_util::future::join_all(saying).await.into_iter().partition(|answer| answer.status == 204);
            assert_eq!(said.len(), 2);
            refused.iter().for_each(|answer| drop(answer.is_problem(413, "quota-of-bytes")));
            for location in &locations {
                send(tus(&nina, Method::DELETE, location)).await.is(204);
            }
            // All grow at once, and say nothing.
            let locations = begin_without_length(&nina, header, &value).await;
            let growing = locations.iter().map(async |location| sends(&nina, location, 0, &[0; 40_000]).await);
            let grown = futures_util::future::join_all(growing).await;
            for answer in grown.iter().filter(|answer| answer.status != 204) {
                // Seen when it came to be counted, or before.
                assert!(answer.text().contains("quota-of-bytes") || answer.text().contains("upload-too-large"));
            }
            assert_eq!(grown.iter().filter(|answer| answer.status == 204).count(), 2);
            let counted = app.lines("select sum(offset_bytes)::text as line from artists.uploads").await;
            assert_eq!(counted, ["80000"]);
            for location in &locations {
                send(tus(&nina, Method::DELETE, location)).await.is(204);
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_begins_no_upload_is_told() {
    with_settings(&[("upload_max_bytes", "65536")], async |app| {
        let nina = app.artist("nina").await;
        let ada = app.artist("ada").await;
        let release = nina.creates_release("Tides").await;
        tries_to_begin(&nina, &release, "a.wav", 65_536).await.is(201);
        tries_to_begin(&nina, &release, "a.wav", 65_537).await.is_problem(413, "upload-too-large");
        tries_to_begin(&ada, &release, "a.wav", 4).await.is_problem(404, "not-found");
        tries_to_begin(&nina, "nonsense", "a.wav", 4).await.is_problem(404, "not-found");
        let begin = || tus(&nina, Method::POST, "/uploads");
        send(begin().header("upload-metadata", metadata(&release, "a"))).await.is_problem(400, "malformed");
        for length in ["-1", "four", "4.0", "", "99999999999999999999"] {
            let request = begin().header("upload-length", length).header("upload-metadata", metadata(&release, "a"));
            send(request).await.is_problem(400, "malformed");
        }
        for header in ["", "filename eA==", "filename !,release_id eA==", "release_id eA==,release_id eA==", " "] {
            let answer = send(begin().header("upload-length", 4).header("upload-metadata", header)).await;
            answer.is_problem(400, "malformed");
        }
        send(begin().header("upload-length", 4)).await.is_problem(400, "malformed");
        assert_eq!(app.lines("select id::text as line from artists.uploads").await.len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_file_is_whole_at_once_and_rejected_as_any_other() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let answer = tries_to_begin(&nina, &release, "empty.wav", 0).await.is(201);
        assert_eq!(answer.header("upload-offset"), "0");
        let track = nina.waits_for(answer.header("upload-track")).await;
        assert_eq!(track["state"], "rejected");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_twice_begins_one_upload() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let begin = |length: usize| {
            let request = tus(&nina, Method::POST, "/uploads").header("upload-length", length);
            request.header("upload-metadata", metadata(&release, "a.wav")).header("idempotency-key", "once")
        };
        let (one, other) = tokio::join!(send(begin(4)), send(begin(4)));
        assert_eq!(one.is(201).header("location"), other.is(201).header("location"));
        send(begin(5)).await.is_invalid("Idempotency-Key");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_has_so_many_uploads_open() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        app.execute(&format!(
            "insert into artists.uploads (id, account_id, release_id, form, length_bytes, expires_at)
             select gen_random_uuid(), '{}', '{release}', 'whole', 4, now() + interval '1 day' from generate_series(1, 999)",
            nina.id
        ))
        .await;
        begins(&nina, &release, "a.wav", 4).await;
        tries_to_begin(&nina, &release, "a.wav", 4).await.is_problem(409, "limit-reached");
    })
    .await;
}
