//! An upload on its way into a file of `landing/`.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::{Bytes, BytesMut};

use super::super::super::error::Result;
use super::super::super::task;
use super::super::failure;
use super::block_hash::{BlockHash, State};
use super::gone;

/// Bytes that are written together.
const BUFFER_BYTES: usize = 1024 * 1024;

/// The file, and what has come and is not written yet.
pub(super) struct PieceFile {
    file: Arc<File>,
    /// Taken along by the thread that writes.
    hash: Option<BlockHash>,
    buffer: BytesMut,
    written: u64,
}

impl PieceFile {
    pub(super) async fn resume(path: PathBuf, offset: u64, state: &State) -> Result<Self> {
        let state = state.clone();
        let opened = task::blocking(move || open(&path, offset, &state)).await?.map_err(failure)?;
        let (file, hash) = opened.ok_or_else(gone)?;
        Ok(Self { file: Arc::new(file), hash: Some(hash), buffer: BytesMut::new(), written: offset })
    }

    pub(super) fn size_bytes(&self) -> u64 {
        self.written + self.buffer.len() as u64
    }

    pub(super) async fn write(&mut self, bytes: Bytes) -> Result<()> {
        // Made when the first bytes come: who waits for a slow client holds no memory for it.
        if self.buffer.capacity() == 0 {
            self.buffer.reserve(BUFFER_BYTES);
        }
        self.buffer.extend_from_slice(&bytes);
        if self.buffer.len() >= BUFFER_BYTES { self.flush(false).await } else { Ok(()) }
    }

    pub(super) async fn commit(&mut self) -> Result<State> {
        self.flush(true).await?;
        self.buffer = BytesMut::new();
        Ok(self.hash.as_ref().map(BlockHash::state).unwrap_or_default())
    }

    pub(super) fn hash(self) -> blake3::Hash {
        self.hash.map_or_else(|| blake3::hash(b""), |hash| hash.finish())
    }

    // Should this fail, the file is of no use any more to who writes it: the hash is gone.
    async fn flush(&mut self, durably: bool) -> Result<()> {
        let (file, bytes, at) = (self.file.clone(), std::mem::take(&mut self.buffer), self.written);
        let mut hash = self.hash.take().ok_or_else(|| anyhow::anyhow!("an upload that failed before"))?;
        let length = bytes.len() as u64;
        let written = task::blocking(move || -> io::Result<(BlockHash, BytesMut)> {
            file.write_all_at(&bytes, at)?;
            hash.update(&bytes);
            if durably {
                file.sync_data()?;
            }
            let mut buffer = bytes;
            buffer.clear();
            Ok((hash, buffer))
        });
        let (hash, buffer) = written.await?.map_err(failure)?;
        (self.hash, self.buffer) = (Some(hash), buffer);
        self.written += length;
        Ok(())
    }
}

// None: the bytes that the row tells of are not there.
fn open(path: &Path, offset: u64, state: &State) -> io::Result<Option<(File, BlockHash)>> {
    let is_new = offset == 0;
    let file = match OpenOptions::new().read(true).write(true).create(is_new).truncate(is_new).open(path) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened?,
    };
    if is_new {
        // The name has to outlive a power cut as well.
        File::open(path.parent().unwrap_or(path))?.sync_all()?;
        return Ok(Some((file, BlockHash::new())));
    }
    if file.metadata()?.len() < offset {
        return Ok(None);
    }
    file.set_len(offset)?;
    // Without a state all of it is read again.
    let hash = BlockHash::resume(state, offset).unwrap_or_else(BlockHash::new);
    let hash = read_again(&file, hash, offset)?;
    Ok(Some((file, hash)))
}

fn read_again(file: &File, mut hash: BlockHash, offset: u64) -> io::Result<BlockHash> {
    let mut piece = vec![0; BUFFER_BYTES];
    let mut at = hash.known_bytes();
    while at < offset {
        let length = usize::try_from(offset - at).unwrap_or(usize::MAX).min(piece.len());
        file.read_exact_at(&mut piece[..length], at)?;
        hash.update(&piece[..length]);
        at += length as u64;
    }
    Ok(hash)
}
