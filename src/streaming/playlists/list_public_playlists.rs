//! List what an account shows everybody.

use actix_web::get;
use actix_web::web::{Data, Path};

use super::playlist::Playlist;
use super::show_playlist::{ShownPlaylist, shown};
use crate::accounts::{self, Handle};
use crate::platform::Platform;
use crate::platform::auth::Viewer;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Found, Page, Paging, PagingQuery};
use crate::platform::id::{AccountId, PlaylistId};

/// The public playlists of an account, the newest first.
#[utoipa::path(tag = "playlists", params(("handle" = String, Path), PagingQuery), responses(
    (status = 200, body = Page<ShownPlaylist>), (status = 404, body = Problem), (status = 422, body = Problem)))]
#[get("/accounts/{handle}/playlists")]
pub(super) async fn get(
    platform: Data<Platform>,
    viewer: Viewer,
    handle: Path<String>,
    paging: Paging<PlaylistId>,
) -> Result<Found<Page<ShownPlaylist>>> {
    list(&platform, handle.into_inner(), viewer.account(), &paging).await.map(Found)
}

async fn list(
    platform: &Platform,
    handle: String,
    viewer: Option<AccountId>,
    paging: &Paging<PlaylistId>,
) -> Result<Page<ShownPlaylist>> {
    let handle = Handle::try_from(handle).map_err(|_| Error::NotFound("account"))?;
    let mut conn = platform.db.conn().await?;
    let owner = accounts::find_by_handle(&mut conn, &handle).await?.ok_or(Error::NotFound("account"))?;
    let list = Playlist::list_public(&mut conn, owner, viewer, paging.after, paging.limit).await?;
    let Page { items, next_cursor } = Page::new(list, paging.limit, |playlist| playlist.id);
    Ok(Page { items: shown(&mut conn, items).await?, next_cursor })
}
