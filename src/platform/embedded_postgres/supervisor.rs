//! The thread that starts the server, starts it again when it dies, and shuts it down.
//!
//! It must be one thread for all starts: the kernel sends the parent-death signal when the *thread* that started a
//! process ends (`PR_SET_PDEATHSIG` in prctl(2)).

use std::io::{self, PipeReader, PipeWriter};
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use tokio::sync::oneshot;

use super::cluster::Cluster;
use super::lock::DataLock;
use super::log::Log;
use super::sockets::Sockets;
use super::{Options, wire};

/// How often a starting server is asked whether it is ready.
const READY_POLL: Duration = Duration::from_millis(10);

/// How often a long start (recovery after a crash) is mentioned.
const SLOW_START: Duration = Duration::from_secs(10);

/// The pauses between starts of a server that keeps dying, and how long it must live to start afresh.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
const HEALTHY: Duration = Duration::from_secs(5);

/// A running server's guard. Dropping it shuts the server down, without waiting.
#[derive(Debug)]
pub(super) struct Supervisor {
    /// Never written to: its closing is the request to stop, which reaches the thread whatever it waits for.
    stop: PipeWriter,
    ended: oneshot::Receiver<Result<()>>,
}

impl Supervisor {
    /// Starts the server of the locked folder; answers with the socket's folder once it takes connections.
    pub(super) async fn start(lock: DataLock, options: Options) -> Result<(Self, PathBuf)> {
        let (stopped, stop) = io::pipe().context("cannot make a pipe")?;
        let (ready, is_ready) = oneshot::channel();
        let (end, ended) = oneshot::channel();
        thread::Builder::new()
            .name("postgres".into())
            .spawn(move || {
                // Nobody listens when the guard was dropped.
                let _ = end.send(run(lock, &options, stopped, ready));
            })
            .context("cannot start PostgreSQL's thread")?;
        let sockets = is_ready.await.context("PostgreSQL's thread broke down")??;
        Ok((Self { stop, ended }, sockets))
    }

    /// Shuts the server down and waits for its end.
    pub(super) async fn stop(self) -> Result<()> {
        drop(self.stop);
        self.ended.await.context("PostgreSQL's thread broke down")?
    }
}

/// The thread's work, from the folder to the last word.
fn run(lock: DataLock, options: &Options, stopped: PipeReader, ready: oneshot::Sender<Result<PathBuf>>) -> Result<()> {
    let started = Watch::prepare(lock, options, stopped).and_then(|watch| Ok((watch.launch()?, watch)));
    match started {
        Ok((Some(server), watch)) => {
            let _ = ready.send(watch.announce());
            watch.keep_running(server)
        }
        Ok((None, _)) => Ok(()),
        Err(problem) => {
            let _ = ready.send(Err(problem));
            Ok(())
        }
    }
}

/// All that the thread holds. What is dropped last is the folder's lock.
struct Watch {
    cluster: Cluster,
    sockets: Sockets,
    log: Log,
    stopped: PipeReader,
    lock: DataLock,
}

impl Watch {
    fn prepare(lock: DataLock, options: &Options, stopped: PipeReader) -> Result<Self> {
        let cluster = Cluster::open(lock.data(), options)?;
        let sockets = Sockets::open(lock.data(), cluster.runner())?;
        Ok(Self { cluster, sockets, log: Log::open()?, stopped, lock })
    }

    /// Starts the server and waits until it takes connections; `None` when asked to stop meanwhile.
    fn launch(&self) -> Result<Option<Server>> {
        self.log.forget();
        self.sockets.clear()?;
        let mut command = self.cluster.server(self.sockets.folder())?;
        let output = command.stdout(self.log.output()?).stderr(self.log.output()?);
        let mut server = Server::new(output.spawn().with_context(|| self.cluster.runner().remedy())?)?;
        let began = Instant::now();
        let mut mentioned = SLOW_START;
        while !self.cluster.is_ready(server.child.id()) {
            match wait(Some(&server.handle), &self.stopped, Some(READY_POLL))? {
                Waited::Stopped => return server.shut_down().map(|()| None),
                Waited::Ended => bail!("PostgreSQL did not start ({}):\n{}", server.child.wait()?, self.log.tail()),
                Waited::Elapsed => (),
            }
            if began.elapsed() > mentioned {
                tracing::info!(seconds = mentioned.as_secs(), "PostgreSQL is still starting: {}", self.log.tail());
                mentioned += SLOW_START;
            }
        }
        wire::ensure_database(self.sockets.folder())?;
        tracing::debug!(milliseconds = began.elapsed().as_millis(), "PostgreSQL is ready");
        Ok(Some(server))
    }

    /// Tells other processes, and answers, where the server is reached.
    fn announce(&self) -> Result<PathBuf> {
        self.lock.announce(self.sockets.folder())?;
        Ok(self.sockets.folder().to_owned())
    }

    /// Watches over the server until asked to stop.
    fn keep_running(&self, mut server: Server) -> Result<()> {
        let mut pause = Duration::ZERO;
        loop {
            let began = Instant::now();
            if let Waited::Stopped = wait(Some(&server.handle), &self.stopped, None)? {
                return server.shut_down();
            }
            tracing::warn!(status = %server.child.wait()?, "PostgreSQL ended by itself and is started again");
            if began.elapsed() > HEALTHY {
                pause = Duration::ZERO;
            }
            match self.relaunch(&mut pause)? {
                Some(again) => server = again,
                None => return Ok(()),
            }
        }
    }

    /// Starts the server again until it works; `None` when asked to stop meanwhile.
    fn relaunch(&self, pause: &mut Duration) -> Result<Option<Server>> {
        loop {
            if let Waited::Stopped = wait(None, &self.stopped, Some(*pause))? {
                return Ok(None);
            }
            *pause = (*pause * 2).clamp(FIRST_PAUSE, LONGEST_PAUSE);
            match self.cluster.end_orphans().and_then(|()| self.launch()) {
                Ok(launched) => {
                    tracing::info!("PostgreSQL is back");
                    return Ok(launched);
                }
                Err(problem) => tracing::error!(problem = format!("{problem:#}"), "PostgreSQL does not start"),
            }
        }
    }
}

/// A process of PostgreSQL, the first of its group.
struct Server {
    child: Child,
    /// Says when it ends, and takes signals that never reach another process of the same number.
    handle: OwnedFd,
}

impl Server {
    fn new(child: Child) -> Result<Self> {
        let handle = pidfd_open(Pid::from_child(&child), PidfdFlags::empty()).context("cannot watch PostgreSQL")?;
        Ok(Self { child, handle })
    }

    /// Fast (sessions are ended, data is synced), then immediate, then by force.
    fn shut_down(&mut self) -> Result<()> {
        for (signal, patience) in [(Signal::INT, 20), (Signal::QUIT, 5), (Signal::KILL, 5)] {
            if self.child.try_wait()?.is_some() {
                return Ok(());
            }
            pidfd_send_signal(&self.handle, signal).context("cannot stop PostgreSQL")?;
            let mut end = [PollFd::new(&self.handle, PollFlags::IN)];
            if poll_for(&mut end, Some(Duration::from_secs(patience)))? {
                self.child.wait()?;
                return Ok(());
            }
            tracing::warn!(?signal, seconds = patience, "PostgreSQL did not stop in time");
        }
        bail!("PostgreSQL cannot be stopped")
    }
}

impl Drop for Server {
    /// Only a server that failed between its start and its use still runs here.
    fn drop(&mut self) {
        if let Err(problem) = self.shut_down() {
            tracing::error!(problem = format!("{problem:#}"), "PostgreSQL may still run");
        }
    }
}

/// What a wait ended with.
enum Waited {
    /// The server ended.
    Ended,
    /// We were asked to stop.
    Stopped,
    /// Neither, in the time given.
    Elapsed,
}

fn wait(server: Option<&OwnedFd>, stopped: &PipeReader, at_most: Option<Duration>) -> Result<Waited> {
    let mut watched = vec![PollFd::new(stopped, PollFlags::IN)];
    watched.extend(server.map(|server| PollFd::new(server, PollFlags::IN)));
    if !poll_for(&mut watched, at_most)? {
        return Ok(Waited::Elapsed);
    }
    Ok(if watched[0].revents().is_empty() { Waited::Ended } else { Waited::Stopped })
}

/// Whether one of the descriptors has news, for `None` after however long.
fn poll_for(watched: &mut [PollFd<'_>], at_most: Option<Duration>) -> Result<bool> {
    let timeout = at_most.map(Timespec::try_from).transpose()?;
    let news = rustix::io::retry_on_intr(|| poll(watched, timeout.as_ref())).context("cannot wait for PostgreSQL")?;
    Ok(news > 0)
}
