//! The first step: what is this file, and can it be used?

use std::fs::File;
use std::path::Path;

use legato_audio::Probe;
use serde_json::json;

use super::child::{COVER, Probed};
use super::verdict::verdict;
use super::{Ingest, Made, Outcome, advance, lock, sandboxed};
use crate::artists::chain::Chain;
use crate::artists::credits::Credits;
use crate::artists::discard;
use crate::artists::own_track::OwnTrack;
use crate::artists::recipe::Recipe;
use crate::artists::replacing::Replacement;
use crate::artists::stage::{StageRow, Step};
use crate::artists::suggestions::Suggestions;
use crate::artists::tables;
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::jobs::Run;
use crate::platform::storage::{Lineage, Stored, Zone};

/// What `probe` takes out of a file; raised when that changes.
const PROBE_VERSION: i32 = 3;

/// What was found, and the cover that it brought.
struct Found {
    probed: Probed,
    cover: Option<Stored>,
}

pub(super) async fn run(platform: &Platform, job: &Ingest, track: &OwnTrack, run: &Run) -> Result<Outcome> {
    let inputs = Recipe::of(platform, track).probe();
    let known = StageRow::inputs(&mut *platform.db.conn().await?, track.id, Step::Probe).await?;
    if known.as_ref() == Some(&inputs) {
        return store(platform, job, None, Made { run, inputs: &inputs, is_whole: false }).await;
    }
    let scratch = platform.storage.scratch()?;
    let order = sandboxed::order(platform, track);
    match sandboxed::run::<Probed>(platform, "probe", track, &order, scratch.path(), run, |_| ()).await {
        Ok(probed) => {
            let cover = keep_cover(platform, &probed, scratch.path()).await?;
            store(platform, job, Some(Found { probed, cover }), Made { run, inputs: &inputs, is_whole: true }).await
        }
        Err(failure) => verdict(failure).map(Outcome::Rejected),
    }
}

/// The bytes are the file's, unseen: whoever shows them has them decoded in the sandbox first.
async fn keep_cover(platform: &Platform, probed: &Probed, outputs: &Path) -> Result<Option<Stored>> {
    match &probed.cover_type {
        Some(_) => platform.storage.keep_file(&outputs.join(COVER), Zone::Curated).await.map(Some),
        None => Ok(None),
    }
}

// None: what was found last still holds.
async fn store(platform: &Platform, job: &Ingest, found: Option<Found>, made: Made<'_>) -> Result<Outcome> {
    platform
        .db
        .transaction(async |conn| {
            // The job before the track, as everybody who holds both does.
            made.run.fence(conn).await?;
            let Some(track) = lock(conn, job).await? else {
                let cover = found.as_ref().and_then(|found| found.cover.as_ref());
                discard::enqueue(conn, cover.map(|cover| cover.key.clone()).into_iter().collect()).await?;
                return Ok(Outcome::Settled);
            };
            if let Some(found) = &found {
                note(platform, conn, &track, found).await?;
            }
            advance(conn, job, &track, None, made).await?;
            Ok(Outcome::Settled)
        })
        .await
}

async fn note(platform: &Platform, conn: &mut Conn, track: &OwnTrack, found: &Found) -> Result<()> {
    let Found { probed, cover } = found;
    if let Some(cover) = cover {
        let parent = Some(track.source_key.as_str());
        let lineage = Lineage { zone: Zone::Curated, parent, step: "probe", step_version: PROBE_VERSION };
        platform.storage.record(conn, cover, lineage).await?;
    }
    let tags = &probed.probe.tags;
    let suggestions = json!(Suggestions::of_tags(tags, probed.cover_type.clone()));
    let cover = cover.as_ref().map(|cover| cover.key.as_str());
    // A file that is to take the place of the track's own changes nothing before it does.
    if !Replacement::suggest(conn, track.id, &suggestions, cover).await? {
        track.suggest(conn, &suggestions, cover).await?;
        Credits::of_tags(tags).fill_in(conn, track.id).await?;
        tables::expect(conn, track).await?;
    }
    if let Some(length) = length_ms(&probed.probe) {
        Chain::measure(conn, track.id, length).await?;
    }
    Ok(())
}

/// What the tags of a file say that is no track yet; or why it cannot be used.
pub(in crate::artists) async fn tags(
    platform: &Platform,
    file: File,
    filename: &str,
) -> Result<Result<Suggestions, String>> {
    match sandboxed::tags(platform, file, filename).await {
        Ok(probed) => Ok(Ok(Suggestions::of_tags(&probed.probe.tags, probed.cover_type))),
        Err(failure) => Ok(Err(verdict(failure)?.message)),
    }
}

// What the file claims: good enough to estimate by.
fn length_ms(probe: &Probe) -> Option<i64> {
    let ms = probe.claimed_frames?.saturating_mul(1000) / u64::from(probe.sample_rate_hz.max(1));
    i64::try_from(ms).ok()
}
