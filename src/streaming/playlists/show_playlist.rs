//! Show a playlist.

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::playlist::{Openness, Playlist, PlaylistRole};
use super::rules::Rules;
use crate::accounts::{self, AccountName};
use crate::platform::Platform;
use crate::platform::auth::Viewer;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Editable, Id, IfNoneMatchHeader};
use crate::platform::id::{AccountId, PlaylistId};

/// A playlist, without its entries.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ShownPlaylist {
    pub(super) id: PlaylistId,
    title: String,
    description: String,
    visibility: Openness,
    owner: AccountName,
    /// What the viewer may do with it; null where it is to look, as anybody may.
    role: Option<PlaylistRole>,
    /// Null where it fills itself.
    entry_count: Option<i32>,
    /// How it fills itself; null where people do.
    rules: Option<Rules>,
    created_at: DateTime<Utc>,
    /// When it, or what is in it, was changed last.
    updated_at: DateTime<Utc>,
}

/// A playlist, without its entries. What others keep to themselves is 404.
#[utoipa::path(tag = "playlists", params(("id" = PlaylistId, Path), IfNoneMatchHeader), responses(
    (status = 200, body = ShownPlaylist, headers(("ETag" = String, description = "Names this state, for `If-Match` and `If-None-Match`"))),
    (status = 304), (status = 404, body = Problem)))]
#[get("/playlists/{id}")]
pub(super) async fn get(
    platform: Data<Platform>,
    viewer: Viewer,
    Id(id): Id<PlaylistId>,
) -> Result<Editable<ShownPlaylist>> {
    show(&mut *platform.db.conn().await?, id, viewer.account()).await.map(Editable)
}

/// A playlist, as somebody sees it.
pub(super) async fn show(conn: &mut Conn, id: PlaylistId, viewer: Option<AccountId>) -> Result<ShownPlaylist> {
    let playlist = Playlist::shown(conn, id, viewer).await?;
    shown(conn, vec![playlist]).await?.pop().ok_or(Error::NotFound("playlist"))
}

/// Playlists with their owners, in the order that they have. One whose owner is about to be erased is left out.
pub(super) async fn shown(conn: &mut Conn, playlists: Vec<Playlist>) -> Result<Vec<ShownPlaylist>> {
    let mut owners: Vec<AccountId> = playlists.iter().map(|playlist| playlist.account_id).collect();
    owners.sort_unstable();
    owners.dedup();
    let names = accounts::names(conn, &owners).await?;
    let mut shown = Vec::with_capacity(playlists.len());
    for playlist in playlists {
        let Some(owner) = names.iter().find(|name| name.id == playlist.account_id).cloned() else { continue };
        let rules = playlist.rules()?;
        shown.push(ShownPlaylist {
            id: playlist.id,
            owner,
            role: playlist.role,
            entry_count: if rules.is_some() { None } else { Some(playlist.entry_count) },
            rules,
            created_at: playlist.created_at,
            updated_at: playlist.updated_at,
            title: playlist.title,
            description: playlist.description,
            visibility: playlist.visibility,
        });
    }
    Ok(shown)
}
