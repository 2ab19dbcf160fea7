//! List who has a role in a playlist.

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::collaborator::Collaborator;
use super::playlist::{Playlist, PlaylistRole};
use crate::accounts::{self, AccountName};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Found, Id};
use crate::platform::id::{AccountId, PlaylistId};

/// Somebody with a role in a playlist.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ShownCollaborator {
    account: AccountName,
    role: PlaylistRole,
    added_at: DateTime<Utc>,
}

/// Who has a role in a playlist, at most 51.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Collaborators {
    /// Its owner first, then who came first.
    items: Vec<ShownCollaborator>,
}

/// Who has a role in a playlist; for those who have one.
#[utoipa::path(tag = "playlists", params(("id" = PlaylistId, Path)), responses(
    (status = 200, body = Collaborators), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
#[get("/playlists/{id}/collaborators")]
pub(super) async fn get(
    platform: Data<Platform>,
    identity: Identity<Read>,
    Id(id): Id<PlaylistId>,
) -> Result<Found<Collaborators>> {
    list(&mut *platform.db.conn().await?, id, identity.account).await.map(Found)
}

/// The people of a playlist, for one of them.
pub(super) async fn list(conn: &mut Conn, id: PlaylistId, viewer: AccountId) -> Result<Collaborators> {
    let playlist = Playlist::shown(conn, id, Some(viewer)).await?;
    if playlist.role.is_none() {
        return Err(Error::Forbidden);
    }
    let mut people = vec![(playlist.account_id, PlaylistRole::Owner, playlist.created_at)];
    let others = Collaborator::list(conn, id).await?;
    people.extend(others.into_iter().map(|one| (one.account_id, one.role, one.added_at)));
    let ids: Vec<AccountId> = people.iter().map(|(account, ..)| *account).collect();
    let names = accounts::names(conn, &ids).await?;
    let items = people.into_iter().filter_map(|(account, role, added_at)| {
        let account = names.iter().find(|name| name.id == account)?.clone();
        Some(ShownCollaborator { account, role, added_at })
    });
    Ok(Collaborators { items: items.collect() })
}
