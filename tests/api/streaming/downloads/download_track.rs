//! Take a track away as a file.

use reqwest::Method;

use super::publishes;
use crate::support::{send, with_app, with_settings};

#[tokio::test(flavor = "multi_thread")]
async fn a_track_is_taken_away_where_its_artist_allows_it() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let (release, tracks) = publishes(&nina, false).await;
        let path = format!("/tracks/{}/download", tracks[0]);
        for person in [&ada, &app.stranger()] {
            person.get(&path).await.is_problem(403, "forbidden");
        }
        nina.get(&path).await.is(200);
        nina.patch(&format!("/releases/{release}"), serde_json::json!({ "downloadable": true })).await.is(200);
        let whole = ada.get(&path).await.is(200);
        assert_eq!(whole.header("content-type"), "audio/flac");
        assert_eq!(whole.header("content-disposition"), "attachment; filename=\"nina - Ebb.flac\"");
        assert_eq!(&whole.body[..4], b"fLaC");
        app.stranger().get(&path).await.is(200);
        for (format, start) in [("opus", b"OggS"), ("flac", b"fLaC")] {
            assert_eq!(&ada.get(&format!("{path}?format={format}")).await.is(200).body[..4], start);
        }
        ada.get(&format!("{path}?format=mp3")).await.is_problem(406, "nothing-acceptable");
        ada.get(&format!("{path}?format=wav")).await.is_invalid("format");
        ada.get("/tracks/0190b2f0-c0de-7000-8000-00000000cafe/download").await.is_problem(404, "not-found");
        // It is gone on with where it broke off.
        let range =
            ada.request(Method::GET, &path).header("range", "bytes=10-").header("if-range", whole.header("etag"));
        assert_eq!(send(range).await.is(206).body, whole.body[10..]);
        let head = send(ada.request(Method::HEAD, &path)).await.is(200);
        assert_eq!((head.header("content-length"), head.body.len()), (whole.body.len().to_string().as_str(), 0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_hears_a_piece_takes_nothing_away() {
    with_settings(&[("strangers_hear", "preview")], async |app| {
        let nina = app.artist("nina").await;
        let (release, tracks) = publishes(&nina, true).await;
        for path in [format!("/tracks/{}/download", tracks[0]), format!("/releases/{release}/download")] {
            app.stranger().get(&path).await.is_problem(401, "unauthenticated");
            app.site.signs_in("nina").await.get(&path).await.is(200);
        }
    })
    .await;
}
