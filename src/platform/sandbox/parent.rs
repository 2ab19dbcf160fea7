//! The server's half: start the child, hear it out within bounds, and say what became of it.

use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{ExitStatus, Stdio};
use std::sync::{LazyLock, mpsc};
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use bytes::Bytes;
use rustix::fs::OFlags;
use rustix::process::{Pid, Signal};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, BufReader, Take};
use tokio::process::{Child, Command};
use tokio::runtime::Handle;
use tokio::sync::{mpsc as channel, oneshot, watch};
use tokio::time::Instant;

use super::{Done, Failure, Limits, Line, Means, Order, PIECE_BYTES, Program, SUBCOMMAND, Work, restrict};

/// A hostile child may say what it likes, but not fill the server's memory with it: one line, and all lines together.
const LINE_BYTES: u64 = 1 << 20;
const TALK_BYTES: u64 = 16 << 20;
/// How much of the end of standard error is kept.
const STDERR_BYTES: usize = 4096;

/// Do `work` in a sandboxed child and wait for its end. `on_progress` hears what the task reports, and answers what the
/// child may use in all by what it has done, if that is more than before; when `cancelled` is ready, the child is killed.
/// No child is left when this returns; dropped earlier, it kills the child too.
pub(crate) async fn run(
    program: &Program,
    work: Work<'_>,
    cancelled: impl Future<Output = ()>,
    on_progress: impl FnMut(Value) -> Option<Means>,
) -> Result<Done, Failure> {
    attend(program, work, cancelled, on_progress, None).await
}

/// The same for a task that hands over bytes: they go into `bytes` as they come, and while there is no room, the child
/// waits. Whoever drops the other end wants no more: the child is killed at once.
pub(crate) async fn stream(
    program: &Program,
    work: Work<'_>,
    bytes: channel::Sender<Bytes>,
    on_progress: impl FnMut(Value) -> Option<Means>,
) -> Result<Done, Failure> {
    attend(program, work, bytes.closed(), on_progress, Some(&bytes)).await
}

async fn attend(
    program: &Program,
    work: Work<'_>,
    cancelled: impl Future<Output = ()>,
    mut on_progress: impl FnMut(Value) -> Option<Means>,
    bytes: Option<&channel::Sender<Bytes>>,
) -> Result<Done, Failure> {
    let (task, limits) = (work.task, work.limits);
    let mut child = start(program, work).await?;
    let purse = Purse::of(&child, limits);
    let deadline = purse.deadline.subscribe();
    let on_progress = |progress| {
        if let Some(earned) = on_progress(progress) {
            purse.fill(earned);
        }
    };
    let outlet = bytes.map(|bytes| Outlet { bytes, left: limits.most.output_bytes });
    let outcome = tokio::select! {
        biased;
        outcome = converse(task, &mut child, on_progress, outlet) => outcome,
        () = cancelled => Err(Failure::Cancelled),
        () = passed(deadline) => Err(Failure::TimedOut),
    };
    // Waited for, so that nobody writes to the outputs any more. A child that has ended already is fine.
    let _ = child.kill().await;
    outcome
}

async fn passed(deadline: watch::Receiver<Instant>) {
    loop {
        let at = *deadline.borrow();
        if at <= Instant::now() {
            return;
        }
        tokio::time::sleep_until(at).await;
    }
}

/// What a running child has left, and its parent's hand on it.
struct Purse {
    child: Option<Pid>,
    limits: Limits,
    started: Instant,
    deadline: watch::Sender<Instant>,
}

impl Purse {
    fn of(child: &Child, limits: Limits) -> Self {
        let child = child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
        let started = Instant::now();
        Self { child, limits, started, deadline: watch::Sender::new(started + limits.start.wall) }
    }

    /// Let the child use what it has earned.
    fn fill(&self, earned: Means) {
        let Some(child) = self.child else { return };
        let mut means = earned.min(self.limits.most);
        if let Some(used) = cpu_time(child) {
            means.cpu = means.cpu.min(used + self.limits.start.cpu).max(self.limits.start.cpu);
        }
        self.deadline.send_replace(self.started + means.wall);
        // A child that has just ended needs nothing.
        if let Err(error) = restrict::extend(child, means, self.limits.most) {
            tracing::debug!(%error, "the sandboxed child was given no more");
        }
    }
}

/// What a process of one thread has used, as the kernel counts it: a child's own word would not do.
fn cpu_time(process: Pid) -> Option<Duration> {
    let counted = std::fs::read_to_string(format!("/proc/{}/schedstat", process.as_raw_nonzero())).ok()?;
    Some(Duration::from_nanos(counted.split_ascii_whitespace().next()?.parse().ok()?))
}

async fn start(program: &Program, work: Work<'_>) -> Result<Child, Failure> {
    let access = rustix::fs::fcntl_getfl(&work.source).map_err(io::Error::from)?;
    if access & OFlags::RWMODE != OFlags::RDONLY {
        return Err(anyhow!("the source must be opened for reading only: the child could change it").into());
    }
    let order = Order { parent: std::process::id(), limits: work.limits, arguments: work.arguments };
    let mut command = Command::new(&program.0);
    command
        .arg0("legato")
        .args([SUBCOMMAND, work.task, &serde_json::to_string(&order).context("cannot write the order")?])
        .env_clear()
        // glibc opens a file when it shrinks the heap of a thread beside the first; with one heap for all it does not.
        .env("GLIBC_TUNABLES", "glibc.malloc.arena_max=1")
        .current_dir(work.outputs)
        // Ctrl-C in a terminal is for the server, which lets running steps end.
        .process_group(0)
        .stdin(Stdio::from(work.source))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    Ok(fork(command).await.context("cannot start the sandboxed child")?)
}

async fn fork(command: Command) -> anyhow::Result<Child> {
    let (answer, child) = oneshot::channel();
    FORKER.send(Fork { command, runtime: Handle::current(), answer }).ok().context("the forking thread has ended")?;
    Ok(child.await.context("the forking thread has ended")??)
}

/// The child is told to die with the thread that forked it, and the runtime's threads come and go. So all children
/// are forked by one thread that stays as long as the process.
static FORKER: LazyLock<mpsc::Sender<Fork>> = LazyLock::new(|| {
    let (sender, forks) = mpsc::channel::<Fork>();
    std::thread::Builder::new()
        .name("sandbox-forker".into())
        .spawn(move || forks.into_iter().for_each(Fork::perform))
        .expect("the process can start a thread");
    sender
});

struct Fork {
    command: Command,
    runtime: Handle,
    answer: oneshot::Sender<io::Result<Child>>,
}

impl Fork {
    fn perform(self) {
        let Self { mut command, runtime, answer } = self;
        let _entered = runtime.enter();
        // Where nobody waits any more, the child is dropped, and killed by that.
        let _ = answer.send(command.spawn());
    }
}

/// Hear the child out, then see how it ended.
async fn converse(
    task: &str,
    child: &mut Child,
    on_progress: impl FnMut(Value),
    outlet: Option<Outlet<'_>>,
) -> Result<Done, Failure> {
    let (stdout, stderr) = child.stdout.take().zip(child.stderr.take()).context("the child has no pipes")?;
    let (verdict, stderr) = tokio::try_join!(listen(stdout, on_progress, outlet), last_words(stderr))?;
    let status = child.wait().await?;
    if !stderr.is_empty() {
        tracing::debug!(task, %status, stderr, "the sandboxed child said something on standard error");
    }
    conclude(verdict, status, stderr)
}

/// Take lines until the verdict. `None`: the child said no more without giving one.
async fn listen(
    stdout: impl AsyncRead + Unpin,
    mut on_progress: impl FnMut(Value),
    mut outlet: Option<Outlet<'_>>,
) -> Result<Option<Line>, Failure> {
    let mut stdout = BufReader::new(stdout.take(TALK_BYTES));
    let mut line = Vec::new();
    loop {
        line.clear();
        let length = (&mut stdout).take(LINE_BYTES).read_until(b'\n', &mut line).await?;
        if !line.ends_with(b"\n") {
            let cut_off = length as u64 == LINE_BYTES || stdout.get_ref().limit() == 0;
            return if cut_off { Err(Failure::Garbled("it talked too much")) } else { Ok(None) };
        }
        match serde_json::from_slice(&line) {
            Ok(Line::Progress(progress)) => on_progress(progress),
            Ok(Line::Bytes(length)) => match &mut outlet {
                Some(outlet) => outlet.pass_on(&mut stdout, length).await?,
                None => return Err(Failure::Garbled("it sent what nobody asked for")),
            },
            Ok(verdict) => return Ok(Some(verdict)),
            Err(_) => return Err(Failure::Garbled("a line is no message")),
        }
    }
}

/// Where a child's bytes go.
struct Outlet<'a> {
    bytes: &'a channel::Sender<Bytes>,
    /// How many more there may be.
    left: u64,
}

impl Outlet<'_> {
    async fn pass_on<R: AsyncRead + Unpin>(
        &mut self,
        stdout: &mut BufReader<Take<R>>,
        length: usize,
    ) -> Result<(), Failure> {
        if length == 0 || length > PIECE_BYTES {
            return Err(Failure::Garbled("a piece of no size"));
        }
        self.left = self.left.checked_sub(length as u64).ok_or(Failure::OutputTooLarge)?;
        // What it hands over is no talk.
        let limit = stdout.get_ref().limit() + length as u64;
        stdout.get_mut().set_limit(limit);
        let mut piece = vec![0; length];
        match stdout.read_exact(&mut piece).await {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()), // how it ended says why
            read => read?,
        };
        // Nobody waits any more: whoever dropped the other end is about to kill the child.
        self.bytes.send(piece.into()).await.map_err(|_| Failure::Cancelled)
    }
}

/// Everything that a child says, and a good end: for the fuzzer alone (`fuzz/fuzz_targets/protocol.rs`).
#[cfg(fuzzing)]
pub(crate) async fn hear(said: &[u8], on_progress: impl FnMut(Value)) -> Result<Done, Failure> {
    let words = last_words(said).await?;
    let (bytes, mut taken) = channel::channel(1);
    let verdict = async {
        let bytes = bytes;
        listen(said, on_progress, Some(Outlet { bytes: &bytes, left: 1 << 20 })).await
    };
    let (verdict, ()) = tokio::join!(verdict, async { while taken.recv().await.is_some() {} });
    conclude(verdict?, ExitStatus::default(), words)
}

/// The end of what the child says on standard error, until it closes it: at its own end.
async fn last_words(mut stderr: impl AsyncRead + Unpin) -> Result<String, Failure> {
    let mut words = Vec::with_capacity(2 * STDERR_BYTES);
    while stderr.read_buf(&mut words).await? > 0 {
        let excess = words.len().saturating_sub(STDERR_BYTES);
        words.drain(..excess);
    }
    Ok(String::from_utf8_lossy(&words).into_owned())
}

fn conclude(verdict: Option<Line>, status: ExitStatus, stderr: String) -> Result<Done, Failure> {
    match status.signal().and_then(Signal::from_named_raw) {
        Some(Signal::XCPU) => return Err(Failure::OutOfTime),
        Some(Signal::XFSZ) => return Err(Failure::OutputTooLarge),
        Some(Signal::SYS) => return Err(Failure::Forbidden),
        // What the standard library says before it aborts.
        Some(Signal::ABORT) if stderr.contains("memory allocation of ") => return Err(Failure::OutOfMemory),
        _ if !status.success() => return Err(Failure::Crashed { status, stderr }),
        _ => {}
    }
    match verdict {
        Some(Line::Done(done)) => Ok(done),
        Some(Line::Refused(reason)) => Err(Failure::Refused(reason)),
        Some(Line::Failed { os_error: Some(number), message }) => {
            Err(Failure::Io(anyhow::Error::new(io::Error::from_raw_os_error(number)).context(message)))
        }
        Some(Line::Failed { os_error: None, message }) => Err(Failure::Io(anyhow!(message))),
        Some(Line::Progress(_) | Line::Bytes(_)) | None => Err(Failure::Garbled("it ended without a verdict")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn heard(said: &[u8]) -> (Result<Option<Line>, Failure>, Vec<Value>) {
        let mut progress = Vec::new();
        let verdict = listen(said, |value| progress.push(value), None).await;
        (verdict, progress)
    }

    /// The bytes that were handed over, of at most `most`.
    async fn handed_over(said: &[u8], most: u64) -> (Result<Option<Line>, Failure>, Vec<Bytes>) {
        let (bytes, mut taken) = channel::channel(64);
        let verdict = listen(said, |_| (), Some(Outlet { bytes: &bytes, left: most })).await;
        drop(bytes);
        let mut pieces = Vec::new();
        while let Some(piece) = taken.recv().await {
            pieces.push(piece);
        }
        (verdict, pieces)
    }

    #[tokio::test]
    async fn bytes_between_the_lines_go_to_who_waits_for_them() {
        let said = b"{\"bytes\":3}\na\nb{\"progress\":1}\n{\"bytes\":2}\n{}{\"refused\":\"no\"}\n";
        let (verdict, pieces) = handed_over(said, 5).await;
        assert!(matches!(verdict, Ok(Some(Line::Refused(_)))));
        assert_eq!(pieces, [&b"a\nb"[..], b"{}"]);
        assert!(matches!(handed_over(said, 4).await.0, Err(Failure::OutputTooLarge)));
        assert!(matches!(heard(said).await.0, Err(Failure::Garbled("it sent what nobody asked for"))));
    }

    #[tokio::test]
    async fn pieces_of_no_size_and_broken_ones_are_refused() {
        for said in [&b"{\"bytes\":0}\n"[..], b"{\"bytes\":65537}\n", b"{\"bytes\":-1}\n"] {
            assert!(matches!(handed_over(said, 1 << 20).await.0, Err(Failure::Garbled(_))));
        }
        assert!(matches!(handed_over(b"{\"bytes\":9}\nabc", 1 << 20).await.0, Ok(None)));
    }

    #[tokio::test]
    async fn a_stream_may_be_longer_than_any_talk() {
        let piece = [&b"{\"bytes\":65536}\n"[..], &[b'x'; 65_536]].concat();
        let (bytes, mut taken) = channel::channel(1);
        let said = piece.repeat(300);
        let outlet = Outlet { bytes: &bytes, left: 1 << 30 };
        let take = async {
            let mut length = 0;
            while length < 300 << 16 {
                length += taken.recv().await.map_or(0, |piece| piece.len());
            }
            length
        };
        let (verdict, length) = tokio::join!(listen(&said[..], |_| (), Some(outlet)), take);
        assert!(matches!(verdict, Ok(None)) && length == 300 << 16);
    }

    #[tokio::test]
    async fn progress_is_passed_on_until_the_verdict() {
        let (verdict, progress) = heard(b"{\"progress\":1}\n{\"progress\":2}\n{\"refused\":\"no\"}\nignored").await;
        assert!(matches!(verdict, Ok(Some(Line::Refused(reason))) if reason == "no"));
        assert_eq!(progress, [1, 2]);
    }

    #[tokio::test]
    async fn a_line_that_breaks_off_is_an_end_without_a_verdict() {
        assert!(matches!(heard(b"{\"progress\":1}\n{\"done\":").await.0, Ok(None)));
        assert!(matches!(heard(b"").await.0, Ok(None)));
    }

    #[tokio::test]
    async fn nonsense_and_endless_talk_are_cut_off() {
        assert!(matches!(heard(b"hello\n").await.0, Err(Failure::Garbled("a line is no message"))));
        assert!(matches!(heard(&vec![b'x'; 2 << 20]).await.0, Err(Failure::Garbled("it talked too much"))));
        let lines = b"{\"progress\":1}\n".repeat(2 << 20);
        assert!(matches!(heard(&lines).await.0, Err(Failure::Garbled("it talked too much"))));
    }

    #[tokio::test]
    async fn only_the_end_of_standard_error_is_kept() {
        let said = [vec![b'a'; 100_000], b"the end".to_vec()].concat();
        let words = last_words(said.as_slice()).await.expect("a slice can be read");
        assert_eq!(words.len(), STDERR_BYTES);
        assert!(words.ends_with("athe end"));
    }

    #[test]
    fn a_verdict_before_a_crash_does_not_count() {
        let verdict = Line::Refused("no".into());
        let outcome = conclude(Some(verdict), ExitStatus::from_raw(11), String::new());
        assert!(matches!(outcome, Err(Failure::Crashed { .. })));
    }

    #[test]
    fn a_full_disk_is_found_in_the_chain() {
        let verdict = Line::Failed { message: "cannot write".into(), os_error: Some(28) };
        let Err(Failure::Io(error)) = conclude(Some(verdict), ExitStatus::from_raw(0), String::new()) else {
            panic!("an input or output error");
        };
        let cause = error.downcast_ref::<io::Error>().map(io::Error::kind);
        assert_eq!(cause, Some(io::ErrorKind::StorageFull));
    }
}
