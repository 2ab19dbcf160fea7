//! The audio store: objects in five zones, each with a lineage (architecture, "Zones").
//!
//! `landing/` uploads in flight → `raw/` the untouched original → `staging/` between steps → `curated/` what listeners
//! are served; beside them `quarantine/` with the reason. `raw`, `curated` and `quarantine` are content-addressed by
//! BLAKE3: what is there never changes, so a step that runs twice finds its work done.
//!
//! Objects are in a local folder, or in S3 (`remote`) with a cache of them on this disk. `staging/` is always local: it is
//! what a sandboxed child writes to.

mod cache;
mod connector;
mod filling;
mod hold;
mod landing;
mod ledger;
mod lineage;
mod opened;
mod private;
mod remote;
mod scratch;
mod scrub;
mod sweep;
mod take_away;
mod unfinished;
mod verify;
mod writer;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore, ObjectStoreExt};
use url::Url;

pub(crate) use hold::lock;
pub(crate) use landing::{Appender, Landing, Whole};
pub(crate) use ledger::{Compared, Difference, YOUNG};
pub(crate) use lineage::{Lineage, is_sound};
pub use opened::Opened;
pub(crate) use opened::{Extent, OpenObjects};
pub(crate) use scratch::Scratch;
pub(crate) use scrub::{open_to_serve, scrub};
pub(crate) use sweep::sweep;
pub(crate) use take_away::take_away;
pub(crate) use writer::Writer;

use super::config::Config;
use super::error::{Code, Error, Result};
use super::task;
use remote::Remote;
use writer::Place;

/// Bytes that must stay free on the disk beyond what an upload announces.
const RESERVE_BYTES: u64 = 64 * 1024 * 1024;

/// Where an object stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    Raw,
    Curated,
    Quarantine,
    /// What is offered no longer.
    Archive,
}

impl Zone {
    const ALL: [Self; 4] = [Self::Raw, Self::Curated, Self::Quarantine, Self::Archive];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Curated => "curated",
            Self::Quarantine => "quarantine",
            Self::Archive => "archive",
        }
    }

    /// The key in this zone of bytes with this hash.
    pub(crate) fn key(self, hash: &blake3::Hash) -> String {
        key(self, hash)
    }

    /// The key in this zone of the same bytes as those of `key`.
    pub(crate) fn key_like(self, key: &str) -> String {
        let name = key.split_once('/').map_or(key, |(_, name)| name);
        format!("{}/{name}", self.name())
    }
}

/// An object that is stored for good: its key, and what is known of its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// `<zone>/<first two of the hash>/<hash>`.
    pub key: String,
    /// BLAKE3, 32 bytes.
    pub hash: Vec<u8>,
    pub size_bytes: u64,
}

/// The store. Cheap to clone.
#[derive(Clone)]
pub struct Storage {
    root: PathBuf,
    store: Arc<dyn ObjectStore>,
    /// None where objects are in the folder itself.
    remote: Option<Arc<Remote>>,
    opened: Arc<OpenObjects>,
}

impl Storage {
    /// The store that the configuration tells of. Nothing is asked of S3 yet.
    pub fn of(config: &Config) -> anyhow::Result<Self> {
        let local = Self::local(&config.objects())?;
        let Some(place) = &config.s3 else { return Ok(local) };
        let remote = Arc::new(Remote::new(place, config)?);
        Ok(Self { store: remote.store.clone(), remote: Some(remote), ..local })
    }

    /// The store in a local folder, made where it is missing. Writes are durable before they are acknowledged.
    pub fn local(root: &Path) -> anyhow::Result<Self> {
        for zone in ["landing", "raw", "staging", "curated", "archive", "quarantine"] {
            let folder = root.join(zone);
            std::fs::create_dir_all(&folder).with_context(|| format!("making {}", folder.display()))?;
        }
        let root = root.canonicalize().context("the storage folder")?;
        let store = LocalFileSystem::new_with_prefix(&root)?.with_fsync(true);
        Ok(Self { root, store: Arc::new(store), remote: None, opened: Arc::new(OpenObjects::new()) })
    }

    /// Starts an upload in `landing/`. Nothing of it is visible before [`Storage::keep`].
    pub(crate) async fn land(&self) -> Result<Writer> {
        let path = ObjectPath::from(format!("landing/{}", uuid::Uuid::now_v7()));
        if self.remote.is_some() {
            return Ok(Writer::remote(self.store.clone(), path));
        }
        Writer::local(self.store.clone(), path).await
    }

    /// Moves what has landed to its place in a zone. The same bytes twice are one object.
    pub(crate) async fn keep(&self, writer: Writer, zone: Zone) -> Result<Stored> {
        let landed = writer.finish().await?;
        let (hash, size_bytes) = (landed.hash, landed.size_bytes);
        let stored = Stored { key: key(zone, &hash), hash: hash.as_bytes().to_vec(), size_bytes };
        let path = ObjectPath::from(stored.key.as_str());
        match (&self.remote, landed.place) {
            (Some(remote), Place::Memory(payload)) => remote.create(&path, payload).await?,
            (Some(remote), Place::Store) => remote.settle(&landed.path, &path, size_bytes).await?,
            (None, _) => self.settle(&landed.path, &path).await?,
        }
        Ok(stored)
    }

    /// Stores a finished file of a scratch folder in a zone.
    pub async fn keep_file(&self, file: &Path, zone: Zone) -> Result<Stored> {
        if let Some(remote) = &self.remote {
            return remote.keep_file(file, zone).await;
        }
        let mut writer = self.land().await?;
        match writer.copy_from(file.to_owned()).await {
            Ok(()) => self.keep(writer, zone).await,
            Err(error) => {
                writer.abort().await;
                Err(error)
            }
        }
    }

    /// Copies an object. That the copy is there already is no error.
    pub async fn copy(&self, from: &str, to: &str) -> Result<()> {
        let (from, to) = (ObjectPath::from(from), ObjectPath::from(to));
        // S3 cannot say “if it is not there” of a copy everywhere; but the same name is the same bytes.
        let copied = match &self.remote {
            Some(remote) => remote.store.copy(&from, &to).await,
            None => self.store.copy_if_not_exists(&from, &to).await,
        };
        match copied {
            Ok(()) | Err(object_store::Error::AlreadyExists { .. }) => Ok(()),
            Err(cause) => Err(failure(cause)),
        }
    }

    /// Whether an object is there.
    async fn exists(&self, key: &str) -> Result<bool> {
        match self.store.head(&ObjectPath::from(key)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(cause) => Err(failure(cause)),
        }
    }

    // That it is gone already is no error. An open file would keep the disk's space.
    async fn delete(&self, key: &str) -> Result<()> {
        self.opened.forget(key);
        if let Some(remote) = &self.remote {
            remote.cache.forget(key).await;
        }
        match self.store.delete(&ObjectPath::from(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(cause) => Err(failure(cause)),
        }
    }

    /// An object as a file, for a child process to read. Out of S3 it comes into the cache first, and is compared with its
    /// hash.
    pub async fn file(&self, key: &str) -> anyhow::Result<File> {
        if let Some(remote) = &self.remote {
            return Ok(self.fetch(remote, key).await?);
        }
        let path = self.root.join(key);
        let opened = task::blocking(move || File::open(&path).with_context(|| format!("opening {}", path.display())));
        opened.await?
    }

    async fn fetch(&self, remote: &Arc<Remote>, key: &str) -> Result<File> {
        if let Some(file) = remote.cache.find(key).await? {
            return Ok(file);
        }
        let opened = remote.open(key, &self.opened).await?;
        self.require_space(opened.size_bytes)?;
        opened.whole().await?;
        // None: it is larger than the cache, or its name is no hash.
        remote.cache.find(key).await?.ok_or(Error::Unavailable)
    }

    /// An object to serve from, kept open for the next one who asks. 404 once it was discarded.
    pub async fn open(&self, key: &str) -> Result<Arc<Opened>> {
        if let Some(opened) = self.opened.find(key) {
            return Ok(opened);
        }
        if let Some(remote) = &self.remote {
            return remote.open(key, &self.opened).await;
        }
        let file = self.file(key).await.map_err(missing)?;
        Ok(self.opened.remember(key, Opened::new(file, key)?))
    }

    /// Where a listener fetches an object from S3 itself, where the operator wants that; the address is good for `valid_for`.
    pub(crate) async fn elsewhere(&self, key: &str, valid_for: Duration) -> Result<Option<Url>> {
        match self.remote.as_ref().filter(|remote| remote.place.redirect) {
            Some(remote) => remote.signed_url(key, valid_for).await.map(Some),
            None => Ok(None),
        }
    }

    /// An empty folder in `staging/` for one attempt of one step; it goes away when dropped.
    pub(crate) fn scratch(&self) -> Result<Scratch> {
        Scratch::new(&self.root.join("staging"))
    }

    /// The folder in `staging/` that a step before left under this name; `None` when it is not on this machine any more.
    pub(crate) fn find_scratch(&self, name: &str) -> Option<Scratch> {
        Scratch::find(&self.root.join("staging"), name)
    }

    /// Refuses what the disk cannot hold, before a byte of it is read.
    pub(crate) fn require_space(&self, bytes: u64) -> Result<()> {
        let free = self.free_bytes().map_err(Error::Internal)?;
        if free < bytes.saturating_add(RESERVE_BYTES.min(free / 2)) {
            return Err(Error::Refused(Code::StorageFull));
        }
        Ok(())
    }

    /// Bytes that this process may still write.
    pub(crate) fn free_bytes(&self) -> anyhow::Result<u64> {
        let disk = rustix::fs::statvfs(&self.root).context("asking for the disk's free space")?;
        Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    /// Writes, reads and deletes a small object: for `/readyz` and `doctor`.
    pub(crate) async fn check(&self) -> Result<()> {
        let path = ObjectPath::from(format!("landing/check-{}", uuid::Uuid::now_v7()));
        self.store.put(&path, "legato".into()).await.map_err(failure)?;
        self.store.delete(&path).await.map_err(failure)
    }

    async fn settle(&self, from: &ObjectPath, to: &ObjectPath) -> Result<()> {
        match self.store.rename_if_not_exists(from, to).await {
            Ok(()) => Ok(()),
            Err(object_store::Error::AlreadyExists { .. }) => self.store.delete(from).await.map_err(failure),
            Err(cause) => Err(failure(cause)),
        }
    }
}

fn key(zone: Zone, hash: &blake3::Hash) -> String {
    let hex = hash.to_hex();
    format!("{}/{}/{hex}", zone.name(), &hex[..2])
}

/// The name of an object within its zone: the hash of its content, but for what is nobody else's (`private`).
fn hash_of(key: &str) -> &str {
    key.rsplit('/').next().unwrap_or(key)
}

// Who was granted a track may ask for it in the moment after it was deleted.
fn missing(cause: anyhow::Error) -> Error {
    let is_missing = cause.downcast_ref::<std::io::Error>().is_some_and(|io| io.kind() == std::io::ErrorKind::NotFound);
    if is_missing { Error::NotFound("object") } else { Error::Internal(cause) }
}

/// A full disk is a refusal that the client is told of; anything else is our own fault.
fn failure(cause: impl std::error::Error + Send + Sync + 'static) -> Error {
    if is_full(&cause) {
        return Error::Refused(Code::StorageFull);
    }
    if is_away(&cause) {
        tracing::warn!(error = %cause, "S3 does not do what it was asked");
        return Error::Unavailable;
    }
    Error::Internal(anyhow::Error::new(cause).context("storage"))
}

// What S3 refused for good (no such bucket, no such key, not with these credentials) is for somebody to mend.
fn is_away(cause: &(dyn std::error::Error + 'static)) -> bool {
    matches!(cause.downcast_ref(), Some(object_store::Error::Generic { store: "S3", .. }))
}

/// Whether a failure says that the disk, or a quota on it, is full.
pub(crate) fn is_full(cause: &(dyn std::error::Error + 'static)) -> bool {
    use std::io::ErrorKind::{QuotaExceeded, StorageFull};
    let mut causes = std::iter::successors(Some(cause), |cause| cause.source());
    causes.any(|cause| {
        cause.downcast_ref::<std::io::Error>().is_some_and(|io| {
            matches!(io.kind(), StorageFull | QuotaExceeded) || io.get_ref().is_some_and(|inner| is_full(inner))
        })
    })
}
