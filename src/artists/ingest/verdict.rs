//! What a sandboxed child's failure means for the step: a verdict on the file, or a reason to try again.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use crate::artists::track::TrackProblem;
use crate::platform::error::{Code, Error, Result};
use crate::platform::sandbox::Failure;
use crate::platform::storage;

/// The exit code of a Rust program that panicked.
const PANICKED: i32 = 101;

/// The file's fault, which would come again with it, is a problem; the machine's is an error.
pub(super) fn verdict(failure: Failure) -> Result<TrackProblem> {
    match failure {
        Failure::Refused(reason) => Ok(serde_json::from_value(reason).map_err(anyhow::Error::from)?),
        Failure::Io(cause) if storage::is_full(cause.as_ref()) => Err(Error::Refused(Code::StorageFull)),
        Failure::Io(cause) => Err(cause.downcast().unwrap_or_else(Error::Internal)),
        Failure::OutOfTime => Ok(problem(
            "too_costly",
            "Reading the file took far more work than its sound is worth, so we stopped. It is probably damaged",
        )),
        Failure::OutOfMemory => Ok(problem(
            "too_large_inside",
            "Reading the file took more memory than any track needs, so we stopped. It is probably damaged",
        )),
        Failure::OutputTooLarge => Ok(problem(
            "endless",
            "What came out of the file was far larger than its sound can be, so we stopped. It is probably damaged",
        )),
        Failure::Forbidden | Failure::Garbled(_) => Ok(problem(
            "harmful",
            "The file made our program try what no music needs, so we stopped. It is damaged, or was made to do harm",
        )),
        Failure::Crashed { status, .. } if is_the_files_fault(status) => {
            Ok(problem("breaks_reader", "The file is broken in a way that our program could not stand"))
        }
        other => Err(Error::Internal(anyhow::Error::new(other))),
    }
}

// SIGKILL is what a kernel does that is out of memory, and SIGTERM comes from people: another attempt may go well.
fn is_the_files_fault(status: ExitStatus) -> bool {
    const OF_THE_CODE: [i32; 5] = [libc::SIGSEGV, libc::SIGBUS, libc::SIGILL, libc::SIGFPE, libc::SIGABRT];
    status.code() == Some(PANICKED) || status.signal().is_some_and(|signal| OF_THE_CODE.contains(&signal))
}

fn problem(slug: &str, what: &str) -> TrackProblem {
    TrackProblem {
        slug: slug.to_owned(),
        message: format!("{what}. Please export it again, as WAV or FLAC, and upload that."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crash(raw: i32) -> Failure {
        Failure::Crashed { status: ExitStatus::from_raw(raw), stderr: String::new() }
    }

    #[test]
    fn a_crash_in_the_code_is_the_files_fault() {
        for raw in [libc::SIGSEGV, libc::SIGABRT, PANICKED << 8] {
            assert_eq!(verdict(crash(raw)).expect("a verdict").slug, "breaks_reader");
        }
    }

    #[test]
    fn what_a_machine_does_in_need_is_not() {
        for failure in [crash(libc::SIGKILL), crash(1 << 8), Failure::TimedOut, Failure::Io(anyhow::anyhow!("a disk"))]
        {
            assert!(matches!(verdict(failure), Err(Error::Internal(_))));
        }
    }
}
