//! Take a change of a profile back: its fields are again what they were before it, by a change that says so.

use actix_web::post;
use actix_web::web::{Data, Path};
use serde_json::{Map, Value};

use super::edit_artist::{ArtistChanges, apply, require};
use super::profile_change::ProfileChange;
use super::show_history::{ProfileEntry, entries};
use crate::artists::metadata::{By, FieldChange};
use crate::artists::own_artist::OwnArtist;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Upload};
use crate::platform::db::Db;
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::{Created, IfMatch, IfMatchHeader};
use crate::platform::id::{AccountId, ChangeId};

/// Take a change of an artist's profile back. What was changed later in the same fields goes as well; the history keeps all
/// of it.
#[utoipa::path(tag = "artists", params(("id" = String, Path, description = "Id or slug"), ("change" = ChangeId, Path), IfMatchHeader), responses(
    (status = 201, body = ProfileEntry), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 412, body = Problem)))]
#[post("/artists/{id}/history/{change}/restoration")]
pub(super) async fn post(
    platform: Data<Platform>,
    identity: Identity<Upload>,
    path: Path<(String, ChangeId)>,
    if_match: IfMatch,
) -> Result<Created<ProfileEntry>> {
    let (artist, change) = path.into_inner();
    take_back(&platform.db, &artist, change, identity.account, &if_match).await.map(Created)
}

async fn take_back(
    db: &Db,
    id_or_slug: &str,
    change: ChangeId,
    member: AccountId,
    if_match: &IfMatch,
) -> Result<ProfileEntry> {
    db.transaction(async |conn| {
        let artist = OwnArtist::lock_to_edit(conn, id_or_slug, member).await?;
        require(conn, artist.id, member, if_match).await?;
        let earlier = ProfileChange::find(conn, artist.id, change).await?.ok_or(Error::NotFound("change"))?;
        let by = By { account: member, takes_back: Some(change) };
        let made = apply(conn, &artist, &before(&earlier)?, by).await.map_err(fault)?;
        let made = made.ok_or(Error::Refused(Code::NothingToRestore))?;
        let made = ProfileChange::find(conn, artist.id, made).await?.into_iter().collect();
        entries(conn, made).await?.pop().ok_or(Error::NotFound("change"))
    })
    .await
}

// What was valid once need not be today.
fn before(change: &ProfileChange) -> Result<ArtistChanges> {
    let fields: Map<String, Value> = change.fields()?.into_iter().map(FieldChange::into_before).collect();
    serde_json::from_value(Value::Object(fields)).map_err(|_| Error::Refused(Code::NotRestorable))
}

// Nobody sent the field that is at fault: a release that was shown first may be gone.
fn fault(error: Error) -> Error {
    match error {
        Error::Invalid { .. } => Error::Refused(Code::NotRestorable),
        error => error,
    }
}
