//! The second step: one decode pass gives loudness, waveform, quality report, fingerprint and every rendition that is not
//! there yet.

use legato_audio::{Progress, Rendered, Rung};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::watch;

use super::child::{FINGERPRINT, LABELS, LARGE_COVER, Order, SMALL_COVER, WAVEFORM};
use super::progress::Audience;
use super::verdict::verdict;
use super::{Ingest, Made, Outcome, advance, finish, lock, sandboxed};
use crate::artists::analysis::Analysis;
use crate::artists::artwork::{cover, suggest};
use crate::artists::chain::Chain;
use crate::artists::finding::Finding;
use crate::artists::own_track::OwnTrack;
use crate::artists::recipe::Recipe;
use crate::artists::recording;
use crate::artists::rendition::{Rendition, RenditionKind};
use crate::artists::replacing::Replacement;
use crate::artists::stage::{StageRow, Step};
use crate::artists::track_labels::labels;
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::TrackId;
use crate::platform::jobs::Run;
use crate::platform::sandbox::Failure;

/// Where `package` finds what was made.
pub(super) const REPORT: &str = "report.json";

/// What was made, and of what.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Report {
    pub(super) recipe: Recipe,
    pub(super) rendered: Rendered,
}

pub(super) async fn run(
    platform: &Platform,
    job: &Ingest,
    track: &OwnTrack,
    run: &Run,
    audience: &Audience,
) -> Result<Outcome> {
    suggest(platform, track).await?;
    let recipe = Recipe::of(platform, track);
    let missing = missing(&mut *platform.db.conn().await?, track.id, &recipe).await?;
    if missing.is_empty() {
        return settle(platform, job, &recipe, run).await;
    }
    let scratch = platform.storage.scratch()?;
    let is_whole = missing.len() == recipe.ladder.len();
    let labels = labels(&mut *platform.db.conn().await?, track.id).await?;
    scratch.write(LABELS, serde_json::to_vec(&labels).map_err(anyhow::Error::from)?).await?;
    for (file, size) in [(LARGE_COVER, 512), (SMALL_COVER, 256)] {
        if let Some(cover) = cover(platform, track.release, size).await? {
            scratch.write(file, cover).await?;
        }
    }
    let order = Order { rungs: missing, ..sandboxed::order(platform, track) };
    match render(platform, track, &order, scratch.path(), run, audience).await {
        Ok(rendered) => {
            let report = Report { recipe, rendered };
            scratch.write(REPORT, serde_json::to_vec(&report).map_err(anyhow::Error::from)?).await?;
            let (fingerprint, waveform) = (scratch.read(FINGERPRINT).await?, scratch.read(WAVEFORM).await?);
            let analysis = analysis(track, &report.rendered, fingerprint, waveform)?;
            let made = Made { run, inputs: &report.recipe.whole(), is_whole };
            if store(platform, job, &analysis, scratch.name(), made).await? {
                scratch.leave();
            }
            Ok(Outcome::Settled)
        }
        Err(failure) => verdict(failure).map(Outcome::Rejected),
    }
}

/// The rungs that are not there yet, or were made of something else.
async fn missing(conn: &mut Conn, track: TrackId, recipe: &Recipe) -> Result<Vec<Rung>> {
    // What a poor source was not worth is not missing.
    if StageRow::inputs(conn, track, Step::Package).await? == Some(recipe.whole()) {
        return Ok(Vec::new());
    }
    let made: Vec<_> = Rendition::list_of(conn, &[track]).await?.into_iter().filter_map(|made| made.recipe).collect();
    let is_there = |rung: Rung| {
        let recipe = recipe.rung(rung);
        made.iter().filter(|made| **made == recipe).count() == RenditionKind::of(rung).len()
    };
    Ok(recipe.ladder.iter().copied().filter(|rung| !is_there(*rung)).collect())
}

// All is there: what is wanted no longer goes, and the chain is at its end.
async fn settle(platform: &Platform, job: &Ingest, recipe: &Recipe, run: &Run) -> Result<Outcome> {
    let keep: Vec<Vec<u8>> = recipe.ladder.iter().map(|rung| recipe.rung(*rung)).collect();
    let made = Made { run, inputs: &recipe.whole(), is_whole: false };
    platform
        .db
        .transaction(async |conn| {
            run.fence(conn).await?;
            let Some(track) = lock(conn, job).await? else { return Ok(Outcome::Settled) };
            Rendition::replace(conn, track.id, &keep, &[]).await?;
            finish(conn, &track, Step::Render, &made).await?;
            advance(conn, &Ingest { step: Step::Package, ..job.clone() }, &track, None, made).await?;
            Ok(Outcome::Settled)
        })
        .await
}

async fn render(
    platform: &Platform,
    track: &OwnTrack,
    order: &Order,
    outputs: &std::path::Path,
    run: &Run,
    audience: &Audience,
) -> Result<Rendered, Failure> {
    let (sender, percent) = watch::channel(0_u8);
    let report = |progress: Progress| {
        sender.send_replace(progress.percent);
    };
    tokio::select! {
        rendered = sandboxed::run(platform, "render", track, order, outputs, run, report) => rendered,
        () = audience.follow(percent) => Err(Failure::Cancelled),
    }
}

// False when the chain was stopped meanwhile.
async fn store(platform: &Platform, job: &Ingest, analysis: &Analysis, staging: &str, made: Made<'_>) -> Result<bool> {
    platform
        .db
        .transaction(async |conn| {
            // The job before the track, as everybody who holds both does.
            made.run.fence(conn).await?;
            let Some(track) = lock(conn, job).await? else { return Ok(false) };
            // Of a file that is to take the place of the track's own it is noted when it does.
            if !Replacement::waits(conn, track.id).await? {
                analysis.put(conn).await?;
            }
            Chain::measure(conn, track.id, analysis.duration_ms).await?;
            advance(conn, job, &track, Some(staging.to_owned()), made).await?;
            Ok(true)
        })
        .await
}

// As it stands in JSON, which is stable.
fn codec_name(probe: &legato_audio::Probe) -> String {
    let name = serde_json::to_value(probe.codec).ok();
    name.and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

pub(super) fn analysis(
    track: &OwnTrack,
    rendered: &Rendered,
    fingerprint: Vec<u8>,
    waveform: Vec<u8>,
) -> Result<Analysis> {
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
        waveform,
        warnings: json!(warnings),
    })
}
