//! Objects in S3: how they get there, and how they are read.
//!
//! An object's name is its content, so writing it twice writes the same. Up to one part (8 MiB) it is created by one
//! request, with `If-None-Match`; a larger one goes up in parts and becomes visible as a whole. Each request carries the
//! SHA-256 of its body, in the signature and as S3's own checksum; what comes back is compared with its BLAKE3.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow};
use bytes::Bytes;
use object_store::aws::{AmazonS3, AmazonS3Builder, Checksum};
use object_store::path::Path as ObjectPath;
use object_store::prefix::PrefixStore;
use object_store::signer::Signer;
use object_store::{BackoffConfig, ObjectStore, ObjectStoreExt, PutMode, PutPayload, RetryConfig};
use reqwest::Method;
use secrecy::ExposeSecret;
use tokio::sync::Mutex;
use url::Url;

use super::super::config::{Config, S3};
use super::super::error::{Error, Result};
use super::super::task;
use super::cache::Cache;
use super::connector::Connector;
use super::filling::Filling;
use super::writer::{Landed, Place, Writer};
use super::{OpenObjects, Opened, Stored, Zone, failure, key};

/// A request is tried again for so long.
const PATIENCE: Duration = Duration::from_secs(90);

/// Locks against fetching one object twice at the same time; by the first byte of a key's hash.
const FETCHES: usize = 64;

/// The bucket, and the cache before it.
#[derive(Debug)]
pub(super) struct Remote {
    /// Under its prefix.
    pub(super) store: Arc<dyn ObjectStore>,
    /// The bucket as a whole.
    pub(super) s3: AmazonS3,
    pub(super) place: S3,
    pub(super) cache: Cache,
    fetches: Vec<Mutex<()>>,
}

impl Remote {
    pub(super) fn new(place: &S3, config: &Config) -> anyhow::Result<Self> {
        let s3 = client(place).with_context(|| format!("setting up {place}"))?;
        let store: Arc<dyn ObjectStore> = Arc::new(PrefixStore::new(client(place)?, place.prefix.as_str()));
        let cache = Cache::new(config.objects().join("cache"), config.cache_max_bytes)?;
        let fetches = std::iter::repeat_with(|| Mutex::new(())).take(FETCHES).collect();
        Ok(Self { store, s3, place: place.clone(), cache, fetches })
    }

    /// Whether an object of this length is there.
    pub(super) async fn has(&self, path: &ObjectPath, size_bytes: u64) -> Result<bool> {
        match self.store.head(path).await {
            Ok(found) => Ok(found.size == size_bytes),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(cause) => Err(failure(cause)),
        }
    }

    /// Creates an object by one request. That it is there already is no error: it is the same.
    pub(super) async fn create(&self, path: &ObjectPath, payload: PutPayload) -> Result<()> {
        match self.store.put_opts(path, payload, PutMode::Create.into()).await {
            Ok(_) | Err(object_store::Error::AlreadyExists { .. }) => Ok(()),
            Err(cause) => Err(failure(cause)),
        }
    }

    /// Gives what has landed its name.
    pub(super) async fn settle(&self, from: &ObjectPath, to: &ObjectPath, size_bytes: u64) -> Result<()> {
        if !self.has(to, size_bytes).await? {
            self.store.copy(from, to).await.map_err(failure)?;
        }
        if let Err(cause) = self.store.delete(from).await {
            tracing::warn!(error = %cause, path = %from, "what has landed stays until it is swept");
        }
        Ok(())
    }

    /// Stores a file, and keeps it in the cache: who made it will be asked for it.
    pub(super) async fn keep_file(&self, file: &Path, zone: Zone) -> Result<Stored> {
        let (hash, size_bytes) = hash(file).await?;
        let stored = Stored { key: key(zone, &hash), hash: hash.as_bytes().to_vec(), size_bytes };
        let path = ObjectPath::from(stored.key.as_str());
        if !self.has(&path, size_bytes).await? {
            let landed = self.send(file, &path).await?;
            if landed.hash != hash {
                self.store.delete(&path).await.map_err(failure)?;
                return Err(Error::Internal(anyhow!("{} changed while it was stored", file.display())));
            }
            if let Place::Memory(payload) = landed.place {
                self.create(&path, payload).await?;
            }
        }
        if let Err(error) = self.cache.link(file, &stored.key).await {
            tracing::debug!(error = format!("{error:#}"), "not cached");
        }
        Ok(stored)
    }

    /// Stores a file under a name of its own, whatever was there.
    pub(super) async fn replace(&self, file: &Path, path: &ObjectPath) -> Result<u64> {
        let landed = self.send(file, path).await?;
        if let Place::Memory(payload) = landed.place {
            self.store.put(path, payload).await.map_err(failure)?;
        }
        Ok(landed.size_bytes)
    }

    // What fits into one part is still to be stored.
    async fn send(&self, file: &Path, path: &ObjectPath) -> Result<Landed> {
        let mut writer = Writer::remote(self.store.clone(), path.clone());
        if let Err(error) = writer.copy_from(file.to_owned()).await {
            writer.abort().await;
            return Err(error);
        }
        writer.finish().await
    }

    /// An object to serve from: out of the cache, or while it comes into it. 404 where there is none.
    pub(super) async fn open(self: &Arc<Self>, key: &str, opened: &Arc<OpenObjects>) -> Result<Arc<Opened>> {
        let _alone = self.fetches[lock_of(key)].lock().await;
        if let Some(opened) = opened.find(key) {
            return Ok(opened);
        }
        if let Some(file) = self.cache.find(key).await? {
            return Ok(opened.remember(key, Opened::new(file, key)?));
        }
        let answer = match self.store.get(&ObjectPath::from(key)).await {
            Ok(answer) => answer,
            Err(object_store::Error::NotFound { .. }) => return Err(Error::NotFound("object")),
            Err(cause) => return Err(failure(cause)),
        };
        let size_bytes = answer.meta.size;
        if super::hash_of(key).len() != 64 {
            return Ok(Arc::new(Opened::remote(self.clone(), key, size_bytes)));
        }
        let partial = match self.cache.begin().await {
            Ok(partial) => partial,
            Err(cause) => {
                tracing::warn!(error = %cause, "the cache takes nothing in");
                return Ok(Arc::new(Opened::remote(self.clone(), key, size_bytes)));
            }
        };
        let (table, name) = (Arc::downgrade(opened), key.to_owned());
        let forget = move || {
            if let Some(table) = table.upgrade() {
                table.forget(&name);
            }
        };
        let filling = Filling::begin(self.clone(), key, answer, partial, forget);
        Ok(opened.remember(key, Opened::filling(filling, key, size_bytes)))
    }

    /// Where anybody who knows it fetches an object for a while.
    pub(super) async fn signed_url(&self, key: &str, valid_for: Duration) -> Result<Url> {
        let path = match self.place.prefix.as_str() {
            "" => ObjectPath::from(key),
            prefix => ObjectPath::from(format!("{prefix}/{key}")),
        };
        self.s3.signed_url(Method::GET, &path, valid_for).await.map_err(failure)
    }

    /// A part of an object, from S3 itself.
    pub(super) async fn range(&self, key: &str, range: Range<u64>) -> Result<Bytes> {
        if range.is_empty() {
            return Ok(Bytes::new());
        }
        self.store.get_range(&ObjectPath::from(key), range).await.map_err(failure)
    }
}

fn client(place: &S3) -> object_store::Result<AmazonS3> {
    let backoff = BackoffConfig {
        init_backoff: Duration::from_millis(50),
        max_backoff: Duration::from_secs(5),
        ..BackoffConfig::default()
    };
    AmazonS3Builder::new()
        .with_http_connector(Connector)
        .with_bucket_name(&place.bucket)
        .with_region(&place.region)
        .with_access_key_id(place.access_key.expose_secret())
        .with_secret_access_key(place.secret_key.expose_secret())
        // It takes what it is given for the bucket's own address.
        .with_endpoint(place.bucket_url())
        .with_virtual_hosted_style_request(true)
        .with_checksum_algorithm(Checksum::SHA256)
        .with_retry(RetryConfig { backoff, max_retries: 10, retry_timeout: PATIENCE })
        .build()
}

fn lock_of(key: &str) -> usize {
    let hash = super::hash_of(key).bytes().take(2).fold(0_usize, |sum, byte| sum * 31 + usize::from(byte));
    hash % FETCHES
}

async fn hash(file: &Path) -> Result<(blake3::Hash, u64)> {
    let file = file.to_owned();
    let hashed = task::blocking(move || -> std::io::Result<(blake3::Hash, u64)> {
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(std::fs::File::open(file)?)?;
        Ok((hasher.finalize(), hasher.count()))
    });
    hashed.await?.map_err(failure)
}
