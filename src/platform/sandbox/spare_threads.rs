//! Threads of the child beside its first one. None can be started behind the lock: these are there before.

use std::io;
use std::sync::mpsc::{Sender, channel};

/// A thread that runs what it is sent, one after the other.
pub(crate) type SpareThread = Sender<Box<dyn FnOnce() + Send>>;

/// The most that a child has: its parts are few.
const MAX_THREADS: usize = 3;

/// Starts one for each processor beside the first.
pub(super) fn start() -> io::Result<Vec<SpareThread>> {
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    (1..processors).take(MAX_THREADS).map(start_one).collect()
}

fn start_one(number: usize) -> io::Result<SpareThread> {
    let (sender, jobs) = channel::<Box<dyn FnOnce() + Send>>();
    let thread = std::thread::Builder::new().name(format!("spare {number}"));
    thread.spawn(move || jobs.into_iter().for_each(|job| job()))?;
    Ok(sender)
}
