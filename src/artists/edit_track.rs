//! Edit a track.

use actix_web::patch;
use actix_web::web::Data;
use serde::Deserialize;
use utoipa::ToSchema;

use super::Title;
use super::credits::{self, Lyrics};
use super::own_track::OwnTrack;
use super::release::OwnRelease;
use super::show_track;
use super::track::Track;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Upload};
use crate::platform::db::{Conn, Db};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::event::Event;
use crate::platform::http::{Editable, Id, IfMatch, IfMatchHeader, Json};
use crate::platform::id::{AccountId, TrackId};
use crate::platform::outbox;

/// What of a track may change. What is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrackChanges {
    #[serde(default)]
    title: Option<Title>,
    /// The place in the release, from 1; the other tracks make room. Beyond the last place is the last place.
    #[serde(default)]
    #[schema(minimum = 1)]
    position: Option<i32>,
    /// Who wrote the music; an empty text is nobody.
    #[serde(default)]
    #[schema(max_length = 200)]
    composer: Option<String>,
    /// The recording's code (ISO 3901), with or without hyphens; an empty text is none.
    #[serde(default)]
    isrc: Option<String>,
    /// The words; an empty text without lines is none.
    #[serde(default)]
    lyrics: Option<Lyrics>,
}

/// Change a track's title, its place in the release, or what listeners read of it.
#[utoipa::path(tag = "tracks", params(("id" = TrackId, Path), IfMatchHeader), request_body = TrackChanges, responses(
    (status = 200, body = Track, headers(("ETag" = String, description = "Names this state, for `If-Match` and `If-None-Match`"))),
    (status = 401, body = Problem), (status = 404, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem)))]
#[patch("/tracks/{id}")]
pub(super) async fn patch(
    platform: Data<Platform>,
    identity: Identity<Upload>,
    Id(id): Id<TrackId>,
    if_match: IfMatch,
    Json(changes): Json<TrackChanges>,
) -> Result<Editable<Track>> {
    edit(&platform.db, id, identity.account, &changes, &if_match).await?;
    show_track::show(&platform.db, id, Some(identity.account)).await.map(Editable)
}

async fn edit(db: &Db, id: TrackId, member: AccountId, changes: &TrackChanges, if_match: &IfMatch) -> Result<()> {
    if changes.position.is_some_and(|position| position < 1) {
        return Err(Error::invalid("position", "Places in a release count from 1."));
    }
    db.transaction(async |conn| {
        let release = OwnTrack::find(conn, id).await?.ok_or(Error::NotFound("track"))?.release;
        // The release first, as everybody who changes the order of its tracks does.
        OwnRelease::lock(conn, release, member).await.map_err(|error| match error {
            Error::NotFound(_) => Error::NotFound("track"),
            error => error,
        })?;
        let track = OwnTrack::lock_mine(conn, id, member).await?;
        show_track::require(conn, id, member, if_match).await?;
        if let Some(title) = &changes.title {
            track.retitle(conn, title).await?;
        }
        if let Some(position) = changes.position {
            track.reposition(conn, position).await?;
        }
        change_credits(conn, id, changes).await?;
        outbox::record(conn, &Event::TrackChanged { track: id, release }).await
    })
    .await
}

async fn change_credits(conn: &mut Conn, id: TrackId, changes: &TrackChanges) -> Result<()> {
    if let Some(composer) = &changes.composer {
        credits::set_composer(conn, id, composer).await?;
    }
    if let Some(isrc) = &changes.isrc {
        credits::set_isrc(conn, id, isrc).await?;
    }
    if let Some(lyrics) = &changes.lyrics {
        credits::set_lyrics(conn, id, lyrics).await?;
    }
    Ok(())
}
