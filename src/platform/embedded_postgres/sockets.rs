//! The private folder of the server's socket: a short path that only we and PostgreSQL's account may enter.

use std::fs::{self, DirBuilder, Permissions};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::NAME;
use super::cluster::remove_file;
use super::runner::Runner;

/// PostgreSQL names its socket after a port, also where it listens on none.
const SOCKET: &str = ".s.PGSQL.5432";

/// The longest path of a socket, in bytes (`sun_path` in unix(7), less the final zero).
const LONGEST: usize = 107;

/// The folder, ours; removed with the last use.
pub(super) struct Sockets {
    folder: PathBuf,
}

impl Sockets {
    /// The first folder that will do: in the data folder, else where the system keeps such things.
    ///
    /// The same data folder gets the same socket each time, so that attached processes find a new server by themselves.
    pub(super) fn open(data: &Path, runner: Runner) -> Result<Self> {
        let mut hash = DefaultHasher::new();
        data.hash(&mut hash);
        let name = format!("legato-{:016x}", hash.finish());
        let user = rustix::process::geteuid().as_raw();
        let candidates = [
            data.join("postgres.socket"),
            PathBuf::from(format!("/run/user/{user}")).join(&name),
            Path::new("/run").join(&name),
            Path::new("/tmp").join(&name),
        ];
        let mut problems = Vec::new();
        for folder in candidates {
            match claim(&folder, runner) {
                Ok(()) => return Ok(Self { folder }),
                Err(problem) => problems.push(format!("{}: {problem:#}", folder.display())),
            }
        }
        Err(anyhow::anyhow!("there is no place for PostgreSQL's socket ({})", problems.join("; ")))
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Takes away what a killed server left: PostgreSQL would believe a lock whose process id is by now another's.
    pub(super) fn clear(&self) -> Result<()> {
        for name in [SOCKET.to_owned(), format!("{SOCKET}.lock")] {
            remove_file(&self.folder.join(name)).context("cannot remove an old socket")?;
        }
        Ok(())
    }
}

impl Drop for Sockets {
    /// The server has ended; its folder in `/run` or `/tmp` should not stay.
    fn drop(&mut self) {
        if let Err(problem) = self.clear().and_then(|()| Ok(fs::remove_dir(&self.folder)?)) {
            tracing::debug!(folder = %self.folder.display(), %problem, "the socket's folder stays");
        }
    }
}

/// Makes the folder private, and tries it out: some shared folders hold no sockets.
fn claim(folder: &Path, runner: Runner) -> Result<()> {
    ensure!(path(folder).as_os_str().len() <= LONGEST, "its path is too long");
    ensure!(is_plain(folder), "its path has characters beyond letters, digits and ._-");
    let parent = folder.parent().context("it is the root")?;
    ensure!(runner.may_enter(parent), "PostgreSQL's account may not enter it");
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(cause) if cause.kind() != io::ErrorKind::AlreadyExists => return Err(cause.into()),
        _ => (),
    }
    // In /tmp, another user may have been here first, with a folder or a link of theirs.
    let found = fs::symlink_metadata(folder)?;
    let user = rustix::process::geteuid().as_raw();
    ensure!(found.is_dir() && [user, runner.uid()].contains(&found.uid()), "it belongs to somebody else");
    fs::set_permissions(folder, Permissions::from_mode(0o700))?;
    let probe = folder.join("probe");
    remove_file(&probe)?;
    drop(UnixListener::bind(&probe).context("it holds no sockets")?);
    remove_file(&probe)?;
    Ok(runner.hand_over(folder)?)
}

/// What goes unquoted into PostgreSQL's configuration, into the lock file and, but for slashes, into a URL.
fn is_plain(path: &Path) -> bool {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-".contains(byte);
    path.as_os_str().as_encoded_bytes().iter().all(plain)
}

/// The socket in its folder.
pub(super) fn path(folder: &Path) -> PathBuf {
    folder.join(SOCKET)
}

/// The database behind the socket in `folder`, as a URL.
pub(super) fn url(folder: &Path) -> String {
    format!("postgres://{NAME}@/{NAME}?host={}", folder.display().to_string().replace('/', "%2F"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_is_understood_by_the_driver() {
        let config: tokio_postgres::Config = url(Path::new("/tmp/legato-0f/postgres.socket")).parse().unwrap();
        let host = tokio_postgres::config::Host::Unix("/tmp/legato-0f/postgres.socket".into());
        assert_eq!(config.get_hosts(), [host]);
        assert_eq!((config.get_user(), config.get_dbname()), (Some("legato"), Some("legato")));
    }

    #[test]
    fn a_short_plain_data_folder_holds_its_socket() {
        let data = tempfile::tempdir_in("/tmp").unwrap();
        let sockets = Sockets::open(data.path(), Runner::Ourselves).unwrap();
        assert_eq!(sockets.folder(), data.path().join("postgres.socket"));
        assert_eq!(fs::metadata(sockets.folder()).unwrap().mode() & 0o777, 0o700);
        drop(sockets);
        assert!(!data.path().join("postgres.socket").exists());
    }

    #[test]
    fn a_long_or_odd_path_gets_a_short_plain_one_and_always_the_same() {
        let data = tempfile::tempdir_in("/tmp").unwrap();
        for name in ["x".repeat(100), "a, 'b' \"c\"".to_owned()] {
            let data = data.path().join(name);
            fs::create_dir(&data).unwrap();
            let sockets = Sockets::open(&data, Runner::Ourselves).unwrap();
            assert!(path(sockets.folder()).as_os_str().len() <= LONGEST && is_plain(sockets.folder()));
            assert!(!sockets.folder().starts_with(&data));
            let folder = sockets.folder().to_owned();
            drop(sockets);
            assert_eq!(Sockets::open(&data, Runner::Ourselves).unwrap().folder(), folder);
        }
    }

    #[test]
    fn a_link_of_somebody_else_is_not_followed() {
        let data = tempfile::tempdir_in("/tmp").unwrap();
        let elsewhere = data.path().join("elsewhere");
        fs::create_dir(&elsewhere).unwrap();
        std::os::unix::fs::symlink(&elsewhere, data.path().join("postgres.socket")).unwrap();
        let sockets = Sockets::open(data.path(), Runner::Ourselves).unwrap();
        assert!(!sockets.folder().starts_with(data.path()));
    }
}
