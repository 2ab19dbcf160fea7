//! Uploads that come in pieces, with pauses between them and from one process to the next.
//!
//! On a disk they are a file in `landing/`; in S3 an upload in parts whose last bytes, too few for a part, lie in an object
//! of their own. What is kept of one beside its bytes is a [`Landing`], in the row of whoever takes the upload. The row
//! says how far it is; the file may be longer, by what came after the last commit, and is cut to it when somebody goes on.

mod block_hash;
mod parts;
mod piece_file;

use std::path::PathBuf;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, stream};
use object_store::ObjectStoreExt;
use object_store::path::Path as ObjectPath;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::super::error::{Error, Result};
use super::super::task;
use super::{Scratch, Storage, Stored, Zone, failure, key};
use parts::Parts;
use piece_file::PieceFile;

/// How many bytes the hash is taken of at a time, and what is a part in S3.
const BLOCK_BYTES: u64 = 8 * 1024 * 1024;

/// What is known of an upload besides its bytes and their number. It goes into a row as JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Landing {
    /// BLAKE3 of the whole blocks, so that only what is behind them is ever read again.
    #[serde(default)]
    hash: block_hash::State,
    /// In S3: where the bytes are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parts: Option<parts::State>,
}

/// Somebody who adds to an upload: nobody else may at the same time.
pub(crate) struct Appender {
    target: Target,
}

enum Target {
    File(Box<PieceFile>),
    Parts(Box<Parts>),
}

/// An upload that came whole, and waits for its name.
#[derive(Debug, Clone)]
pub(crate) struct Whole {
    pub(crate) landing: Landing,
    pub(crate) hash: Vec<u8>,
    pub(crate) size_bytes: u64,
}

impl Appender {
    /// Takes the next bytes; waits until those before them are with the disk or the store.
    pub(crate) async fn write(&mut self, bytes: Bytes) -> Result<()> {
        match &mut self.target {
            Target::File(file) => file.write(bytes).await,
            Target::Parts(parts) => parts.write(bytes).await,
        }
    }

    /// Bytes of the upload, those included that may still be lost.
    pub(crate) fn size_bytes(&self) -> u64 {
        match &self.target {
            Target::File(file) => file.size_bytes(),
            Target::Parts(parts) => parts.size_bytes(),
        }
    }

    /// Makes durable what has come, and answers with what the row shall say.
    pub(crate) async fn commit(&mut self) -> Result<Landing> {
        match &mut self.target {
            Target::File(file) => Ok(Landing { hash: file.commit().await?, parts: None }),
            Target::Parts(parts) => parts.commit().await,
        }
    }

    /// The end: nothing comes any more.
    pub(crate) async fn seal(mut self) -> Result<Whole> {
        let landing = match &mut self.target {
            Target::File(file) => Landing { hash: file.commit().await?, parts: None },
            Target::Parts(parts) => parts.seal().await?,
        };
        let size_bytes = self.size_bytes();
        let hash = match self.target {
            Target::File(file) => file.hash(),
            Target::Parts(parts) => parts.hash(),
        };
        Ok(Whole { landing, hash: hash.as_bytes().to_vec(), size_bytes })
    }
}

impl Storage {
    /// Goes on with an upload at `offset`; begins it at 0. What came behind that is forgotten. 404 where its bytes are gone.
    pub(crate) async fn resume(&self, upload: Uuid, offset: u64, landing: &Landing) -> Result<Appender> {
        let target = match &self.remote {
            Some(remote) => Target::Parts(Box::new(Parts::resume(remote.clone(), upload, offset, landing).await?)),
            None => Target::File(Box::new(PieceFile::resume(self.landing_path(upload), offset, &landing.hash).await?)),
        };
        Ok(Appender { target })
    }

    /// Gives an upload that came whole its place in a zone. May run twice: what has its name already keeps it.
    pub(crate) async fn settle_landing(&self, upload: Uuid, whole: &Whole, zone: Zone) -> Result<Stored> {
        let hash: [u8; 32] = whole.hash.as_slice().try_into().map_err(|_| anyhow::anyhow!("a hash of 32 bytes"))?;
        let key = key(zone, &blake3::Hash::from_bytes(hash));
        let (from, to) = (landing_object(upload), ObjectPath::from(key.as_str()));
        match &self.remote {
            Some(remote) => parts::settle(remote, upload, whole, &to).await?,
            None => match self.settle(&from, &to).await {
                Err(_) if !self.landing_path(upload).exists() && self.exists(&key).await? => {}
                settled => settled?,
            },
        }
        Ok(Stored { key, hash: whole.hash.clone(), size_bytes: whole.size_bytes })
    }

    /// Makes an upload that came whole readable where it is, for [`Storage::read_landing`]. May run twice.
    pub(crate) async fn close_landing(&self, upload: Uuid, whole: &Whole) -> Result<()> {
        match &self.remote {
            Some(remote) => parts::close(remote, upload, whole).await,
            None => Ok(()),
        }
    }

    /// The bytes of an upload that came whole, in order.
    pub(crate) async fn read_landing(&self, upload: Uuid) -> Result<BoxStream<'static, Result<Bytes>>> {
        if self.remote.is_none() {
            let path = self.landing_path(upload);
            let file = task::blocking(move || std::fs::File::open(path)).await?.map_err(failure)?;
            let pieces = stream::try_unfold(file, async |file| {
                let (file, piece) = task::blocking(move || super::writer::read_part(file)).await?.map_err(failure)?;
                Ok((!piece.is_empty()).then_some((piece, file)))
            });
            return Ok(pieces.boxed());
        }
        let answer = self.store.get(&landing_object(upload)).await.map_err(failure)?;
        Ok(answer.into_stream().map(|piece| piece.map_err(failure)).boxed())
    }

    /// An upload that came whole, as a file to read here and there; out of S3 it comes into the folder first.
    pub(crate) async fn landing_file(&self, upload: Uuid, whole: &Whole, scratch: &Scratch) -> Result<std::fs::File> {
        if self.remote.is_none() {
            let path = self.landing_path(upload);
            return task::blocking(move || std::fs::File::open(path)).await?.map_err(failure);
        }
        self.require_space(whole.size_bytes)?;
        self.close_landing(upload, whole).await?;
        let mut file = scratch.create("upload").await?;
        let mut pieces = self.read_landing(upload).await?;
        while let Some(piece) = pieces.next().await {
            let piece = piece?;
            let written = task::blocking(move || std::io::Write::write_all(&mut file, &piece).map(|()| file));
            file = written.await?.map_err(failure)?;
        }
        scratch.open("upload").await
    }

    /// Takes away what there is of an upload. That it is gone already is no error.
    pub(crate) async fn discard_landing(&self, upload: Uuid, landing: &Landing) -> Result<()> {
        if let Some(remote) = &self.remote {
            return parts::discard(remote, upload, landing).await;
        }
        let path = self.landing_path(upload);
        match task::blocking(move || std::fs::remove_file(path)).await? {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => Err(failure(cause)),
            _ => Ok(()),
        }
    }

    /// Whether objects are in S3, which counts an upload's time from its beginning, and not from when it went on last.
    pub(crate) fn is_remote(&self) -> bool {
        self.remote.is_some()
    }

    fn landing_path(&self, upload: Uuid) -> PathBuf {
        self.root.join("landing").join(upload.to_string())
    }
}

fn landing_object(upload: Uuid) -> ObjectPath {
    ObjectPath::from(format!("landing/{upload}"))
}

fn gone() -> Error {
    Error::NotFound("upload")
}
