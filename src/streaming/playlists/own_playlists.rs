//! An account's playlists in its archive, and their end.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::json;

use super::change::Change;
use super::collaborator::Collaborator;
use super::cover::Cover;
use super::entry::Entry;
use super::follower::Followed;
use super::playlist::{Openness, Playlist, PlaylistRole};
use super::rules::Rules;
use crate::artists;
use crate::platform::Platform;
use crate::platform::archive::Archive;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::{AccountId, PlaylistId, TrackId};

/// Playlists in one page.
const BATCH: i64 = 100;

/// Entries in one page.
const ENTRIES: i64 = 100;

/// Playlists in one statement: each has up to 10,000 entries.
const AT_ONCE: i64 = 20;

#[derive(Serialize)]
struct KeptPlaylist {
    id: PlaylistId,
    title: String,
    description: String,
    visibility: Openness,
    role: Option<PlaylistRole>,
    created_at: chrono::DateTime<chrono::Utc>,
    updated_at: chrono::DateTime<chrono::Utc>,
    /// How it fills itself; its entries are none then.
    rules: Option<Rules>,
    entries: Vec<KeptEntry>,
}

#[derive(Serialize)]
struct KeptEntry {
    track_id: TrackId,
    title: Option<String>,
    artist: Option<String>,
    added_at: chrono::DateTime<chrono::Utc>,
}

/// Writes every playlist of an account, and those that are shared with it, the newest first.
pub(in crate::streaming) async fn export(platform: &Platform, account: AccountId, archive: &mut Archive) -> Result<()> {
    let about =
        "Your playlists, and those that others share with you. A track that you may hear no longer has no title here.";
    let mut list = archive.list("playlists.json", about).await?;
    let (mut after, mut covered) = (None, Vec::new());
    loop {
        let page = Playlist::list(&mut *platform.db.conn().await?, account, after, BATCH).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        for playlist in page {
            if playlist.role == Some(PlaylistRole::Owner) && playlist.cover_key.is_some() {
                covered.push(playlist.id);
            }
            let kept = keep(&mut *platform.db.conn().await?, playlist, account).await?;
            list.add(&[kept]).await?;
        }
    }
    list.end().await?;
    export_covers(platform, &covered, archive).await?;
    export_followed(platform, account, archive).await
}

async fn export_covers(platform: &Platform, covered: &[PlaylistId], archive: &mut Archive) -> Result<()> {
    for playlist in covered {
        let cover = Cover::of(&mut *platform.db.conn().await?, *playlist).await?;
        let Some(key) = cover.keys().into_iter().next() else { continue };
        if let Ok(file) = platform.storage.file(&key).await {
            archive.file(&["playlist_covers", &format!("{playlist}.jpg")], file).await?;
        }
    }
    if !covered.is_empty() {
        archive.explain("playlist_covers/", "The covers of your playlists, by their ids.");
    }
    Ok(())
}

async fn export_followed(platform: &Platform, account: AccountId, archive: &mut Archive) -> Result<()> {
    let mut list = archive.list("followed_playlists.json", "The playlists that you follow.").await?;
    let mut after = None;
    loop {
        let page = Followed::list(&mut *platform.db.conn().await?, account, after, BATCH).await?;
        let Some(last) = page.last() else { return list.end().await };
        after = Some(last.place());
        let kept = page.iter().map(|row| json!({ "playlist_id": row.playlist_id, "followed_at": row.followed_at }));
        list.add(&kept.collect::<Vec<_>>()).await?;
    }
}

async fn keep(conn: &mut Conn, playlist: Playlist, account: AccountId) -> Result<KeptPlaylist> {
    let (mut entries, mut after) = (Vec::new(), None);
    loop {
        let page = Entry::list(conn, playlist.id, after.as_ref(), ENTRIES).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.rank());
        let ids: Vec<TrackId> = page.iter().map(|entry| entry.track_id).collect();
        let tracks: HashMap<TrackId, _> =
            artists::described(conn, &ids, Some(account)).await?.into_iter().map(|track| (track.id, track)).collect();
        entries.extend(page.into_iter().map(|entry| {
            let track = tracks.get(&entry.track_id);
            KeptEntry {
                track_id: entry.track_id,
                title: track.map(|track| track.title.clone()),
                artist: track.map(|track| track.artist.clone()),
                added_at: entry.added_at,
            }
        }));
    }
    Ok(KeptPlaylist {
        rules: playlist.rules()?,
        id: playlist.id,
        title: playlist.title,
        description: playlist.description,
        visibility: playlist.visibility,
        role: playlist.role,
        created_at: playlist.created_at,
        updated_at: playlist.updated_at,
        entries,
    })
}

/// Deletes the playlists of an account that is erased, and takes its name out of those of others.
pub(in crate::streaming) async fn forget_account(conn: &mut Conn, account: AccountId) -> Result<()> {
    while Playlist::delete_some(conn, account, AT_ONCE).await? > 0 {}
    Followed::delete(conn, account, None).await?;
    Collaborator::forget(conn, account).await?;
    Entry::forget_adder(conn, account).await?;
    Change::forget_account(conn, account).await
}
