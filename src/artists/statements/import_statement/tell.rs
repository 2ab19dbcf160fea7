//! Members hear how an import goes, over their live channel.

use std::time::Duration;

use serde_json::json;
use tokio::sync::watch;

use super::super::reading::StatementProblem;
use super::super::statement::{OwnStatement, StatementState};
use crate::artists::artist::Artist;
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::jobs::Run;
use crate::platform::live::{self, Message};

/// The name of the live event.
const EVENT: &str = "statement.progress";

/// Percent is told this often, at the most.
const PAUSE: Duration = Duration::from_millis(250);

/// Tells with the caller's commit.
pub(super) async fn tell(
    conn: &mut Conn,
    statement: &OwnStatement,
    state: StatementState,
    percent: u8,
    problem: Option<&StatementProblem>,
) -> Result<()> {
    let channels = channels(conn, statement).await?;
    live::tell(conn, channels, message(statement, state, percent, problem)).await
}

/// The same of what may be lost.
pub(super) async fn mention(
    conn: &mut Conn,
    statement: &OwnStatement,
    state: StatementState,
    percent: u8,
) -> Result<()> {
    let channels = channels(conn, statement).await?;
    live::mention(conn, channels, message(statement, state, percent, None)).await
}

/// Notes and tells each new percent, until the statement is not in this state any more.
pub(super) async fn follow(
    platform: &Platform,
    statement: &OwnStatement,
    state: StatementState,
    mut percent: watch::Receiver<u8>,
    run: &Run,
) {
    loop {
        if percent.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
        let now = *percent.borrow_and_update();
        run.progress(now).await;
        match note(platform, statement, state, now).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => tracing::warn!(%error, "progress was not told"),
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn note(platform: &Platform, statement: &OwnStatement, state: StatementState, percent: u8) -> Result<bool> {
    let mut conn = platform.db.conn().await?;
    if !OwnStatement::move_on(&mut conn, statement.id, state, percent).await? {
        return Ok(false);
    }
    mention(&mut conn, statement, state, percent).await?;
    Ok(true)
}

async fn channels(conn: &mut Conn, statement: &OwnStatement) -> Result<Vec<String>> {
    let members = Artist::members(conn, statement.artist_id).await?;
    Ok(members.iter().map(|member| format!("account:{member}")).collect())
}

fn message(
    statement: &OwnStatement,
    state: StatementState,
    percent: u8,
    problem: Option<&StatementProblem>,
) -> Message {
    let data = json!({
        "statement_id": statement.id, "artist_id": statement.artist_id, "state": state, "percent": percent,
        "problem": problem,
    });
    Message { event: EVENT.to_owned(), id: None, data }
}
