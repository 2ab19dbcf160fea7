//! Add tracks to a playlist.

use std::collections::HashSet;

use actix_web::post;
use actix_web::web::Data;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::change::{By, Change, PlacedEntry, PlaylistDeed};
use super::entry::{Entry, NewEntry, Spot};
use super::playlist::{Playlist, PlaylistRole};
use super::rank::Rank;
use crate::artists;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Library};
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::{Created, Id, IdempotencyHeader, IdempotencyKey, Json};
use crate::platform::id::{AccountId, PlaylistChangeId, PlaylistEntryId, PlaylistId, TrackId};

/// Tracks in one request.
const MOST_AT_ONCE: usize = 500;

/// Tracks to add, behind one another.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewEntries {
    /// In their order; the same may come several times.
    #[schema(min_items = 1, max_items = 500)]
    track_ids: Vec<TrackId>,
    /// The entry to go behind; null for the beginning. At the end where absent.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<PlaylistEntryId>)]
    after: Option<Option<PlaylistEntryId>>,
}

// Null is a value, and is not the same as nothing.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(value: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(value).map(Some)
}

/// What was added.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AddedEntries {
    /// The change in the playlist's history.
    change_id: PlaylistChangeId,
    /// In the order of the request.
    entries: Vec<AddedEntry>,
}

/// A track that is in the playlist now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AddedEntry {
    id: PlaylistEntryId,
    track_id: TrackId,
}

/// Add up to 500 tracks to a playlist, of those that the account may hear: all, or none. Its owner and its editors may.
#[utoipa::path(tag = "playlists", params(("id" = PlaylistId, Path), IdempotencyHeader), request_body = NewEntries, responses(
    (status = 201, body = AddedEntries), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 422, body = Problem)))]
#[post("/playlists/{id}/entries")]
pub(super) async fn post(
    platform: Data<Platform>,
    identity: Identity<Library>,
    Id(id): Id<PlaylistId>,
    key: IdempotencyKey,
    Json(new): Json<NewEntries>,
) -> Result<Created<AddedEntries>> {
    add(&platform, id, identity.account, &new, &key).await.map(Created)
}

async fn add(
    platform: &Platform,
    id: PlaylistId,
    account: AccountId,
    new: &NewEntries,
    key: &IdempotencyKey,
) -> Result<AddedEntries> {
    if !(1..=MOST_AT_ONCE).contains(&new.track_ids.len()) {
        return Err(Error::invalid("track_ids", "1 to 500 tracks are added at once."));
    }
    let spot = match new.after {
        None => Spot::Last,
        Some(None) => Spot::First,
        Some(Some(entry)) => Spot::Behind(entry),
    };
    platform
        .db
        .transaction(async |conn| {
            let playlist = Playlist::lock(conn, id, account, PlaylistRole::Editor).await?;
            playlist.require_kept_by_hand()?;
            let change = PlaylistChangeId::new();
            if let Some(earlier) = key.claim(conn, account, new, change.uuid()).await? {
                return added_before(conn, id, earlier.into()).await;
            }
            require_audible(conn, &new.track_ids, account).await?;
            let now = platform.clock.now();
            let entries: Vec<NewEntry> = new.track_ids.iter().map(|track| entry(*track, account, now)).collect();
            let placed = put(platform, conn, &playlist, &entries, spot).await?;
            let placed = placed.ok_or_else(|| Error::invalid("after", "The playlist has no such entry."))?;
            let by = By { account, takes_back: None };
            Change::record(conn, change, id, by, &PlaylistDeed::Added { entries: placed }).await?;
            let entries = entries.iter().map(|entry| AddedEntry { id: entry.id, track_id: entry.track_id });
            Ok(AddedEntries { change_id: change, entries: entries.collect() })
        })
        .await
}

fn entry(track_id: TrackId, account: AccountId, now: chrono::DateTime<chrono::Utc>) -> NewEntry {
    NewEntry { id: PlaylistEntryId::new(), track_id, added_by: Some(account), added_at: now }
}

// The answer of the first request. Of a change that the history has forgotten meanwhile, no more than its id is known.
async fn added_before(conn: &mut Conn, id: PlaylistId, change: PlaylistChangeId) -> Result<AddedEntries> {
    let deed = match Change::find(conn, id, change).await? {
        Some(change) => Some(change.deed()?),
        None => None,
    };
    let placed = if let Some(PlaylistDeed::Added { entries }) = deed { entries } else { Vec::new() };
    let entries = placed.into_iter().map(|entry| AddedEntry { id: entry.id, track_id: entry.track_id });
    Ok(AddedEntries { change_id: change, entries: entries.collect() })
}

async fn require_audible(conn: &mut Conn, tracks: &[TrackId], account: AccountId) -> Result<()> {
    let described = artists::described(conn, tracks, Some(account)).await?;
    let audible: HashSet<TrackId> = described.into_iter().map(|track| track.id).collect();
    match tracks.iter().position(|track| !audible.contains(track)) {
        None => Ok(()),
        Some(at) => {
            Err(Error::invalid(format!("track_ids[{at}]"), "There is no such track, or this account may not hear it."))
        }
    }
}

/// Puts entries behind one another into a playlist that the caller's transaction holds; `None` where the entry to go behind
/// is not there.
pub(super) async fn put(
    platform: &Platform,
    conn: &mut Conn,
    playlist: &Playlist,
    entries: &[NewEntry],
    spot: Spot,
) -> Result<Option<Vec<PlacedEntry>>> {
    let Some((low, high)) = Entry::around(conn, playlist.id, spot, None).await? else { return Ok(None) };
    let ranks = Rank::between(low.as_ref(), high.as_ref(), entries.len());
    let more = i32::try_from(entries.len()).unwrap_or(i32::MAX);
    let counted = Playlist::count_entries(conn, playlist.id, more, platform.clock.now()).await;
    counted.map_err(|error| error.on_constraint("playlists_full", Code::PlaylistFull))?;
    Entry::insert(conn, playlist.id, entries, &ranks).await?;
    if ranks.iter().any(Rank::is_long) {
        Entry::rank_anew(conn, playlist.id).await?;
    }
    let first = match entries.first() {
        Some(first) => Entry::find(conn, playlist.id, first.id).await?,
        None => None,
    };
    let mut before = match first {
        Some(first) => first.before(conn, playlist.id).await?,
        None => None,
    };
    let placed = entries.iter().map(|entry| PlacedEntry {
        id: entry.id,
        track_id: entry.track_id,
        after: before.replace(entry.id),
    });
    Ok(Some(placed.collect()))
}
