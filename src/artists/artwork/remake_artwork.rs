//! Make the sizes of a picture again, when the store has lost them.

use serde::{Deserialize, Serialize};

use super::picture::Picture;
use super::set_release_artwork::record_sizes;
use crate::artists::discard;
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::jobs::{self, Failure, Job, Run};
use crate::platform::pictures::{self, Packed};
use crate::platform::storage;

/// A picture, by the key in its address.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct RemakeArtwork {
    key: String,
}

impl Job for RemakeArtwork {
    const KIND: &'static str = "artists.remake_artwork";
    const QUEUE: &'static str = "ingest";
    /// Nothing is wrong with a job like this but the store, and that comes back.
    const MAX_ATTEMPTS: i16 = 20;
}

/// Of pictures whose sizes were in these objects, which are gone; answers how many. What has lost its source too is not
/// made again.
pub(in crate::artists) async fn enqueue(conn: &mut Conn, objects: &[String]) -> Result<usize> {
    let mut begun = 0;
    for picture in Picture::list_in(conn, objects).await? {
        if storage::is_sound(conn, &picture.source_key).await? {
            let job = RemakeArtwork { key: picture.key.clone() };
            jobs::new(job).key(format!("remake_artwork:{}", picture.key)).enqueue(conn).await?;
            begun += 1;
        }
    }
    Ok(begun)
}

/// Decodes the source once more. May run twice: the same bytes come out, unless this program makes them otherwise by now;
/// then the picture has a new address.
pub(crate) async fn run(platform: Platform, job: RemakeArtwork, run: Run) -> Result<(), Failure> {
    let Some(picture) = Picture::lock_key(&mut *platform.db.conn().await?, &job.key).await? else { return Ok(()) };
    let Some(of) = picture.r#use() else { return Ok(()) };
    match pictures::pack_object(&platform, &picture.source_key, of.shape()).await {
        Ok(packed) => store(&platform, &job, &packed, &run).await?,
        Err(Error::Invalid { problem, .. }) => tracing::warn!(key = job.key, problem, "artwork cannot be made again"),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

async fn store(platform: &Platform, job: &RemakeArtwork, packed: &Packed, run: &Run) -> Result<()> {
    platform
        .db
        .transaction(async |conn| {
            run.fence(conn).await?;
            let picture = Picture::lock_key(conn, &job.key).await?;
            let Some((picture, of)) = picture.and_then(|picture| picture.r#use().map(|of| (picture, of))) else {
                return discard::enqueue(conn, vec![packed.stored.key.clone()]).await;
            };
            record_sizes(platform, conn, &picture.source_key, packed).await?;
            if picture.object_key == packed.stored.key {
                return Ok(());
            }
            let before = Picture::remove(conn, of).await?;
            Picture::insert(conn, of, &picture.source_key, packed, picture.is_suggested).await?;
            discard::enqueue(conn, before).await
        })
        .await
}
