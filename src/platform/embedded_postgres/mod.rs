//! A PostgreSQL of our own: made, started, watched and stopped by this binary, in a data folder, on a unix socket.
//!
//! ```text
//! DATA/legato.lock      held by the process that runs the server; says where it is reached
//! DATA/postgres/        the cluster; complete or absent
//! DATA/postgres.new-*/  a cluster in the making, swept up by the next start
//! DATA/postgres.socket/ the socket, where its path is short enough (else in /run or /tmp)
//! ```
//! One thread starts PostgreSQL and starts it again, because the parent-death signal, by which PostgreSQL stops when
//! we are killed, belongs to the thread that started it. Dropping the owner ends the thread, and the server with it.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

mod cluster;
mod leftovers;
mod lock;
mod log;
mod programs;
mod runner;
mod sockets;
mod supervisor;
#[cfg(test)]
mod tests;
mod wire;

pub use programs::{Programs, find_programs};

use super::task;
use lock::DataLock;
use supervisor::Supervisor;

/// Role and database of every embedded server.
const NAME: &str = "legato";

/// How long an attaching process waits for the owner's server.
const ATTACH_PATIENCE: Duration = Duration::from_secs(60);

/// How the embedded server is run.
#[derive(Debug, Clone)]
pub struct Options {
    /// The folder with `postgres` and `initdb`; looked for when absent.
    pub programs: Option<PathBuf>,
    /// False gives up durability for speed: tests only.
    pub durable: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { programs: None, durable: true }
    }
}

/// The PostgreSQL that belongs to one data folder.
///
/// Dropping the owner shuts the server down as [`Self::stop`] does, but does not wait for its end.
#[derive(Debug)]
pub struct EmbeddedPostgres {
    url: String,
    /// Absent when another process runs the server.
    supervisor: Option<Supervisor>,
}

impl EmbeddedPostgres {
    /// Starts the folder's server and watches over it, or attaches to the server of the process that holds the folder.
    ///
    /// Answers when the server takes connections. An attached server ends with its owner. Fails when PostgreSQL is not installed or does not start, with the
    /// last lines of its log, and when the holder's server is not reached within a minute.
    pub async fn start_or_attach(data: &Path, options: Options) -> Result<Self> {
        let deadline = Instant::now() + ATTACH_PATIENCE;
        loop {
            if let Some(lock) = DataLock::take(data)? {
                return Self::own(lock, options).await;
            }
            if let Some(url) = answering(data).await? {
                return Ok(Self { url, supervisor: None });
            }
            if Instant::now() > deadline {
                bail!("{} holds {}, but its PostgreSQL does not answer", lock::holder(data), data.display());
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }

    /// Like [`Self::start_or_attach`], but an error when another process holds the folder.
    pub async fn start(data: &Path, options: Options) -> Result<Self> {
        match DataLock::take(data)? {
            Some(lock) => Self::own(lock, options).await,
            None => bail!(
                "{} already uses the data folder {}: stop it first, or choose another folder with --data",
                lock::holder(data),
                data.display()
            ),
        }
    }

    async fn own(lock: DataLock, options: Options) -> Result<Self> {
        let (supervisor, sockets) = Supervisor::start(lock, options).await?;
        Ok(Self { url: sockets::url(&sockets), supervisor: Some(supervisor) })
    }

    /// Where it is reached: `postgres://legato@/legato?host=…`, the host being the socket's folder, percent-encoded.
    ///
    /// It stays the same when PostgreSQL is started again.
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// Whether this process runs the server.
    pub fn is_owner(&self) -> bool {
        self.supervisor.is_some()
    }

    /// Shuts the server down, if it is ours, and waits for its end: open transactions are rolled back, data is synced.
    ///
    /// Fails when the server could not be ended.
    pub async fn stop(self) -> Result<()> {
        match self.supervisor {
            Some(supervisor) => supervisor.stop().await,
            None => Ok(()),
        }
    }
}

/// The URL of the holder's server, when it takes connections.
async fn answering(data: &Path) -> Result<Option<String>> {
    let Some(sockets) = lock::announced(data) else { return Ok(None) };
    let url = sockets::url(&sockets);
    let answers = task::blocking(move || wire::Connection::open(&sockets, NAME).is_ok()).await?;
    Ok(answers.then_some(url))
}
