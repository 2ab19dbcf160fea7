//! List the plays that look like nobody's.

use std::collections::HashMap;

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::suspicion::Suspicion;
use super::suspicious_play::SuspiciousPlay;
use crate::accounts;
use crate::platform::Platform;
use crate::platform::auth::{Admin, Identity};
use crate::platform::db::Conn;
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Found, Page, Paging, PagingQuery};
use crate::platform::id::{AccountId, PlayId, TrackId};

/// A play of which enough was heard, and that counts all the same for nothing.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UncountedPlay {
    id: PlayId,
    /// Null for listeners who are not signed in, and for those who have left.
    account_id: Option<AccountId>,
    handle: Option<String>,
    track_id: TrackId,
    /// Null where the track is not public.
    title: Option<String>,
    artist: Option<String>,
    started_at: DateTime<Utc>,
    heard_ms: i32,
    suspicion: Suspicion,
}

/// Plays that are not counted, the newest first: more was heard than time allows (`impossible_rate`), one listener repeated a
/// track more often than people do (`loop`), or many accounts at one address heard it within a day (`crowd`).
#[utoipa::path(tag = "plays", params(PagingQuery), responses(
    (status = 200, body = Page<UncountedPlay>), (status = 401, body = Problem), (status = 403, body = Problem)))]
#[get("/admin/suspicious-plays")]
pub(super) async fn get(
    platform: Data<Platform>,
    _: Identity<Admin>,
    paging: Paging<PlayId>,
) -> Result<Found<Page<UncountedPlay>>> {
    let mut conn = platform.db.conn().await?;
    let plays = SuspiciousPlay::list(&mut conn, paging.after, paging.limit).await?;
    let Page { items, next_cursor } = Page::new(plays, paging.limit, |play| play.id);
    let handles = handles(&mut conn, &items).await?;
    let items = items.into_iter().map(|play| named(play, &handles)).collect();
    Ok(Found(Page { items, next_cursor }))
}

async fn handles(conn: &mut Conn, plays: &[SuspiciousPlay]) -> Result<HashMap<AccountId, String>> {
    let accounts: Vec<AccountId> = plays.iter().filter_map(|play| play.account_id).collect();
    let names = accounts::names(conn, &accounts).await?;
    Ok(names.into_iter().map(|name| (name.id, name.handle)).collect())
}

fn named(play: SuspiciousPlay, handles: &HashMap<AccountId, String>) -> UncountedPlay {
    UncountedPlay {
        handle: play.account_id.and_then(|account| handles.get(&account).cloned()),
        id: play.id,
        account_id: play.account_id,
        track_id: play.track_id,
        title: play.title,
        artist: play.artist,
        started_at: play.started_at,
        heard_ms: play.heard_ms,
        suspicion: play.suspicion,
    }
}
