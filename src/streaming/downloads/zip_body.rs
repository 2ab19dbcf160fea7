//! The bytes of a zip as they are taken: nothing of it lies anywhere.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::Stream;
use futures_util::stream;

use super::checksum::crc32_of;
use super::zip::{Layout, Piece};
use crate::platform::Platform;
use crate::platform::auth::Hold;
use crate::platform::error::{Error, Result};
use crate::platform::storage::Opened;

/// What is read at a time.
const SLICE_BYTES: u64 = 256 * 1024;

/// A zip that is on its way.
struct Sending {
    platform: Platform,
    layout: Layout,
    hold: Hold,
    /// What is still to be sent, the next last.
    pieces: Vec<(Piece, std::ops::Range<u64>)>,
    /// The file that is being sent.
    open: Option<(usize, Arc<Opened>)>,
}

/// `length` bytes of a zip from `offset`, for as long as `hold` holds. What cannot be read ends it in the middle, and who fetches
/// it sees that it is too short.
pub(super) fn zip_body(
    platform: Platform,
    layout: Layout,
    hold: Hold,
    (offset, length): (u64, u64),
) -> impl Stream<Item = Result<Bytes>> {
    let mut pieces = layout.pieces(offset, length);
    pieces.reverse();
    let sending = Sending { platform, layout, hold, pieces, open: None };
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
        if !self.hold.holds() {
            return Err(Error::NotFound("download"));
        }
        let bytes = match piece {
            Piece::Header(number) => {
                let crc32 = self.crc32(number).await?;
                cut(self.layout.header(number, crc32), &range)
            }
            Piece::Directory => {
                let mut crc32s = Vec::with_capacity(self.layout.entries().len());
                for number in 0..self.layout.entries().len() {
                    crc32s.push(self.crc32(number).await?);
                }
                cut(self.layout.directory(&crc32s), &range)
            }
            Piece::File(number) => self.file(number, range).await?,
        };
        self.platform.metrics.audio_bytes.inc_by(bytes.len() as u64);
        Ok(Some(bytes))
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
