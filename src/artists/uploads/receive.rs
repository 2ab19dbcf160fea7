//! The bytes of one request, as they come.

use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::StreamExt;

use super::append;
use super::checksum::Checksum;
use super::lease::{Lease, patiently};
use super::transfer::Transfer;
use crate::platform::Platform;
use crate::platform::error::{Code, Error, Result};
use crate::platform::http::early::Unread;
use crate::platform::storage::Appender;

/// A client that sends nothing for so long is gone.
const PATIENCE: Duration = Duration::from_secs(60);

/// Nobody holds a connection for less than this: so many bytes in each such stretch of time.
const PACE_BYTES: u64 = 64 * 1024;
const PACE: Duration = Duration::from_secs(60);

/// Takes what comes until the body ends or something else does.
pub(super) struct Receiver<'a> {
    pub(super) platform: &'a Platform,
    pub(super) transfer: &'a Transfer,
    pub(super) lease: &'a mut Lease,
    pub(super) appender: Appender,
    /// Where the upload has to end.
    pub(super) limit: u64,
    /// With one nothing counts before all of it has come.
    pub(super) checksum: Option<Checksum>,
}

impl Receiver<'_> {
    /// Why it ended; `Ok` where the whole body came.
    pub(super) async fn run(&mut self, mut body: Unread) -> Result<()> {
        let mut pace = Pace::new();
        loop {
            self.lease.waits();
            let next = tokio::select! {
                biased;
                () = self.lease.stopped() => return Err(Error::Refused(Code::UploadBusy)),
                next = tokio::time::timeout(PATIENCE, body.next()) => next,
            };
            let interrupted = || Error::Refused(Code::UploadInterrupted);
            let Some(piece) = next.map_err(|_| interrupted())? else { return Ok(()) };
            let piece = piece.map_err(|_| interrupted())?;
            self.lease.heard();
            self.take(piece).await?;
            if !pace.keeps_up(self.appender.size_bytes()) {
                return Err(interrupted());
            }
        }
    }

    async fn take(&mut self, mut piece: Bytes) -> Result<()> {
        if self.lease.is_due() {
            // Nothing is written without it.
            let (lease, db) = (&mut *self.lease, &self.platform.db);
            patiently(async || lease.renew(db).await).await?;
            if self.checksum.is_none() {
                self.commit().await?;
            }
        }
        let room = usize::try_from(self.limit - self.appender.size_bytes()).unwrap_or(usize::MAX);
        let is_too_long = piece.len() > room;
        piece.truncate(room);
        if let Some(checksum) = &mut self.checksum {
            checksum.update(&piece);
        }
        self.appender.write(piece).await?;
        if is_too_long { Err(Error::Refused(Code::UploadTooLarge)) } else { Ok(()) }
    }

    /// What has come counts from now on.
    pub(super) async fn commit(&mut self) -> Result<()> {
        let landing = self.appender.commit().await?;
        let (writer, offset) = (self.lease.writer, self.appender.size_bytes());
        let moved = patiently(async || append::note(self.platform, self.transfer, writer, (offset, &landing)).await);
        if moved.await? { Ok(()) } else { Err(Error::Refused(Code::UploadBusy)) }
    }
}

/// How fast bytes come.
struct Pace {
    since: Instant,
    bytes: Option<u64>,
}

impl Pace {
    fn new() -> Self {
        Self { since: Instant::now(), bytes: None }
    }

    fn keeps_up(&mut self, bytes: u64) -> bool {
        let before = *self.bytes.get_or_insert(bytes);
        if self.since.elapsed() < PACE {
            return true;
        }
        (self.since, self.bytes) = (Instant::now(), Some(bytes));
        bytes - before >= PACE_BYTES
    }
}
