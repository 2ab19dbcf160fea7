//! Finish an upload that came whole: its file gets its name in the store, and becomes a track.
//!
//! The request with the last bytes does that, to answer with the track; should its process die, a job does.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::join;
use super::lease::{Lease, in_turn, patiently};
use super::receive::Receiver;
use super::transfer::{Form, Transfer, UploadState};
use super::unpack;
use crate::artists::track::TrackProblem;
use crate::artists::{Upload, discard, replacing, upload_track};
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Result};
use crate::platform::http::IfMatch;
use crate::platform::id::{TrackId, UploadId};
use crate::platform::jobs::{self, Failure, Job, Run};
use crate::platform::storage::{Whole, Zone};

/// How long the job waits for the request that enqueued it.
const UNTIL_LATE: TimeDelta = TimeDelta::seconds(10);

/// One upload to finish.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct FinishUpload {
    upload: UploadId,
}

impl Job for FinishUpload {
    const KIND: &'static str = "artists.finish_upload";
    const QUEUE: &'static str = "ingest";
    /// Nothing is wrong with a job like this but the store, and that comes back.
    const MAX_ATTEMPTS: i16 = 20;
}

/// Who finishes an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// The request with its last bytes: the job is not needed any more.
    Request,
    /// The job itself, which ends by itself.
    Job,
}

impl By {
    async fn spare_job(self, conn: &mut Conn, upload: UploadId) -> Result<()> {
        if self == Self::Request {
            jobs::cancel_by_key(conn, &key(upload)).await?;
        }
        Ok(())
    }
}

pub(super) fn key(upload: UploadId) -> String {
    format!("upload:{upload}")
}

/// In the transaction after which an upload can be finished.
pub(super) async fn enqueue(platform: &Platform, conn: &mut Conn, upload: UploadId) -> Result<()> {
    let late = platform.clock.now() + UNTIL_LATE;
    jobs::new(FinishUpload { upload }).key(key(upload)).at(late).enqueue(conn).await?;
    Ok(())
}

/// The last bytes came: the upload is whole, and finished at once.
pub(super) async fn arrive(receiver: Receiver<'_>) -> Result<()> {
    let Receiver { platform, transfer, lease, appender, .. } = receiver;
    let (id, writer, whole) = (transfer.id, lease.writer, appender.seal().await?);
    patiently(async || note_arrival(platform, transfer, writer, &whole).await).await?;
    if transfer.form == Form::Part {
        return platform.storage.close_landing(id.uuid(), &whole).await;
    }
    patiently(async || finish_alone(platform, id, By::Request).await).await.map(drop)
}

async fn note_arrival(platform: &Platform, transfer: &Transfer, writer: Uuid, whole: &Whole) -> Result<()> {
    let id = transfer.id;
    platform
        .db
        .transaction(async |conn| {
            if !Transfer::arrive(conn, id, writer, whole).await? {
                return Err(Error::Refused(Code::UploadBusy));
            }
            match transfer.form {
                Form::Part => Ok(()),
                _ if transfer.is_archive => unpack::enqueue(conn, id).await,
                _ => enqueue(platform, conn, id).await,
            }
        })
        .await
}

/// Finishes an upload, in its turn; the track that it is. None where there is nothing (more) to finish.
pub(super) async fn finish(platform: &Platform, id: UploadId, by: By) -> Result<Option<TrackId>> {
    let mut lease = Lease::take(&platform.db, id, false).await?;
    let finished = async {
        let found = Transfer::find(&mut *platform.db.conn().await?, id).await?;
        let Some(transfer) = found else { return Ok(None) };
        if transfer.state == UploadState::Arriving
            && let Err(error) = join::join(platform, &transfer, &mut lease).await
        {
            return Err(give_up_join(platform, id, by, error).await);
        }
        finish_alone(platform, id, by).await
    };
    let finished = finished.await;
    lease.release(&platform.db).await;
    finished
}

// The caller holds the lease.
async fn finish_alone(platform: &Platform, id: UploadId, by: By) -> Result<Option<TrackId>> {
    let found = Transfer::find(&mut *platform.db.conn().await?, id).await?;
    let Some(transfer) = found.filter(|transfer| transfer.state == UploadState::Arrived) else { return Ok(None) };
    if transfer.is_archive {
        return hand_over(platform, id, by).await.map(|()| None);
    }
    let whole = transfer.whole()?.ok_or_else(|| anyhow::anyhow!("an upload without its hash"))?;
    let stored = platform.storage.settle_landing(id.uuid(), &whole, Zone::Raw).await?;
    let upload = Upload::new(stored, transfer.filename.clone());
    match add(platform, &transfer, &upload, by).await {
        Ok(track) => Ok(Some(track)),
        Err(error) => Err(give_up_for(platform, &transfer, &upload, by, error).await),
    }
}

// What was put together is an archive, and has a job of its own.
async fn hand_over(platform: &Platform, id: UploadId, by: By) -> Result<()> {
    platform
        .db
        .transaction(async |conn| {
            by.spare_job(conn, id).await?;
            unpack::enqueue(conn, id).await
        })
        .await
}

async fn add(platform: &Platform, transfer: &Transfer, upload: &Upload, by: By) -> Result<TrackId> {
    let release = transfer.release_id.ok_or_else(|| anyhow::anyhow!("an upload without its release"))?;
    let adding = platform.db.transaction(async |conn| {
        // The release and the track before the job and the upload, as everybody who holds several does.
        let track = match transfer.replaces_id {
            Some(track) => {
                let unseen = IfMatch::default();
                replacing::put_in_place(platform, conn, track, transfer.account_id, upload, &unseen).await?;
                track
            }
            None => {
                let track = TrackId::new();
                upload_track::insert(platform, conn, track, release, transfer.account_id, upload).await?;
                track
            }
        };
        by.spare_job(conn, transfer.id).await?;
        let held = Transfer::lock(conn, transfer.id).await?;
        let held = held.filter(|held| held.state == UploadState::Arrived).ok_or(Error::NotFound("upload"))?;
        held.finish(conn, track).await?;
        Ok(track)
    });
    in_turn(adding).await
}

// What no other attempt would change is told to whoever asks for the upload.
async fn give_up_for(platform: &Platform, transfer: &Transfer, upload: &Upload, by: By, error: Error) -> Error {
    let is_final = match &error {
        Error::Refused(code) => *code != Code::StorageFull,
        Error::NotFound(_) | Error::Forbidden | Error::Invalid { .. } => true,
        _ => false,
    };
    if is_final {
        let problem = TrackProblem { slug: error.slug().to_owned(), message: error.problem().title };
        if let Err(other) = refuse(platform, transfer.id, upload, by, &problem).await {
            return other;
        }
    }
    error
}

// Parts that are gone do not come again: whoever asks for the upload is told, and its room is free.
async fn give_up_join(platform: &Platform, id: UploadId, by: By, error: Error) -> Error {
    if !matches!(error, Error::Refused(Code::UploadPartsUnfinished)) {
        return error;
    }
    let problem = TrackProblem { slug: error.slug().to_owned(), message: error.problem().title };
    let refused = platform.db.transaction(async |conn| {
        by.spare_job(conn, id).await?;
        Transfer::refuse(conn, id, &problem).await
    });
    refused.await.err().unwrap_or(error)
}

async fn refuse(platform: &Platform, id: UploadId, upload: &Upload, by: By, problem: &TrackProblem) -> Result<()> {
    platform
        .db
        .transaction(async |conn| {
            by.spare_job(conn, id).await?;
            Transfer::refuse(conn, id, problem).await?;
            discard::enqueue(conn, vec![upload.stored.key.clone()]).await
        })
        .await
}

/// Finishes an upload whose request did not. May run twice.
pub(crate) async fn run(platform: Platform, job: FinishUpload, _: Run) -> Result<(), Failure> {
    match finish(&platform, job.upload, By::Job).await {
        Ok(_) => Ok(()),
        // It is told with the upload.
        Err(error) if is_told(&platform, job.upload).await? => {
            tracing::info!(%error, upload = %job.upload, "an upload is refused");
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}

async fn is_told(platform: &Platform, id: UploadId) -> Result<bool> {
    let found = Transfer::find(&mut *platform.db.conn().await?, id).await?;
    Ok(found.is_none_or(|transfer| transfer.state == UploadState::Refused))
}

/// After the last attempt, in the transaction that buries the job.
pub(crate) async fn on_dead(conn: &mut Conn, job: FinishUpload, _: String) -> Result<()> {
    let problem = TrackProblem {
        slug: "upload_failed".to_owned(),
        message:
            "The file came whole, but could not be stored, although we tried often. Upload it again; if it happens \
                  again, tell the people who run this server."
                .to_owned(),
    };
    Transfer::refuse(conn, job.upload, &problem).await
}
