//! An upload on its way into S3: in parts, and the bytes that are too few for one in an object of their own, so that what
//! was acknowledged is in the store and any process may go on.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use object_store::multipart::{MultipartStore, PartId};
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStoreExt, PutPayload};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::super::super::error::Result;
use super::super::failure;
use super::super::remote::Remote;
use super::block_hash::BlockHash;
use super::{BLOCK_BYTES, Landing, Whole, gone, landing_object};

/// Where an upload's bytes are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    /// S3's name of the upload in parts, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    upload: Option<String>,
    /// S3's names of the parts, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    parts: Vec<String>,
    /// The object with what is behind the last part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tail: Option<String>,
    /// An object that held the tail before, and is not needed any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stale: Option<String>,
}

pub(super) struct Parts {
    remote: Arc<Remote>,
    upload: Uuid,
    state: State,
    hash: BlockHash,
    buffer: BytesMut,
}

impl Parts {
    pub(super) async fn resume(remote: Arc<Remote>, upload: Uuid, offset: u64, landing: &Landing) -> Result<Self> {
        let mut hash = BlockHash::resume(&landing.hash, offset).ok_or_else(gone)?;
        let mut state = landing.parts.clone().unwrap_or_default();
        let whole = usize::try_from(offset / BLOCK_BYTES).unwrap_or(usize::MAX);
        if state.parts.len() < whole {
            return Err(gone());
        }
        state.parts.truncate(whole);
        let open = usize::try_from(offset % BLOCK_BYTES).unwrap_or(0);
        let mut buffer = BytesMut::new();
        if open > 0 {
            let tail = state.tail.as_deref().ok_or_else(gone)?;
            let bytes = read(&remote, tail).await?;
            buffer.extend_from_slice(bytes.get(..open).ok_or_else(gone)?);
            hash.update(&buffer);
        }
        Ok(Self { remote, upload, state, hash, buffer })
    }

    pub(super) fn size_bytes(&self) -> u64 {
        self.hash.known_bytes()
    }

    pub(super) async fn write(&mut self, bytes: Bytes) -> Result<()> {
        self.hash.update(&bytes);
        self.buffer.extend_from_slice(&bytes);
        let part = usize::try_from(BLOCK_BYTES).unwrap_or(usize::MAX);
        while self.buffer.len() >= part {
            let part = self.buffer.split_to(part).freeze();
            self.put(part).await?;
        }
        Ok(())
    }

    async fn put(&mut self, part: Bytes) -> Result<()> {
        let path = path_of(&self.remote, self.upload);
        let id = match &self.state.upload {
            Some(id) => id.clone(),
            None => {
                let id = self.remote.s3.create_multipart(&path).await.map_err(failure)?;
                self.state.upload.insert(id).clone()
            }
        };
        let number = self.state.parts.len();
        let part = self.remote.s3.put_part(&path, &id, number, PutPayload::from(part)).await.map_err(failure)?;
        self.state.parts.push(part.content_id);
        Ok(())
    }

    pub(super) async fn commit(&mut self) -> Result<Landing> {
        // The row says already that it is not needed.
        if let Some(stale) = self.state.stale.take() {
            forget(&self.remote, &stale).await;
        }
        self.state.stale = self.state.tail.take();
        if !self.buffer.is_empty() {
            let name = format!("landing/{}-{}", self.upload, Uuid::now_v7());
            let bytes = Bytes::copy_from_slice(&self.buffer);
            self.remote.store.put(&ObjectPath::from(name.as_str()), bytes.into()).await.map_err(failure)?;
            self.state.tail = Some(name);
        }
        Ok(self.landing())
    }

    /// The last part may be of any size; what fits into one needs no parts.
    pub(super) async fn seal(&mut self) -> Result<Landing> {
        if self.state.upload.is_none() {
            return self.commit().await;
        }
        if !self.buffer.is_empty() {
            let rest = self.buffer.split().freeze();
            self.put(rest).await?;
        }
        // The row names the tail until the upload has its name.
        Ok(self.landing())
    }

    fn landing(&self) -> Landing {
        Landing { hash: self.hash.state(), parts: Some(self.state.clone()) }
    }

    pub(super) fn hash(&self) -> blake3::Hash {
        self.hash.finish()
    }
}

/// Makes one object of the parts, where there are parts.
pub(super) async fn close(remote: &Remote, upload: Uuid, whole: &Whole) -> Result<()> {
    let state = whole.landing.parts.clone().unwrap_or_default();
    let landed = landing_object(upload);
    let Some(id) = state.upload else {
        let bytes = content(remote, &state, whole).await?;
        return remote.store.put(&landed, bytes.into()).await.map(drop).map_err(failure);
    };
    let parts = state.parts.into_iter().map(|content_id| PartId { content_id }).collect();
    match remote.s3.complete_multipart(&path_of(remote, upload), &id, parts).await {
        Ok(_) => Ok(()),
        // It was done before, or its answer was lost.
        Err(_) if remote.has(&landed, whole.size_bytes).await? => Ok(()),
        Err(cause) => Err(failure(cause)),
    }
}

/// Gives the upload its name.
pub(super) async fn settle(remote: &Remote, upload: Uuid, whole: &Whole, to: &ObjectPath) -> Result<()> {
    if remote.has(to, whole.size_bytes).await? {
        return discard(remote, upload, &whole.landing).await;
    }
    let state = whole.landing.parts.clone().unwrap_or_default();
    if state.upload.is_none() {
        let bytes = content(remote, &state, whole).await?;
        remote.create(to, bytes.into()).await?;
    } else {
        close(remote, upload, whole).await?;
        remote.settle(&landing_object(upload), to, whole.size_bytes).await?;
    }
    for name in state.stale.iter().chain(&state.tail) {
        forget(remote, name).await;
    }
    Ok(())
}

async fn content(remote: &Remote, state: &State, whole: &Whole) -> Result<Bytes> {
    match &state.tail {
        Some(tail) => read(remote, tail).await,
        None if whole.size_bytes == 0 => Ok(Bytes::new()),
        None => Err(gone()),
    }
}

pub(super) async fn discard(remote: &Remote, upload: Uuid, landing: &Landing) -> Result<()> {
    let state = landing.parts.clone().unwrap_or_default();
    if let Some(id) = &state.upload
        && let Err(cause) = remote.s3.abort_multipart(&path_of(remote, upload), id).await
    {
        // It came to its end before, or the sweep finds it.
        tracing::debug!(error = %cause, "an upload in parts");
    }
    for name in state.stale.iter().chain(&state.tail) {
        forget(remote, name).await;
    }
    forget(remote, landing_object(upload).as_ref()).await;
    Ok(())
}

async fn read(remote: &Remote, name: &str) -> Result<Bytes> {
    let answer = match remote.store.get(&ObjectPath::from(name)).await {
        Err(object_store::Error::NotFound { .. }) => return Err(gone()),
        answer => answer.map_err(failure)?,
    };
    answer.bytes().await.map_err(failure)
}

// What stays is swept.
async fn forget(remote: &Remote, name: &str) {
    match remote.store.delete(&ObjectPath::from(name)).await {
        Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
        Err(cause) => tracing::debug!(error = %cause, name, "left to the sweep"),
    }
}

// The bucket's own name of it: parts are put without the prefix of the store.
fn path_of(remote: &Remote, upload: Uuid) -> ObjectPath {
    let prefix = remote.place.prefix.as_str();
    let name = landing_object(upload);
    if prefix.is_empty() { name } else { ObjectPath::from(format!("{prefix}/{name}")) }
}
