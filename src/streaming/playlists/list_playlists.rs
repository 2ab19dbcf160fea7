//! List an account's playlists.

use actix_web::get;
use actix_web::web::Data;

use super::playlist::Playlist;
use super::show_playlist::{ShownPlaylist, shown};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Found, Page, Paging, PagingQuery};
use crate::platform::id::PlaylistId;

/// The account's own playlists and those that others share with it, the newest first.
#[utoipa::path(tag = "playlists", params(PagingQuery), responses(
    (status = 200, body = Page<ShownPlaylist>), (status = 401, body = Problem), (status = 422, body = Problem)))]
#[get("/playlists")]
pub(super) async fn get(
    platform: Data<Platform>,
    identity: Identity<Read>,
    paging: Paging<PlaylistId>,
) -> Result<Found<Page<ShownPlaylist>>> {
    let mut conn = platform.db.conn().await?;
    let list = Playlist::list(&mut conn, identity.account, paging.after, paging.limit).await?;
    let Page { items, next_cursor } = Page::new(list, paging.limit, |playlist| playlist.id);
    Ok(Found(Page { items: shown(&mut conn, items).await?, next_cursor }))
}
