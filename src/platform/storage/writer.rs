//! An object being written: parts go to the store as they come, the hash is taken on the way.

use std::io::Read;
use std::path::PathBuf;

use bytes::Bytes;
use object_store::path::Path as ObjectPath;
use object_store::{MultipartUpload, WriteMultipart};

use super::super::error::Result;
use super::super::task;
use super::failure;

/// Bytes of one part. An upload of any size takes memory for the parts in flight and the bytes that came last.
const PART_BYTES: usize = 1024 * 1024;

/// Parts under way at the same time.
const PARTS_IN_FLIGHT: usize = 1;

/// An object on its way into `landing/`. [`Self::abort`] takes it away again; what is merely dropped may leave a part
/// behind, which is swept after a day.
pub(crate) struct Writer {
    upload: WriteMultipart,
    path: ObjectPath,
    hasher: blake3::Hasher,
    size_bytes: u64,
}

impl Writer {
    pub(super) fn new(upload: Box<dyn MultipartUpload>, path: ObjectPath) -> Self {
        let upload = WriteMultipart::new_with_chunk_size(upload, PART_BYTES);
        Self { upload, path, hasher: blake3::Hasher::new(), size_bytes: 0 }
    }

    /// Takes the next bytes; waits until the store has taken the part before them.
    pub(crate) async fn write(&mut self, bytes: Bytes) -> Result<()> {
        self.hasher.update(&bytes);
        self.size_bytes += bytes.len() as u64;
        self.upload.wait_for_capacity(PARTS_IN_FLIGHT).await.map_err(failure)?;
        self.upload.put(bytes);
        Ok(())
    }

    /// Bytes taken so far.
    pub(crate) fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// Takes a whole file.
    pub(super) async fn copy_from(&mut self, path: PathBuf) -> Result<()> {
        let opened = task::blocking(move || std::fs::File::open(path)).await?;
        let mut file = opened.map_err(failure)?;
        loop {
            let (back, part) = task::blocking(move || read_part(file)).await?.map_err(failure)?;
            file = back;
            if part.is_empty() {
                return Ok(());
            }
            self.write(part).await?;
        }
    }

    /// Gives up: the store forgets the parts.
    pub(crate) async fn abort(self) {
        if let Err(cause) = self.upload.abort().await {
            tracing::warn!(error = %cause, path = %self.path, "an aborted upload may have left a part");
        }
    }

    /// Makes the object whole and durable in `landing/`.
    pub(super) async fn finish(self) -> Result<(ObjectPath, blake3::Hash, u64)> {
        self.upload.finish().await.map_err(failure)?;
        Ok((self.path, self.hasher.finalize(), self.size_bytes))
    }
}

fn read_part(mut file: std::fs::File) -> std::io::Result<(std::fs::File, Bytes)> {
    let mut part = Vec::with_capacity(1024 * 1024);
    (&mut file).take(1024 * 1024).read_to_end(&mut part)?;
    Ok((file, part.into()))
}
