//! Take a change of a playlist back, by another change that says so.

use actix_web::post;
use actix_web::web::{Data, Path};

use super::add_entries::put;
use super::change::{By, Change, PlacedEntry, PlaylistDeed, PlaylistNames};
use super::edit_playlist::{PlaylistChanges, apply};
use super::entry::{Entry, NewEntry, Spot};
use super::move_entry::shift;
use super::playlist::{Playlist, PlaylistRole};
use super::remove_entry::take_out;
use super::show_history::{PlaylistHistoryEntry, entries};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Library};
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::Created;
use crate::platform::id::{AccountId, PlaylistChangeId, PlaylistEntryId, PlaylistId};

/// Take a change of a playlist back: what was added goes, what was removed comes to where it was, what was moved goes back,
/// and what was edited is again what it was. Its owner may, and its editors where entries are concerned.
#[utoipa::path(tag = "playlists", params(("id" = PlaylistId, Path), ("change" = PlaylistChangeId, Path)), responses(
    (status = 201, body = PlaylistHistoryEntry), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 409, body = Problem)))]
#[post("/playlists/{id}/history/{change}/restoration")]
pub(super) async fn post(
    platform: Data<Platform>,
    identity: Identity<Library>,
    path: Path<(PlaylistId, PlaylistChangeId)>,
) -> Result<Created<PlaylistHistoryEntry>> {
    let (id, change) = path.into_inner();
    take_back(&platform, id, change, identity.account).await.map(Created)
}

async fn take_back(
    platform: &Platform,
    id: PlaylistId,
    change: PlaylistChangeId,
    account: AccountId,
) -> Result<PlaylistHistoryEntry> {
    platform
        .db
        .transaction(async |conn| {
            let playlist = Playlist::lock(conn, id, account, PlaylistRole::Editor).await?;
            let earlier = Change::find(conn, id, change).await?.ok_or(Error::NotFound("change"))?;
            let by = By { account, takes_back: Some(change) };
            let made = undo(platform, conn, &playlist, earlier.deed()?, by).await?;
            let made = Change::find(conn, id, made).await?.ok_or(Error::NotFound("change"))?;
            entries(conn, &[made]).await?.pop().ok_or(Error::NotFound("change"))
        })
        .await
}

async fn undo(
    platform: &Platform,
    conn: &mut Conn,
    playlist: &Playlist,
    deed: PlaylistDeed,
    by: By,
) -> Result<PlaylistChangeId> {
    let opposite = match deed {
        PlaylistDeed::Created | PlaylistDeed::Imported { .. } => return Err(Error::Refused(Code::NotRestorable)),
        PlaylistDeed::Edited { before, after } => return rename(platform, conn, playlist, (before, after), by).await,
        PlaylistDeed::Added { entries } => {
            let ids: Vec<PlaylistEntryId> = entries.iter().map(|entry| entry.id).collect();
            let removed = take_out(platform, conn, playlist, &ids).await?;
            (!removed.is_empty()).then_some(PlaylistDeed::Removed { entries: removed })
        }
        PlaylistDeed::Removed { entries } => {
            let added = bring_back(platform, conn, playlist, &entries, by.account).await?;
            (!added.is_empty()).then_some(PlaylistDeed::Added { entries: added })
        }
        PlaylistDeed::Moved { entry, before, .. } => move_back(platform, conn, playlist, entry, before).await?,
    };
    let opposite = opposite.ok_or(Error::Refused(Code::NothingToRestore))?;
    let id = PlaylistChangeId::new();
    Change::record(conn, id, playlist.id, by, &opposite).await?;
    Ok(id)
}

async fn rename(
    platform: &Platform,
    conn: &mut Conn,
    playlist: &Playlist,
    (before, after): (PlaylistNames, PlaylistNames),
    by: By,
) -> Result<PlaylistChangeId> {
    if playlist.role != Some(PlaylistRole::Owner) {
        return Err(Error::Forbidden);
    }
    // What that change left as it was is not its to bring back: it may be another since. What was valid once need not be today.
    let title = (before.title != after.title).then(|| before.title.try_into()).transpose();
    let description = (before.description != after.description).then(|| before.description.try_into()).transpose();
    let changes = PlaylistChanges {
        title: title.map_err(|_| Error::Refused(Code::NotRestorable))?,
        description: description.map_err(|_| Error::Refused(Code::NotRestorable))?,
        visibility: (before.visibility != after.visibility).then_some(before.visibility),
        rules: if before.rules == after.rules { None } else { before.rules },
    };
    let made = apply(platform, conn, playlist, &changes, by).await?;
    made.ok_or(Error::Refused(Code::NothingToRestore))
}

// Under their own ids, so that earlier changes still mean them; each behind what it was behind, or at the end where that is
// gone. What is in again already stays where it is.
async fn bring_back(
    platform: &Platform,
    conn: &mut Conn,
    playlist: &Playlist,
    entries: &[PlacedEntry],
    account: AccountId,
) -> Result<Vec<PlacedEntry>> {
    let now = platform.clock.now();
    let ids: Vec<PlaylistEntryId> = entries.iter().map(|entry| entry.id).collect();
    let there = Entry::placed(conn, playlist.id, &ids).await?;
    let missing: Vec<&PlacedEntry> =
        entries.iter().filter(|entry| there.iter().all(|other| other.id != entry.id)).collect();
    let mut added = Vec::new();
    // What stood behind one another comes at once.
    for run in missing.chunk_by(|before, entry| entry.after == Some(before.id)) {
        let entry = |entry: &&PlacedEntry| NewEntry {
            id: entry.id,
            track_id: entry.track_id,
            added_by: Some(account),
            added_at: now,
        };
        let new: Vec<NewEntry> = run.iter().map(entry).collect();
        let spot = run[0].after.map_or(Spot::First, Spot::Behind);
        let placed = match put(platform, conn, playlist, &new, spot).await? {
            Some(placed) => placed,
            None => put(platform, conn, playlist, &new, Spot::Last).await?.unwrap_or_default(),
        };
        added.extend(placed);
    }
    Ok(added)
}

async fn move_back(
    platform: &Platform,
    conn: &mut Conn,
    playlist: &Playlist,
    entry: PlaylistEntryId,
    before: Option<PlaylistEntryId>,
) -> Result<Option<PlaylistDeed>> {
    let Some(entry) = Entry::find(conn, playlist.id, entry).await? else { return Ok(None) };
    let spot = before.map_or(Spot::First, Spot::Behind);
    // Where what it stood behind is gone, nobody can say where it belongs.
    Ok(shift(platform, conn, playlist, &entry, spot).await?.flatten())
}
