//! List an account's bookmarks.

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::bookmark::BookmarkRow;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Found, Page, Paging, PagingQuery};
use crate::platform::id::{AccountId, TrackId};
use crate::streaming::place::Place;
use crate::streaming::played_track::{PlayedTrack, heard_by};

/// A place in a track.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Bookmark {
    track_id: TrackId,
    /// Null where the listener may hear it no longer.
    track: Option<PlayedTrack>,
    position_ms: i32,
    note: Option<String>,
    set_at: DateTime<Utc>,
}

/// The places that the account marked, the latest first.
#[utoipa::path(tag = "library", params(PagingQuery), responses(
    (status = 200, body = Page<Bookmark>), (status = 401, body = Problem), (status = 422, body = Problem)))]
#[get("/me/bookmarks")]
pub(in crate::streaming) async fn get(
    platform: Data<Platform>,
    identity: Identity<Read>,
    paging: Paging<Place<TrackId>>,
) -> Result<Found<Page<Bookmark>>> {
    list(&platform, identity.account, &paging).await.map(Found)
}

async fn list(platform: &Platform, account: AccountId, paging: &Paging<Place<TrackId>>) -> Result<Page<Bookmark>> {
    let after = Place::plausible(paging.after)?;
    let mut conn = platform.db.conn().await?;
    let rows = BookmarkRow::list(&mut conn, account, after, paging.limit).await?;
    let Page { items, next_cursor } = Page::new(rows, paging.limit, BookmarkRow::place);
    let mut tracks = heard_by(&mut conn, account, items.iter().map(|row| row.track_id)).await?;
    let items = items.into_iter().map(|BookmarkRow { track_id, position_ms, note, set_at }| {
        let track = tracks.remove(&track_id);
        Bookmark { track_id, track, position_ms, note, set_at }
    });
    Ok(Page { items: items.collect(), next_cursor })
}
