//! The last step: the renditions go from `staging/` to `curated/`, and the track is ready.

use legato_audio::{CmafRendition, ENGINE_VERSION, Rung};
use serde_json::json;

use super::render::{REPORT, Report, analysis};
use super::{Ingest, Made, Outcome, advance, child, enqueue, lock};
use crate::artists::discard;
use crate::artists::rendition::{MediaRange, Rendition, RenditionKind, Segment, SegmentIndex};
use crate::artists::replacing::Replacement;
use crate::artists::stage::{StageRow, Step};
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::{RenditionId, TrackId};
use crate::platform::jobs::Run;
use crate::platform::storage::{Lineage, Scratch, Stored, Zone};

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
    let (fingerprint, waveform) = (scratch.read(child::FINGERPRINT).await?, scratch.read(child::WAVEFORM).await?);
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
            if Replacement::waits(conn, track.id).await? {
                analysis(&track, &report.rendered, fingerprint.clone(), waveform.clone())?.put(conn).await?;
            }
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
    let is_new = |rung: &Rung| report.rendered.renditions.iter().any(|made| made.rung == *rung);
    let recipe = &report.recipe;
    recipe.ladder.iter().filter(|rung| !is_new(rung)).map(|rung| recipe.rung(*rung)).collect()
}

async fn keep(platform: &Platform, track: TrackId, scratch: &Scratch, report: &Report) -> Result<Vec<Kept>> {
    let mut kept: Vec<Kept> = Vec::new();
    for made in &report.rendered.renditions {
        let mut whole: Option<Stored> = None;
        for (file, kind) in child::files(made.rung).iter().zip(RenditionKind::of(made.rung)) {
            let stored = platform.storage.keep_file(&scratch.path().join(file), Zone::Curated).await?;
            let size = stored.size_bytes + if whole.is_some() { made.media_bytes() } else { 0 };
            let segments =
                whole.as_ref().and(made.cmaf.as_ref()).map(|cmaf| json!(index(cmaf, made.channels, whole.as_ref())));
            let rendition = Rendition {
                id: RenditionId::new(),
                track_id: track,
                kind: *kind,
                object_key: stored.key.clone(),
                mime: kind.mime().to_owned(),
                bitrate_bps: bitrate_bps(size, made)?,
                size_bytes: i64::try_from(stored.size_bytes).map_err(anyhow::Error::from)?,
                segments,
                name: kind.name_of(made.rung),
                recipe: Some(report.recipe.rung(made.rung)),
            };
            whole.get_or_insert_with(|| stored.clone());
            kept.push(Kept { stored, rendition });
        }
    }
    Ok(kept)
}

fn bitrate_bps(size_bytes: u64, made: &legato_audio::Rendition) -> Result<i32> {
    // Of less than a second nobody wants to know.
    let frames = made.frames.max(u64::from(made.sample_rate_hz));
    let bitrate = u128::from(size_bytes) * 8 * u128::from(made.sample_rate_hz) / u128::from(frames);
    Ok(i32::try_from(bitrate.max(1)).map_err(anyhow::Error::from)?)
}

fn index(cmaf: &CmafRendition, channels: u16, whole: Option<&Stored>) -> SegmentIndex {
    let segment = |segment: &legato_audio::Segment| Segment {
        offset: segment.offset,
        size: segment.size,
        duration: segment.samples,
        media: segment.media.map(|media| MediaRange { offset: media.offset, size: media.size }),
    };
    let is_elsewhere = cmaf.segments.iter().any(|segment| segment.media.is_some());
    SegmentIndex {
        init_bytes: cmaf.init_size,
        timescale_hz: cmaf.timescale_hz,
        segments: cmaf.segments.iter().map(segment).collect(),
        pre_skip: cmaf.pre_skip.into(),
        channels: Some(channels),
        media_key: whole.filter(|_| is_elsewhere).map(|whole| whole.key.clone()),
    }
}
