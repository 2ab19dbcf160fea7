//! Objects kept open: the file, its length and its ETag, in a bounded table.

use std::fs::File;
use std::num::NonZeroUsize;
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use anyhow::Context;
use bytes::Bytes;
use lru::LruCache;
use rustix::io::ReadWriteFlags;

use super::super::error::Result;
use super::super::task;
use super::filling::Filling;
use super::hash_of;
use super::remote::Remote;

/// Open files that one process keeps.
const CAPACITY: NonZeroUsize = NonZeroUsize::new(512).expect("not zero");

/// Where an open object's bytes come from.
#[derive(Debug)]
enum Source {
    File(File, Warmth),
    /// S3, by way of the cache.
    Filling(Filling),
    /// S3, piece by piece.
    Remote(Arc<Remote>, String),
}

/// An immutable object, open for reading.
#[derive(Debug)]
pub struct Opened {
    source: Source,
    pub size_bytes: u64,
    /// A strong validator: the object's hash, quoted (RFC 9110 §8.8.3).
    pub(crate) etag: String,
}

impl Opened {
    pub(super) fn new(file: File, key: &str) -> anyhow::Result<Self> {
        let size_bytes = file.metadata().context("reading an object's length")?.len();
        Ok(Self { source: Source::File(file, Warmth::of(size_bytes)), size_bytes, etag: etag(key) })
    }

    pub(super) fn filling(filling: Filling, key: &str, size_bytes: u64) -> Self {
        Self { source: Source::Filling(filling), size_bytes, etag: etag(key) }
    }

    pub(super) fn remote(remote: Arc<Remote>, key: &str, size_bytes: u64) -> Self {
        Self { source: Source::Remote(remote, key.to_owned()), size_bytes, etag: etag(key) }
    }

    /// Waits until the whole object is on this disk, where it is on its way.
    pub(super) async fn whole(&self) -> Result<()> {
        match &self.source {
            Source::Filling(filling) => filling.whole().await,
            Source::File(..) | Source::Remote(..) => Ok(()),
        }
    }

    /// `length` bytes from `offset`, fewer only at the object's end. Pages in memory are read at once; a cold disk is
    /// waited for on a thread of its own.
    pub async fn read(self: &Arc<Self>, offset: u64, length: usize) -> Result<Bytes> {
        let file = match &self.source {
            Source::File(file, _) => file,
            Source::Filling(filling) => return filling.read(offset, length).await,
            Source::Remote(remote, key) => {
                let end = (offset + length as u64).min(self.size_bytes);
                return remote.range(key, offset.min(end)..end).await;
            }
        };
        if let Some(bytes) = self.read_cached(file, offset, length) {
            return Ok(bytes);
        }
        let object = Arc::clone(self);
        let read = task::blocking(move || object.read_blocking(offset, length)).await?;
        Ok(read.context("reading an object")?)
    }

    /// Fills a buffer with the bytes from `offset` where they are in memory already; false where they have to be waited for, or
    /// there are not so many.
    pub(crate) fn read_at_once(&self, offset: u64, buffer: &mut [u8]) -> bool {
        let Source::File(file, _) = &self.source else { return false };
        let wanted = buffer.len();
        let buffers = &mut [std::io::IoSliceMut::new(buffer)];
        rustix::io::preadv2(file.as_fd(), buffers, offset, ReadWriteFlags::NOWAIT).is_ok_and(|read| read == wanted)
    }

    /// Whether a byte is in memory, or was a moment ago in its neighbourhood.
    fn is_near(&self, offset: u64) -> bool {
        let Source::File(_, warmth) = &self.source else { return false };
        if warmth.is_felt(offset) {
            return true;
        }
        let is_there = self.read_at_once(offset, &mut [0]);
        if is_there {
            warmth.note(offset);
        }
        is_there
    }

    /// The file, where it is one on this disk.
    pub(crate) fn file(&self) -> Option<&File> {
        match &self.source {
            Source::File(file, _) => Some(file),
            Source::Filling(_) | Source::Remote(..) => None,
        }
    }

    fn read_cached(&self, file: &File, offset: u64, length: usize) -> Option<Bytes> {
        let mut bytes = vec![0; length];
        let buffers = &mut [std::io::IoSliceMut::new(&mut bytes)];
        let read = rustix::io::preadv2(file.as_fd(), buffers, offset, ReadWriteFlags::NOWAIT).ok()?;
        let is_whole = read == length || offset + read as u64 == self.size_bytes;
        bytes.truncate(read);
        is_whole.then(|| bytes.into())
    }

    fn read_blocking(&self, offset: u64, length: usize) -> std::io::Result<Bytes> {
        use std::os::unix::fs::FileExt;
        let Source::File(file, _) = &self.source else { return Err(std::io::Error::other("not a file")) };
        let length = length.min(usize::try_from(self.size_bytes.saturating_sub(offset)).unwrap_or(length));
        let mut bytes = vec![0; length];
        file.read_exact_at(&mut bytes, offset)?;
        Ok(bytes.into())
    }
}

/// When each piece of a file was seen in memory. To ask the kernel costs as much as to send a few kilobytes, and what it kept it
/// keeps for longer than a moment: a thread that waits for a disk after all waits for one piece.
#[derive(Debug)]
struct Warmth {
    opened: Instant,
    /// Of each piece, in seconds since then, from 1; 0 for never.
    seen: Box<[AtomicU32]>,
}

impl Warmth {
    fn of(size_bytes: u64) -> Self {
        let pieces = size_bytes.div_ceil(AHEAD_BYTES);
        Self { opened: Instant::now(), seen: (0..pieces).map(|_| AtomicU32::new(0)).collect() }
    }

    /// Whether the piece of a byte was seen within this second or the one before.
    fn is_felt(&self, offset: u64) -> bool {
        self.piece(offset).is_some_and(|seen| {
            let seen = seen.load(Ordering::Relaxed);
            seen > 0 && self.now().saturating_sub(seen) <= 1
        })
    }

    fn note(&self, offset: u64) {
        if let Some(seen) = self.piece(offset) {
            seen.store(self.now(), Ordering::Relaxed);
        }
    }

    fn piece(&self, offset: u64) -> Option<&AtomicU32> {
        self.seen.get(usize::try_from(offset / AHEAD_BYTES).ok()?)
    }

    fn now(&self) -> u32 {
        u32::try_from(self.opened.elapsed().as_secs() + 1).unwrap_or(u32::MAX)
    }
}

/// Bytes of an object.
pub(crate) struct Extent {
    pub(crate) object: Arc<Opened>,
    pub(crate) offset: u64,
    pub(crate) length: u64,
}

/// What is no longer than this is copied more cheaply than the kernel sends it.
const SHORT_BYTES: u64 = 4096;

/// The kernel reads ahead by so much: where both ends of such a piece are in memory, so is what lies between.
const AHEAD_BYTES: u64 = 128 * 1024;

impl Extent {
    /// Leaves out what comes first.
    pub(crate) fn skip(&mut self, bytes: u64) {
        self.offset += bytes;
        self.length = self.length.saturating_sub(bytes);
    }

    /// Takes all of it into `buffer`, where it is short and in memory; how much it is.
    pub(crate) fn take_short(&mut self, buffer: &mut Vec<u8>) -> u64 {
        let length = if self.length <= SHORT_BYTES { self.length } else { 0 };
        let before = buffer.len();
        buffer.resize(before + usize::try_from(length).unwrap_or(0), 0);
        if length == 0 || !self.object.read_at_once(self.offset, &mut buffer[before..]) {
            buffer.truncate(before);
            return 0;
        }
        self.skip(length);
        length
    }

    /// Whether the next `length` bytes are a file's, and can be read without waiting for a disk.
    pub(crate) fn is_in_memory(&self, length: u64) -> bool {
        let last = self.offset + length.max(1) - 1;
        let step = usize::try_from(AHEAD_BYTES).unwrap_or(usize::MAX);
        // What is shorter than the piece that the kernel reads at once is there where its end is.
        let others = (self.offset..last).step_by(step).take(if length <= AHEAD_BYTES { 0 } else { usize::MAX });
        self.object.is_near(last) && others.into_iter().all(|offset| self.object.is_near(offset))
    }
}

fn etag(key: &str) -> String {
    let hash = hash_of(key);
    format!("\"{}\"", &hash[..hash.len().min(32)])
}

/// The table of open objects.
#[derive(Debug)]
pub(crate) struct OpenObjects {
    table: Mutex<LruCache<String, Arc<Opened>>>,
}

impl OpenObjects {
    pub(super) fn new() -> Self {
        Self { table: Mutex::new(LruCache::new(CAPACITY)) }
    }

    pub(super) fn find(&self, key: &str) -> Option<Arc<Opened>> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    pub(super) fn forget(&self, key: &str) {
        self.table.lock().unwrap_or_else(PoisonError::into_inner).pop(key);
    }

    pub(super) fn remember(&self, key: &str, opened: Opened) -> Arc<Opened> {
        let opened = Arc::new(opened);
        self.table.lock().unwrap_or_else(PoisonError::into_inner).put(key.to_owned(), Arc::clone(&opened));
        opened
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_is_warm_for_a_moment_after_it_was_seen() {
        let mut warmth = Warmth::of(3 * AHEAD_BYTES + 1);
        assert_eq!(warmth.seen.len(), 4);
        warmth.note(AHEAD_BYTES + 7);
        let felt =
            |warmth: &Warmth| [0, AHEAD_BYTES, 2 * AHEAD_BYTES - 1, 2 * AHEAD_BYTES].map(|at| warmth.is_felt(at));
        assert_eq!(felt(&warmth), [false, true, true, false]);
        assert!(!warmth.is_felt(u64::MAX), "there is no such piece");
        // A machine that has just started has no earlier time.
        let Some(long_ago) = warmth.opened.checked_sub(std::time::Duration::from_secs(3)) else { return };
        warmth.opened = long_ago;
        assert_eq!(felt(&warmth), [false; 4]);
    }
}
