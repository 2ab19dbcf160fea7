//! Show how a playlist became what it is.

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::change::{Change, PlaylistDeed};
use super::playlist::Playlist;
use crate::accounts::{self, AccountName};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Found, Id, Page, Paging, PagingQuery};
use crate::platform::id::{AccountId, PlaylistChangeId, PlaylistId};

/// One change of a playlist.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlaylistHistoryEntry {
    id: PlaylistChangeId,
    /// Null where the account is gone.
    by: Option<AccountName>,
    what: PlaylistDeed,
    /// The earlier change that this one took back.
    takes_back: Option<PlaylistChangeId>,
    changed_at: DateTime<Utc>,
}

/// What was changed of a playlist, the latest first; for those who have a role in it. The last 500 changes are kept.
#[utoipa::path(tag = "playlists", params(("id" = PlaylistId, Path), PagingQuery), responses(
    (status = 200, body = Page<PlaylistHistoryEntry>), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 422, body = Problem)))]
#[get("/playlists/{id}/history")]
pub(super) async fn get(
    platform: Data<Platform>,
    identity: Identity<Read>,
    Id(id): Id<PlaylistId>,
    paging: Paging<PlaylistChangeId>,
) -> Result<Found<Page<PlaylistHistoryEntry>>> {
    list(&mut *platform.db.conn().await?, id, identity.account, &paging).await.map(Found)
}

async fn list(
    conn: &mut Conn,
    id: PlaylistId,
    viewer: AccountId,
    paging: &Paging<PlaylistChangeId>,
) -> Result<Page<PlaylistHistoryEntry>> {
    if Playlist::shown(conn, id, Some(viewer)).await?.role.is_none() {
        return Err(Error::Forbidden);
    }
    let changes = Change::list(conn, id, paging.after, paging.limit).await?;
    let Page { items, next_cursor } = Page::new(changes, paging.limit, |change| change.id);
    Ok(Page { items: entries(conn, &items).await?, next_cursor })
}

/// Changes as they are shown.
pub(super) async fn entries(conn: &mut Conn, changes: &[Change]) -> Result<Vec<PlaylistHistoryEntry>> {
    let mut ids: Vec<AccountId> = changes.iter().filter_map(|change| change.account_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let people = accounts::names(conn, &ids).await?;
    let entries = changes.iter().map(|change| {
        Ok(PlaylistHistoryEntry {
            id: change.id,
            by: people.iter().find(|person| Some(person.id) == change.account_id).cloned(),
            what: change.deed()?,
            takes_back: change.takes_back,
            changed_at: change.changed_at,
        })
    });
    entries.collect()
}
