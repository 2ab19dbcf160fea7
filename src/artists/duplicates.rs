//! What a track has in common with others, for those who act for its artist.

use serde::Serialize;
use utoipa::ToSchema;

use super::list_same_recordings::{self, SameRecording};
use super::uploads::SameFile;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::{AccountId, TrackId};

/// Where else a track is. It may well be meant so: a single, and the album that it is on.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct Duplicates {
    /// Tracks of the member's artists that were made of the very same file.
    pub(super) same_files: Vec<SameFile>,
    /// Other tracks of the member's artists with the same recording, or a part of it, in any encoding; known once it is
    /// analysed.
    pub(super) same_recordings: Vec<SameRecording>,
    /// Whether the same recording exists under another artist, for everybody to hear.
    pub(super) elsewhere: bool,
}

impl Duplicates {
    /// Of a track that the member acts for. Of others' drafts nothing is told, and of what others have published only that it
    /// is there.
    pub(super) async fn find(conn: &mut Conn, track: TrackId, member: AccountId) -> Result<Self> {
        let found = Self::find_all(conn, &[track], member).await?.pop();
        Ok(found.map_or_else(Self::default, |(_, duplicates)| duplicates))
    }

    /// The same of many tracks, in their order, by as many queries as of one.
    pub(super) async fn find_all(
        conn: &mut Conn,
        tracks: &[TrackId],
        member: AccountId,
    ) -> Result<Vec<(TrackId, Self)>> {
        let mut same_files = SameFile::list(conn, tracks, member).await?;
        let mut recordings = list_same_recordings::find_all(conn, tracks, member).await?;
        let elsewhere = SameFile::elsewhere(conn, tracks, member).await?;
        let found = tracks.iter().map(|track| {
            let same_files: Vec<SameFile> =
                same_files.extract_if(.., |(of, _)| *of == *track).map(|(_, same)| same).collect();
            let found = recordings.remove(track).unwrap_or_default();
            let (mut own, others): (Vec<_>, Vec<_>) = found.into_iter().partition(|same| same.mine);
            own.retain(|same| same_files.iter().all(|file| file.track_id != same.track_id));
            let elsewhere = !others.is_empty() || elsewhere.contains(track);
            (*track, Self { same_files, same_recordings: own, elsewhere })
        });
        Ok(found.collect())
    }
}
