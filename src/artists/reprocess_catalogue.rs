//! Process many tracks once more, in the background: what another engine made, or what another ladder wants.

use std::time::Duration;

use super::chain::Chain;
use super::ingest::{Manner, restart};
use super::own_track::OwnTrack;
use super::quarantine;
use super::recipe::Recipe;
use super::rendition::Rendition;
use super::reprocessing::{Reprocessing, Standing, count_failed};
use super::stage::{StageRow, Step};
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::{ArtistId, TrackId};

/// How often the next ones are begun, and how often somebody looks whether there are any.
const EVERY: Duration = Duration::from_secs(1);
const IDLE: Duration = Duration::from_secs(5);

/// Chains in the background at the same time; the others wait where they cost nothing.
const AT_ONCE: i64 = 64;

/// Tracks begun in one transaction.
const BATCH: i64 = 16;

/// Tracks that are looked at together.
const PAGE: i64 = 500;

/// Which tracks.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Selection {
    pub(crate) artist: Option<ArtistId>,
    pub(crate) track: Option<TrackId>,
    /// The step to begin with.
    pub(crate) from: Option<Step>,
    /// Those that are up to date too, and those that were rejected; whatever there is, is made again.
    pub(crate) all: bool,
}

/// What is left to do in the background.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Backlog {
    pub(crate) waiting: i64,
    pub(crate) under_way: i64,
}

/// Façade: lets tracks wait to be processed once more; answers with those that did not wait already. A second call while
/// the first one's tracks wait goes on with those.
pub(crate) async fn request(platform: &Platform, selection: Selection) -> Result<Vec<TrackId>> {
    let mut conn = platform.db.conn().await?;
    let Selection { track, from, all, .. } = selection;
    if let Some(track) = track {
        return Reprocessing::insert(&mut conn, &[track], from, all).await;
    }
    if all && Reprocessing::any_anew(&mut conn).await? {
        return Ok(Vec::new());
    }
    let mut new = Vec::new();
    let mut after = None;
    loop {
        let page = Standing::list(&mut conn, selection.artist, all, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(new) };
        after = Some(last.track.id);
        let chosen = page.iter().filter(|standing| all || is_outdated(platform, standing));
        let chosen: Vec<TrackId> = chosen.map(|standing| standing.track.id).collect();
        if !chosen.is_empty() {
            new.extend(Reprocessing::insert(&mut conn, &chosen, from, all).await?);
        }
    }
}

fn is_outdated(platform: &Platform, standing: &Standing) -> bool {
    standing.inputs != Some(Recipe::of(platform, &standing.track).whole())
}

/// Façade: whether there is such a track.
pub(crate) async fn exists(conn: &mut Conn, track: TrackId) -> Result<bool> {
    Ok(OwnTrack::find(conn, track).await?.is_some())
}

/// Façade: what waits or runs.
pub(crate) async fn backlog(conn: &mut Conn) -> Result<Backlog> {
    Ok(Backlog { waiting: Reprocessing::count(conn).await?, under_way: Chain::count_background(conn).await? })
}

/// Façade: how many of these tracks a step failed on.
pub(crate) async fn failed(conn: &mut Conn, tracks: &[TrackId]) -> Result<i64> {
    count_failed(conn, tracks).await
}

/// Façade: begins what waits, for as long as the process lives. Says first whether there is reason to ask for it.
pub(crate) async fn reprocess_in_background(platform: Platform) {
    if let Err(error) = tell_outdated(&platform).await {
        tracing::warn!(%error, "looking for tracks of an earlier engine");
    }
    loop {
        let pause = match begin(&platform).await {
            Ok(true) => EVERY,
            Ok(false) => IDLE,
            Err(error) => {
                tracing::warn!(%error, "processing tracks once more");
                IDLE
            }
        };
        tokio::time::sleep(pause).await;
    }
}

async fn tell_outdated(platform: &Platform) -> Result<()> {
    let mut conn = platform.db.conn().await?;
    let (mut outdated, mut after) = (0_usize, None);
    loop {
        let page = Standing::list(&mut conn, None, false, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.track.id);
        outdated += page.iter().filter(|standing| is_outdated(platform, standing)).count();
    }
    if outdated > 0 {
        tracing::info!(tracks = outdated, "made by an earlier engine, or for another ladder: see `legato reprocess`");
    }
    Ok(())
}

// Begins as many as there is room for; whether more wait.
async fn begin(platform: &Platform) -> Result<bool> {
    loop {
        let mut conn = platform.db.conn().await?;
        let Backlog { waiting, under_way } = backlog(&mut conn).await?;
        drop(conn);
        let room = (AT_ONCE - under_way).min(BATCH);
        if waiting == 0 || room <= 0 || begin_some(platform, room).await? == 0 {
            return Ok(waiting > 0);
        }
    }
}

async fn begin_some(platform: &Platform, most: i64) -> Result<usize> {
    platform
        .db
        .transaction(async |conn| {
            let taken = Reprocessing::take(conn, most).await?;
            // All jobs before the first track, as everybody who holds both does.
            for taken in &taken {
                quarantine::cancel(conn, taken.track_id).await?;
            }
            for taken in &taken {
                begin_one(conn, taken).await?;
            }
            Ok(taken.len())
        })
        .await
}

// One that is under way already is made as the server makes it today.
async fn begin_one(conn: &mut Conn, taken: &Reprocessing) -> Result<()> {
    let Some(track) = OwnTrack::lock(conn, taken.track_id).await? else { return Ok(()) };
    if !restart(conn, &track, Manner { from: taken.from_step, in_background: true }).await? || !taken.anew {
        return Ok(());
    }
    StageRow::forget_inputs(conn, &[track.id]).await?;
    Rendition::forget_recipes_of(conn, track.id).await
}
