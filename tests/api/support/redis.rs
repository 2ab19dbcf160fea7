//! A Redis for one test.

use std::path::{Path, PathBuf};
use std::time::Duration;

use redis::{Client, Connection, FromRedisValue};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::process::{Child, Command};

use super::{becomes_true, skipped, variable};

const PATIENCE: Duration = Duration::from_secs(20);

/// A running `redis-server` on a socket of its own, which keeps nothing on disk; killed at the end of its test.
pub(crate) struct RedisServer {
    process: Child,
    socket: PathBuf,
    _folder: TempDir,
}

impl RedisServer {
    /// `None`, said loudly, where no `redis-server` is installed.
    pub(crate) async fn start() -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let socket = folder.path().join("redis.sock");
        let Some(process) = spawn(&socket) else {
            assert!(variable("CI").is_none(), "no redis-server");
            skipped("redis-server is not installed");
            return None;
        };
        let server = Self { process, socket, _folder: folder };
        assert!(becomes_true(PATIENCE, async || server.connection().is_some()).await, "Redis does not start");
        Some(server)
    }

    /// For the setting `redis_url`.
    pub(crate) fn url(&self) -> String {
        format!("unix://{}", self.socket.display())
    }

    /// One command, spoken past the server under test.
    #[track_caller]
    pub(crate) fn says<T: FromRedisValue>(&self, command: &str) -> T {
        let mut connection = self.connection().expect("Redis answers");
        redis::cmd(command).query(&mut connection).expect("an answer")
    }

    fn connection(&self) -> Option<Connection> {
        let mut connection = Client::open(self.url()).expect("a URL").get_connection().ok()?;
        redis::cmd("PING").query::<()>(&mut connection).ok().map(|()| connection)
    }

    /// From now on it takes connections and bytes, and answers nothing.
    pub(crate) fn hangs(&self) {
        self.signal(Signal::STOP);
    }

    /// It goes on.
    pub(crate) fn goes_on(&self) {
        self.signal(Signal::CONT);
    }

    /// kill -9.
    pub(crate) async fn dies(&mut self) {
        self.signal(Signal::KILL);
        self.process.wait().await.expect("its end");
    }

    /// It is back, and remembers nothing.
    pub(crate) async fn comes_back(&mut self) {
        self.process = spawn(&self.socket).expect("Redis starts again");
        assert!(becomes_true(PATIENCE, async || self.connection().is_some()).await, "Redis does not start again");
    }

    fn signal(&self, signal: Signal) {
        let pid = self.process.id().and_then(|id| Pid::from_raw(id.cast_signed())).expect("it runs");
        kill_process(pid, signal).expect("signalled");
    }
}

fn spawn(socket: &Path) -> Option<Child> {
    let mut command = Command::new("redis-server");
    command.args(["--port", "0", "--save", "", "--appendonly", "no", "--unixsocket"]).arg(socket);
    command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).kill_on_drop(true).spawn().ok()
}
