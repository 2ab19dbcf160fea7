//! Check a whole statement in the sandboxed child.

use std::os::unix::process::ExitStatusExt;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch;

use super::super::mapping::KeptMapping;
use super::super::reading::{Checked, ORDER, Order, StatementProblem, TASK};
use super::super::statement::{OwnStatement, StatementState};
use super::{Outcome, tell};
use crate::platform::Platform;
use crate::platform::error::{Code, Error, Result};
use crate::platform::jobs::Run;
use crate::platform::sandbox::{self, Done, Failure, Limits, Means, Program, Work};
use crate::platform::storage::{self, Scratch};

/// Memory of a child: buffers of some 300 KiB, and sixteen bytes for each sale.
const MEMORY_BYTES: u64 = 96 * 1024 * 1024;

/// What a child may take beside what its file's length earns.
const START: Duration = Duration::from_secs(10);

/// Bytes that are read in a second by a slow machine that has other things to do.
const SLOWEST: u64 = 512 * 1024;

/// The most that is written for a byte that was read.
const SWELLING: u64 = 12;

/// Understands the statement into the scratch folder, or says why it cannot be used.
pub(super) async fn check(
    platform: &Platform,
    statement: &OwnStatement,
    scratch: &Scratch,
    run: &Run,
) -> Result<Outcome> {
    let order = order(platform, statement).await?;
    scratch.write(ORDER, serde_json::to_vec(&order).map_err(anyhow::Error::from)?).await?;
    let source = platform.storage.file(&statement.file_key).await?;
    let bytes = u64::try_from(statement.file_size_bytes).unwrap_or(0);
    let work = Work {
        task: TASK.name,
        source,
        outputs: scratch.path(),
        arguments: json!({ "bytes": bytes }),
        limits: limits(bytes),
    };
    let (percent, told) = watch::channel(0);
    let on_progress = |value: Value| {
        percent.send_replace(value.as_u64().and_then(|percent| u8::try_from(percent).ok()).unwrap_or(0));
        None
    };
    let program = Program::at(&platform.config.sandbox_program);
    tokio::select! {
        ended = sandbox::run(&program, work, run.cancelled(), on_progress) => judge(ended),
        () = tell::follow(platform, statement, StatementState::Checking, told, run) => Ok(Outcome::Gone),
    }
}

async fn order(platform: &Platform, statement: &OwnStatement) -> Result<Order> {
    let Some(mapping) = statement.mapping_id else {
        return Ok(Order { source: statement.wanted_source, mapping: None });
    };
    let mut conn = platform.db.conn().await?;
    let kept = KeptMapping::find(&mut conn, statement.artist_id, mapping).await?;
    Ok(Order { source: None, mapping: kept.map(|kept| kept.mapping) })
}

fn limits(bytes: u64) -> Limits {
    let cpu = START + Duration::from_secs(bytes / SLOWEST);
    let output_bytes = bytes.saturating_mul(SWELLING).saturating_add(1024 * 1024);
    Limits::fixed(MEMORY_BYTES, Means { cpu, wall: cpu * 4, output_bytes })
}

fn judge(ended: Result<Done, Failure>) -> Result<Outcome> {
    match ended {
        Ok(done) => {
            let peak_memory_bytes = done.peak_memory_bytes.unwrap_or(0);
            let checked: Checked = serde_json::from_value(done.result).map_err(anyhow::Error::from)?;
            let (cpu_ms, sales) = (done.cpu_time.as_millis(), checked.sales);
            tracing::info!(cpu_ms, peak_memory_bytes, sales, "statement checked");
            Ok(Outcome::Sound(Box::new(checked)))
        }
        Err(Failure::Refused(reason)) => {
            Ok(Outcome::Rejected(serde_json::from_value(reason).map_err(anyhow::Error::from)?))
        }
        Err(Failure::Cancelled) => Ok(Outcome::Gone),
        Err(failure) => verdict(failure).map(Outcome::Rejected),
    }
}

// What the file made the code do would come again with it; what the machine did is worth another attempt.
fn verdict(failure: Failure) -> Result<StatementProblem> {
    let harmful = StatementProblem::new(
        "harmful",
        "Reading the file broke our program, so we stopped. Please download it again.",
    );
    match failure {
        Failure::Io(cause) if storage::is_full(cause.as_ref()) => Err(Error::Refused(Code::StorageFull)),
        Failure::Io(cause) => Err(Error::Internal(cause)),
        Failure::OutOfTime | Failure::OutOfMemory | Failure::OutputTooLarge => Ok(StatementProblem::new(
            "too_costly",
            "Reading the file took far more than a statement of this length needs, so we stopped.",
        )),
        Failure::Forbidden | Failure::Garbled(_) => Ok(harmful),
        // A panic.
        Failure::Crashed { status, .. } if status.code() == Some(101) || status.core_dumped() => Ok(harmful),
        other => Err(Error::Internal(anyhow::Error::new(other))),
    }
}
