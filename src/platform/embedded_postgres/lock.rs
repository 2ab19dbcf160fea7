//! Who holds a data folder, and where the PostgreSQL in it is reached.
//!
//! `legato.lock` is locked (flock) by its holder for life, and the system gives it free when that process dies. In it
//! stand the holder's process id and, once PostgreSQL takes connections, the folder of its socket.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use rustix::fs::FlockOperation;

const FILE: &str = "legato.lock";

/// The data folder, held.
pub(super) struct DataLock {
    data: PathBuf,
    file: File,
}

impl DataLock {
    /// Takes the folder, which is made if need be; `None` when another process holds it.
    pub(super) fn take(data: &Path) -> Result<Option<Self>> {
        let failed = || format!("cannot open the data folder {}", data.display());
        fs::create_dir_all(data).with_context(failed)?;
        let data = fs::canonicalize(data).with_context(failed)?;
        let file = File::options().create(true).write(true).truncate(false).open(data.join(FILE));
        let file = file.with_context(failed)?;
        match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => (),
            Err(rustix::io::Errno::WOULDBLOCK) => return Ok(None),
            Err(cause) => return Err(cause).with_context(failed),
        }
        let lock = Self { data, file };
        lock.write(&format!("{}\n", std::process::id()))?;
        Ok(Some(lock))
    }

    /// The folder's absolute path, free of links.
    pub(super) fn data(&self) -> &Path {
        &self.data
    }

    /// Tells other processes where the server takes connections.
    pub(super) fn announce(&self, sockets: &Path) -> Result<()> {
        self.write(&format!("{}\n{}\n", std::process::id(), sockets.display()))
    }

    fn write(&self, text: &str) -> Result<()> {
        let write = || -> io::Result<()> {
            self.file.set_len(0)?;
            self.file.write_all_at(text.as_bytes(), 0)
        };
        write().with_context(|| format!("cannot write {}", self.data.join(FILE).display()))
    }
}

impl Drop for DataLock {
    fn drop(&mut self) {
        // What is left would be no more than a stale announcement, as after a kill.
        let _ = self.file.set_len(0);
        // Closing alone leaves it locked for as long as a child that another thread is just starting has the file open.
        let _ = rustix::fs::flock(&self.file, FlockOperation::Unlock);
    }
}

/// The holder, for messages.
pub(super) fn holder(data: &Path) -> String {
    let text = fs::read_to_string(data.join(FILE)).unwrap_or_default();
    match text.lines().next() {
        Some(pid) => format!("another Legato (process {pid})"),
        None => "another Legato".into(),
    }
}

/// The socket folder that the holder announced.
pub(super) fn announced(data: &Path) -> Option<PathBuf> {
    let text = fs::read_to_string(data.join(FILE)).ok()?;
    // A line without its end is still being written.
    let (sockets, _) = text.split_once('\n')?.1.split_once('\n')?;
    Some(PathBuf::from(sockets))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_held_once_and_free_again_after_the_drop() {
        let data = tempfile::tempdir().unwrap();
        let lock = DataLock::take(data.path()).unwrap().expect("nobody holds it");
        assert!(DataLock::take(data.path()).unwrap().is_none());
        assert!(holder(data.path()).contains(&std::process::id().to_string()));
        drop(lock);
        assert!(DataLock::take(data.path()).unwrap().is_some());
    }

    #[test]
    fn a_child_that_inherited_the_file_does_not_hold_the_folder() {
        let data = tempfile::tempdir().unwrap();
        let lock = DataLock::take(data.path()).unwrap().expect("nobody holds it");
        let inherited = lock.file.try_clone().unwrap();
        drop(lock);
        assert!(DataLock::take(data.path()).unwrap().is_some());
        drop(inherited);
    }

    #[test]
    fn an_announcement_is_read_whole_or_not_at_all() {
        let data = tempfile::tempdir().unwrap();
        let lock = DataLock::take(data.path()).unwrap().unwrap();
        assert_eq!(announced(data.path()), None);
        lock.announce(Path::new("/run/here")).unwrap();
        assert_eq!(announced(data.path()), Some(PathBuf::from("/run/here")));
        lock.write("12\n/run/he").unwrap();
        assert_eq!(announced(data.path()), None);
        lock.announce(Path::new("/run/here")).unwrap();
        drop(lock);
        assert_eq!(announced(data.path()), None);
    }
}
