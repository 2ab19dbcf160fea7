//! Clear the sales of a statement that counts no more: a job where they are many, and the end of one that is removed.

use serde::{Deserialize, Serialize};

use super::sale;
use super::sale_total;
use super::statement::{OwnStatement, StatementState};
use crate::artists::discard;
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::StatementId;
use crate::platform::jobs::{self, Failure, Job, Run};

/// Lines in one transaction.
const BATCH: i64 = 4000;

/// A statement that is removed, or was rejected half-way.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ClearSales {
    statement: StatementId,
}

impl Job for ClearSales {
    const KIND: &'static str = "artists.clear_sales";
    const QUEUE: &'static str = "statements";
    /// Nothing is wrong with a job like this but the database, and that comes back.
    const MAX_ATTEMPTS: i16 = 20;
}

/// In the transaction from which on the sales count no more.
pub(super) async fn enqueue(conn: &mut Conn, statement: StatementId) -> Result<()> {
    // Before what waits: an import may be waiting for these lines' places.
    jobs::new(ClearSales { statement }).key(format!("clear_sales:{statement}")).priority(10).enqueue(conn).await?;
    Ok(())
}

/// Batch by batch, each in a transaction of its own. May run twice.
pub(crate) async fn run(platform: Platform, job: ClearSales, run: Run) -> Result<(), Failure> {
    while clear_next(&platform, job.statement, &run).await? {}
    Ok(())
}

async fn clear_next(platform: &Platform, id: StatementId, run: &Run) -> Result<bool> {
    platform
        .db
        .transaction(async |conn| {
            run.fence(conn).await?;
            match OwnStatement::find(conn, id).await? {
                Some(statement) => clear_or_end(conn, &statement).await,
                None => Ok(false),
            }
        })
        .await
}

/// Some more of a statement that counts no more; deletes it with the last line. True while there is more to do.
pub(super) async fn clear_or_end(conn: &mut Conn, found: &OwnStatement) -> Result<bool> {
    sale::take_turn(conn, found.artist_id).await?;
    let Some(statement) = OwnStatement::lock(conn, found.id).await? else { return Ok(false) };
    if ![StatementState::Removing, StatementState::Rejected].contains(&statement.state) {
        return Ok(false);
    }
    if remove_some(conn, &statement).await? {
        return Ok(true);
    }
    sale::recount(conn, statement.artist_id).await?;
    if statement.state == StatementState::Removing {
        statement.delete(conn).await?;
        discard::enqueue(conn, vec![statement.file_key.clone()]).await?;
    }
    Ok(false)
}

/// Some of what an attempt at importing left. True while there is more.
pub(super) async fn clear_some(conn: &mut Conn, statement: &OwnStatement) -> Result<bool> {
    sale::take_turn(conn, statement.artist_id).await?;
    remove_some(conn, statement).await
}

async fn remove_some(conn: &mut Conn, statement: &OwnStatement) -> Result<bool> {
    Ok(sale_total::forget_some(conn, statement.id, BATCH).await?
        || sale::remove_some(conn, statement.id, BATCH).await?)
}
