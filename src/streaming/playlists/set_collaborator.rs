//! Give somebody a role in a playlist.

use actix_web::put;
use actix_web::web::{Data, Path};
use serde::Deserialize;
use utoipa::ToSchema;

use super::collaborator::Collaborator;
use super::list_collaborators::{Collaborators, list};
use super::playlist::{Playlist, PlaylistRole};
use crate::accounts::{self, Handle};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Library};
use crate::platform::db::{Conn, Db, named};
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::{Found, Json};
use crate::platform::id::{AccountId, PlaylistId};

/// People of a playlist besides its owner.
const MOST: usize = 50;

named! {
    /// A role that a playlist's owner gives.
    pub(crate) enum GivenRole {
        /// Changes what is in it.
        Editor = "editor",
        /// Looks, also where it is private.
        Viewer = "viewer",
    }
}

/// The role that somebody gets.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCollaborator {
    role: GivenRole,
}

/// Give an account a role in a playlist, or another one; its owner may. A playlist has 50 collaborators at the most.
#[utoipa::path(tag = "playlists", params(("id" = PlaylistId, Path), ("account" = String, Path, description = "Handle or id")),
    request_body = NewCollaborator, responses(
    (status = 200, body = Collaborators), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 422, body = Problem)))]
#[put("/playlists/{id}/collaborators/{account}")]
pub(super) async fn put(
    platform: Data<Platform>,
    identity: Identity<Library>,
    path: Path<(PlaylistId, String)>,
    Json(new): Json<NewCollaborator>,
) -> Result<Found<Collaborators>> {
    let (id, account) = path.into_inner();
    set(&platform.db, id, identity.account, &account, new.role).await.map(Found)
}

async fn set(db: &Db, id: PlaylistId, owner: AccountId, account: &str, role: GivenRole) -> Result<Collaborators> {
    let role = match role {
        GivenRole::Editor => PlaylistRole::Editor,
        GivenRole::Viewer => PlaylistRole::Viewer,
    };
    db.transaction(async |conn| {
        Playlist::lock(conn, id, owner, PlaylistRole::Owner).await?;
        let account = find(conn, account).await?;
        if account == owner {
            return Err(Error::invalid("account", "The owner of a playlist has every role in it."));
        }
        let others = Collaborator::list(conn, id).await?;
        if others.len() >= MOST && others.iter().all(|one| one.account_id != account) {
            return Err(Error::Refused(Code::LimitReached));
        }
        Collaborator::set(conn, id, account, role).await?;
        list(conn, id, owner).await
    })
    .await
}

/// The account with this handle or id, as far as everybody sees it.
pub(super) async fn find(conn: &mut Conn, account: &str) -> Result<AccountId> {
    let handle = match account.parse::<AccountId>() {
        Ok(id) => accounts::names(conn, &[id]).await?.pop().map(|name| name.handle),
        Err(_) => Some(account.to_owned()),
    };
    let handle = handle.and_then(|handle| Handle::try_from(handle).ok()).ok_or(Error::NotFound("account"))?;
    accounts::find_by_handle(conn, &handle).await?.ok_or(Error::NotFound("account"))
}
