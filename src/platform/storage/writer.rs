//! An object being written: parts go to the store as they come, the hash is taken on the way.

use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload, WriteMultipart};

use super::super::error::Result;
use super::super::task;
use super::failure;

/// Bytes of one part on disk. An upload of any size takes memory for the parts in flight and the bytes that came last.
const PART_BYTES: usize = 1024 * 1024;

/// Bytes of one part in S3, which wants 5 MiB at least and takes 10,000 parts.
const REMOTE_PART_BYTES: usize = 8 * 1024 * 1024;

/// Parts under way at the same time.
const PARTS_IN_FLIGHT: usize = 1;

/// An object on its way into `landing/`. [`Self::abort`] takes it away again; what is merely dropped may leave a part
/// behind, which is swept after a day.
pub(crate) struct Writer {
    store: Arc<dyn ObjectStore>,
    target: Target,
    path: ObjectPath,
    hasher: blake3::Hasher,
    size_bytes: u64,
}

enum Target {
    /// Parts on their way, each of so many bytes.
    Parts(WriteMultipart),
    /// In S3: not more than one part so far, which may be all of it.
    Small(Vec<Bytes>),
}

/// An object that came whole.
pub(super) struct Landed {
    pub(super) path: ObjectPath,
    pub(super) place: Place,
    pub(super) hash: blake3::Hash,
    pub(super) size_bytes: u64,
}

/// Where it is now.
pub(super) enum Place {
    /// In the store, whole and durable.
    Store,
    /// Not in the store yet: it is so small that one request can create it.
    Memory(PutPayload),
}

impl Writer {
    /// On a disk: parts at once.
    pub(super) async fn local(store: Arc<dyn ObjectStore>, path: ObjectPath) -> Result<Self> {
        let upload = store.put_multipart(&path).await.map_err(failure)?;
        let upload = WriteMultipart::new_with_chunk_size(upload, PART_BYTES);
        Ok(Self::to(Target::Parts(upload), store, path))
    }

    /// In S3: parts as soon as there is more than one.
    pub(super) fn remote(store: Arc<dyn ObjectStore>, path: ObjectPath) -> Self {
        Self::to(Target::Small(Vec::new()), store, path)
    }

    fn to(target: Target, store: Arc<dyn ObjectStore>, path: ObjectPath) -> Self {
        Self { store, target, path, hasher: blake3::Hasher::new(), size_bytes: 0 }
    }

    /// Takes the next bytes; waits until the store has taken the part before them.
    pub(crate) async fn write(&mut self, bytes: Bytes) -> Result<()> {
        self.hasher.update(&bytes);
        self.size_bytes += bytes.len() as u64;
        match &mut self.target {
            Target::Parts(upload) => put(upload, bytes).await,
            Target::Small(held) => {
                held.push(bytes);
                if self.size_bytes > REMOTE_PART_BYTES as u64 { self.begin_parts().await } else { Ok(()) }
            }
        }
    }

    async fn begin_parts(&mut self) -> Result<()> {
        let upload = self.store.put_multipart(&self.path).await.map_err(failure)?;
        let upload = WriteMultipart::new_with_chunk_size(upload, REMOTE_PART_BYTES);
        let before = std::mem::replace(&mut self.target, Target::Parts(upload));
        if let (Target::Small(held), Target::Parts(upload)) = (before, &mut self.target) {
            for bytes in held {
                put(upload, bytes).await?;
            }
        }
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
        if let Target::Parts(upload) = self.target
            && let Err(cause) = upload.abort().await
        {
            tracing::warn!(error = %cause, path = %self.path, "an aborted upload may have left a part");
        }
    }

    /// Makes the object whole and durable in the store; or hands out what one request can create.
    pub(super) async fn finish(self) -> Result<Landed> {
        let Self { store, target, path, hasher, size_bytes } = self;
        let place = match target {
            Target::Small(held) => Place::Memory(held.into_iter().collect()),
            Target::Parts(upload) => {
                if let Err(cause) = upload.finish().await {
                    // The answer may have been lost on the way, and the object be there.
                    let found = store.head(&path).await;
                    if !found.is_ok_and(|found| found.size == size_bytes) {
                        return Err(failure(cause));
                    }
                }
                Place::Store
            }
        };
        Ok(Landed { path, place, hash: hasher.finalize(), size_bytes })
    }
}

async fn put(upload: &mut WriteMultipart, bytes: Bytes) -> Result<()> {
    upload.wait_for_capacity(PARTS_IN_FLIGHT).await.map_err(failure)?;
    upload.put(bytes);
    Ok(())
}

pub(super) fn read_part(mut file: std::fs::File) -> std::io::Result<(std::fs::File, Bytes)> {
    let mut part = Vec::with_capacity(1024 * 1024);
    (&mut file).take(1024 * 1024).read_to_end(&mut part)?;
    Ok((file, part.into()))
}
