//! The first step: what is this file, and can it be used?

use legato_audio::Probe;
use serde_json::json;

use super::{Outcome, advance, sandboxed, verdict};
use crate::artists::own_track::OwnTrack;
use crate::artists::stage::Step;
use crate::artists::track::Suggestions;
use crate::platform::Platform;
use crate::platform::error::Result;
use crate::platform::jobs::Run;

pub(super) async fn run(platform: &Platform, track: &OwnTrack, run: &Run) -> Result<Outcome> {
    let scratch = platform.storage.scratch()?;
    match sandboxed::run::<Probe>(platform, "probe", track, scratch.path(), run, |_| ()).await {
        Ok(probe) => store(platform, track, &suggestions(probe), run).await,
        Err(failure) => verdict(failure).map(Outcome::Rejected),
    }
}

async fn store(platform: &Platform, track: &OwnTrack, suggestions: &Suggestions, run: &Run) -> Result<Outcome> {
    platform
        .db
        .transaction(async |conn| {
            // The job before the track, as everybody who holds both does.
            run.fence(conn).await?;
            let Some(track) = OwnTrack::lock(conn, track.id).await? else { return Ok(Outcome::Settled) };
            track.suggest(conn, &json!(suggestions)).await?;
            advance(conn, &track, Step::Probe, None, run).await?;
            Ok(Outcome::Settled)
        })
        .await
}

fn suggestions(probe: Probe) -> Suggestions {
    let tags = probe.tags;
    Suggestions { title: tags.title, artist: tags.artist, album: tags.album, track_number: tags.track_number }
}
