//! The bytes of a zip as they are taken: nothing of it lies anywhere.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::Stream;
use futures_util::stream;

use super::checksum::{crc32_of, known_crc32s};
use super::zip::{Layout, Piece};
use crate::artists::{self, Playable};
use crate::platform::Platform;
use crate::platform::auth::Hold;
use crate::platform::error::{Error, Result};
use crate::platform::id::{AccountId, ReleaseId};
use crate::platform::storage::Opened;
use crate::streaming::places::Place;

/// What is read at a time.
const SLICE_BYTES: u64 = 256 * 1024;

/// Who may fetch a zip, and for how long.
pub(super) struct Allowed {
    pub(super) release: ReleaseId,
    pub(super) viewer: Option<AccountId>,
    pub(super) hold: Hold,
    pub(super) _place: Place,
}

/// A zip that is on its way.
struct Sending {
    platform: Platform,
    layout: Layout,
    allowed: Allowed,
    /// What is still to be sent, the next last.
    pieces: Vec<(Piece, std::ops::Range<u64>)>,
    /// The file that is being sent.
    open: Option<(usize, Arc<Opened>)>,
}

/// `length` bytes of a zip from `offset`, for as long as that is allowed. What cannot be read ends it in the middle, and who fetches
/// it sees that it is too short.
pub(super) fn zip_body(
    platform: Platform,
    layout: Layout,
    allowed: Allowed,
    (offset, length): (u64, u64),
) -> impl Stream<Item = Result<Bytes>> {
    let mut pieces = layout.pieces(offset, length);
    pieces.reverse();
    let sending = Sending { platform, layout, allowed, pieces, open: None };
    stream::unfold(Some(sending), async |sending| {
        let mut sending = sending?;
        match sending.next().await {
            Ok(Some(bytes)) => Some((Ok(bytes), Some(sending))),
            Ok(None) => None,
            Err(error) => Some((Err(error), None)),
        }
    })
}

impl Sending {
    async fn next(&mut self) -> Result<Option<Bytes>> {
        let Some((piece, range)) = self.pieces.pop() else { return Ok(None) };
        if !self.allowed.hold.holds() {
            return Err(Error::NotFound("download"));
        }
        let bytes = match piece {
            Piece::Header(number) => {
                self.require_still(number).await?;
                let crc32 = self.crc32(number).await?;
                cut(self.layout.header(number, crc32), &range)
            }
            Piece::Directory => {
                let crc32s = self.crc32s().await?;
                cut(self.layout.directory(&crc32s), &range)
            }
            Piece::File(number) => self.file(number, range).await?,
        };
        self.platform.metrics.audio_bytes.inc_by(bytes.len() as u64);
        Ok(Some(bytes))
    }

    /// What was withdrawn, taken down or changed since the zip began is not sent.
    async fn require_still(&self, number: usize) -> Result<()> {
        let Allowed { release, viewer, .. } = &self.allowed;
        let found = artists::downloadable_release(&mut *self.platform.db.conn().await?, *release, *viewer).await?;
        let key = &self.layout.entries()[number].object_key;
        let has_key = |track: &Playable| track.renditions.iter().any(|rendition| rendition.object_key == *key);
        let is_there =
            found.is_some_and(|(found, is_allowed)| is_allowed && found.tracks.iter().any(|(_, track)| has_key(track)));
        if is_there { Ok(()) } else { Err(Error::NotFound("download")) }
    }

    /// Of all files. Those that somebody counted before take one query.
    async fn crc32s(&mut self) -> Result<Vec<u32>> {
        let keys: Vec<&str> = self.layout.entries().iter().map(|entry| entry.object_key.as_str()).collect();
        let known = known_crc32s(&self.platform, &keys).await?;
        let mut crc32s = Vec::with_capacity(keys.len());
        for number in 0..self.layout.entries().len() {
            let known = known.get(&self.layout.entries()[number].object_key).copied();
            crc32s.push(match known {
                Some(known) => known,
                None => self.crc32(number).await?,
            });
        }
        Ok(crc32s)
    }

    async fn file(&mut self, number: usize, range: std::ops::Range<u64>) -> Result<Bytes> {
        let object = self.object(number).await?;
        let length = (range.end - range.start).min(SLICE_BYTES);
        let bytes = object.read(range.start, usize::try_from(length).map_err(anyhow::Error::from)?).await?;
        if bytes.is_empty() {
            return Err(anyhow::anyhow!("an object is shorter than it was").into());
        }
        let at = range.start + bytes.len() as u64;
        if at < range.end {
            self.pieces.push((Piece::File(number), at..range.end));
        }
        Ok(bytes)
    }

    async fn crc32(&mut self, number: usize) -> Result<u32> {
        let object = self.object(number).await?;
        crc32_of(&self.platform, &self.layout.entries()[number].object_key, &object).await
    }

    async fn object(&mut self, number: usize) -> Result<Arc<Opened>> {
        match &self.open {
            Some((open, object)) if *open == number => Ok(Arc::clone(object)),
            _ => {
                let object = self.platform.storage.open(&self.layout.entries()[number].object_key).await?;
                self.open = Some((number, Arc::clone(&object)));
                Ok(object)
            }
        }
    }
}

fn cut(bytes: Vec<u8>, range: &std::ops::Range<u64>) -> Bytes {
    let at = |place: u64| usize::try_from(place).unwrap_or(usize::MAX).min(bytes.len());
    let (from, to) = (at(range.start), at(range.end));
    Bytes::from(bytes).slice(from..to)
}
