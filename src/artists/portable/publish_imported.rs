//! Publish what was out where it came from, once its tracks are ready here: a job that looks again and again.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::import::{ImportState, OpenImport};
use super::import_line::{ImportLine, ImportPublication};
use crate::artists::own_track::OwnTrack;
use crate::artists::publication;
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::id::{AccountId, ImportId, ReleaseId};
use crate::platform::jobs::{self, Failure, Job, Run};

/// Somebody looks again after so many seconds as releases are waiting, within these bounds.
const SOONEST: i64 = 2;
const LATEST: i64 = 60;

/// The releases of an import that wait.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct PublishImported {
    import: ImportId,
}

impl Job for PublishImported {
    const KIND: &'static str = "artists.publish_imported";
    const QUEUE: &'static str = "imports";
}

/// What becomes of a release.
enum Verdict {
    StillProcessing,
    Public,
    /// It stays a draft, for this reason.
    Left(String),
}

/// In the transaction in which an import has made all there is.
pub(super) async fn begin(conn: &mut Conn, import: ImportId) -> Result<()> {
    OpenImport::turn(conn, import, ImportState::Publishing).await?;
    jobs::enqueue(conn, PublishImported { import }).await
}

/// Publishes what can be, and looks again after a while where some is still processed. May run twice.
pub(crate) async fn run(platform: Platform, job: PublishImported, run: Run) -> Result<(), Failure> {
    let open = OpenImport::lock(&mut *platform.db.conn().await?, job.import).await?;
    let Some(import) = open else { return Ok(()) };
    let waiting = ImportLine::list_waiting(&mut *platform.db.conn().await?, job.import).await?;
    let mut left = 0;
    for line in &waiting {
        left += i64::from(!settle(&platform, &import, line, &run).await?);
    }
    Ok(go_on(&platform, job.import, left, &run).await?)
}

/// After the last attempt, in the transaction that buries the job: drafts stay drafts.
pub(crate) async fn on_dead(conn: &mut Conn, job: PublishImported, _: String) -> Result<()> {
    for line in ImportLine::list_waiting(conn, job.import).await? {
        leave(conn, job.import, line.place, "something went wrong on our side; publish it yourself").await?;
    }
    OpenImport::end(conn, job.import, None).await
}

async fn go_on(platform: &Platform, import: ImportId, left: i64, run: &Run) -> Result<()> {
    let pause = TimeDelta::seconds(left.clamp(SOONEST, LATEST));
    platform
        .db
        .transaction(async |conn| {
            run.complete(conn).await?;
            if left == 0 {
                return OpenImport::end(conn, import, None).await;
            }
            jobs::new(PublishImported { import }).at(platform.clock.now() + pause).enqueue(conn).await.map(drop)
        })
        .await
}

// False where it has to wait.
async fn settle(platform: &Platform, import: &OpenImport, line: &ImportLine, run: &Run) -> Result<bool> {
    let verdict = match (line.release_id, import.account_id) {
        (Some(release), Some(member)) => judge(platform, line, release, member).await?,
        _ => Verdict::Left("the release, or who brought it here, is gone".to_owned()),
    };
    if matches!(verdict, Verdict::StillProcessing) {
        return Ok(false);
    }
    platform
        .db
        .transaction(async |conn| {
            run.fence(conn).await?;
            match &verdict {
                Verdict::Left(why) => leave(conn, import.id, line.place, why).await,
                _ => {
                    let scheduled = line.publish_at.map(|_| ImportPublication::Scheduled);
                    let publication = scheduled.unwrap_or(ImportPublication::Published);
                    ImportLine::turn(conn, import.id, line.place, publication, line.publish_at).await
                }
            }
        })
        .await?;
    Ok(true)
}

async fn judge(platform: &Platform, line: &ImportLine, release: ReleaseId, member: AccountId) -> Result<Verdict> {
    let tracks = OwnTrack::count(&mut *platform.db.conn().await?, release).await?;
    if tracks.processing > 0 {
        return Ok(Verdict::StillProcessing);
    }
    // A release that lacks a track is not the one that was out.
    if tracks.ready < tracks.all {
        return Ok(Verdict::Left("a track of it cannot be played; look at it first".to_owned()));
    }
    let published = async {
        if !publication::can_be_published(&platform.db, release, member).await? {
            return Ok(Verdict::Left("its checklist is not done".to_owned()));
        }
        let at = line.publish_at.filter(|at| *at > platform.clock.now());
        publication::publish_at(platform, release, member, at).await.map(|()| Verdict::Public)
    };
    match published.await {
        Err(error @ (Error::NotFound(_) | Error::Refused(_) | Error::Invalid { .. })) => {
            Ok(Verdict::Left(error.problem().title))
        }
        verdict => verdict,
    }
}

async fn leave(conn: &mut Conn, import: ImportId, place: i32, why: &str) -> Result<()> {
    ImportLine::turn(conn, import, place, ImportPublication::Draft, None).await?;
    ImportLine::tell(conn, import, place, &format!("It stays a draft: {why}.")).await
}
