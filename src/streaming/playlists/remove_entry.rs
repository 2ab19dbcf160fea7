//! Take an entry out of a playlist.

use actix_web::delete;
use actix_web::web::{Data, Path};

use super::change::{By, Change, PlacedEntry, PlaylistDeed};
use super::entry::Entry;
use super::playlist::{Playlist, PlaylistRole};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Library};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::NoContent;
use crate::platform::id::{AccountId, PlaylistChangeId, PlaylistEntryId, PlaylistId};

/// Take an entry out of a playlist. Its owner and its editors may.
#[utoipa::path(tag = "playlists", params(("id" = PlaylistId, Path), ("entry" = PlaylistEntryId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
#[delete("/playlists/{id}/entries/{entry}")]
pub(super) async fn delete(
    platform: Data<Platform>,
    identity: Identity<Library>,
    path: Path<(PlaylistId, PlaylistEntryId)>,
) -> Result<NoContent> {
    let (id, entry) = path.into_inner();
    remove(&platform, id, entry, identity.account).await.map(|()| NoContent)
}

async fn remove(platform: &Platform, id: PlaylistId, entry: PlaylistEntryId, account: AccountId) -> Result<()> {
    platform
        .db
        .transaction(async |conn| {
            let playlist = Playlist::lock(conn, id, account, PlaylistRole::Editor).await?;
            let removed = take_out(platform, conn, &playlist, &[entry]).await?;
            if removed.is_empty() {
                return Err(Error::NotFound("entry"));
            }
            let by = By { account, takes_back: None };
            Change::record(conn, PlaylistChangeId::new(), id, by, &PlaylistDeed::Removed { entries: removed }).await
        })
        .await
}

/// Takes those of these entries that there are out of a playlist that the caller's transaction holds.
pub(super) async fn take_out(
    platform: &Platform,
    conn: &mut Conn,
    playlist: &Playlist,
    ids: &[PlaylistEntryId],
) -> Result<Vec<PlacedEntry>> {
    let placed = Entry::placed(conn, playlist.id, ids).await?;
    if !placed.is_empty() {
        let gone = Entry::delete(conn, playlist.id, ids).await?;
        let fewer = -i32::try_from(gone).unwrap_or(i32::MAX);
        Playlist::count_entries(conn, playlist.id, fewer, platform.clock.now()).await?;
    }
    Ok(placed)
}
