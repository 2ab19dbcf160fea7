//! Pictures that people upload: decoded in the sandboxed child, cut to a square, and encoded anew in fixed sizes.
//!
//! What is kept is the server's own encoding: no byte of the upload is in it, and no metadata (where a photograph was taken).

mod child;

use std::future::pending;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::Semaphore;

pub(crate) use child::TASK;

use super::Platform;
use super::error::{Code, Error, Result};
use super::sandbox::{self, Failure, Limits, Means, Program, Work};
use super::storage::{self, Lineage, Scratch, Stored, Zone};

/// The largest file that is read.
pub(crate) const MAX_BYTES: usize = 10 * 1024 * 1024;

/// The sizes, in pixels of each side.
pub(crate) const LARGE: u32 = 512;
pub(crate) const SMALL: u32 = 128;

/// How the objects came to be; a new version makes other bytes of the same picture.
pub(crate) const LINEAGE: Lineage<'static> =
    Lineage { zone: Zone::Curated, parent: None, step: "picture", step_version: 1 };

/// Where the means of one child end. Decoding 40 megapixels takes some 200 MiB.
const LIMITS: Limits = Limits::fixed(
    232 * 1024 * 1024,
    Means { cpu: Duration::from_secs(5), wall: Duration::from_secs(20), output_bytes: 2 * 1024 * 1024 },
);

/// Children at the same time, and how long a picture waits for one.
static CHILDREN: Semaphore = Semaphore::const_new(2);
const PATIENCE: Duration = Duration::from_secs(10);

const UPLOAD: &str = "upload";

/// A picture in both sizes, stored and not yet recorded.
#[derive(Debug, Clone)]
pub(crate) struct Picture {
    pub(crate) large: Stored,
    pub(crate) small: Stored,
}

/// Makes pictures of a JPEG, PNG or WebP file. Anything else by its first bytes → 415; a file that cannot be read, or has
/// more than 40 megapixels → 422 on `picture`; too many others at work → 503.
pub(crate) async fn make(platform: &Platform, file: Vec<u8>) -> Result<Picture> {
    if child::format(&file).is_none() {
        return Err(Error::Refused(Code::NotAPicture));
    }
    let place = tokio::time::timeout(PATIENCE, CHILDREN.acquire()).await;
    let _place = place.ok().and_then(std::result::Result::ok).ok_or(Error::Unavailable)?;
    let scratch = platform.storage.scratch()?;
    scratch.write(UPLOAD, file).await?;
    decode(platform, &scratch).await?;
    let [large, small] = child::OUTPUTS.map(|name| scratch.path().join(name));
    Ok(Picture {
        large: platform.storage.keep_file(&large, Zone::Curated).await?,
        small: platform.storage.keep_file(&small, Zone::Curated).await?,
    })
}

async fn decode(platform: &Platform, scratch: &Scratch) -> Result<()> {
    let work = Work {
        task: TASK.name,
        source: scratch.open(UPLOAD).await?,
        outputs: scratch.path(),
        arguments: Value::Null,
        limits: LIMITS,
    };
    let program = Program::at(&platform.config.sandbox_program);
    match sandbox::run(&program, work, pending(), |_| None).await {
        Ok(done) => {
            tracing::debug!(
                cpu_ms = done.cpu_time.as_millis(),
                peak_memory_bytes = done.peak_memory_bytes,
                "picture made"
            );
            Ok(())
        }
        Err(failure) => Err(verdict(failure)),
    }
}

// Whatever the file makes the child do, it is the file's fault.
fn verdict(failure: Failure) -> Error {
    match failure {
        Failure::Io(cause) if storage::is_full(cause.as_ref()) => Error::Refused(Code::StorageFull),
        Failure::Io(cause) => Error::Internal(cause),
        Failure::TimedOut | Failure::Cancelled => Error::Unavailable,
        hostile => {
            tracing::info!(%hostile, "a picture was refused");
            Error::invalid("picture", "This picture cannot be read, or has more than 40 megapixels.")
        }
    }
}
