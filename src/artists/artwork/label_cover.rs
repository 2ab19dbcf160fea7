//! The cover that goes into a track's files, as the release's artwork is at the time that they are made.

use super::picture::Seen;
use crate::platform::Platform;
use crate::platform::error::{Error, Result};
use crate::platform::id::ReleaseId;
use crate::platform::pictures::Encoding;

/// The artwork of a release as a JPEG, at most `size` wide; none where the release has none, or the store has lost it.
pub(in crate::artists) async fn cover(platform: &Platform, release: ReleaseId, size: u32) -> Result<Option<Vec<u8>>> {
    let Some(picture) = Seen::of_release(&mut *platform.db.conn().await?, release).await? else { return Ok(None) };
    let Some(variant) = picture.largest(Encoding::Jpeg, size)? else { return Ok(None) };
    let object = match platform.storage.open(&picture.object_key).await {
        Ok(object) => object,
        Err(Error::NotFound(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let length = usize::try_from(variant.length).map_err(anyhow::Error::from)?;
    Ok(Some(object.read(variant.offset, length).await?.to_vec()))
}
