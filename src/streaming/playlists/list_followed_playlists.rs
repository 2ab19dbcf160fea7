//! List the playlists that an account follows.

use std::collections::HashMap;

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::follower::Followed;
use super::playlist::Playlist;
use super::show_playlist::{ShownPlaylist, shown_to_others};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Found, Page, Paging, PagingQuery};
use crate::platform::id::{AccountId, PlaylistId};
use crate::streaming::place::Place;

/// A playlist that the account follows.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FollowedPlaylist {
    playlist_id: PlaylistId,
    /// Null where the account may see it no longer.
    playlist: Option<ShownPlaylist>,
    followed_at: DateTime<Utc>,
}

/// The playlists that the account follows, the latest first.
#[utoipa::path(tag = "playlists", params(PagingQuery), responses(
    (status = 200, body = Page<FollowedPlaylist>), (status = 401, body = Problem), (status = 422, body = Problem)))]
#[get("/me/library/playlists")]
pub(super) async fn get(
    platform: Data<Platform>,
    identity: Identity<Read>,
    paging: Paging<Place<PlaylistId>>,
) -> Result<Found<Page<FollowedPlaylist>>> {
    list(&platform, identity.account, &paging).await.map(Found)
}

async fn list(
    platform: &Platform,
    account: AccountId,
    paging: &Paging<Place<PlaylistId>>,
) -> Result<Page<FollowedPlaylist>> {
    let after = Place::plausible(paging.after)?;
    let mut conn = platform.db.conn().await?;
    let rows = Followed::list(&mut conn, account, after, paging.limit).await?;
    let Page { items, next_cursor } = Page::new(rows, paging.limit, Followed::place);
    let ids: Vec<PlaylistId> = items.iter().map(|row| row.playlist_id).collect();
    let seen = Playlist::list_of(&mut conn, &ids, account).await?;
    let seen = shown_to_others(&mut conn, seen).await?;
    let mut seen: HashMap<PlaylistId, ShownPlaylist> =
        seen.into_iter().map(|playlist| (playlist.id, playlist)).collect();
    let items = items.into_iter().map(|Followed { playlist_id, followed_at }| {
        let playlist = seen.remove(&playlist_id);
        FollowedPlaylist { playlist_id, playlist, followed_at }
    });
    Ok(Page { items: items.collect(), next_cursor })
}
