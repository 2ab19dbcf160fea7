//! What of a release's table waits for its files.

use std::collections::BTreeMap;

use actix_web::get;
use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use super::awaiting::AwaitingLine;
use crate::artists::release::OwnRelease;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Upload};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Found, Id};
use crate::platform::id::ReleaseId;

/// Lines of a table whose files are not there.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Awaiting {
    lines: Vec<Waiting>,
}

/// A line that waits for its file.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Waiting {
    /// Its number in the file; the header is 1.
    line: u64,
    /// What it says, by column.
    said: BTreeMap<String, String>,
}

/// List the lines of the last table that wait for files which are still to come.
#[utoipa::path(tag = "releases", params(("id" = ReleaseId, Path)), responses(
    (status = 200, body = Awaiting), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[get("/releases/{id}/metadata")]
pub(in crate::artists) async fn get(
    platform: Data<Platform>,
    identity: Identity<Upload>,
    Id(id): Id<ReleaseId>,
) -> Result<Found<Awaiting>> {
    let mut conn = platform.db.conn().await?;
    if !OwnRelease::is_mine(&mut conn, id, identity.account).await? {
        return Err(Error::NotFound("release"));
    }
    let lines = AwaitingLine::list(&mut conn, id).await?;
    Ok(Found(Awaiting { lines: lines.into_iter().filter(|line| line.track.is_none()).map(Waiting::from).collect() }))
}

impl From<AwaitingLine> for Waiting {
    fn from(waiting: AwaitingLine) -> Self {
        let line = waiting.line();
        let said = line.values().into_iter().map(|(column, value)| (column.to_owned(), value.to_owned())).collect();
        Self { line: line.number, said }
    }
}
