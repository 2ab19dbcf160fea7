//! Objects kept open: the file, its length and its ETag, in a bounded table.

use std::fs::File;
use std::num::NonZeroUsize;
use std::os::fd::AsFd;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use bytes::Bytes;
use lru::LruCache;
use rustix::io::ReadWriteFlags;

use super::super::error::Result;
use super::super::task;

/// Open files that one process keeps.
const CAPACITY: NonZeroUsize = NonZeroUsize::new(512).expect("not zero");

/// An immutable object, open for reading.
#[derive(Debug)]
pub(crate) struct Opened {
    file: File,
    pub(crate) size_bytes: u64,
    /// A strong validator: the object's hash, quoted (RFC 9110 §8.8.3).
    pub(crate) etag: String,
}

impl Opened {
    pub(super) fn new(file: File, key: &str) -> anyhow::Result<Self> {
        let size_bytes = file.metadata().context("reading an object's length")?.len();
        let hash = key.rsplit('/').next().unwrap_or(key);
        Ok(Self { file, size_bytes, etag: format!("\"{}\"", &hash[..hash.len().min(32)]) })
    }

    /// `length` bytes from `offset`, fewer only at the object's end. Pages in memory are read at once; a cold disk is
    /// waited for on a thread of its own.
    pub(crate) async fn read(self: &Arc<Self>, offset: u64, length: usize) -> Result<Bytes> {
        if let Some(bytes) = self.read_cached(offset, length) {
            return Ok(bytes);
        }
        let object = Arc::clone(self);
        let read = task::blocking(move || object.read_blocking(offset, length)).await?;
        Ok(read.context("reading an object")?)
    }

    fn read_cached(&self, offset: u64, length: usize) -> Option<Bytes> {
        let mut bytes = vec![0; length];
        let buffers = &mut [std::io::IoSliceMut::new(&mut bytes)];
        let read = rustix::io::preadv2(self.file.as_fd(), buffers, offset, ReadWriteFlags::NOWAIT).ok()?;
        let is_whole = read == length || offset + read as u64 == self.size_bytes;
        bytes.truncate(read);
        is_whole.then(|| bytes.into())
    }

    fn read_blocking(&self, offset: u64, length: usize) -> std::io::Result<Bytes> {
        use std::os::unix::fs::FileExt;
        let length = length.min(usize::try_from(self.size_bytes.saturating_sub(offset)).unwrap_or(length));
        let mut bytes = vec![0; length];
        self.file.read_exact_at(&mut bytes, offset)?;
        Ok(bytes.into())
    }
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
