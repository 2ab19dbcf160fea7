//! The first step: what is this file, and can it be used?

use std::fs::File;

use legato_audio::Probe;
use serde_json::json;

use super::verdict::verdict;
use super::{Ingest, Made, Outcome, advance, lock, sandboxed};
use crate::artists::chain::Chain;
use crate::artists::own_track::OwnTrack;
use crate::artists::recipe::Recipe;
use crate::artists::stage::{StageRow, Step};
use crate::artists::track::Suggestions;
use crate::platform::Platform;
use crate::platform::error::Result;
use crate::platform::jobs::Run;

pub(super) async fn run(platform: &Platform, job: &Ingest, track: &OwnTrack, run: &Run) -> Result<Outcome> {
    let inputs = Recipe::of(platform, track).probe();
    let known = StageRow::inputs(&mut *platform.db.conn().await?, track.id, Step::Probe).await?;
    if known.as_ref() == Some(&inputs) {
        return store(platform, job, None, Made { run, inputs: &inputs, is_whole: false }).await;
    }
    let scratch = platform.storage.scratch()?;
    let order = sandboxed::order(platform, track);
    match sandboxed::run(platform, "probe", track, &order, scratch.path(), run, |_| ()).await {
        Ok(probe) => store(platform, job, Some(probe), Made { run, inputs: &inputs, is_whole: true }).await,
        Err(failure) => verdict(failure).map(Outcome::Rejected),
    }
}

// None: what was found last still holds.
async fn store(platform: &Platform, job: &Ingest, probe: Option<Probe>, made: Made<'_>) -> Result<Outcome> {
    platform
        .db
        .transaction(async |conn| {
            // The job before the track, as everybody who holds both does.
            made.run.fence(conn).await?;
            let Some(track) = lock(conn, job).await? else { return Ok(Outcome::Settled) };
            if let Some(probe) = &probe {
                track.suggest(conn, &json!(suggestions(probe))).await?;
                if let Some(length) = length_ms(probe) {
                    Chain::measure(conn, track.id, length).await?;
                }
            }
            advance(conn, job, &track, None, made).await?;
            Ok(Outcome::Settled)
        })
        .await
}

/// What the tags of a file say that is no track yet; or why it cannot be used.
pub(in crate::artists) async fn tags(
    platform: &Platform,
    file: File,
    filename: &str,
) -> Result<Result<Suggestions, String>> {
    match sandboxed::tags(platform, file, filename).await {
        Ok(probe) => Ok(Ok(suggestions(&probe))),
        Err(failure) => Ok(Err(verdict(failure)?.message)),
    }
}

fn suggestions(probe: &Probe) -> Suggestions {
    let tags = probe.tags.clone();
    Suggestions { title: tags.title, artist: tags.artist, album: tags.album, track_number: tags.track_number }
}

// What the file claims: good enough to estimate by.
fn length_ms(probe: &Probe) -> Option<i64> {
    let ms = probe.claimed_frames?.saturating_mul(1000) / u64::from(probe.sample_rate_hz.max(1));
    i64::try_from(ms).ok()
}
