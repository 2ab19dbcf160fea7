//! Uploads after the tus protocol 1.0: every rule of it that binds a server.

mod append;
mod begin;
mod checksum;
mod clients;
mod concurrency;
mod expire;
mod faults;
mod join;
mod killed;
mod matches;
mod remote;
mod unpack;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Method, RequestBuilder};
use serde_json::json;

use crate::support::{Answer, Person, Raw, send, tone, wav_part, with_app};

/// A request of the protocol.
pub(super) fn tus(person: &Person<'_>, method: Method, path: &str) -> RequestBuilder {
    person.request(method, path).header("tus-resumable", "1.0.0")
}

/// `Upload-Metadata` of a file for a release.
fn metadata(release: &str, filename: &str) -> String {
    format!("filename {},release_id {}", STANDARD.encode(filename), STANDARD.encode(release))
}

/// Begins an upload; the answer is the server's.
pub(super) async fn tries_to_begin(person: &Person<'_>, release: &str, filename: &str, length: usize) -> Answer {
    let request = tus(person, Method::POST, "/uploads").header("upload-length", length);
    send(request.header("upload-metadata", metadata(release, filename))).await
}

/// Begins an upload; the answer is its address.
pub(super) async fn begins(person: &Person<'_>, release: &str, filename: &str, length: usize) -> String {
    let answer = tries_to_begin(person, release, filename, length).await.is(201);
    let location = answer.header("location").to_owned();
    assert!(location.starts_with("/api/v1/uploads/"), "{location}");
    location
}

/// Bytes for an upload, on their way.
fn piece(person: &Person<'_>, location: &str, offset: usize, bytes: impl Into<reqwest::Body>) -> RequestBuilder {
    let request = tus(person, Method::PATCH, location).header("upload-offset", offset);
    request.header("content-type", "application/offset+octet-stream").body(bytes)
}

/// Sends bytes; the answer is the server's.
pub(super) async fn sends(person: &Person<'_>, location: &str, offset: usize, bytes: &[u8]) -> Answer {
    send(piece(person, location, offset, bytes.to_vec())).await
}

/// Where an upload stands.
async fn asks(person: &Person<'_>, location: &str) -> Answer {
    send(tus(person, Method::HEAD, location)).await
}

async fn offset(person: &Person<'_>, location: &str) -> usize {
    let answer = asks(person, location).await.is(200);
    answer.header("upload-offset").parse().expect("an offset")
}

/// The head of a request for bytes, by hand.
fn head_of_piece(person: &Person<'_>, authority: &str, location: &str, offset: usize, length: usize) -> String {
    format!(
        "PATCH {location} HTTP/1.1\r\nHost: {authority}\r\nAuthorization: Bearer {}\r\nTus-Resumable: 1.0.0\r\n\
         Upload-Offset: {offset}\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: {length}\r\n\r\n",
        person.token.as_deref().unwrap_or_default()
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_comes_in_pieces_is_a_track() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let wav = tone(440.0, 1.0);
        let location = begins(&nina, &release, "01 Ebb.wav", wav.len()).await;
        let mut at = 0;
        for piece in wav.chunks(50_000) {
            assert_eq!(offset(&nina, &location).await, at);
            let answer = sends(&nina, &location, at, piece).await.is(204);
            at += piece.len();
            assert_eq!((answer.header("upload-offset"), answer.header("tus-resumable")), (&*at.to_string(), "1.0.0"));
            assert!(!answer.header("upload-expires").is_empty());
            assert_eq!(answer.header("upload-track").is_empty(), at < wav.len());
        }
        let upload = nina.get(&location).await.is(200).json();
        assert_eq!((&upload["offset"], &upload["length"], &upload["state"]), (&json!(at), &json!(at), &json!("done")));
        let track = upload["track_id"].as_str().expect("a track").to_owned();
        let answer = asks(&nina, &location).await.is(200);
        assert_eq!((answer.header("upload-track"), answer.header("upload-offset")), (&*track, &*at.to_string()));
        assert_eq!(nina.waits_until_ready(&track).await["title"], "01 Ebb");
        let hash = blake3::hash(&wav).to_hex();
        assert_eq!(app.stored("raw"), [format!("{}/{hash}", &hash[..2])]);
        assert!(app.stored("landing").is_empty(), "{:?}", app.stored("landing"));
        // What is whole takes nothing more, and says so kindly where nothing more is sent.
        sends(&nina, &location, at, b"more").await.is_problem(413, "upload-too-large");
        sends(&nina, &location, at, b"").await.is(204);
        assert_eq!(nina.get(&format!("/releases/{release}")).await.json()["tracks"].as_array().map(Vec::len), Some(1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_says_what_it_knows() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let location = begins(&nina, &release, "a.wav", 4).await;
        for path in ["/uploads", &location] {
            // Whatever version is said, or none.
            for version in [None, Some("0.2.2")] {
                let request = app.stranger().request(Method::OPTIONS, path);
                let request = version.into_iter().fold(request, |request, said| request.header("tus-resumable", said));
                let answer = send(request).await.is(204);
                assert_eq!((answer.header("tus-version"), answer.header("tus-resumable")), ("1.0.0", "1.0.0"));
                assert_eq!(answer.header("tus-max-size"), "2147483648");
                assert_eq!(answer.header("tus-checksum-algorithm"), "sha1,sha256,blake3");
                let extensions =
                    "creation,creation-with-upload,creation-defer-length,expiration,checksum,termination,concatenation";
                assert_eq!(answer.header("tus-extension"), extensions);
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_version_is_refused_and_does_nothing() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let location = begins(&nina, &release, "a.wav", 4).await;
        for version in [None, Some("0.2.2"), Some("1.0"), Some("1.0.0, 1.0.0")] {
            for (method, path) in [
                (Method::POST, "/uploads"),
                (Method::HEAD, &location),
                (Method::PATCH, &location),
                (Method::DELETE, &location),
            ] {
                let request = nina.request(method.clone(), path).header("upload-offset", 0).header("upload-length", 4);
                let request = request.header("upload-metadata", metadata(&release, "b.wav"));
                let request = request.header("content-type", "application/offset+octet-stream");
                let request = if method == Method::PATCH { request.body("abcd") } else { request };
                let request = version.into_iter().fold(request, |request, said| request.header("tus-resumable", said));
                let answer = send(request).await.is(412);
                assert_eq!((answer.header("tus-version"), answer.header("tus-resumable")), ("1.0.0", "1.0.0"));
                if method != Method::HEAD {
                    answer.is_problem(412, "upload-version");
                }
            }
        }
        assert_eq!(offset(&nina, &location).await, 0);
        assert_eq!(app.lines("select id::text as line from artists.uploads").await.len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_says_the_version() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        for (person, method, path, status) in [
            (&nina, Method::HEAD, "/uploads/nonsense", 404),
            (&nina, Method::GET, "/uploads/nonsense", 404),
            (&app.stranger(), Method::HEAD, "/uploads/nonsense", 401),
            (&app.stranger(), Method::POST, "/uploads", 401),
            (&nina, Method::PUT, "/uploads/nonsense", 404),
            (&nina, Method::POST, "/uploads", 400),
        ] {
            let answer = send(tus(person, method.clone(), path)).await;
            assert_eq!((answer.status, answer.header("tus-resumable")), (status, "1.0.0"), "{method} {path}");
            assert_eq!(answer.header("upload-offset"), "");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_method_may_travel_as_another() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let location = begins(&nina, &release, "a.wav", 8).await;
        let request = tus(&nina, Method::POST, &location).header("x-http-method-override", "PATCH");
        let request = request.header("upload-offset", 0).header("content-type", "application/offset+octet-stream");
        assert_eq!(send(request.body("abcd")).await.is(204).header("upload-offset"), "4");
        let head = tus(&nina, Method::GET, &location).header("x-http-method-override", "HEAD");
        assert_eq!(send(head).await.is(200).header("upload-offset"), "4");
        let end = tus(&nina, Method::POST, &location).header("x-http-method-override", "DELETE");
        send(end).await.is(204);
        asks(&nina, &location).await.is(404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_method_in_disguise_is_looked_at_as_itself() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let location = begins(&nina, &release, "a.wav", 8).await;
        let credentials = json!({ "login": "nina", "password": crate::support::password("nina"), "cookie": true });
        let session = app.stranger().request(Method::POST, "/session").header("origin", &app.site.base);
        let session = send(session.json(&credentials)).await.is(201);
        let cookie = session.header("set-cookie").split(';').next().expect("a cookie");
        // Looking needs no origin, and what only pretends to look does.
        for origin in [None, Some("http://evil.example")] {
            let request = tus(&app.stranger(), Method::GET, &location).header("cookie", cookie);
            let request = origin.into_iter().fold(request, |request, origin| request.header("origin", origin));
            send(request.header("x-http-method-override", "DELETE")).await.is_problem(403, "foreign-origin");
        }
        asks(&nina, &location).await.is(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_keeps_an_answer_about_an_upload() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let location = begins(&nina, &release, "a.wav", 8).await;
        let answer = asks(&nina, &location).await.is(200);
        assert_eq!((answer.header("cache-control"), answer.header("upload-offset")), ("no-store", "0"));
        assert_eq!(answer.header("upload-length"), "8");
        assert_eq!(answer.header("upload-metadata"), metadata(&release, "a.wav"));
        assert_eq!((answer.header("upload-defer-length"), answer.header("upload-concat")), ("", ""));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_up_is_gone() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let location = begins(&nina, &release, "a.wav", 8).await;
        sends(&nina, &location, 0, b"abcd").await.is(204);
        assert_eq!(app.stored("landing").len(), 1);
        let answer = send(tus(&nina, Method::DELETE, &location)).await.is(204);
        assert_eq!(answer.header("tus-resumable"), "1.0.0");
        assert!(app.stored("landing").is_empty());
        asks(&nina, &location).await.is(404);
        sends(&nina, &location, 4, b"efgh").await.is_problem(404, "not-found");
        send(tus(&nina, Method::DELETE, &location)).await.is_problem(404, "not-found");
        // The track that an upload became stays.
        let wav = tone(440.0, 0.2);
        let location = begins(&nina, &release, "b.wav", wav.len()).await;
        let track = sends(&nina, &location, 0, &wav).await.is(204).header("upload-track").to_owned();
        send(tus(&nina, Method::DELETE, &location)).await.is(204);
        nina.waits_until_ready(&track).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_is_its_beginners_alone() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let ada = app.artist("ada").await;
        let release = nina.creates_release("Tides").await;
        let location = begins(&nina, &release, "a.wav", 8).await;
        // Another member may edit the release, and yet not go on with what somebody else began.
        app.execute(&format!(
            "insert into artists.memberships (artist_id, account_id, role)
             select a.id, '{}', 'owner' from artists.artists a where a.slug = 'nina'",
            ada.id
        ))
        .await;
        asks(&ada, &location).await.is(404);
        ada.get(&location).await.is_problem(404, "not-found");
        sends(&ada, &location, 0, b"abcd").await.is_problem(404, "not-found");
        send(tus(&ada, Method::DELETE, &location)).await.is_problem(404, "not-found");
        // Nor does who may not edit it any more.
        sends(&nina, &location, 0, b"abcd").await.is(204);
        app.execute(&format!("update artists.memberships set role = 'viewer' where account_id = '{}'", nina.id)).await;
        asks(&nina, &location).await.is(404);
        sends(&nina, &location, 4, b"efgh").await.is_problem(404, "not-found");
        assert_eq!(ada.get(&format!("/releases/{release}")).await.json()["tracks"], json!([]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_refused_while_sending_sees_why() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let location = begins(&nina, &release, "a.wav", 16 * 1024 * 1024).await;
        let mut raw = Raw::open(&app.site).await;
        raw.sends(head_of_piece(&nina, app.site.authority(), &location, 7, 16 * 1024 * 1024)).await;
        let heard = raw.floods_and_reads(16 * 1024 * 1024).await;
        assert!(heard.starts_with("HTTP/1.1 409 "), "{heard}");
        assert!(heard.contains("/problems/upload-elsewhere"), "{heard}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_there_already_is_told() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let ada = app.artist("ada").await;
        let others = ada.creates_release("Not hers").await;
        let (first, second) = (nina.creates_release("Tides").await, nina.creates_release("More tides").await);
        // Long enough for a fingerprint that is found again.
        let wav = wav_part(&super::list_same_recordings::piece(0), 0.0, 30.0, 1.0);
        ada.uploads(&others, "a.wav", wav.clone()).await;
        let there = nina.uploads(&first, "Ebb.wav", wav.clone()).await;
        nina.waits_until_ready(&there).await;
        let location = begins(&nina, &second, "b.wav", wav.len()).await;
        sends(&nina, &location, 0, &wav).await.is(204);
        let upload = nina.get(&location).await.is(200).json();
        let same = json!([{ "track_id": there, "title": "Ebb", "release_id": first, "release_title": "Tides" }]);
        assert_eq!(upload["same_files"], same);
        nina.waits_until_ready(upload["track_id"].as_str().expect("a track")).await;
        let upload = nina.get(&location).await.is(200).json();
        // Of others' drafts nothing is told.
        let same: Vec<_> =
            upload["same_recordings"].as_array().expect("a list").iter().map(|same| &same["track_id"]).collect();
        assert_eq!(same, [&json!(there)]);
    })
    .await;
}
