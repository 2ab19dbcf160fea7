//! Genres out of the tags of files.

use serde_json::json;

use super::titles;
use crate::support::{tone, with_app};

/// A WAV file whose tag, behind the samples as most programs write it, names a genre (RIFF INFO).
fn tagged(genre: &str) -> Vec<u8> {
    let mut wav = tone(440.0, 1.0);
    let text = format!("{genre}{}", if genre.len().is_multiple_of(2) { "" } else { "\0" });
    wav.extend(b"LIST");
    wav.extend(u32::try_from(12 + text.len()).expect("short").to_le_bytes());
    wav.extend(b"INFOIGNR");
    wav.extend(u32::try_from(text.len()).expect("short").to_le_bytes());
    wav.extend(text.as_bytes());
    let size = u32::try_from(wav.len() - 8).expect("short");
    wav[4..8].copy_from_slice(&size.to_le_bytes());
    wav
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_is_found_by_its_tags_until_its_artist_says_more() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let track = nina.uploads(&release, "tides.wav", tagged("Hip-Hop/Rap; Jazz")).await;
        nina.waits_until_ready(&track).await;
        app.settle().await;
        let path = format!("/releases/{release}");
        let drafted = nina.get(&path).await.json();
        assert_eq!((&drafted["tag_genres"], &drafted["genres"]), (&json!(["hip hop", "rap", "jazz"]), &json!([])));
        nina.publishes(&release).await;
        let stranger = app.stranger();
        assert_eq!(titles(&stranger, "genre=Hip+Hop").await, ["Tides"]);
        nina.patch(&path, json!({ "genres": ["bossa nova"] })).await.is(200);
        assert!(titles(&stranger, "genre=hip+hop").await.is_empty());
        assert_eq!(titles(&stranger, "genre=bossa+nova").await, ["Tides"]);
    })
    .await;
}
