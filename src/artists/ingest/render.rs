//! The second step: one decode pass gives loudness, waveform, quality report, fingerprint and every rendition.

use legato_audio::Rendered;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::child::FINGERPRINT;
use super::progress::Audience;
use super::{Outcome, advance, sandboxed, verdict};
use crate::artists::analysis::Analysis;
use crate::artists::finding::Finding;
use crate::artists::own_track::OwnTrack;
use crate::artists::recording;
use crate::artists::stage::Step;
use crate::platform::Platform;
use crate::platform::error::Result;
use crate::platform::jobs::Run;
use crate::platform::sandbox::Failure;

/// What `package` finds beside the renditions.
pub(super) const REPORT: &str = "report.json";

pub(super) async fn run(platform: &Platform, track: &OwnTrack, run: &Run, audience: &Audience) -> Result<Outcome> {
    let scratch = platform.storage.scratch()?;
    match render(platform, track, scratch.path(), run, audience).await {
        Ok(rendered) => {
            scratch.write(REPORT, serde_json::to_vec(&rendered).map_err(anyhow::Error::from)?).await?;
            let analysis = analysis(track, &rendered, scratch.read(FINGERPRINT).await?)?;
            if store(platform, track, &analysis, scratch.name(), run).await? {
                scratch.leave();
            }
            Ok(Outcome::Settled)
        }
        Err(failure) => verdict(failure).map(Outcome::Rejected),
    }
}

async fn render(
    platform: &Platform,
    track: &OwnTrack,
    outputs: &std::path::Path,
    run: &Run,
    audience: &Audience,
) -> Result<Rendered, Failure> {
    let (sender, percent) = watch::channel(0_u8);
    let report = |value: Value| {
        sender.send_replace(value.as_u64().and_then(|percent| u8::try_from(percent).ok()).unwrap_or(0));
    };
    tokio::select! {
        rendered = sandboxed::run(platform, "render", track, outputs, run, report) => rendered,
        never = audience.follow(percent) => match never {},
    }
}

// False when the track was deleted meanwhile.
async fn store(platform: &Platform, track: &OwnTrack, analysis: &Analysis, staging: &str, run: &Run) -> Result<bool> {
    platform
        .db
        .transaction(async |conn| {
            // The job before the track, as everybody who holds both does.
            run.fence(conn).await?;
            let Some(track) = OwnTrack::lock(conn, track.id).await? else { return Ok(false) };
            analysis.put(conn).await?;
            advance(conn, &track, Step::Render, Some(staging.to_owned()), run).await?;
            Ok(true)
        })
        .await
}

// As it stands in JSON, which is stable.
fn codec_name(probe: &legato_audio::Probe) -> String {
    let name = serde_json::to_value(probe.codec).ok();
    name.and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

fn analysis(track: &OwnTrack, rendered: &Rendered, fingerprint: Vec<u8>) -> Result<Analysis> {
    let found = &rendered.analysis;
    let number = |what: u64| i64::try_from(what).map_err(anyhow::Error::from);
    let warnings: Vec<String> = rendered.warnings.iter().map(ToString::to_string).collect();
    Ok(Analysis {
        track_id: track.id,
        codec: codec_name(&rendered.probe),
        frames: number(found.frames)?,
        sample_rate_hz: i32::try_from(found.sample_rate_hz).map_err(anyhow::Error::from)?,
        channels: i16::try_from(found.channels).map_err(anyhow::Error::from)?,
        duration_ms: number((found.frames * 1000).div_ceil(u64::from(found.sample_rate_hz)))?,
        integrated_loudness_lufs: found.loudness.integrated_lufs,
        loudness_range_lu: found.loudness.range_lu,
        true_peak_dbtp: found.loudness.true_peak_dbtp,
        momentary_max_lufs: found.loudness.momentary_max_lufs,
        short_term_max_lufs: found.loudness.short_term_max_lufs,
        loudness_histogram: json!(found.loudness.histogram.bins),
        tempo_bpm: found.tempo.map(|tempo| tempo.bpm),
        tempo_confidence: found.tempo.map(|tempo| tempo.confidence),
        musical_key: found.key.map(|key| key.to_string()),
        key_confidence: found.key.map(|key| key.confidence),
        quality: Some(json!(found.quality)),
        findings: json!(found.findings.iter().map(Finding::try_from).collect::<Result<Vec<_>>>()?),
        fingerprint_keys: Some(recording::keys(&recording::items(&fingerprint)).into_iter().map(Some).collect()),
        fingerprint: Some(fingerprint),
        waveform: rendered.waveform.peaks.clone(),
        warnings: json!(warnings),
    })
}
