//! Ask which of many tracks an account likes.

use actix_web::get;
use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::like::Opinion;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Found, Query};
use crate::platform::id::TrackId;

const MAX_TRACKS: usize = 200;

/// Which tracks.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct TracksQuery {
    /// The tracks' ids, 1 to 200, with commas between them.
    ids: String,
}

/// What the account thinks of each of them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TrackOpinions {
    /// In the order of the ids.
    items: Vec<TrackOpinion>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TrackOpinion {
    track_id: TrackId,
    liked: bool,
    /// 1 to 5, as the account rated it.
    stars: Option<i16>,
}

/// Which of the tracks the account likes, and how it rated them. What does not exist is liked by nobody.
#[utoipa::path(tag = "library", params(TracksQuery), responses(
    (status = 200, body = TrackOpinions), (status = 401, body = Problem), (status = 422, body = Problem)))]
#[get("/me/library/tracks/contains")]
pub(in crate::streaming) async fn get(
    platform: Data<Platform>,
    identity: Identity<Read>,
    Query(query): Query<TracksQuery>,
) -> Result<Found<TrackOpinions>> {
    let ids = query.parse()?;
    let opinions = Opinion::list_of(&mut *platform.db.conn().await?, identity.account, &ids).await?;
    Ok(Found(TrackOpinions { items: opinions.into_iter().map(TrackOpinion::from).collect() }))
}

impl TracksQuery {
    fn parse(&self) -> Result<Vec<TrackId>> {
        // No further than that, however long the text is.
        let ids = self.ids.split(',').take(MAX_TRACKS + 1).map(|id| id.trim().parse().ok());
        let ids: Option<Vec<TrackId>> = ids.collect();
        ids.filter(|ids| ids.len() <= MAX_TRACKS)
            .ok_or_else(|| Error::invalid("ids", "Name 1 to 200 ids of tracks, with commas between them."))
    }
}

impl From<Opinion> for TrackOpinion {
    fn from(Opinion { track_id, liked, stars }: Opinion) -> Self {
        Self { track_id, liked, stars }
    }
}
