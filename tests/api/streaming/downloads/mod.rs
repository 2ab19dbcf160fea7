//! What is taken away.

mod download_release;
mod download_track;

use serde_json::json;

use crate::support::{Person, tone};

/// A public release of two tracks that may be taken away, or not; the answer is its id and theirs.
pub(super) async fn publishes(nina: &Person<'_>, downloadable: bool) -> (String, Vec<String>) {
    let release = nina.creates_release("Ebb: Flow/Føam").await;
    let mut tracks = Vec::new();
    for (hz, title) in [(440.0, "Ebb"), (550.0, "Ebb")] {
        let track = nina.uploads(&release, &format!("{title}.wav"), tone(hz, 1.0)).await;
        nina.waits_until_ready(&track).await;
        tracks.push(track);
    }
    nina.patch(&format!("/releases/{release}"), json!({ "downloadable": downloadable })).await.is(200);
    nina.publishes(&release).await;
    (release, tracks)
}
