//! Edit a release.

use actix_web::patch;
use actix_web::web::Data;

use super::change::{By, Change, Subject};
use super::release_details::{ReleaseChanges, ReleaseDetails, fields, set_details};
use crate::artists::release::{OwnRelease, Release};
use crate::artists::show_release;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Upload};
use crate::platform::db::{Conn, Db};
use crate::platform::error::{Problem, Result};
use crate::platform::event::Event;
use crate::platform::http::{Editable, Id, IfMatch, IfMatchHeader, Json};
use crate::platform::id::{AccountId, ChangeId, ReleaseId};
use crate::platform::outbox;

/// Change what is said of a release.
#[utoipa::path(tag = "releases", params(("id" = ReleaseId, Path), IfMatchHeader), request_body = ReleaseChanges, responses(
    (status = 200, body = Release, headers(("ETag" = String, description = "Names this state, for `If-Match` and `If-None-Match`"))),
    (status = 401, body = Problem), (status = 404, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem)))]
#[patch("/releases/{id}")]
pub(super) async fn patch(
    platform: Data<Platform>,
    identity: Identity<Upload>,
    Id(id): Id<ReleaseId>,
    if_match: IfMatch,
    Json(changes): Json<ReleaseChanges>,
) -> Result<Editable<Release>> {
    edit(&platform.db, id, identity.account, &changes, &if_match).await?;
    show_release::show(&platform.db, id, Some(identity.account)).await.map(Editable)
}

async fn edit(db: &Db, id: ReleaseId, member: AccountId, changes: &ReleaseChanges, if_match: &IfMatch) -> Result<()> {
    db.transaction(async |conn| {
        let release = OwnRelease::lock(conn, id, member).await?;
        show_release::require(conn, id, member, if_match).await?;
        apply(conn, &release, changes, By { account: member, takes_back: None }).await.map(drop)
    })
    .await
}

/// Changes a release that the caller's transaction holds; the entry of its history, where anything is another than before.
pub(in crate::artists) async fn apply(
    conn: &mut Conn,
    release: &OwnRelease,
    changes: &ReleaseChanges,
    by: By,
) -> Result<Option<ChangeId>> {
    changes.check()?;
    let before = fields(conn, release.id).await?;
    let details = changes.applied_to(ReleaseDetails::find(conn, release.id).await?);
    set_details(conn, release.id, &details).await?;
    release.update(conn, changes.title.as_ref(), changes.kind).await?;
    let subject = Subject { release: release.id, track: None };
    let after = fields(conn, release.id).await?;
    let change = Change::insert(conn, subject, by, &before, &after).await?;
    if change.is_some() {
        outbox::record(conn, &Event::ReleaseChanged { release: release.id, artist: release.artist_id }).await?;
    }
    Ok(change)
}
