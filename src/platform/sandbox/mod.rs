//! Everything that touches the bytes of an upload runs in a child process: the same binary, started again as
//! `legato sandbox <task> <order>`, which locks itself in before it reads the first byte.
//!
//! - [`run`] is the server's half: start the child, hear its progress, end it at the deadline, say what became of it.
//! - [`child()`] is the other half: `main` calls it before anything else, threads and runtime included.
//! - [`restrict`] is the lock: resource limits, Landlock without one allowed path, and a list of allowed system calls.
//! - [`status`] tries the lock, for `legato doctor`.
//!
//! The two halves speak in lines of JSON on the child's standard output ([`Line`]), between which a task may hand over
//! bytes for whoever waits for them ([`stream`]); the upload is its standard input;
//! its working folder is the only one where it creates files, and it does so before the lock closes.

mod child;
mod parent;
mod restrict;
mod selftest;
mod spare_threads;

pub(crate) use child::{Context, Fault, Task, child, no_outputs};
#[cfg(fuzzing)]
pub(crate) use parent::hear;
pub(crate) use parent::{run, stream};
pub(crate) use selftest::status;

use std::fmt;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The first argument that makes the binary a sandboxed child.
const SUBCOMMAND: &str = "sandbox";

/// The binary that becomes the child.
#[derive(Clone, Debug)]
pub(crate) struct Program(PathBuf);

impl Program {
    /// The binary at `path`; `/proc/self/exe`, which is resolved in the child, is this very one. A test harness is not
    /// the server: tests name the real one.
    pub(crate) fn at(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }
}

/// What one child is to do.
pub(crate) struct Work<'a> {
    /// The name of a [`Task`] that [`child()`] was given.
    pub(crate) task: &'a str,
    /// The upload, opened for reading only; read from its start, wherever its offset stands.
    pub(crate) source: File,
    /// The folder in which the task's outputs appear. Leftovers of an earlier attempt are replaced.
    pub(crate) outputs: &'a Path,
    /// Ids and settings, at most about 100 KiB of JSON. Visible in `ps`: no secrets.
    pub(crate) arguments: Value,
    /// Where the child's means end.
    pub(crate) limits: Limits,
}

/// Where a child's means end. Work that was done earns more: nobody knows beforehand how long a file really is.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Limits {
    /// Memory that can be written to, in bytes, at any time; the program's own code comes on top.
    pub(crate) memory_bytes: u64,
    /// What the child has at its start. No progress, however great, gives it more processor time than this from then on.
    pub(crate) start: Means,
    /// The most that progress can earn, whatever the child says of itself.
    pub(crate) most: Means,
}

/// What a child may use up, in all since its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Means {
    /// Processor time, in whole seconds, at least one.
    pub(crate) cpu: Duration,
    /// Time on the clock, counted by the parent.
    pub(crate) wall: Duration,
    /// Size of each output file in bytes.
    pub(crate) output_bytes: u64,
}

impl Limits {
    /// Means that no progress makes greater.
    pub(crate) const fn fixed(memory_bytes: u64, means: Means) -> Self {
        Self { memory_bytes, start: means, most: means }
    }
}

impl Means {
    /// Of each the lesser.
    fn min(self, other: Self) -> Self {
        Self {
            cpu: self.cpu.min(other.cpu),
            wall: self.wall.min(other.wall),
            output_bytes: self.output_bytes.min(other.output_bytes),
        }
    }
}

/// A task that came to its end, and what it took.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Done {
    /// The task's own result.
    pub(crate) result: Value,
    /// The child's peak resident memory (`VmHWM`); `None` where `/proc` is not mounted.
    pub(crate) peak_memory_bytes: Option<u64>,
    /// Processor time of the whole child, start included.
    pub(crate) cpu_time: Duration,
}

/// Why there is no result.
///
/// `Refused` is the task's verdict on the file. `OutOfTime`, `OutOfMemory`, `OutputTooLarge`, `Forbidden`, `Crashed` and
/// `Garbled` are what the file made the code do, and would most likely come again. `TimedOut` may be the file or a busy
/// machine, and so may `Crashed` by SIGKILL, the answer of a kernel that is out of memory. `Io` is ours, and worth
/// another attempt.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The task refused the file, with its reason.
    Refused(Value),
    /// The deadline on the clock passed.
    TimedOut,
    /// The processor time was used up.
    OutOfTime,
    /// An allocation failed.
    OutOfMemory,
    /// An output grew beyond its limit.
    OutputTooLarge,
    /// The child made a system call that no task needs.
    Forbidden,
    /// The child ended without a verdict; the end of what it said on standard error.
    Crashed { status: ExitStatus, stderr: String },
    /// The child did not keep to the protocol.
    Garbled(&'static str),
    /// The caller wanted it no more.
    Cancelled,
    /// Our side failed. A full disk is in there as an [`io::Error`] of kind `StorageFull`.
    Io(anyhow::Error),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(reason) => write!(f, "the task refused the file: {reason}"),
            Self::TimedOut => f.write_str("the child passed its deadline"),
            Self::OutOfTime => f.write_str("the child used up its processor time"),
            Self::OutOfMemory => f.write_str("the child ran out of memory"),
            Self::OutputTooLarge => f.write_str("the child wrote more than it may"),
            Self::Forbidden => f.write_str("the child made a forbidden system call"),
            Self::Crashed { status, stderr } => write!(f, "the child crashed ({status}): {}", stderr.trim_end()),
            Self::Garbled(what) => write!(f, "the child broke the protocol: {what}"),
            Self::Cancelled => f.write_str("cancelled"),
            Self::Io(error) => write!(f, "{error:#}"),
        }
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(error) => error.chain().nth(1),
            _ => None,
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error.into())
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Io(error)
    }
}

/// What the parent hands over in the child's last argument.
#[derive(Serialize, Deserialize)]
struct Order {
    /// The parent's process id: a child that finds itself with another was orphaned while it started.
    parent: u32,
    limits: Limits,
    arguments: Value,
}

/// The most bytes that a child hands over at once.
const PIECE_BYTES: usize = 64 << 10;

/// One line of the child's standard output. Any but `Progress` and `Bytes` is the last.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Progress(Value),
    /// So many bytes follow behind the line's end, [`PIECE_BYTES`] at the most: a piece of a stream.
    Bytes(usize),
    Done(Done),
    Refused(Value),
    /// An input or output error, with the system's number if it has one.
    Failed {
        message: String,
        os_error: Option<i32>,
    },
}
