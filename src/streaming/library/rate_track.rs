//! Rate a track.

use actix_web::put;
use actix_web::web::Data;
use serde::Deserialize;
use utoipa::ToSchema;

use super::rating::Rating;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Library};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Id, Json, NoContent};
use crate::platform::id::{AccountId, TrackId};
use crate::streaming::played_track::heard_by;

/// What an account thinks of a track.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRating {
    #[schema(minimum = 1, maximum = 5)]
    stars: i16,
}

/// Give 1 to 5 stars to a track that the account may hear. Nobody else learns of them.
#[utoipa::path(tag = "library", params(("id" = TrackId, Path)), request_body = NewRating, responses(
    (status = 204), (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
#[put("/tracks/{id}/rating")]
pub(in crate::streaming) async fn put(
    platform: Data<Platform>,
    identity: Identity<Library>,
    Id(id): Id<TrackId>,
    Json(new): Json<NewRating>,
) -> Result<NoContent> {
    rate(&platform, identity.account, id, new.stars).await.map(|()| NoContent)
}

async fn rate(platform: &Platform, account_id: AccountId, track_id: TrackId, stars: i16) -> Result<()> {
    if !(1..=5).contains(&stars) {
        return Err(Error::invalid("stars", "A rating has 1 to 5 stars."));
    }
    let mut conn = platform.db.conn().await?;
    if heard_by(&mut conn, account_id, [track_id]).await?.is_empty() {
        return Err(Error::NotFound("track"));
    }
    Rating { account_id, track_id, stars, rated_at: platform.clock.now() }.save(&mut conn).await
}
