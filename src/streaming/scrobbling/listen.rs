//! What is told of a play.

use chrono::{DateTime, Utc};

use crate::artists::{self, DescribedTrack};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::{AccountId, PlayId, TrackId};
use crate::streaming::play::Play;

/// A track that was heard, and when that began.
#[derive(Debug, Clone)]
pub(super) struct Listen {
    pub(super) track: DescribedTrack,
    pub(super) started_at: DateTime<Utc>,
}

impl Listen {
    /// None where the play was forgotten, or is of something that is not public.
    pub(super) async fn find(conn: &mut Conn, play: PlayId, account: AccountId) -> Result<Option<Self>> {
        let Some(play) = Play::find(conn, play).await?.filter(|play| play.account_id == Some(account)) else {
            return Ok(None);
        };
        Self::of(conn, play.track_id, play.started_at).await
    }

    /// A profile elsewhere is open to all: what is not in everybody's lists is told nobody.
    pub(super) async fn of(conn: &mut Conn, track: TrackId, started_at: DateTime<Utc>) -> Result<Option<Self>> {
        if artists::listed_tracks(conn, &[track], None).await?.is_empty() {
            return Ok(None);
        }
        let track = artists::described(conn, &[track], None).await?.pop();
        Ok(track.map(|track| Self { track, started_at }))
    }
}
