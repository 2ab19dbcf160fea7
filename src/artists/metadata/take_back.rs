//! Take a change back: its fields are again what they were before it, by a change that says so.

use actix_web::post;
use actix_web::web::{Data, Path};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::change::{By, Change, FieldChange};
use super::show_history::{HistoryEntry, entries};
use super::{edit_release, edit_track};
use crate::artists::own_track::OwnTrack;
use crate::artists::release::OwnRelease;
use crate::artists::show_release;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Upload};
use crate::platform::db::{Conn, Db};
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::{Created, IfMatch, IfMatchHeader};
use crate::platform::id::{AccountId, ChangeId, ReleaseId};

/// Take a change of a release or of one of its tracks back. What was changed later in the same fields goes as well; the
/// history keeps all of it. The condition, if there is one, is about the release.
#[utoipa::path(tag = "releases", params(("id" = ReleaseId, Path), ("change" = ChangeId, Path), IfMatchHeader), responses(
    (status = 201, body = HistoryEntry), (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
    (status = 412, body = Problem)))]
#[post("/releases/{id}/history/{change}/restoration")]
pub(super) async fn post(
    platform: Data<Platform>,
    identity: Identity<Upload>,
    path: Path<(ReleaseId, ChangeId)>,
    if_match: IfMatch,
) -> Result<Created<HistoryEntry>> {
    let (release, change) = path.into_inner();
    take_back(&platform.db, release, change, identity.account, &if_match).await.map(Created)
}

async fn take_back(
    db: &Db,
    id: ReleaseId,
    change: ChangeId,
    member: AccountId,
    if_match: &IfMatch,
) -> Result<HistoryEntry> {
    db.transaction(async |conn| {
        let release = OwnRelease::lock(conn, id, member).await?;
        show_release::require(conn, id, member, if_match).await?;
        let earlier = Change::find(conn, id, change).await?.ok_or(Error::NotFound("change"))?;
        let by = By { account: member, takes_back: Some(change) };
        let made = restore(conn, &release, &earlier, by).await?;
        let made = made.ok_or(Error::Refused(Code::NothingToRestore))?;
        let made = Change::find(conn, id, made).await?.into_iter().collect();
        entries(conn, made).await?.pop().ok_or(Error::NotFound("change"))
    })
    .await
}

async fn restore(conn: &mut Conn, release: &OwnRelease, earlier: &Change, by: By) -> Result<Option<ChangeId>> {
    let fields = earlier.fields()?.into_iter().map(FieldChange::into_before);
    let before: Map<String, Value> = fields.collect();
    match earlier.track_id {
        None => edit_release::apply(conn, release, &parse(before)?, by).await.map_err(fault),
        Some(track) => {
            let track = OwnTrack::lock_mine(conn, track, by.account).await?;
            edit_track::apply(conn, &track, &parse(before)?, by).await.map_err(fault)
        }
    }
}

// Nobody sent the field that is at fault.
fn fault(error: Error) -> Error {
    match error {
        Error::Invalid { .. } => Error::Refused(Code::NotRestorable),
        error => error,
    }
}

// Publication is no field to be edited, and what was valid once need not be today.
fn parse<T: DeserializeOwned>(fields: Map<String, Value>) -> Result<T> {
    serde_json::from_value(Value::Object(fields)).map_err(|_| Error::Refused(Code::NotRestorable))
}
