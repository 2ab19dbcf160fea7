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
use crate::platform::auth::{Identity, Upload};
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
    identity: Identity<Upload>,
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
    platform
        .db
        .transaction(async |conn| {
            let release = OwnRelease::lock(conn, id, member).await?;
            show_release::require(conn, id, member, if_match).await?;
            if release.published_at.is_some() {
                return Ok(());
            }
            require_ready(conn, id).await?;
            let at = release.publish(conn).await?;
            let published = published(conn, &release, at).await?;
            outbox::record(conn, &published).await
        })
        .await
}

async fn require_ready(conn: &mut Conn, release: ReleaseId) -> Result<()> {
    let tracks = OwnTrack::count(conn, release).await?;
    if tracks.processing > 0 {
        return Err(Error::Refused(Code::ReleaseStillProcessing));
    }
    if tracks.ready == 0 {
        return Err(Error::Refused(Code::ReleaseWithoutReadyTracks));
    }
    Ok(())
}

async fn published(conn: &mut Conn, release: &OwnRelease, at: DateTime<Utc>) -> Result<Event> {
    let artist = Artist::link(conn, release.artist_id).await?.ok_or(Error::NotFound("artist"))?;
    Ok(Event::ReleasePublished {
        release: release.id,
        artist: artist.id,
        artist_name: artist.name,
        artist_slug: artist.slug,
        title: release.title.clone(),
        kind: release.kind.name().to_owned(),
        first: release.first_published_at.is_none(),
        at,
    })
}
