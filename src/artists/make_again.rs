//! Façade: what the store has lost is made again.

use super::artwork;
use super::ingest::{Manner, restart};
use super::own_track::OwnTrack;
use super::rendition::Rendition;
use super::stage::{StageRow, Step};
use super::track::TrackState;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::storage;

/// Façade: renditions are gone or damaged, by the keys of their objects. In the caller's transaction, which has taken what
/// is damaged away, the tracks that are offered in them are rendered again in the background: the lost rungs, and no more.
/// Answers how many tracks; one whose chain is under way is not among them, and may need another call when that has ended.
/// What was superseded is not made again, nor what has lost its original too. Pictures of which the sizes are lost are
/// decoded again, each by a job.
pub(crate) async fn make_again(conn: &mut Conn, objects: &[String]) -> Result<usize> {
    artwork::remake(conn, objects).await?;
    let tracks = Rendition::forget_recipes(conn, objects).await?;
    StageRow::forget_inputs(conn, &tracks).await?;
    let manner = Manner { from: Some(Step::Render), in_background: true };
    let mut begun = 0;
    for track in tracks {
        let Some(track) = OwnTrack::lock(conn, track).await? else { continue };
        let is_offered = matches!(track.state, TrackState::Ready | TrackState::TakenDown);
        let is_sound = storage::is_sound(conn, &track.source_key).await?;
        begun += usize::from(is_offered && is_sound && restart(conn, &track, manner).await?);
    }
    Ok(begun)
}
