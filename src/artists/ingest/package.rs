//! The last step: the renditions go from `staging/` to `curated/`, and the track is ready.

use legato_audio::{CmafRendition, ENGINE_VERSION, Rendered};
use serde_json::json;

use super::render::{REPORT, Report};
use super::{Ingest, Made, Outcome, advance, child, enqueue, lock};
use crate::artists::discard;
use crate::artists::rendition::{Rendition, RenditionKind, Segment, SegmentIndex};
use crate::artists::stage::{StageRow, Step};
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::{RenditionId, TrackId};
use crate::platform::jobs::Run;
use crate::platform::storage::{Lineage, Scratch, Stored, Zone};

const OPUS_RATE_HZ: u32 = 48_000;

/// A rendition that lies in `curated/`, and is not recorded yet.
struct Kept {
    stored: Stored,
    rendition: Rendition,
}

pub(super) async fn run(platform: &Platform, job: &Ingest, run: &Run) -> Result<Outcome> {
    let Some((scratch, report)) = find(platform, job.staging.as_deref()).await? else {
        return render_again(platform, job, run).await;
    };
    match store(platform, job, run, &scratch, &report).await {
        Ok(outcome) => Ok(outcome),
        Err(error) => {
            // The next attempt finds it again.
            scratch.leave();
            Err(error)
        }
    }
}

// None: the folder is on another machine, or was swept, or an earlier version of this program left it.
async fn find(platform: &Platform, staging: Option<&str>) -> Result<Option<(Scratch, Report)>> {
    let Some(scratch) = staging.and_then(|name| platform.storage.find_scratch(name)) else { return Ok(None) };
    match scratch.read(REPORT).await {
        Ok(report) => Ok(serde_json::from_slice(&report).ok().map(|report| (scratch, report))),
        Err(error) => {
            scratch.leave();
            Err(error)
        }
    }
}

// What is after `raw/` can be made again.
async fn render_again(platform: &Platform, job: &Ingest, run: &Run) -> Result<Outcome> {
    platform
        .db
        .transaction(async |conn| {
            run.complete(conn).await?;
            if lock(conn, job).await?.is_some() {
                StageRow::reset_from(conn, job.track, Step::Render, None).await?;
                enqueue(conn, Ingest { step: Step::Render, staging: None, ..job.clone() }, None).await?;
            }
            Ok(Outcome::Settled)
        })
        .await
}

async fn store(platform: &Platform, job: &Ingest, run: &Run, scratch: &Scratch, report: &Report) -> Result<Outcome> {
    let mut kept = keep(platform, job.track, scratch, report).await?;
    // Held in one order, so that two tracks with the same sound do not wait for each other.
    kept.sort_by(|one, other| one.stored.key.cmp(&other.stored.key));
    let made = Made { run, inputs: &report.recipe.whole(), is_whole: true };
    platform
        .db
        .transaction(async |conn| {
            // The job before the track, as everybody who holds both does.
            run.fence(conn).await?;
            let Some(track) = lock(conn, job).await? else {
                let keys = kept.iter().map(|kept| kept.stored.key.clone()).collect();
                discard::enqueue(conn, keys).await?;
                return Ok(Outcome::Settled);
            };
            record(platform, conn, &track.source_key, &kept).await?;
            let renditions: Vec<Rendition> = kept.iter().map(|kept| kept.rendition.clone()).collect();
            Rendition::replace(conn, track.id, &untouched(report), &renditions).await?;
            advance(conn, job, &track, None, made).await?;
            Ok(Outcome::Settled)
        })
        .await
}

async fn record(platform: &Platform, conn: &mut Conn, original: &str, kept: &[Kept]) -> Result<()> {
    let step_version = i32::try_from(ENGINE_VERSION).map_err(anyhow::Error::from)?;
    for Kept { stored, .. } in kept {
        let lineage = Lineage { zone: Zone::Curated, parent: Some(original), step: "render", step_version };
        platform.storage.record(conn, stored, lineage).await?;
    }
    Ok(())
}

/// The recipes of the rungs that were there before.
fn untouched(report: &Report) -> Vec<Vec<u8>> {
    let is_new = |kbps: u32| report.rendered.opus.iter().any(|rung| rung.stereo_bps == kbps * 1000);
    let recipe = &report.recipe;
    recipe.opus_kbps.iter().filter(|kbps| !is_new(**kbps)).map(|kbps| recipe.rung(*kbps)).collect()
}

async fn keep(platform: &Platform, track: TrackId, scratch: &Scratch, report: &Report) -> Result<Vec<Kept>> {
    let rendered = &report.rendered;
    let mut kept = Vec::new();
    for rung in &rendered.opus {
        let kbps = rung.stereo_bps / 1000;
        let kinds = [
            (RenditionKind::OpusOgg, "audio/ogg; codecs=opus", None),
            (RenditionKind::OpusCmaf, "audio/mp4; codecs=opus", Some(json!(index(&rung.cmaf)))),
        ];
        for (file, (kind, mime, segments)) in child::files(kbps).iter().zip(kinds) {
            let stored = platform.storage.keep_file(&scratch.path().join(file), Zone::Curated).await?;
            let rendition = Rendition {
                id: RenditionId::new(),
                track_id: track,
                kind,
                object_key: stored.key.clone(),
                mime: mime.to_owned(),
                bitrate_bps: bitrate_bps(&stored, rendered)?,
                size_bytes: i64::try_from(stored.size_bytes).map_err(anyhow::Error::from)?,
                segments,
                name: format!("{}_{kbps}", kind.name()),
                recipe: Some(report.recipe.rung(kbps)),
            };
            kept.push(Kept { stored, rendition });
        }
    }
    Ok(kept)
}

fn bitrate_bps(stored: &Stored, rendered: &Rendered) -> Result<i32> {
    let bits = u128::from(stored.size_bytes) * 8 * u128::from(OPUS_RATE_HZ);
    let bitrate = bits / u128::from(rendered.rendition_frames.max(u64::from(OPUS_RATE_HZ)));
    Ok(i32::try_from(bitrate.max(1)).map_err(anyhow::Error::from)?)
}

fn index(cmaf: &CmafRendition) -> SegmentIndex {
    let segment = |segment: &legato_audio::Segment| Segment {
        offset: segment.offset,
        size: segment.size,
        duration: segment.samples,
    };
    SegmentIndex {
        init_bytes: cmaf.init_size,
        timescale_hz: OPUS_RATE_HZ,
        segments: cmaf.segments.iter().map(segment).collect(),
    }
}
