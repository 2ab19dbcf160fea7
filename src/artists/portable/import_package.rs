//! Bring in a package: a job.
//!
//! ```text
//! uploads ─ check: bounds, signature, the hash of every file ─▶ profile ─▶ release ─ track ─ track … ─▶ publish_imported
//!              │ anything is not as the manifest says
//!              └──▶ refused as a whole, before anything is made
//! ```
//! The job may run twice: each release and each track is made in a transaction that also notes which one it was there, and
//! that is fenced. So an attempt goes on where the one before it ended.

mod check;
mod parcel;
mod profile;
mod release;

use serde::{Deserialize, Serialize};

use super::import::{ImportState, OpenImport};
use super::publish_imported;
use crate::artists::track::TrackProblem;
use crate::artists::uploads;
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::id::{AccountId, ImportId};
use crate::platform::jobs::{Failure, Job, Run};
use crate::platform::storage::Scratch;
use parcel::Parcel;

/// One package to bring in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ImportPackage {
    pub(super) import: ImportId,
}

impl Job for ImportPackage {
    const KIND: &'static str = "artists.import_package";
    const QUEUE: &'static str = "imports";
}

/// Why an import does not go on.
enum Refusal {
    /// Because of the package, or of who brings it: no other attempt would change that.
    Package(TrackProblem),
    Error(Error),
}

impl<E: Into<Error>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}

/// An import at work.
struct Bringing<'a> {
    platform: &'a Platform,
    import: &'a OpenImport,
    member: AccountId,
    run: &'a Run,
    parcel: Parcel,
    scratch: Scratch,
}

/// Checks the package and makes what is in it.
pub(crate) async fn run(platform: Platform, job: ImportPackage, run: Run) -> Result<(), Failure> {
    let Some(import) = begin(&platform, job.import, &run).await? else { return Ok(()) };
    match Box::pin(bring_in(&platform, &import, &run)).await {
        Ok(()) => settle(&platform, &import, &run, None).await?,
        Err(Refusal::Package(problem)) => settle(&platform, &import, &run, Some(&problem)).await?,
        Err(Refusal::Error(error)) => return Err(error.into()),
    }
    Ok(uploads::discard_taken(&platform, &import.uploads()).await?)
}

/// After the last attempt, in the transaction that buries the job.
pub(crate) async fn on_dead(conn: &mut Conn, job: ImportPackage, _: String) -> Result<()> {
    let problem = problem(
        "import_failed",
        "The package could not be brought in to its end, although we tried several times. What is here stays: upload the \
         package again, and the rest is added.",
    );
    OpenImport::end(conn, job.import, Some(&problem)).await
}

// None: it was done before, or its artist is deleted.
async fn begin(platform: &Platform, id: ImportId, run: &Run) -> Result<Option<OpenImport>> {
    platform
        .db
        .transaction(async |conn| {
            run.fence(conn).await?;
            let open = OpenImport::lock(conn, id).await?;
            let open = open.filter(|import| import.state != ImportState::Publishing);
            if open.is_some() {
                OpenImport::turn(conn, id, ImportState::Checking).await?;
            }
            Ok(open)
        })
        .await
}

async fn bring_in(platform: &Platform, import: &OpenImport, run: &Run) -> Result<(), Refusal> {
    let member = import.account_id.ok_or_else(no_owner)?;
    let pieces = uploads::open_taken(platform, &import.uploads()).await?;
    let pieces = pieces.ok_or_else(|| {
        refusal("package_gone", "The package waited for too long, and its bytes are gone. Upload it again.")
    })?;
    let checked = check::check(platform, pieces).await?;
    platform
        .db
        .transaction(async |conn| {
            run.fence(conn).await?;
            OpenImport::begin_to_import(conn, import.id, &checked.source).await
        })
        .await?;
    let (parcel, scratch) = (checked.parcel, platform.storage.scratch()?);
    let mut bringing = Bringing { platform, import, member, run, parcel, scratch };
    profile::fill_in(&mut bringing, &checked.artist).await?;
    let count = checked.releases.len();
    for (index, release) in checked.releases.iter().enumerate() {
        let place = i32::try_from(index + 1).map_err(anyhow::Error::from)?;
        Box::pin(release::bring_in(&mut bringing, place, release)).await?;
        run.progress(u8::try_from((index + 1) * 100 / count).unwrap_or(100)).await;
    }
    Ok(())
}

async fn settle(platform: &Platform, import: &OpenImport, run: &Run, problem: Option<&TrackProblem>) -> Result<()> {
    platform
        .db
        .transaction(async |conn| {
            run.complete(conn).await?;
            if problem.is_none() && import.publish {
                return publish_imported::begin(conn, import.id).await;
            }
            OpenImport::end(conn, import.id, problem).await
        })
        .await
}

fn problem(slug: &str, message: &str) -> TrackProblem {
    TrackProblem { slug: slug.to_owned(), message: printable(message) }
}

// Messages quote what is in the package; the database holds no NUL.
fn printable(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).collect()
}

fn refusal(slug: &str, message: &str) -> Refusal {
    Refusal::Package(problem(slug, message))
}

fn no_owner() -> Refusal {
    refusal("not_an_owner", "Whoever brought the package here does not own this artist any more.")
}
