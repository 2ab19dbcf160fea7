//! An object on its way from S3 into the cache, which is read from while it comes.

use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use anyhow::{anyhow, ensure};
use bytes::Bytes;
use futures_util::TryStreamExt;
use object_store::GetResult;
use tokio::sync::watch;

use super::super::error::{Error, Result};
use super::super::task;
use super::cache::Partial;
use super::remote::Remote;

/// Written to disk at a time.
const BLOCK_BYTES: usize = 256 * 1024;

/// Who asks for what is farther away than this does not wait for it to come by, but asks S3.
const NEAR_BYTES: u64 = 4 * 1024 * 1024;

/// How much is here, and whether more will come.
#[derive(Debug, Clone, Copy)]
struct Level {
    bytes: u64,
    end: Option<End>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// All of it is here, and it is what its name says.
    Whole,
    /// S3 did not go on. What is here is of use; the rest is asked for piece by piece.
    CutOff,
    /// What came is not what was stored.
    Damaged,
}

/// A download, and the file that it goes to.
#[derive(Debug)]
pub(super) struct Filling {
    remote: Arc<Remote>,
    key: String,
    file: Arc<std::fs::File>,
    size_bytes: u64,
    level: watch::Receiver<Level>,
}

impl Filling {
    /// Begins to take an object in. `on_failure` is called once it is clear that it will not be whole.
    pub(super) fn begin(
        remote: Arc<Remote>,
        key: &str,
        answer: GetResult,
        partial: Partial,
        on_failure: impl FnOnce() + Send + 'static,
    ) -> Self {
        let (sender, level) = watch::channel(Level { bytes: 0, end: None });
        let filling = Self {
            remote: remote.clone(),
            key: key.to_owned(),
            file: partial.file.clone(),
            size_bytes: answer.meta.size,
            level,
        };
        let key = key.to_owned();
        task::background("storage.download", async move {
            let end = match fill(&remote, &key, answer, partial, &sender).await {
                Ok(end) => end,
                Err(error) => {
                    tracing::warn!(error = format!("{error:#}"), key, "a download was cut off");
                    End::CutOff
                }
            };
            if end != End::Whole {
                on_failure();
            }
            sender.send_modify(|level| level.end = Some(end));
        });
        filling
    }

    /// `length` bytes from `offset`, fewer only at the object's end.
    pub(super) async fn read(&self, offset: u64, length: usize) -> Result<Bytes> {
        let end = (offset + length as u64).min(self.size_bytes);
        let range = offset.min(end)..end;
        let mut level = self.level.clone();
        let is_near = level.borrow().bytes + NEAR_BYTES >= end;
        if is_near {
            // A sender that is gone is a download that was cut off.
            let _ = level.wait_for(|level| level.bytes >= end || level.end.is_some()).await;
        }
        let Level { bytes, end: ended } = *level.borrow();
        match ended {
            Some(End::Damaged) => Err(damaged(&self.key)),
            _ if bytes >= end => read_file(self.file.clone(), range).await,
            _ => self.remote.range(&self.key, range).await,
        }
    }

    /// Waits until all of it is here.
    pub(super) async fn whole(&self) -> Result<()> {
        let mut level = self.level.clone();
        let ended = level.wait_for(|level| level.end.is_some()).await.map_or(None, |level| level.end);
        match ended {
            Some(End::Whole) => Ok(()),
            Some(End::Damaged) => Err(damaged(&self.key)),
            Some(End::CutOff) | None => Err(Error::Unavailable),
        }
    }
}

fn damaged(key: &str) -> Error {
    Error::Internal(anyhow!("the object {key} is damaged in the store"))
}

async fn read_file(file: Arc<std::fs::File>, range: Range<u64>) -> Result<Bytes> {
    let read = task::blocking(move || {
        let mut bytes = vec![0; usize::try_from(range.end - range.start).map_err(std::io::Error::other)?];
        file.read_exact_at(&mut bytes, range.start)?;
        std::io::Result::Ok(bytes.into())
    });
    Ok(read.await?.map_err(anyhow::Error::from)?)
}

async fn fill(
    remote: &Remote,
    key: &str,
    answer: GetResult,
    partial: Partial,
    level: &watch::Sender<Level>,
) -> anyhow::Result<End> {
    let (size_bytes, mut stream) = (answer.meta.size, answer.into_stream());
    let mut hasher = blake3::Hasher::new();
    let (mut bytes, mut block) = (0_u64, Vec::with_capacity(BLOCK_BYTES));
    loop {
        let chunk = stream.try_next().await?;
        block.extend_from_slice(chunk.as_deref().unwrap_or_default());
        if block.len() >= BLOCK_BYTES || chunk.is_none() {
            hasher.update(&block);
            let (file, at, full) = (partial.file.clone(), bytes, std::mem::take(&mut block));
            bytes += full.len() as u64;
            block = task::blocking(move || file.write_all_at(&full, at).map(|()| full)).await??;
            block.clear();
            level.send_modify(|level| level.bytes = bytes);
        }
        if chunk.is_none() {
            break;
        }
    }
    ensure!(bytes >= size_bytes, "{bytes} of {size_bytes} bytes came");
    if hasher.finalize().to_hex().as_str() != super::hash_of(key) {
        tracing::error!(key, "an object of the store is damaged: its hash is not the one that it was stored under");
        return Ok(End::Damaged);
    }
    remote.cache.take_in(partial, key).await?;
    Ok(End::Whole)
}
