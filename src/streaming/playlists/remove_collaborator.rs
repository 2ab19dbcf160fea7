//! Take somebody's role in a playlist away, or leave it.

use actix_web::delete;
use actix_web::web::{Data, Path};

use super::collaborator::Collaborator;
use super::playlist::{Playlist, PlaylistRole};
use super::set_collaborator::find;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Library};
use crate::platform::db::Db;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::NoContent;
use crate::platform::id::{AccountId, PlaylistId};

/// Take an account's role in a playlist away. Its owner may, and everybody for themselves. What they added stays.
#[utoipa::path(tag = "playlists", params(("id" = PlaylistId, Path), ("account" = String, Path, description = "Handle or id")), responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
#[delete("/playlists/{id}/collaborators/{account}")]
pub(super) async fn delete(
    platform: Data<Platform>,
    identity: Identity<Library>,
    path: Path<(PlaylistId, String)>,
) -> Result<NoContent> {
    let (id, account) = path.into_inner();
    remove(&platform.db, id, identity.account, &account).await.map(|()| NoContent)
}

async fn remove(db: &Db, id: PlaylistId, by: AccountId, account: &str) -> Result<()> {
    db.transaction(async |conn| {
        // Of somebody who is suspended or gone, the id alone is known.
        let account = match account.parse() {
            Ok(id) => id,
            Err(_) => find(conn, account).await?,
        };
        let role = if account == by { PlaylistRole::Viewer } else { PlaylistRole::Owner };
        Playlist::lock(conn, id, by, role).await?;
        let was_there = Collaborator::remove(conn, id, account).await?;
        if was_there { Ok(()) } else { Err(Error::NotFound("collaborator")) }
    })
    .await
}
