//! Edit a release.

use actix_web::patch;
use actix_web::web::Data;
use serde::Deserialize;
use utoipa::ToSchema;

use super::Title;
use super::release::{OwnRelease, Release, ReleaseKind};
use super::show_release;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Upload};
use crate::platform::db::Db;
use crate::platform::error::{Problem, Result};
use crate::platform::event::Event;
use crate::platform::http::{Editable, Id, IfMatch, IfMatchHeader, Json};
use crate::platform::id::{AccountId, ReleaseId};
use crate::platform::outbox;

/// What of a release may change. What is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReleaseChanges {
    #[serde(default)]
    title: Option<Title>,
    #[serde(default)]
    kind: Option<ReleaseKind>,
}

/// Change a release's title or kind.
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
        release.update(conn, changes.title.as_ref(), changes.kind).await?;
        outbox::record(conn, &Event::ReleaseChanged { release: id, artist: release.artist_id }).await
    })
    .await
}
