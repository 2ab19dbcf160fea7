//! Folders in `staging/` for the files that a step makes.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;

use super::super::error::Result;
use super::super::task;
use super::failure;

/// A folder of its own, taken away with all that is in it when dropped; unless it is left for the next step.
pub(crate) struct Scratch {
    folder: PathBuf,
    is_left: bool,
}

impl Scratch {
    pub(super) fn new(staging: &Path) -> Result<Self> {
        let folder = staging.join(uuid::Uuid::now_v7().to_string());
        std::fs::create_dir(&folder).map_err(failure)?;
        Ok(Self { folder, is_left: false })
    }

    /// The folder that a step before left under this name.
    pub(super) fn find(staging: &Path, name: &str) -> Option<Self> {
        let name = name.parse::<uuid::Uuid>().ok()?;
        let folder = staging.join(name.to_string());
        folder.is_dir().then_some(Self { folder, is_left: false })
    }

    /// The name under which the next step finds it, once it is left.
    pub(crate) fn name(&self) -> &str {
        self.folder.file_name().and_then(|name| name.to_str()).unwrap_or_default()
    }

    /// Leaves the folder to the next step.
    pub(crate) fn leave(mut self) {
        self.is_left = true;
    }

    /// Writes a whole file.
    pub(crate) async fn write(&self, name: &str, bytes: Vec<u8>) -> Result<()> {
        let path = self.folder.join(name);
        task::blocking(move || create(&path)?.write_all(&bytes)).await?.map_err(failure)
    }

    /// A new file of the folder, to write to.
    pub(crate) async fn create(&self, name: &str) -> Result<std::fs::File> {
        let path = self.folder.join(name);
        task::blocking(move || create(&path)).await?.map_err(failure)
    }

    /// Adds to the end of a file, which begins with it.
    pub(crate) async fn append(&self, name: &str, bytes: Vec<u8>) -> Result<()> {
        let path = self.folder.join(name);
        let append = move || {
            std::fs::OpenOptions::new().create(true).append(true).open(path).and_then(|mut file| file.write_all(&bytes))
        };
        task::blocking(append).await?.map_err(failure)
    }

    /// Reads a whole file.
    pub(crate) async fn read(&self, name: &str) -> Result<Vec<u8>> {
        let path = self.folder.join(name);
        task::blocking(move || std::fs::read(path)).await?.map_err(failure)
    }

    /// A file of the folder, for a child process to read.
    pub(crate) async fn open(&self, name: &str) -> Result<std::fs::File> {
        let path = self.folder.join(name);
        task::blocking(move || std::fs::File::open(path)).await?.map_err(failure)
    }

    /// The folder's path.
    pub(crate) fn path(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if self.is_left {
            return;
        }
        if let Err(cause) = std::fs::remove_dir_all(&self.folder) {
            tracing::warn!(error = %cause, folder = %self.folder.display(), "a scratch folder stays");
        }
    }
}

/// A file that begins empty. What had its name before is another file, which the cache may have taken in: its bytes stay.
fn create(path: &Path) -> std::io::Result<File> {
    match std::fs::remove_file(path) {
        Err(cause) if cause.kind() != ErrorKind::NotFound => Err(cause),
        _ => File::create_new(path),
    }
}

/// Removes entries of `folder` that nobody has touched for `age`; answers how many.
pub(super) fn sweep(folder: &Path, age: Duration) -> anyhow::Result<usize> {
    let mut gone = 0;
    for entry in std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        let is_old = metadata.modified()?.elapsed().is_ok_and(|untouched| untouched > age);
        if is_old {
            let path = entry.path();
            if metadata.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) }
                .with_context(|| format!("removing {}", path.display()))?;
            gone += 1;
        }
    }
    Ok(gone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_made_again_leaves_the_file_before_as_it_was() {
        let staging = tempfile::tempdir().expect("a folder");
        let scratch = Scratch::new(staging.path()).expect("a scratch folder");
        let kept = staging.path().join("kept");
        scratch.create("entry").await.expect("made").write_all(b"first").expect("written");
        std::fs::hard_link(scratch.path().join("entry"), &kept).expect("linked");
        scratch.create("entry").await.expect("made").write_all(b"2").expect("written");
        scratch.write("entry", b"third".to_vec()).await.expect("written");
        assert_eq!(scratch.read("entry").await.expect("read"), b"third");
        assert_eq!(std::fs::read(kept).expect("read"), b"first");
    }
}
