//! Edit a track.

use actix_web::patch;
use actix_web::web::Data;

use super::change::{By, Change, Subject};
use super::lrc;
use super::track_details::{TrackChanges, TrackDetails, fields};
use crate::artists::analysis::Analysis;
use crate::artists::own_track::OwnTrack;
use crate::artists::release::OwnRelease;
use crate::artists::track::Track;
use crate::artists::{credits, show_track};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Upload};
use crate::platform::db::{Conn, Db};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::event::Event;
use crate::platform::http::{Editable, Id, IfMatch, IfMatchHeader, Json};
use crate::platform::id::{AccountId, ChangeId, TrackId};
use crate::platform::outbox;

/// Change what is said of a track, or its place in the release.
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
    db.transaction(async |conn| {
        let release = OwnTrack::find(conn, id).await?.ok_or(Error::NotFound("track"))?.release;
        // The release first, as everybody who changes the order of its tracks does.
        OwnRelease::lock(conn, release, member).await.map_err(|error| match error {
            Error::NotFound(_) => Error::NotFound("track"),
            error => error,
        })?;
        let track = OwnTrack::lock_mine(conn, id, member).await?;
        show_track::require(conn, id, member, if_match).await?;
        apply(conn, &track, changes, By { account: member, takes_back: None }).await.map(drop)
    })
    .await
}

/// Changes a track that the caller's transaction holds, with its release; the entry of the history, where anything is
/// another than before.
pub(in crate::artists) async fn apply(
    conn: &mut Conn,
    track: &OwnTrack,
    changes: &TrackChanges,
    by: By,
) -> Result<Option<ChangeId>> {
    check(conn, track.id, changes).await?;
    let before = fields(conn, track.id).await?;
    if let Some(title) = &changes.title {
        track.retitle(conn, title).await?;
    }
    if let Some(position) = changes.position {
        track.reposition(conn, position).await?;
    }
    change_credits(conn, track.id, changes).await?;
    changes.applied_to(TrackDetails::find(conn, track.id).await?).set(conn, track.id).await?;
    let subject = Subject { release: track.release, track: Some(track.id) };
    let after = fields(conn, track.id).await?;
    let change = Change::insert(conn, subject, by, &before, &after).await?;
    if change.is_some() {
        outbox::record(conn, &Event::TrackChanged { track: track.id, release: track.release }).await?;
    }
    Ok(change)
}

async fn check(conn: &mut Conn, id: TrackId, changes: &TrackChanges) -> Result<()> {
    if changes.position.is_some_and(|position| position < 1) {
        return Err(Error::invalid("position", "Places in a release count from 1."));
    }
    if let Some(languages) = &changes.languages {
        languages.require_registered()?;
    }
    if changes.lyrics.is_some() && changes.lyrics_lrc.is_some() {
        return Err(Error::invalid("lyrics_lrc", "Send the lyrics in one form."));
    }
    if let Some(Some(start)) = changes.preview_start_ms {
        // A track that was not analysed yet has a length that nobody knows.
        let length = Analysis::duration_ms(conn, id).await?;
        if length.is_some_and(|length| i64::from(start) >= length) {
            return Err(Error::invalid("preview_start_ms", "A preview begins before the track's end."));
        }
    }
    Ok(())
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
    if let Some(text) = &changes.lyrics_lrc {
        credits::set_lyrics(conn, id, &lrc::parse(text)?).await?;
    }
    Ok(())
}
