//! The program itself, as a process of its own.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Output, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use super::Site;

const PATIENCE: Duration = Duration::from_secs(60);

/// A command that runs on; killed at the end of its test.
pub(crate) struct Legato {
    child: Child,
    says: Lines<BufReader<ChildStdout>>,
    log: PathBuf,
}

impl Legato {
    /// Starts a command on a data folder. What it logs goes to a file beside the folder.
    pub(crate) fn start(data: &Path, arguments: &[&str]) -> Self {
        let log = data.with_extension("log");
        let stderr = OpenOptions::new().create(true).append(true).open(&log).expect("a log");
        let mut command = command(data, arguments);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(stderr).spawn().expect("a process");
        let says = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        Self { child, says, log }
    }

    /// `legato serve` on a free port, and where it answers, once it is ready.
    pub(crate) async fn serve(data: &Path, arguments: &[&str]) -> (Self, Site) {
        let mut legato = Self::start(
            data,
            &[&["serve", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"], arguments].concat(),
        );
        let line = tokio::time::timeout(PATIENCE, legato.says.next_line()).await.ok().and_then(Result::ok).flatten();
        let base = line.as_deref().and_then(|line| line.strip_prefix("Legato is ready: "));
        let site = Site::at(base.unwrap_or_else(|| panic!("not ready: {}", legato.logged())));
        (legato, site)
    }

    /// What it has logged so far.
    pub(crate) fn logged(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// The process that was started, as long as it runs.
    pub(crate) fn process(&mut self) -> Option<u32> {
        self.child.try_wait().expect("asked").is_none().then(|| self.child.id()).flatten()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let pid = self.child.id().and_then(|id| Pid::from_raw(id.cast_signed())).expect("it runs");
        kill_process(pid, signal).expect("signalled");
    }

    /// Waits for its end.
    pub(crate) async fn ends(mut self) -> ExitStatus {
        let ended = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        ended.unwrap_or_else(|_| panic!("it does not end: {}", self.logged())).expect("a status")
    }

    /// kill -9, and its end.
    pub(crate) async fn kill(self) {
        self.signal(Signal::KILL);
        self.ends().await;
    }
}

/// Runs a command to its end, with a text on its standard input.
pub(crate) async fn run_legato(data: &Path, arguments: &[&str], input: &str) -> Output {
    let mut command = command(data, arguments);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a process");
    let mut stdin = child.stdin.take().expect("it is piped");
    stdin.write_all(input.as_bytes()).await.expect("it reads");
    drop(stdin);
    tokio::time::timeout(PATIENCE, child.wait_with_output()).await.expect("it ends").expect("an output")
}

fn command(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_legato"));
    command.args(arguments).arg("--data").arg(data).env("LEGATO_DURABLE", "false").kill_on_drop(true);
    command
}

/// Runs `legato doctor` beside a server: whether all is well, and what it says.
pub(crate) async fn run_doctor(data: &Path, database_url: &str, flag: &str) -> (bool, String) {
    let mut command = command(data, &["doctor", flag]);
    let output = command.env("LEGATO_DATABASE_URL", database_url).output().await.expect("an output");
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}
