//! PostgreSQL's log: a pipe into ours, so that it is kept, shaped and bounded as ours is.

use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, PipeReader, PipeWriter};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

/// How many lines are kept for an error's text.
const TAIL: usize = 12;

/// The writing end, and the last lines that came through.
pub(super) struct Log {
    pipe: PipeWriter,
    tail: Arc<Mutex<VecDeque<String>>>,
}

impl Log {
    /// Starts the thread that reads; it ends with the last process that holds the pipe.
    pub(super) fn open() -> Result<Self> {
        let (reader, pipe) = io::pipe().context("cannot make a pipe for PostgreSQL's log")?;
        let tail = Arc::new(Mutex::new(VecDeque::new()));
        let kept = Arc::clone(&tail);
        thread::Builder::new()
            .name("postgres-log".into())
            .spawn(move || relay(reader, &kept))
            .context("cannot start the thread for PostgreSQL's log")?;
        Ok(Self { pipe, tail })
    }

    /// Where a server writes to.
    pub(super) fn output(&self) -> io::Result<Stdio> {
        Ok(self.pipe.try_clone()?.into())
    }

    /// The last lines, when the server has just ended.
    pub(super) fn tail(&self) -> String {
        // They may still be in the pipe.
        thread::sleep(Duration::from_millis(50));
        let tail = self.tail.lock().unwrap_or_else(PoisonError::into_inner);
        tail.iter().map(String::as_str).collect::<Vec<_>>().join("\n")
    }

    /// Forgets the lines of an earlier server.
    pub(super) fn forget(&self) {
        self.tail.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

fn relay(pipe: PipeReader, tail: &Mutex<VecDeque<String>>) {
    for line in BufReader::new(pipe).split(b'\n') {
        let Ok(line) = line else { return };
        let line = String::from_utf8_lossy(&line).into_owned();
        if deserves_attention(&line) {
            tracing::warn!(target: "postgres", "{line}");
        } else {
            tracing::debug!(target: "postgres", "{line}");
        }
        let mut tail = tail.lock().unwrap_or_else(PoisonError::into_inner);
        tail.push_back(line);
        if tail.len() > TAIL {
            tail.pop_front();
        }
    }
}

/// FATAL is the end of a session, mostly by our own shutdown; PANIC is the end of the server, a signal that of a process.
fn deserves_attention(line: &str) -> bool {
    line.starts_with("PANIC:") || line.contains("was terminated by signal")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_broken_servers_are_warned_of() {
        assert!(deserves_attention("PANIC:  could not write to file \"pg_wal/xlogtemp.1\": No space left on device"));
        assert!(deserves_attention("LOG:  server process (PID 12) was terminated by signal 9: Killed"));
        assert!(!deserves_attention("FATAL:  terminating connection due to administrator command"));
        assert!(!deserves_attention("LOG:  database system is ready to accept connections"));
    }
}
