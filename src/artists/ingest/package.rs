//! The last step: the renditions go from `staging/` to `curated/`, and the track is ready.

use legato_audio::{CmafRendition, Rendered};
use serde_json::json;

use super::child::{CMAF, OGG};
use super::render::REPORT;
use super::{Ingest, Outcome, advance, enqueue};
use crate::artists::discard;
use crate::artists::own_track::OwnTrack;
use crate::artists::rendition::{Rendition, RenditionKind, Segment, SegmentIndex};
use crate::artists::stage::{Stage, Step};
use crate::platform::Platform;
use crate::platform::error::Result;
use crate::platform::id::RenditionId;
use crate::platform::jobs::Run;
use crate::platform::storage::{Lineage, Scratch, Stored, Zone};

/// What `render` makes; raised when its bytes change.
const RENDER_VERSION: i32 = 1;

const OPUS_RATE_HZ: u32 = 48_000;

pub(super) async fn run(platform: &Platform, track: &OwnTrack, run: &Run, staging: Option<&str>) -> Result<Outcome> {
    let Some(scratch) = staging.and_then(|name| platform.storage.find_scratch(name)) else {
        return render_again(platform, track, run).await;
    };
    match store(platform, track, run, &scratch).await {
        Ok(outcome) => Ok(outcome),
        Err(error) => {
            // The next attempt finds it again.
            scratch.leave();
            Err(error)
        }
    }
}

// The folder is on another machine, or was swept: what is after `raw/` can be made again.
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

async fn store(platform: &Platform, track: &OwnTrack, run: &Run, scratch: &Scratch) -> Result<Outcome> {
    let rendered: Rendered = serde_json::from_slice(&scratch.read(REPORT).await?).map_err(anyhow::Error::from)?;
    let ogg = platform.storage.keep_file(&scratch.path().join(OGG), Zone::Curated).await?;
    let cmaf = platform.storage.keep_file(&scratch.path().join(CMAF), Zone::Curated).await?;
    let renditions = [
        rendition(track, RenditionKind::OpusOgg, "audio/ogg; codecs=opus", &ogg, &rendered)?,
        Rendition {
            segments: Some(json!(index(&rendered.cmaf))),
            ..rendition(track, RenditionKind::OpusCmaf, "audio/mp4; codecs=opus", &cmaf, &rendered)?
        },
    ];
    platform
        .db
        .transaction(async |conn| {
            // The job before the track, as everybody who holds both does.
            run.fence(conn).await?;
            let Some(track) = OwnTrack::lock(conn, track.id).await? else {
                discard::enqueue(conn, vec![ogg.key.clone(), cmaf.key.clone()]).await?;
                return Ok(Outcome::Settled);
            };
            for stored in [&ogg, &cmaf] {
                let parent = Some(track.source_key.as_str());
                let lineage = Lineage { zone: Zone::Curated, parent, step: "render", step_version: RENDER_VERSION };
                platform.storage.record(conn, stored, lineage).await?;
            }
            Rendition::replace_all(conn, track.id, &renditions).await?;
            advance(conn, &track, Step::Package, None, run).await?;
            Ok(Outcome::Settled)
        })
        .await
}

fn rendition(
    track: &OwnTrack,
    kind: RenditionKind,
    mime: &str,
    stored: &Stored,
    rendered: &Rendered,
) -> Result<Rendition> {
    let bits = u128::from(stored.size_bytes) * 8 * u128::from(OPUS_RATE_HZ);
    let bitrate = bits / u128::from(rendered.rendition_frames.max(u64::from(OPUS_RATE_HZ)));
    Ok(Rendition {
        id: RenditionId::new(),
        track_id: track.id,
        kind,
        object_key: stored.key.clone(),
        mime: mime.to_owned(),
        bitrate_bps: i32::try_from(bitrate.max(1)).map_err(anyhow::Error::from)?,
        size_bytes: i64::try_from(stored.size_bytes).map_err(anyhow::Error::from)?,
        segments: None,
    })
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
