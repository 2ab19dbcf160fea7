//! Show a playlist.

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::cover;
use super::playlist::{Openness, Playlist, PlaylistRole};
use super::rules::Rules;
use crate::accounts::{self, AccountName};
use crate::platform::Platform;
use crate::platform::auth::Viewer;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Id, IfNoneMatchHeader, PartlyEditable};
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
    /// Where its cover is fetched, with `?size=160` or `640`; null where it has none.
    cover_url: Option<String>,
    /// How many follow it.
    follower_count: i32,
    /// Whether the viewer does.
    followed: bool,
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
) -> Result<PartlyEditable<ShownPlaylist, Value>> {
    show(&mut *platform.db.conn().await?, id, viewer.account()).await.map(editable)
}

/// What of it changes when somebody changes it: not who follows it.
pub(super) fn edited(shown: &ShownPlaylist) -> Value {
    let ShownPlaylist { title, description, visibility, entry_count, rules, cover_url, updated_at, .. } = shown;
    json!([title, description, visibility, entry_count, rules, cover_url, updated_at])
}

/// With the tag of its state.
pub(super) fn editable(body: ShownPlaylist) -> PartlyEditable<ShownPlaylist, Value> {
    let edited = edited(&body);
    PartlyEditable { body, edited }
}

/// A playlist, as somebody sees it.
pub(super) async fn show(conn: &mut Conn, id: PlaylistId, viewer: Option<AccountId>) -> Result<ShownPlaylist> {
    let playlist = Playlist::shown(conn, id, viewer).await?;
    shown(conn, vec![playlist]).await?.pop().ok_or(Error::NotFound("playlist"))
}

/// The same of those whose owners everybody sees, or in which the viewer has a role.
pub(super) async fn shown_to_others(conn: &mut Conn, playlists: Vec<Playlist>) -> Result<Vec<ShownPlaylist>> {
    let owners: Vec<AccountId> = playlists.iter().map(|playlist| playlist.account_id).collect();
    let there = accounts::names_of_those_there(conn, &owners).await?;
    let is_there = |owner: AccountId| there.iter().any(|name| name.id == owner);
    let seen = playlists.into_iter().filter(|playlist| playlist.role.is_some() || is_there(playlist.account_id));
    let seen = seen.collect();
    shown(conn, seen).await
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
            cover_url: playlist.cover_key.as_deref().map(cover::url),
            follower_count: playlist.follower_count,
            followed: playlist.is_followed,
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
