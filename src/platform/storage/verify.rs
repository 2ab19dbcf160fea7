//! Reads an object from its beginning to its end, and says whether it is what was stored.

use futures_util::TryStreamExt;
use object_store::ObjectStoreExt;
use object_store::path::Path as ObjectPath;

use super::super::error::{Error, Result};
use super::super::task;
use super::{Storage, failure};

/// What an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Byte for byte what was stored.
    Whole,
    /// Something else.
    Damaged,
    /// Not there.
    Missing,
}

impl Verdict {
    /// What stands in the table; nothing for what is whole.
    pub(crate) fn damage(self) -> Option<&'static str> {
        match self {
            Self::Whole => None,
            Self::Damaged => Some("damaged"),
            Self::Missing => Some("missing"),
        }
    }
}

impl Storage {
    /// Compares an object's bytes, from the store itself and never from the cache, with a BLAKE3 hash.
    pub(crate) async fn verify(&self, key: &str, hash: &[u8]) -> Result<Verdict> {
        let found = if self.remote.is_some() { self.hash_remote(key).await? } else { self.hash_local(key).await? };
        Ok(match found {
            None => Verdict::Missing,
            Some(found) if found.as_bytes()[..] == *hash => Verdict::Whole,
            Some(_) => Verdict::Damaged,
        })
    }

    async fn hash_local(&self, key: &str) -> Result<Option<blake3::Hash>> {
        let path = self.root.join(key);
        let hashed = task::blocking(move || -> std::io::Result<blake3::Hash> {
            let mut hasher = blake3::Hasher::new();
            hasher.update_reader(std::fs::File::open(path)?)?;
            Ok(hasher.finalize())
        });
        match hashed.await? {
            Ok(hash) => Ok(Some(hash)),
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(Error::Internal(anyhow::Error::new(cause).context(format!("reading {key}")))),
        }
    }

    async fn hash_remote(&self, key: &str) -> Result<Option<blake3::Hash>> {
        let answer = match self.store.get(&ObjectPath::from(key)).await {
            Ok(answer) => answer,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(cause) => return Err(failure(cause)),
        };
        let (mut stream, mut hasher) = (answer.into_stream(), blake3::Hasher::new());
        while let Some(chunk) = stream.try_next().await.map_err(failure)? {
            hasher.update(&chunk);
        }
        Ok(Some(hasher.finalize()))
    }
}
