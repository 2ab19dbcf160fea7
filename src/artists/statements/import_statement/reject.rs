//! A statement that cannot be used: its file goes to quarantine, and nothing of it is there.

use super::super::clear_sales;
use super::super::reading::StatementProblem;
use super::super::statement::{OwnStatement, StatementState};
use super::tell;
use crate::artists::discard;
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::StatementId;
use crate::platform::jobs::Run;
use crate::platform::storage::Zone;

/// Copies first and lets go of the original last: at every moment one of both is there.
pub(super) async fn reject(
    platform: &Platform,
    rejected: &OwnStatement,
    problem: &StatementProblem,
    run: &Run,
) -> Result<()> {
    let (original, quarantined) = (&rejected.file_key, Zone::Quarantine.key_like(&rejected.file_key));
    if *original != quarantined {
        platform.storage.copy(original, &quarantined).await?;
    }
    platform
        .db
        .transaction(async |conn| {
            run.complete(conn).await?;
            let locked = OwnStatement::lock(conn, rejected.id).await?;
            let Some(checking) = locked.filter(|locked| locked.state == StatementState::Checking) else {
                return discard::enqueue(conn, vec![quarantined.clone()]).await;
            };
            checking.reject(conn, problem, &quarantined).await?;
            tell::tell(conn, &checking, StatementState::Rejected, 100, Some(problem)).await?;
            if *original != quarantined {
                platform.storage.record_copy(conn, original, &quarantined, Zone::Quarantine).await?;
            }
            // Others may have the same bytes: what nobody names any more goes away.
            discard::enqueue(conn, vec![original.clone()]).await
        })
        .await
}

/// When every attempt failed: the file stays where it is, for whoever looks why.
pub(super) async fn give_up(conn: &mut Conn, id: StatementId) -> Result<()> {
    let Some(failed) = OwnStatement::lock(conn, id).await? else { return Ok(()) };
    if [StatementState::Ready, StatementState::Removing, StatementState::Rejected].contains(&failed.state) {
        return Ok(());
    }
    let problem = StatementProblem::new(
        "processing_failed",
        "The server had a problem of its own, several times. Please upload the file again later.",
    );
    failed.reject(conn, &problem, &failed.file_key).await?;
    tell::tell(conn, &failed, StatementState::Rejected, 100, Some(&problem)).await?;
    clear_sales::enqueue(conn, id).await
}
