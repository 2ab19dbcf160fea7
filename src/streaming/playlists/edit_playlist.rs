//! Edit what a playlist is called, who sees it, and how it fills itself.

use actix_web::patch;
use actix_web::web::Data;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::change::{By, Change, PlaylistDeed, PlaylistNames};
use super::playlist::{Naming, Openness, Playlist, PlaylistRole};
use super::rules::Rules;
use super::show_playlist::{ShownPlaylist, editable, edited, show};
use super::words::Description;
use crate::artists::Title;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Library};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Id, IfMatch, IfMatchHeader, Json, PartlyEditable};
use crate::platform::id::{AccountId, PlaylistChangeId, PlaylistId};

/// What may change. What is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlaylistChanges {
    #[serde(default)]
    pub(super) title: Option<Title>,
    /// An empty text is none.
    #[serde(default)]
    pub(super) description: Option<Description>,
    #[serde(default)]
    pub(super) visibility: Option<Openness>,
    /// Of a playlist that was made with rules.
    #[serde(default)]
    pub(super) rules: Option<Rules>,
}

/// Change what a playlist is called, who sees it, and how it fills itself; its owner may.
#[utoipa::path(tag = "playlists", params(("id" = PlaylistId, Path), IfMatchHeader), request_body = PlaylistChanges, responses(
    (status = 200, body = ShownPlaylist, headers(("ETag" = String, description = "Names this state, for `If-Match` and `If-None-Match`"))),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 412, body = Problem),
    (status = 422, body = Problem)))]
#[patch("/playlists/{id}")]
pub(super) async fn patch(
    platform: Data<Platform>,
    identity: Identity<Library>,
    Id(id): Id<PlaylistId>,
    if_match: IfMatch,
    Json(changes): Json<PlaylistChanges>,
) -> Result<PartlyEditable<ShownPlaylist, Value>> {
    edit(&platform, id, identity.account, &changes, &if_match).await.map(editable)
}

async fn edit(
    platform: &Platform,
    id: PlaylistId,
    owner: AccountId,
    changes: &PlaylistChanges,
    if_match: &IfMatch,
) -> Result<ShownPlaylist> {
    platform
        .db
        .transaction(async |conn| {
            let playlist = Playlist::lock(conn, id, owner, PlaylistRole::Owner).await?;
            if_match.require_part(&edited(&show(conn, id, Some(owner)).await?))?;
            apply(platform, conn, &playlist, changes, By { account: owner, takes_back: None }).await?;
            show(conn, id, Some(owner)).await
        })
        .await
}

/// Changes a playlist that the caller's transaction holds; the entry of its history, where anything is another than before.
pub(super) async fn apply(
    platform: &Platform,
    conn: &mut Conn,
    playlist: &Playlist,
    changes: &PlaylistChanges,
    by: By,
) -> Result<Option<PlaylistChangeId>> {
    let before = PlaylistNames::of(playlist)?;
    if changes.rules.is_some() && before.rules.is_none() {
        return Err(Error::invalid(
            "rules",
            "This playlist is kept by hand: only one that was made with rules has them.",
        ));
    }
    let told = |text: &Option<Title>, known: &str| text.as_ref().map_or(known.to_owned(), |text| text.as_str().into());
    let after = PlaylistNames {
        title: told(&changes.title, &before.title),
        description: changes.description.as_ref().map_or(before.description.clone(), |text| text.as_str().into()),
        visibility: changes.visibility.unwrap_or(before.visibility),
        rules: changes.rules.clone().or_else(|| before.rules.clone()),
    };
    if after == before {
        return Ok(None);
    }
    let (title, description) = (after.title.clone().try_into(), after.description.clone().try_into());
    let (title, description): (Title, Description) =
        (title.map_err(anyhow::Error::msg)?, description.map_err(anyhow::Error::msg)?);
    let naming =
        Naming { title: &title, description: &description, visibility: after.visibility, rules: after.rules.as_ref() };
    playlist.rename(conn, &naming, platform.clock.now()).await?;
    let id = PlaylistChangeId::new();
    Change::record(conn, id, playlist.id, by, &PlaylistDeed::Edited { before, after }).await?;
    Ok(Some(id))
}
