//! Forget what was heard.

use actix_web::delete;
use actix_web::web::Data;
use chrono::{DateTime, Datelike, Utc};
use serde::Deserialize;
use utoipa::IntoParams;

use super::entry::Entry;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Library};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{NoContent, Query};
use crate::platform::id::AccountId;

/// Plays at a time: a listener of many years waits for no lock on all of them.
const BATCH: i64 = 5000;

/// Which part of it; all where nothing is said.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Stretch {
    /// What was heard from then on.
    since: Option<DateTime<Utc>>,
    /// What was heard before then.
    before: Option<DateTime<Utc>>,
}

/// Empty the account's history, or a stretch of it. The plays stay in their tracks' counts, as nobody's.
#[utoipa::path(tag = "history", params(Stretch), responses(
    (status = 204), (status = 401, body = Problem), (status = 422, body = Problem)))]
#[delete("/me/history")]
pub(in crate::streaming) async fn delete(
    platform: Data<Platform>,
    identity: Identity<Library>,
    Query(stretch): Query<Stretch>,
) -> Result<NoContent> {
    for (field, at) in [("since", stretch.since), ("before", stretch.before)] {
        if at.is_some_and(|at| !(1970..=9999).contains(&at.year())) {
            return Err(Error::invalid(field, "A time is one of the years 1970 to 9999."));
        }
    }
    forget(&mut *platform.db.conn().await?, identity.account, &stretch).await.map(|()| NoContent)
}

/// Makes an account's plays in a stretch nobody's, batch by batch.
pub(in crate::streaming) async fn forget(conn: &mut Conn, account: AccountId, stretch: &Stretch) -> Result<()> {
    while Entry::forget_some(conn, account, (stretch.since, stretch.before), BATCH).await? > 0 {}
    Ok(())
}
