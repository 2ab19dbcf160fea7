//! Objects that are in S3, once more on this disk: immutable files under the keys that they have there, the least recently
//! opened ones gone first. Nothing depends on it but speed; several processes may share the folder, and it may be emptied
//! at any time.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use anyhow::Context;
use rustix::fs::{Timespec, Timestamps, UTIME_NOW};

use super::super::task;

/// Files that are not whole yet.
const PARTIAL: &str = "partial";

/// The cache. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Cache(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    folder: PathBuf,
    max_bytes: u64,
    /// Bytes that came since the cache was last measured.
    grown: AtomicU64,
}

/// A file on its way into the cache; gone when it is dropped.
#[derive(Debug)]
pub(super) struct Partial {
    path: PathBuf,
    pub(super) file: Arc<File>,
}

impl Drop for Partial {
    fn drop(&mut self) {
        // After `take_in` it is not there any more.
        let _ = std::fs::remove_file(&self.path);
    }
}

impl Cache {
    pub(super) fn new(folder: PathBuf, max_bytes: u64) -> anyhow::Result<Self> {
        let partial = folder.join(PARTIAL);
        std::fs::create_dir_all(&partial).with_context(|| format!("making {}", partial.display()))?;
        // It is measured soon after the start, whatever an earlier process left.
        Ok(Self(Arc::new(Inner { folder, max_bytes, grown: AtomicU64::new(max_bytes / 16) })))
    }

    /// Where files lie that are not whole yet: what a process that died left there is swept away.
    pub(super) fn partial(&self) -> PathBuf {
        self.0.folder.join(PARTIAL)
    }

    /// The file of an object, if it is here.
    pub(super) async fn find(&self, key: &str) -> anyhow::Result<Option<File>> {
        let path = self.0.folder.join(key);
        task::blocking(move || match File::open(&path) {
            Ok(file) => touch(&file).map(|()| Some(file)),
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(cause),
        })
        .await?
        .context("opening a cached object")
    }

    /// A new file to fill.
    pub(super) async fn begin(&self) -> std::io::Result<Partial> {
        let path = self.partial().join(uuid::Uuid::now_v7().to_string());
        let opened = task::blocking(move || {
            let file = File::options().read(true).write(true).create_new(true).open(&path)?;
            Ok(Partial { path, file: Arc::new(file) })
        });
        opened.await.map_err(std::io::Error::other)?
    }

    /// Takes in a file that is whole.
    pub(super) async fn take_in(&self, partial: Partial, key: &str) -> anyhow::Result<()> {
        let (cache, path) = (self.clone(), self.0.folder.join(key));
        task::blocking(move || {
            // What is here after a power cut is whole.
            partial.file.sync_data()?;
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            std::fs::rename(&partial.path, &path)?;
            cache.note(partial.file.metadata()?.len())
        })
        .await?
        .context("caching an object")
    }

    /// Takes in a finished file of a scratch folder, which its owner keeps as well and writes to no more. A file from elsewhere
    /// is left out: whoever has it may change it.
    pub(super) async fn link(&self, file: &Path, key: &str) -> anyhow::Result<()> {
        if !self.0.folder.parent().is_some_and(|objects| file.starts_with(objects)) {
            return Ok(());
        }
        let path = self.partial().join(uuid::Uuid::now_v7().to_string());
        let from = file.to_owned();
        let linked = task::blocking(move || -> std::io::Result<Partial> {
            std::fs::hard_link(&from, &path)?;
            Ok(Partial { file: Arc::new(File::open(&path)?), path })
        });
        self.take_in(linked.await??, key).await
    }

    /// An object was taken away.
    pub(super) async fn forget(&self, key: &str) {
        let path = self.0.folder.join(key);
        // A file that is not here needs no forgetting.
        let _ = task::blocking(move || std::fs::remove_file(path)).await;
    }

    // The cache is measured when a sixteenth of what it may hold has come.
    fn note(&self, bytes: u64) -> std::io::Result<()> {
        let grown = self.0.grown.fetch_add(bytes, Ordering::Relaxed) + bytes;
        if grown <= self.0.max_bytes / 16 {
            return Ok(());
        }
        self.0.grown.store(0, Ordering::Relaxed);
        trim(&self.0.folder, self.0.max_bytes - self.0.max_bytes / 16)
    }
}

// A hit makes a file young. The time of the last access is of no use: many disks do not keep it.
fn touch(file: &File) -> std::io::Result<()> {
    let now = Timespec { tv_sec: 0, tv_nsec: UTIME_NOW };
    let times = Timestamps { last_access: now, last_modification: now };
    Ok(rustix::fs::futimens(file, &times)?)
}

/// Takes away the files that nobody opened for the longest time, until `most_bytes` are left.
fn trim(folder: &Path, most_bytes: u64) -> std::io::Result<()> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    let mut bytes: u64 = files.iter().map(|file| file.bytes).sum();
    files.sort_by_key(|file| file.opened);
    for file in files {
        if bytes <= most_bytes {
            break;
        }
        match std::fs::remove_file(&file.path) {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => return Err(cause),
            _ => bytes -= file.bytes,
        }
    }
    Ok(())
}

struct Cached {
    path: PathBuf,
    bytes: u64,
    opened: SystemTime,
}

// What comes and goes meanwhile is passed over.
fn collect(folder: &Path, files: &mut Vec<Cached>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)?.flatten() {
        let Ok(metadata) = entry.metadata() else { continue };
        if metadata.is_file() {
            files.push(Cached { path: entry.path(), bytes: metadata.len(), opened: metadata.modified()? });
        } else if entry.file_name() != PARTIAL {
            collect(&entry.path(), files)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::FileExt;
    use std::time::Duration;

    use super::*;

    async fn put(cache: &Cache, key: &str, bytes: usize) {
        let partial = cache.begin().await.expect("begun");
        partial.file.write_all_at(&vec![1; bytes], 0).expect("written");
        cache.take_in(partial, key).await.expect("taken in");
    }

    fn age(cache: &Cache, key: &str, seconds: u64) {
        let file = File::open(cache.0.folder.join(key)).expect("it is here");
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)).expect("set");
    }

    #[tokio::test]
    async fn what_was_not_opened_for_longest_goes_first() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(folder.path().join("cache"), 16_000).expect("a cache");
        for (number, key) in ["raw/aa/old", "raw/bb/older", "curated/cc/oldest"].into_iter().enumerate() {
            put(&cache, key, 5_000).await;
            age(&cache, key, 1_000 - number as u64 * 100);
        }
        assert!(cache.find("curated/cc/oldest").await.expect("asked").is_some(), "and so it is the youngest");
        put(&cache, "curated/dd/new", 5_000).await;
        let mut left = Vec::new();
        for key in ["raw/aa/old", "raw/bb/older", "curated/cc/oldest", "curated/dd/new"] {
            left.push(cache.find(key).await.expect("asked").is_some());
        }
        assert_eq!(left, [true, false, true, true]);
    }

    #[tokio::test]
    async fn a_file_that_somebody_else_may_change_is_not_taken_in() {
        let (folder, elsewhere) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let cache = Cache::new(folder.path().join("cache"), 16_000).expect("a cache");
        for (place, is_taken) in [(folder.path(), true), (elsewhere.path(), false)] {
            let (file, key) = (place.join("song"), format!("raw/aa/{is_taken}"));
            std::fs::write(&file, b"music").expect("written");
            cache.link(&file, &key).await.expect("taken in, or left out");
            assert_eq!(cache.find(&key).await.expect("asked").is_some(), is_taken);
        }
    }

    #[tokio::test]
    async fn what_is_not_whole_leaves_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::new(folder.path().to_owned(), 16_000).expect("a cache");
        drop(cache.begin().await.expect("begun"));
        assert_eq!(std::fs::read_dir(cache.partial()).expect("a folder").count(), 0);
        assert!(cache.find("raw/aa/nothing").await.expect("asked").is_none());
    }
}
