//! PostgreSQL processes that outlived whoever started them: a server whose Legato was killed, or the sessions of a
//! server that was killed. A new server must not start beside them.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use rustix::process::{Pid, Signal, kill_process};

use super::cluster;

/// How long each signal is given; the gentle one gets what the caller says.
const QUIT_PATIENCE: Duration = Duration::from_secs(1);
const KILL_PATIENCE: Duration = Duration::from_secs(5);

/// Ends every PostgreSQL process that works in a cluster of `data`: with a clean shutdown if it manages in `patience`.
///
/// The caller holds the folder's lock, so nobody else's server is among them. Fails when one cannot be ended.
pub(super) fn end(data: &Path, patience: Duration) -> Result<()> {
    for (signal, patience) in [(Signal::INT, patience), (Signal::QUIT, QUIT_PATIENCE), (Signal::KILL, KILL_PATIENCE)] {
        let living = living(data);
        if living.is_empty() {
            return Ok(());
        }
        tracing::info!(processes = living.len(), ?signal, "ending what is left of an earlier PostgreSQL");
        for pid in living {
            // Gone in the meantime is as good as ended.
            let _ = kill_process(pid, signal);
        }
        wait_for_the_end(data, patience);
    }
    match living(data).as_slice() {
        [] => Ok(()),
        [pid, ..] => bail!("process {pid} of an earlier PostgreSQL cannot be ended"),
    }
}

fn wait_for_the_end(data: &Path, patience: Duration) {
    let deadline = Instant::now() + patience;
    while !living(data).is_empty() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Every process of PostgreSQL works in its cluster's folder.
fn living(data: &Path) -> Vec<Pid> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    processes
        .filter(|process| works_in_a_cluster(&process.path(), data))
        .filter_map(|process| Pid::from_raw(process.file_name().to_str()?.parse().ok()?))
        .collect()
}

fn works_in_a_cluster(process: &Path, data: &Path) -> bool {
    let program = fs::read_link(process.join("exe")).unwrap_or_default();
    let folder = fs::read_link(process.join("cwd")).unwrap_or_default();
    program.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"postgres"))
        && cluster::is_cluster(&folder, data)
}
