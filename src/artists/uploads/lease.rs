//! One request at a time adds to an upload: it holds a lease in the upload's row.
//!
//! The lease is renewed only as bytes come, so that a writer whose client is gone loses it; who has lost it finds that out
//! before it writes anything more. Within one process a writer that hears nothing is told to stop, which is quicker.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use diesel::sql_types::Uuid as SqlUuid;
use diesel_async::RunQueryDsl;
use tokio::sync::{Notify, Semaphore};
use uuid::Uuid;

use crate::platform::db::{Db, prepared, sql};
use crate::platform::error::{Code, Error, Result};
use crate::platform::id::UploadId;

/// How long somebody waits for the one before: longer than a lease, so that what a dead process held is had in the end.
const PATIENCE: Duration = Duration::from_secs(8);

/// A lease is asked for this often.
const EVERY: Duration = Duration::from_millis(100);

/// A writer that has heard nothing for so long gives way to another.
const QUIET: Duration = Duration::from_secs(2);

/// A lease of 6 s is renewed when so much of it is gone.
const DUE: Duration = Duration::from_secs(2);

/// How long an upload waits for the database: longer than a request that somebody looks at.
const UNTIL_BACK: Duration = Duration::from_secs(20);

/// Those of one release wait for each other in the database, each on a connection; the pool is for other requests too.
static TURNS: Semaphore = Semaphore::const_new(4);

/// The writers of this process.
static HERE: LazyLock<Mutex<HashMap<UploadId, Arc<Writing>>>> = LazyLock::new(Mutex::default);

struct Writing {
    /// Since when it waits for bytes; none while it works on those that came, however long that takes.
    waits: Mutex<Option<Instant>>,
    stop: Notify,
}

/// The right to add to an upload.
pub(super) struct Lease {
    id: UploadId,
    pub(super) writer: Uuid,
    writing: Arc<Writing>,
    renewed: Instant,
}

impl Lease {
    /// Takes the lease, from a writer that hears nothing any more if need be; `insist` takes it from any of this process.
    /// `UploadBusy` where another one goes on.
    pub(super) async fn take(db: &Db, id: UploadId, insist: bool) -> Result<Self> {
        let (began, writer) = (Instant::now(), Uuid::now_v7());
        loop {
            let before = here().get(&id).cloned();
            match before {
                Some(before) if insist || before.is_quiet() => before.stop.notify_one(),
                Some(_) => {}
                None => match acquire(db, id, writer).await {
                    Ok(true) => return Ok(Self::held(id, writer)),
                    // On a busy server a connection may come later.
                    Ok(false) | Err(Error::Unavailable) => {}
                    Err(error) => return Err(error),
                },
            }
            if began.elapsed() > PATIENCE {
                return Err(Error::Refused(Code::UploadBusy));
            }
            tokio::time::sleep(EVERY).await;
        }
    }

    fn held(id: UploadId, writer: Uuid) -> Self {
        let writing = Arc::new(Writing { waits: Mutex::new(None), stop: Notify::new() });
        here().insert(id, writing.clone());
        Self { id, writer, writing, renewed: Instant::now() }
    }

    /// It waits for bytes from now on.
    pub(super) fn waits(&self) {
        *self.writing.waits.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Bytes came.
    pub(super) fn heard(&self) {
        *self.writing.waits.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Waits until somebody else wants to go on.
    pub(super) async fn stopped(&self) {
        self.writing.stop.notified().await;
    }

    /// Whether it is time to renew it.
    pub(super) fn is_due(&self) -> bool {
        self.renewed.elapsed() >= DUE
    }

    /// Renews it; `UploadBusy` when somebody else has it by now, or the upload is gone.
    pub(super) async fn renew(&mut self, db: &Db) -> Result<()> {
        let renewal = prepared(
            sql("update artists.uploads set writer_until = clock_timestamp() + interval '6 s'
                 where id = $1 and writer = $2 and set_config('synchronous_commit', 'off', true) is not null")
            .bind::<SqlUuid, _>(self.id)
            .bind::<SqlUuid, _>(self.writer),
        );
        if renewal.execute(&mut *db.conn().await?).await? == 0 {
            return Err(Error::Refused(Code::UploadBusy));
        }
        self.renewed = Instant::now();
        Ok(())
    }

    /// The same when it is time, for who works on without hearing anything.
    pub(super) async fn keep(&mut self, db: &Db) -> Result<()> {
        self.heard();
        if self.is_due() { self.renew(db).await } else { Ok(()) }
    }

    /// Lets the next one in. Should this fail, the lease runs out by itself.
    pub(super) async fn release(self, db: &Db) {
        if let Err(error) = self.give_back(db).await {
            tracing::debug!(%error, upload = %self.id, "a lease is left to run out");
        }
    }

    async fn give_back(&self, db: &Db) -> Result<()> {
        let end = prepared(
            sql("update artists.uploads set writer = null, writer_until = null
                 where id = $1 and writer = $2 and set_config('synchronous_commit', 'off', true) is not null")
            .bind::<SqlUuid, _>(self.id)
            .bind::<SqlUuid, _>(self.writer),
        );
        end.execute(&mut *db.conn().await?).await?;
        Ok(())
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let mut here = here();
        if here.get(&self.id).is_some_and(|writing| Arc::ptr_eq(writing, &self.writing)) {
            here.remove(&self.id);
        }
    }
}

impl Writing {
    fn is_quiet(&self) -> bool {
        let waits = *self.waits.lock().unwrap_or_else(PoisonError::into_inner);
        waits.is_some_and(|since| since.elapsed() >= QUIET)
    }
}

/// Tries again for a while what fails because the database is busy or away: bytes that have come need not come twice for that.
pub(super) async fn patiently<T>(mut attempt: impl AsyncFnMut() -> Result<T>) -> Result<T> {
    let began = Instant::now();
    loop {
        match attempt().await {
            Err(Error::Unavailable) if began.elapsed() < UNTIL_BACK => tokio::time::sleep(EVERY).await,
            ended => return ended,
        }
    }
}

/// A transaction that locks the release or the track of an upload: few of them hold connections at a time.
pub(super) async fn in_turn<T>(transaction: impl Future<Output = Result<T>>) -> Result<T> {
    let _turn = TURNS.acquire().await;
    transaction.await
}

fn here() -> MutexGuard<'static, HashMap<UploadId, Arc<Writing>>> {
    HERE.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn acquire(db: &Db, id: UploadId, writer: Uuid) -> Result<bool> {
    let taking = prepared(
        sql("update artists.uploads set writer = $2, writer_until = clock_timestamp() + interval '6 s'
             where id = $1 and (writer is null or writer_until <= clock_timestamp())
               -- A lease need not outlive a power cut: no commit waits for the disk because of it.
               and set_config('synchronous_commit', 'off', true) is not null")
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(writer),
    );
    Ok(taking.execute(&mut *db.conn().await?).await? == 1)
}
