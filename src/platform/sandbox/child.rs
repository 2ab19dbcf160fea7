//! The child's half: take what has to be opened, lock the door, do the task, give the verdict.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek as _, Write as _};
use std::os::fd::AsFd as _;
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::os::unix::process::parent_id;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use rustix::process::Signal;
use rustix::time::ClockId;
use serde_json::Value;

use super::restrict;
use super::selftest::SELF_TESTS;
use super::spare_threads::{self, SpareThread};
use super::{Done, Limits, Line, Order, PIECE_BYTES, SUBCOMMAND};

/// Something that a child can do.
#[derive(Clone, Copy)]
pub(crate) struct Task {
    /// Its name on the command line.
    pub(crate) name: &'static str,
    /// The names of the files that it writes for these arguments, in the order of [`Context::outputs`].
    pub(crate) outputs: fn(&Value) -> Vec<String>,
    /// The names of files that its caller may have put into the working folder: what people wrote, which is for no
    /// command line. In the order of [`Context::inputs`].
    pub(crate) inputs: &'static [&'static str],
    /// Whether its code wants threads beside its own.
    pub(crate) wants_threads: bool,
    /// Its code, run behind the lock: no file but those of its [`Context`] can be opened, no thread started.
    pub(crate) run: TaskFn,
}

/// Of a task that writes no files.
pub(crate) fn no_outputs(_: &Value) -> Vec<String> {
    Vec::new()
}

/// The code of a [`Task`]. The second argument takes progress, which reaches the parent at once.
pub(crate) type TaskFn = fn(Context, &mut dyn FnMut(Value)) -> Result<Value, Fault>;

/// What a task has to work with.
pub(crate) struct Context {
    /// The upload, read-only, at its start.
    pub(crate) source: File,
    /// The task's output files, empty, for reading and writing.
    pub(crate) outputs: Vec<File>,
    /// The task's input files, for reading; `None` where the caller put none.
    pub(crate) inputs: Vec<Option<File>>,
    /// Takes bytes for a parent that waits for a stream; any other gives up on the child that sends some.
    pub(crate) outlet: Outlet,
    /// What the parent gave along.
    pub(crate) arguments: Value,
    /// Threads behind the same lock, which run what they are sent.
    pub(crate) spare_threads: Vec<SpareThread>,
    /// The version of Landlock that holds; `None`: the kernel has none.
    pub(super) landlock_abi: Option<u8>,
    /// What the server's own starter left open, beside standard input, output and error.
    pub(super) stray_descriptors: Vec<String>,
}

/// Why a task has no result.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The file is to blame, for this reason.
    Refused(Value),
    /// Reading the source or writing an output failed: a full disk, say. Nobody's file is to blame.
    Io(io::Error),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Become the sandboxed child if the command line says so: `main` calls this first, while the process has one thread,
/// and ends with the code that it gets. `None`: this is an ordinary start.
pub(crate) fn child(tasks: &[Task]) -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned());
    if arguments.next()? != SUBCOMMAND {
        return None;
    }
    let verdict = obey(tasks, arguments).unwrap_or_else(|error| Line::Failed {
        message: format!("{error:#}"),
        os_error: error.downcast_ref().and_then(io::Error::raw_os_error),
    });
    Some(say(&verdict).map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS))
}

fn obey(tasks: &[Task], mut arguments: impl Iterator<Item = String>) -> anyhow::Result<Line> {
    let (Some(name), Some(order)) = (arguments.next(), arguments.next()) else {
        bail!("`{SUBCOMMAND}` is what the server calls itself with; there is nothing in it for people");
    };
    let stray_descriptors = open_descriptors();
    let Order { parent, limits, arguments } = serde_json::from_str(&order).context("cannot read the order")?;
    die_with(parent)?;
    let task = tasks.iter().chain(SELF_TESTS).find(|task| task.name == name).context("no such task")?;
    let meter = Meter::open();
    let context = enter(task, arguments, &limits, stray_descriptors)?;
    Ok(judge((task.run)(context, &mut report), &meter))
}

/// What is open beside standard input, output and error, by the names that the kernel gives.
fn open_descriptors() -> Vec<String> {
    let Ok(folder) = fs::read_dir("/proc/self/fd") else { return Vec::new() };
    let standard = ["0", "1", "2"].map(|number| Path::new("/proc/self/fd").join(number));
    // Collected first: by the time that the links are read, the listing's own descriptor is closed.
    let links: Vec<_> = folder.flatten().map(|entry| entry.path()).filter(|link| !standard.contains(link)).collect();
    links.iter().filter_map(|link| fs::read_link(link).ok()).map(|target| target.display().to_string()).collect()
}

/// End with the parent, even if it is killed. It may have died before this took effect; then the process already has
/// another parent.
fn die_with(parent: u32) -> anyhow::Result<()> {
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL)).context("cannot tie to the parent")?;
    ensure!(parent_id() == parent, "the parent has gone");
    Ok(())
}

/// Open what the task needs, then lock the door behind it.
fn enter(task: &Task, arguments: Value, limits: &Limits, stray_descriptors: Vec<String>) -> anyhow::Result<Context> {
    let mut source = File::from(io::stdin().as_fd().try_clone_to_owned().context("cannot take the source")?);
    source.rewind().context("cannot rewind the source")?;
    let inputs = task.inputs.iter().map(|name| File::open(name).ok()).collect();
    let outputs = (task.outputs)(&arguments).iter().map(|name| create(name)).collect::<Result<_, _>>()?;
    let spare_threads = if task.wants_threads { spare_threads::start()? } else { Vec::new() };
    let landlock_abi = restrict::confine(limits, &spare_threads)?;
    let outlet = Outlet(());
    Ok(Context { source, outputs, inputs, outlet, arguments, spare_threads, landlock_abi, stray_descriptors })
}

/// A new file in place of what an earlier attempt may have left: never that one, which a lost child may still hold.
fn create(name: &str) -> anyhow::Result<File> {
    match fs::remove_file(name) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(name),
    }
    .with_context(|| format!("cannot create {name}"))
}

fn report(progress: Value) {
    // Without a listener there is nobody to work for.
    if say(&Line::Progress(progress)).is_err() {
        std::process::exit(1);
    }
}

fn judge(outcome: Result<Value, Fault>, meter: &Meter) -> Line {
    match outcome {
        Ok(result) => Line::Done(Done { result, peak_memory_bytes: meter.peak_memory(), cpu_time: meter.cpu_time() }),
        Err(Fault::Refused(reason)) => Line::Refused(reason),
        Err(Fault::Io(error)) => Line::Failed { message: error.to_string(), os_error: error.raw_os_error() },
    }
}

/// The way on which bytes reach the parent at once, piece by piece. It blocks for as long as nobody takes them.
pub(crate) struct Outlet(());

impl io::Write for Outlet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let piece = &bytes[..bytes.len().min(PIECE_BYTES)];
        if !piece.is_empty() {
            let mut text = serde_json::to_vec(&Line::Bytes(piece.len()))?;
            text.push(b'\n');
            text.extend_from_slice(piece);
            hand_over(&text)?;
        }
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn say(line: &Line) -> io::Result<()> {
    let mut text = serde_json::to_vec(line)?;
    text.push(b'\n');
    hand_over(&text)
}

fn hand_over(text: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text)?;
    stdout.flush()
}

/// What the process has used, readable behind the lock.
struct Meter {
    status: Option<File>,
}

impl Meter {
    fn open() -> Self {
        let meter = Self { status: File::open("/proc/self/status").ok() };
        // The first reading looks for the kernel's clock in a file.
        meter.cpu_time();
        meter
    }

    /// `VmHWM` belongs to this program alone; `ru_maxrss` would start with the peak of the parent that forked it.
    fn peak_memory(&self) -> Option<u64> {
        let mut text = [0; 4096];
        let length = self.status.as_ref()?.read_at(&mut text, 0).ok()?;
        parse_peak(&String::from_utf8_lossy(&text[..length]))
    }

    fn cpu_time(&self) -> Duration {
        rustix::time::clock_gettime(ClockId::ProcessCPUTime).try_into().unwrap_or_default()
    }
}

fn parse_peak(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_read_from_the_status_file() {
        assert_eq!(parse_peak("Name:\tlegato\nVmHWM:\t   10084 kB\nVmRSS:\t 1 kB\n"), Some(10_084 * 1024));
        assert_eq!(parse_peak("Name:\tlegato\n"), None);
    }

    #[test]
    fn an_input_error_is_no_verdict_on_the_file() {
        let outcome = Err(Fault::from(io::Error::from_raw_os_error(28)));
        assert!(matches!(judge(outcome, &Meter::open()), Line::Failed { os_error: Some(28), .. }));
    }
}
