//! Publish a release: from now on everybody can hear it, and followers are told.

use actix_web::put;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::ToSchema;

use super::artist::Artist;
use super::own_track::OwnTrack;
use super::release::{OwnRelease, Release};
use super::show_release;
use crate::platform::Platform;
use crate::platform::auth::Identity;
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::event::Event;
use crate::platform::http::{Editable, Id, IfMatch, IfMatchHeader, Json};
use crate::platform::id::{AccountId, ReleaseId};
use crate::platform::outbox;

/// How to publish: at once, to everybody.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Publication {}

/// Publish a release. Publishing what is public changes nothing.
#[utoipa::path(tag = "releases", params(("id" = ReleaseId, Path), IfMatchHeader), request_body = Publication, responses(
    (status = 200, body = Release, headers(("ETag" = String, description = "Names this state, for `If-Match` and `If-None-Match`"))),
    (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem)))]
#[put("/releases/{id}/publication")]
pub(super) async fn put(
    platform: Data<Platform>,
    identity: Identity,
    Id(id): Id<ReleaseId>,
    if_match: IfMatch,
    publication: Json<Publication>,
) -> Result<Editable<Release>> {
    let Json(Publication {}) = publication;
    publish_seen(&platform, id, identity.account, &if_match).await?;
    show_release::show(&platform.db, id, Some(identity.account)).await.map(Editable)
}

/// Façade: publishes a release.
pub(crate) async fn publish(platform: &Platform, id: ReleaseId, member: AccountId) -> Result<()> {
    publish_seen(platform, id, member, &IfMatch::default()).await
}

async fn publish_seen(platform: &Platform, id: ReleaseId, member: AccountId, if_match: &IfMatch) -> Result<()> {
    let now = platform.clock.now();
    platform
        .db
        .transaction(async |conn| {
            let release = OwnRelease::lock(conn, id, member).await?;
            show_release::require(conn, id, member, if_match).await?;
            if release.published_at.is_some() {
                return Ok(());
            }
            require_ready(conn, id).await?;
            release.publish(conn, now).await?;
            let published = published(conn, &release, now).await?;
            outbox::record(conn, &published).await
        })
        .await
}

async fn require_ready(conn: &mut Conn, release: ReleaseId) -> Result<()> {
    match OwnTrack::count(conn, release).await? {
        (_, processing, _) if processing > 0 => Err(Error::Refused(Code::ReleaseStillProcessing)),
        (_, _, 0) => Err(Error::Refused(Code::ReleaseWithoutReadyTracks)),
        _ => Ok(()),
    }
}

async fn published(conn: &mut Conn, release: &OwnRelease, at: DateTime<Utc>) -> Result<Event> {
    let names = Artist::names(conn, &[release.artist_id]).await?;
    let (_, artist_slug, artist_name) = names.into_iter().next().ok_or(Error::NotFound("artist"))?;
    Ok(Event::ReleasePublished {
        release: release.id,
        artist: release.artist_id,
        artist_name,
        artist_slug,
        title: release.title.clone(),
        kind: release.kind.clone(),
        first: release.first_published_at.is_none(),
        at,
    })
}
