//! List what is in a playlist.

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::entry::Entry;
use super::playlist::Playlist;
use super::rank::Rank;
use crate::accounts::{self, AccountName};
use crate::platform::Platform;
use crate::platform::auth::Viewer;
use crate::platform::db::Conn;
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Found, Id, Page, Paging, PagingQuery};
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

/// What is in a playlist, in its order. An entry that is moved between two pages may come twice, or not at all; what is
/// added or removed moves nothing else.
#[utoipa::path(tag = "playlists", params(("id" = PlaylistId, Path), PagingQuery), responses(
    (status = 200, body = Page<ListedEntry>), (status = 404, body = Problem), (status = 422, body = Problem)))]
#[get("/playlists/{id}/entries")]
pub(super) async fn get(
    platform: Data<Platform>,
    viewer: Viewer,
    Id(id): Id<PlaylistId>,
    paging: Paging<Rank>,
) -> Result<Found<Page<ListedEntry>>> {
    list(&mut *platform.db.conn().await?, id, viewer.account(), &paging).await.map(Found)
}

async fn list(
    conn: &mut Conn,
    id: PlaylistId,
    viewer: Option<AccountId>,
    paging: &Paging<Rank>,
) -> Result<Page<ListedEntry>> {
    let playlist = Playlist::shown(conn, id, viewer).await?;
    let entries = Entry::list(conn, id, paging.after.as_ref(), paging.limit).await?;
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

fn distinct<T: Ord>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut all: Vec<T> = all.collect();
    all.sort_unstable();
    all.dedup();
    all
}
