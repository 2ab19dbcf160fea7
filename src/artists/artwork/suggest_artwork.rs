//! The cover that a track's file holds becomes the artwork of its release, where the artist has said nothing of it.

use super::picture::{Picture, Use, Wanted, cover_of_file, lock_release};
use super::set_release_artwork::record_sizes;
use crate::artists::discard;
use crate::artists::own_track::OwnTrack;
use crate::platform::Platform;
use crate::platform::error::{Error, Result};
use crate::platform::event::Event;
use crate::platform::outbox;
use crate::platform::pictures::{self, Packed};

/// Of a track that was probed. May run twice, and beside other tracks of the release: the first cover stays. A cover that
/// is no picture is passed over; one that no child could decode just now comes with the next track, or with the next
/// time that this one is processed.
pub(in crate::artists) async fn suggest(platform: &Platform, track: &OwnTrack) -> Result<()> {
    let mut conn = platform.db.conn().await?;
    if Wanted::find(&mut conn, track.release).await? == Wanted::Nothing {
        return Ok(());
    }
    let Some(cover) = cover_of_file(&mut conn, track.id).await? else { return Ok(()) };
    drop(conn);
    let of = Use::Cover(track.release);
    match pictures::pack_object(platform, &cover, of.shape()).await {
        Ok(packed) => store(platform, track, &cover, &packed).await,
        Err(Error::Invalid { problem, .. }) => {
            tracing::info!(track = %track.id, problem, "the cover in a file is no artwork");
            Ok(())
        }
        Err(error) => {
            tracing::warn!(track = %track.id, %error, "the cover in a file was left aside");
            Ok(())
        }
    }
}

async fn store(platform: &Platform, track: &OwnTrack, cover: &str, packed: &Packed) -> Result<()> {
    let stored = platform
        .db
        .transaction(async |conn| {
            let is_there = lock_release(conn, track.release).await?;
            // The track may have been deleted meanwhile, or have another file.
            let is_same = cover_of_file(conn, track.id).await?.as_deref() == Some(cover);
            if !is_there || !is_same || Wanted::find(conn, track.release).await? == Wanted::Nothing {
                return discard::enqueue(conn, vec![packed.stored.key.clone()]).await;
            }
            record_sizes(platform, conn, cover, packed).await?;
            Picture::insert(conn, Use::Cover(track.release), cover, packed, true).await?;
            outbox::record(conn, &Event::ReleaseChanged { release: track.release, artist: track.artist }).await
        })
        .await;
    if stored.is_err() {
        discard::let_go(platform, &packed.stored.key).await;
    }
    stored
}
