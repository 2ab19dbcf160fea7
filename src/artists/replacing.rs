//! Another file for a track, which keeps its id, its plays and its links.
//!
//! A track that can be heard goes on with what it has: the new file waits in `artists.replacements`, the chain works with it,
//! and the step that makes the track ready puts it in the place of the old one. A file that is rejected changes nothing.

mod archive_original;
mod hand_over;
mod replace_audio;
mod replacement;

pub(crate) use archive_original::{ArchiveOriginal, run as run_archive_original};
pub(super) use hand_over::post as post_handover;
pub(super) use replace_audio::{put, put_in_place};
pub(super) use replacement::Replacement;

use super::discard;
use super::own_track::OwnTrack;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::TrackId;

/// At the end of a chain that went well: the file that it worked with is the track's from now on, and the one before goes
/// to `archive/`.
pub(super) async fn settle(conn: &mut Conn, track: TrackId) -> Result<()> {
    let Some(new) = Replacement::take(conn, track).await? else { return Ok(()) };
    let Some(before) = new.put_in_place(conn).await? else { return Ok(()) };
    discard::enqueue(conn, before.cover_key.into_iter().collect()).await?;
    archive_original::enqueue(conn, before.source_key).await
}

/// At the end of a chain that went wrong, or was stopped: the track stays as it was.
pub(super) async fn give_up(conn: &mut Conn, track: TrackId) -> Result<()> {
    match Replacement::take(conn, track).await? {
        Some(new) => discard::enqueue(conn, new.keys()).await,
        None => Ok(()),
    }
}

/// The track as its chain sees it: with the file that waits for it, if one does.
pub(super) async fn with_new_file(conn: &mut Conn, track: OwnTrack) -> Result<OwnTrack> {
    Ok(match Replacement::find(conn, track.id).await? {
        Some(new) => OwnTrack { source_key: new.source_key, filename: new.filename, ..track },
        None => track,
    })
}
