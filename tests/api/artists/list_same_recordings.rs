//! List where else a track's recording is.

use serde_json::Value;

use crate::support::{Person, wav_part, with_app};

/// A piece of the demo catalogue, with a melody and chords: a steady tone is like any other.
pub(super) fn piece(number: usize) -> Vec<u8> {
    let pieces =
        legato_demo::catalogue().into_iter().flat_map(|artist| artist.releases).flat_map(|release| release.tracks);
    pieces.skip(number).map(|piece| piece.render()).next().expect("a piece")
}

async fn add(person: &Person<'_>, release: &str, name: &str, bytes: Vec<u8>) -> String {
    let track = person.uploads(release, name, bytes).await;
    person.waits_until_ready(&track).await;
    track
}

async fn same(person: &Person<'_>, track: &str) -> Vec<Value> {
    let answer = person.get(&format!("/tracks/{track}/same-recordings")).await.is(200).json();
    answer["items"].as_array().expect("a list").clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_excerpt_is_found_in_the_whole_and_a_stranger_to_it_is_not() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let whole = add(&nina, &release, "whole.wav", wav_part(&piece(0), 0.0, 30.0, 1.0)).await;
        let other = add(&nina, &release, "other.wav", wav_part(&piece(5), 0.0, 30.0, 1.0)).await;
        // Ten seconds out of the middle, a decibel softer.
        let excerpt = add(&nina, &release, "excerpt.wav", wav_part(&piece(0), 12.3, 10.5, 0.891)).await;

        let found = same(&nina, &excerpt).await;
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!((&found[0]["track_id"], &found[0]["title"]), (&whole.as_str().into(), &"whole".into()));
        let offset = found[0]["offset_ms"].as_i64().expect("an offset");
        assert!((offset - 12_300).abs() <= 150, "{offset}");
        assert!(found[0]["similarity"].as_f64().is_some_and(|similarity| similarity > 0.85), "{found:#?}");
        assert_eq!(same(&nina, &whole).await[0]["offset_ms"].as_i64(), Some(-offset));
        assert_eq!(same(&nina, &other).await, Vec::<Value>::new());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_may_not_see_is_not_found() {
    with_app(async |app| {
        let (nina, otto) = (app.artist("nina").await, app.artist("otto").await);
        let (ninas, ottos) = (nina.creates_release("Tides").await, otto.creates_release("Sand").await);
        let track = add(&nina, &ninas, "mine.wav", wav_part(&piece(0), 0.0, 30.0, 1.0)).await;
        let twin = add(&otto, &ottos, "twin.wav", wav_part(&piece(0), 2.0, 20.0, 0.9)).await;
        assert_eq!(same(&nina, &track).await, Vec::<Value>::new());
        otto.publishes(&ottos).await;
        assert_eq!(same(&nina, &track).await[0]["track_id"], twin.as_str());
        // Published or not, it is for the artist's members alone.
        nina.get(&format!("/tracks/{twin}/same-recordings")).await.is_problem(404, "not-found");
        app.stranger().get(&format!("/tracks/{twin}/same-recordings")).await.is_problem(401, "unauthenticated");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_track_that_was_never_analysed_is_like_no_other() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let track = nina.uploads(&release, "letter.wav", "Dear Sir or Madam").await;
        nina.waits_for(&track).await;
        assert_eq!(same(&nina, &track).await, Vec::<Value>::new());
    })
    .await;
}
