//! A folder of `.eml` files, which every mail program opens.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use anyhow::Context;
use chrono::{DateTime, Utc};
use lettre::Message;
use uuid::Uuid;

use super::Undelivered;
use crate::platform::task;

pub(super) struct Folder {
    path: PathBuf,
}

impl Folder {
    pub(super) fn at(path: PathBuf) -> Self {
        Self { path }
    }

    /// Keeps a message under a name that sorts by time. A file with the ending `.eml` is whole.
    pub(super) async fn keep(&self, message: &Message, now: DateTime<Utc>) -> Result<(), Undelivered> {
        let (folder, bytes) = (self.path.clone(), message.formatted());
        let name = format!("{}-{}.eml", now.format("%Y%m%dT%H%M%S%6fZ"), Uuid::new_v4().simple());
        let kept = task::blocking(move || write(&folder, &name, &bytes)).await;
        kept.flatten().with_context(|| format!("writing to {self}")).map_err(Undelivered::ForNow)
    }

    /// Makes the folder, if need be, and a file in it.
    pub(super) async fn check(&self) -> anyhow::Result<()> {
        let folder = self.path.clone();
        task::blocking(move || -> anyhow::Result<()> {
            make(&folder)?;
            try_out(&folder)
        })
        .await
        .flatten()
        .with_context(|| format!("writing to {self}"))
    }
}

impl std::fmt::Display for Folder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.path.display().fmt(f)
    }
}

// Letters hold links that open accounts: they are the server's user's alone. Written beside and renamed, so that a
// reader never sees half of one.
fn write(folder: &Path, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
    make(folder)?;
    let beside = folder.join(format!(".{name}.new"));
    let mut file = private(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&beside, folder.join(name))?;
    File::open(folder)?.sync_all()?;
    Ok(())
}

fn make(folder: &Path) -> std::io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

fn private(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

fn try_out(folder: &Path) -> anyhow::Result<()> {
    let path = folder.join(format!(".{}.check", Uuid::new_v4().simple()));
    private(&path)?;
    Ok(std::fs::remove_file(path)?)
}
