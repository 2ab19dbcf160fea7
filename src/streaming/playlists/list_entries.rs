//! List what is in a playlist.

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::entry::Entry;
use super::fitting;
use super::playlist::Playlist;
use super::rank::Rank;
use crate::accounts::{self, AccountName};
use crate::platform::Platform;
use crate::platform::auth::Viewer;
use crate::platform::db::Conn;
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Cursor, Found, Id, Page, Paging, PagingQuery};
use crate::platform::id::{AccountId, PlaylistEntryId, PlaylistId, TrackId};
use crate::streaming::played_track::{PlayedTrack, heard_by};

/// A track in a playlist.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListedEntry {
    id: PlaylistEntryId,
    track_id: TrackId,
    /// Null where the viewer may not hear it, or it is no more.
    track: Option<PlayedTrack>,
    /// Told to those who have a role in the playlist; null where the account is gone.
    added_by: Option<AccountName>,
    added_at: DateTime<Utc>,
}

/// What is in a playlist, in its order; in one that fills itself, what fits its rules now, to this viewer. An entry that is moved between two pages may come twice, or not at all; what is
/// added or removed moves nothing else.
#[utoipa::path(tag = "playlists", params(("id" = PlaylistId, Path), PagingQuery), responses(
    (status = 200, body = Page<ListedEntry>), (status = 404, body = Problem), (status = 422, body = Problem)))]
#[get("/playlists/{id}/entries")]
pub(super) async fn get(
    platform: Data<Platform>,
    viewer: Viewer,
    Id(id): Id<PlaylistId>,
    paging: Paging<EntryPlace>,
) -> Result<Found<Page<ListedEntry>>> {
    list(&platform, id, viewer.account(), &paging).await.map(Found)
}

/// Where a page begins: behind a rank, or behind so many of what fits.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum EntryPlace {
    Behind(usize),
    Rank(Rank),
}

async fn list(
    platform: &Platform,
    id: PlaylistId,
    viewer: Option<AccountId>,
    paging: &Paging<EntryPlace>,
) -> Result<Page<ListedEntry>> {
    let conn = &mut *platform.db.conn().await?;
    let playlist = Playlist::shown(conn, id, viewer).await?;
    if let Some(rules) = playlist.rules()? {
        let fitting = fitting::list(conn, &rules, viewer, platform.clock.now()).await?;
        return list_fitting(conn, &playlist, &fitting, viewer, paging).await;
    }
    let after = match &paging.after {
        Some(EntryPlace::Rank(rank)) => Some(rank),
        _ => None,
    };
    let entries = Entry::list(conn, id, after, paging.limit).await?;
    let Page { items, next_cursor } = Page::new(entries, paging.limit, Entry::rank);
    let tracks = heard_by(conn, viewer, items.iter().map(|entry| entry.track_id)).await?;
    let people = distinct(items.iter().filter(|_| playlist.role.is_some()).filter_map(|entry| entry.added_by));
    let people = if people.is_empty() { Vec::new() } else { accounts::names(conn, &people).await? };
    let items = items.into_iter().map(|entry| ListedEntry {
        id: entry.id,
        track_id: entry.track_id,
        track: tracks.get(&entry.track_id).cloned(),
        added_by: people.iter().find(|person| Some(person.id) == entry.added_by).cloned(),
        added_at: entry.added_at,
    });
    Ok(Page { items: items.collect(), next_cursor })
}

// What fits now. An entry of it has its track's id, as each is in it once.
async fn list_fitting(
    conn: &mut Conn,
    playlist: &Playlist,
    fitting: &[TrackId],
    viewer: Option<AccountId>,
    paging: &Paging<EntryPlace>,
) -> Result<Page<ListedEntry>> {
    let begin = match paging.after {
        Some(EntryPlace::Behind(count)) => count.min(fitting.len()),
        _ => 0,
    };
    let end = (begin + usize::try_from(paging.limit).unwrap_or(0)).min(fitting.len());
    let tracks = heard_by(conn, viewer, fitting[begin..end].iter().copied()).await?;
    let items = fitting[begin..end].iter().map(|track_id| ListedEntry {
        id: track_id.uuid().into(),
        track_id: *track_id,
        track: tracks.get(track_id).cloned(),
        added_by: None,
        added_at: playlist.updated_at,
    });
    let next_cursor = (end < fitting.len()).then(|| Cursor(EntryPlace::Behind(end)).encode());
    Ok(Page { items: items.collect(), next_cursor })
}

fn distinct<T: Ord>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut all: Vec<T> = all.collect();
    all.sort_unstable();
    all.dedup();
    all
}
