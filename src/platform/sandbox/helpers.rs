//! Threads of the child beside its first one. None can be started behind the lock: these are there before.

use std::io;
use std::sync::mpsc::{Sender, channel};

/// A thread that runs what it is sent, one after the other.
pub(crate) type Helper = Sender<Box<dyn FnOnce() + Send>>;

/// The most that a child has: its parts are few.
const MAX_HELPERS: usize = 3;

/// Starts one for each processor beside the first.
pub(super) fn start() -> io::Result<Vec<Helper>> {
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    (1..processors).take(MAX_HELPERS).map(start_one).collect()
}

fn start_one(number: usize) -> io::Result<Helper> {
    let (sender, jobs) = channel::<Box<dyn FnOnce() + Send>>();
    let thread = std::thread::Builder::new().name(format!("helper {number}"));
    thread.spawn(move || jobs.into_iter().for_each(|job| job()))?;
    Ok(sender)
}
