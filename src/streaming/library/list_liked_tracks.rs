//! List the tracks that an account likes.

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::like::Like;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Found, Page, Paging, PagingQuery};
use crate::platform::id::{AccountId, TrackId};
use crate::streaming::place::Place;
use crate::streaming::played_track::{PlayedTrack, heard_by};

/// A track that the account likes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LikedTrack {
    track_id: TrackId,
    /// Null where the listener may hear it no longer.
    track: Option<PlayedTrack>,
    liked_at: DateTime<Utc>,
    /// 1 to 5, as the account rated it.
    stars: Option<i16>,
}

/// The tracks that the account likes, the latest first.
#[utoipa::path(tag = "library", params(PagingQuery), responses(
    (status = 200, body = Page<LikedTrack>), (status = 401, body = Problem), (status = 422, body = Problem)))]
#[get("/me/library/tracks")]
pub(in crate::streaming) async fn get(
    platform: Data<Platform>,
    identity: Identity<Read>,
    paging: Paging<Place<TrackId>>,
) -> Result<Found<Page<LikedTrack>>> {
    list(&platform, identity.account, &paging).await.map(Found)
}

async fn list(platform: &Platform, account: AccountId, paging: &Paging<Place<TrackId>>) -> Result<Page<LikedTrack>> {
    let after = Place::plausible(paging.after)?;
    let mut conn = platform.db.conn().await?;
    let likes = Like::list(&mut conn, account, after, paging.limit).await?;
    let Page { items, next_cursor } = Page::new(likes, paging.limit, Like::place);
    let mut tracks = heard_by(&mut conn, account, items.iter().map(|like| like.track_id)).await?;
    let items = items.into_iter().map(|Like { track_id, liked_at, stars }| {
        let track = tracks.remove(&track_id);
        LikedTrack { track_id, track, liked_at, stars }
    });
    Ok(Page { items: items.collect(), next_cursor })
}
