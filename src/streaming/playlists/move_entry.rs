//! Move an entry of a playlist to another place.

use actix_web::patch;
use actix_web::web::{Data, Path};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use super::change::{By, Change, PlaylistDeed};
use super::entry::{Entry, Spot};
use super::playlist::{Playlist, PlaylistRole};
use super::rank::Rank;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Library};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Json, NoContent};
use crate::platform::id::{AccountId, PlaylistChangeId, PlaylistEntryId, PlaylistId};

/// Where an entry goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EntryMove {
    /// The entry to go behind; null for the beginning.
    #[serde(deserialize_with = "told")]
    after: Option<PlaylistEntryId>,
}

// Null is a value here: it has to be said.
fn told<'de, D: Deserializer<'de>>(value: D) -> Result<Option<PlaylistEntryId>, D::Error> {
    Option::deserialize(value)
}

/// Move an entry behind another one, or to the beginning. The playlist's owner and its editors may.
#[utoipa::path(tag = "playlists", params(("id" = PlaylistId, Path), ("entry" = PlaylistEntryId, Path)), request_body = EntryMove, responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
#[patch("/playlists/{id}/entries/{entry}")]
pub(super) async fn patch(
    platform: Data<Platform>,
    identity: Identity<Library>,
    path: Path<(PlaylistId, PlaylistEntryId)>,
    Json(to): Json<EntryMove>,
) -> Result<NoContent> {
    let (id, entry) = path.into_inner();
    move_to(&platform, id, entry, identity.account, to.after).await.map(|()| NoContent)
}

async fn move_to(
    platform: &Platform,
    id: PlaylistId,
    entry: PlaylistEntryId,
    account: AccountId,
    after: Option<PlaylistEntryId>,
) -> Result<()> {
    platform
        .db
        .transaction(async |conn| {
            let playlist = Playlist::lock(conn, id, account, PlaylistRole::Editor).await?;
            let entry = Entry::find(conn, id, entry).await?.ok_or(Error::NotFound("entry"))?;
            let spot = after.map_or(Spot::First, Spot::Behind);
            let moved = shift(platform, conn, &playlist, &entry, spot).await?;
            let deed = moved.ok_or_else(|| Error::invalid("after", "The playlist has no such entry."))?;
            if let Some(deed) = deed {
                let by = By { account, takes_back: None };
                Change::record(conn, PlaylistChangeId::new(), id, by, &deed).await?;
            }
            Ok(())
        })
        .await
}

/// Moves an entry of a playlist that the caller's transaction holds, and says what was done; nothing, where it stands there
/// already. `None` where the entry to go behind is not there.
pub(super) async fn shift(
    platform: &Platform,
    conn: &mut Conn,
    playlist: &Playlist,
    entry: &Entry,
    spot: Spot,
) -> Result<Option<Option<PlaylistDeed>>> {
    let before = entry.before(conn, playlist.id).await?;
    if spot == Spot::Behind(entry.id) || spot == before.map_or(Spot::First, Spot::Behind) {
        return Ok(Some(None));
    }
    let Some((low, high)) = Entry::around(conn, playlist.id, spot, Some(entry.id)).await? else { return Ok(None) };
    let rank = Rank::between(low.as_ref(), high.as_ref(), 1).remove(0);
    Entry::set_rank(conn, entry.id, &rank).await?;
    if rank.is_long() {
        Entry::rank_anew(conn, playlist.id).await?;
    }
    Playlist::count_entries(conn, playlist.id, 0, platform.clock.now()).await?;
    let moved = Entry::find(conn, playlist.id, entry.id).await?.ok_or(Error::NotFound("entry"))?;
    let after = moved.before(conn, playlist.id).await?;
    Ok(Some(Some(PlaylistDeed::Moved { entry: entry.id, track_id: entry.track_id, before, after })))
}
