//! The last step: the renditions go from `staging/` to `curated/`, and the track is ready.

use legato_audio::{CmafRendition, Rendered};
use serde_json::json;

use super::render::REPORT;
use super::{Ingest, Outcome, advance, child, enqueue};
use crate::artists::discard;
use crate::artists::own_track::OwnTrack;
use crate::artists::rendition::{Rendition, RenditionKind, Segment, SegmentIndex};
use crate::artists::stage::{Stage, Step};
use crate::platform::Platform;
use crate::platform::error::Result;
use crate::platform::id::{RenditionId, TrackId};
use crate::platform::jobs::Run;
use crate::platform::storage::{Lineage, Scratch, Stored, Zone};

/// What `render` makes; raised when its bytes change.
const RENDER_VERSION: i32 = 1;

const OPUS_RATE_HZ: u32 = 48_000;

/// A rendition that lies in `curated/`, and is not recorded yet.
struct Kept {
    stored: Stored,
    rendition: Rendition,
}

pub(super) async fn run(platform: &Platform, track: &OwnTrack, run: &Run, staging: Option<&str>) -> Result<Outcome> {
    let Some((scratch, rendered)) = find(platform, staging).await? else {
        return render_again(platform, track, run).await;
    };
    match store(platform, track, run, &scratch, &rendered).await {
        Ok(outcome) => Ok(outcome),
        Err(error) => {
            // The next attempt finds it again.
            scratch.leave();
            Err(error)
        }
    }
}

// None: the folder is on another machine, or was swept, or an earlier version of this program left it.
async fn find(platform: &Platform, staging: Option<&str>) -> Result<Option<(Scratch, Rendered)>> {
    let Some(scratch) = staging.and_then(|name| platform.storage.find_scratch(name)) else { return Ok(None) };
    match scratch.read(REPORT).await {
        Ok(report) => Ok(serde_json::from_slice(&report).ok().map(|rendered| (scratch, rendered))),
        Err(error) => {
            scratch.leave();
            Err(error)
        }
    }
}

// What is after `raw/` can be made again.
async fn render_again(platform: &Platform, track: &OwnTrack, run: &Run) -> Result<Outcome> {
    let track = track.id;
    platform
        .db
        .transaction(async |conn| {
            run.complete(conn).await?;
            Stage::reset_from(conn, track, Step::Render).await?;
            enqueue(conn, Ingest { track, step: Step::Render, staging: None }, None).await?;
            Ok(Outcome::Settled)
        })
        .await
}

async fn store(
    platform: &Platform,
    track: &OwnTrack,
    run: &Run,
    scratch: &Scratch,
    rendered: &Rendered,
) -> Result<Outcome> {
    let mut kept = keep(platform, track.id, scratch, rendered).await?;
    // Held in one order, so that two tracks with the same sound do not wait for each other.
    kept.sort_by(|one, other| one.stored.key.cmp(&other.stored.key));
    platform
        .db
        .transaction(async |conn| {
            // The job before the track, as everybody who holds both does.
            run.fence(conn).await?;
            let Some(track) = OwnTrack::lock(conn, track.id).await? else {
                let keys = kept.iter().map(|kept| kept.stored.key.clone()).collect();
                discard::enqueue(conn, keys).await?;
                return Ok(Outcome::Settled);
            };
            for Kept { stored, .. } in &kept {
                let parent = Some(track.source_key.as_str());
                let lineage = Lineage { zone: Zone::Curated, parent, step: "render", step_version: RENDER_VERSION };
                platform.storage.record(conn, stored, lineage).await?;
            }
            let renditions: Vec<Rendition> = kept.iter().map(|kept| kept.rendition.clone()).collect();
            Rendition::replace_all(conn, track.id, &renditions).await?;
            advance(conn, &track, Step::Package, None, run).await?;
            Ok(Outcome::Settled)
        })
        .await
}

async fn keep(platform: &Platform, track: TrackId, scratch: &Scratch, rendered: &Rendered) -> Result<Vec<Kept>> {
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
