//! Import a statement: a job.
//!
//! ```text
//! raw/ ─ check, in the sandbox ─▶ staging/: every sale, typed ─ load, tally and match, in batches ─ flip ─▶ they count
//!           │ the first thing that is not as described
//!           └──▶ rejected, in quarantine/, with a reason and a place; nothing was imported
//! ```
//! Nothing of a statement counts before the flip, and all of it from then on. The job may run twice: what an earlier attempt
//! wrote is removed first, and every batch is fenced.

mod check;
mod load;
mod reject;
mod tell;

use serde::{Deserialize, Serialize};

use super::reading::{Checked, StatementProblem};
use super::statement::{OwnStatement, StatementState};
use super::{clear_sales, match_items, sale, sale_total};
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::StatementId;
use crate::platform::jobs::{self, Failure, Job, Run};
use crate::platform::storage::Scratch;

/// Lines that are tallied in one transaction.
const TALLIED: i64 = 20_000;

/// One statement.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ImportStatement {
    statement: StatementId,
}

impl Job for ImportStatement {
    const KIND: &'static str = "artists.import_statement";
    const QUEUE: &'static str = "statements";
}

/// In the transaction that adds the statement.
pub(super) async fn enqueue(conn: &mut Conn, statement: StatementId) -> Result<()> {
    jobs::new(ImportStatement { statement }).key(key(statement)).enqueue(conn).await?;
    Ok(())
}

/// In a transaction that removes the statement, before it locks it.
pub(super) async fn cancel(conn: &mut Conn, statement: StatementId) -> Result<()> {
    jobs::cancel_by_key(conn, &key(statement)).await.map(drop)
}

fn key(statement: StatementId) -> String {
    format!("import_statement:{statement}")
}

/// What came of reading a statement.
enum Outcome {
    Sound(Box<Checked>),
    Rejected(StatementProblem),
    /// Somebody removed it meanwhile.
    Gone,
}

/// Checks and loads.
pub(crate) async fn run(platform: Platform, job: ImportStatement, run: Run) -> Result<(), Failure> {
    let Some(statement) = begin(&platform, job.statement, &run).await? else { return Ok(()) };
    let scratch = platform.storage.scratch()?;
    match check::check(&platform, &statement, &scratch, &run).await? {
        Outcome::Sound(checked) => import(&platform, &statement, &checked, &scratch, &run).await?,
        Outcome::Rejected(problem) => reject::reject(&platform, &statement, &problem, &run).await?,
        Outcome::Gone => {}
    }
    Ok(())
}

/// After the last attempt, in the transaction that buries the job.
pub(crate) async fn on_dead(conn: &mut Conn, job: ImportStatement, _: String) -> Result<()> {
    reject::give_up(conn, job.statement).await
}

// None: it is removed, or was done before.
async fn begin(platform: &Platform, id: StatementId, run: &Run) -> Result<Option<OwnStatement>> {
    use StatementState::{Checking, Loading, Waiting};
    while clear_leftovers(platform, id, run).await? {}
    platform
        .db
        .transaction(async |conn| {
            run.fence(conn).await?;
            let statement = OwnStatement::lock(conn, id).await?;
            let open = statement.filter(|statement| [Waiting, Checking, Loading].contains(&statement.state));
            if let Some(statement) = &open {
                statement.turn(conn, Checking).await?;
            }
            Ok(open)
        })
        .await
}

// What an attempt wrote that ended before its time.
async fn clear_leftovers(platform: &Platform, id: StatementId, run: &Run) -> Result<bool> {
    platform
        .db
        .transaction(async |conn| {
            run.fence(conn).await?;
            match OwnStatement::find(conn, id).await? {
                Some(statement) if statement.state != StatementState::Ready => {
                    clear_sales::clear_some(conn, &statement).await
                }
                _ => Ok(false),
            }
        })
        .await
}

async fn import(
    platform: &Platform,
    statement: &OwnStatement,
    checked: &Checked,
    scratch: &Scratch,
    run: &Run,
) -> Result<()> {
    let begun = platform
        .db
        .transaction(async |conn| {
            run.fence(conn).await?;
            statement.begin_to_load(conn, checked).await
        })
        .await?;
    if !begun || !load::load(platform, statement, checked, scratch, run).await? {
        return Ok(());
    }
    while tally_next(platform, statement, run).await? {}
    match_items::match_open(platform, statement.artist_id, run).await?;
    finish(platform, statement, run).await
}

// What the sales come to: so many lines at once, since each batch changes the totals that others changed before it.
async fn tally_next(platform: &Platform, statement: &OwnStatement, run: &Run) -> Result<bool> {
    platform
        .db
        .transaction(async |conn| {
            run.fence(conn).await?;
            sale::take_turn(conn, statement.artist_id).await?;
            let locked = OwnStatement::lock(conn, statement.id).await?;
            match locked.filter(|locked| locked.state == StatementState::Loading) {
                Some(loading) => sale_total::tally_some(conn, loading.id, TALLIED).await,
                None => Ok(false),
            }
        })
        .await
}

// Everything counts from here on, at once.
async fn finish(platform: &Platform, statement: &OwnStatement, run: &Run) -> Result<()> {
    platform
        .db
        .transaction(async |conn| {
            run.complete(conn).await?;
            sale::take_turn(conn, statement.artist_id).await?;
            let locked = OwnStatement::lock(conn, statement.id).await?;
            let loading = locked.filter(|locked| locked.state == StatementState::Loading);
            let Some(loading) = loading else { return Ok(()) };
            loading.make_ready(conn).await?;
            // What went meanwhile left its sales to this one.
            sale::recount(conn, loading.artist_id).await?;
            tell::tell(conn, &loading, StatementState::Ready, 100, None).await
        })
        .await
}
