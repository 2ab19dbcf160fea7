//! What is told of a play.

use chrono::{DateTime, Utc};

use crate::artists::{self, DescribedTrack};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::{AccountId, PlayId};
use crate::streaming::play::Play;

/// A track that was heard, and when that began.
#[derive(Debug, Clone)]
pub(super) struct Listen {
    pub(super) track: DescribedTrack,
    pub(super) started_at: DateTime<Utc>,
}

impl Listen {
    /// None where the play was forgotten, or is of something that its listener may hear no longer.
    pub(super) async fn find(conn: &mut Conn, play: PlayId, account: AccountId) -> Result<Option<Self>> {
        let Some(play) = Play::find(conn, play).await?.filter(|play| play.account_id == Some(account)) else {
            return Ok(None);
        };
        let track = artists::described(conn, &[play.track_id], Some(account)).await?.pop();
        Ok(track.map(|track| Self { track, started_at: play.started_at }))
    }
}
