//! Say by hand which track something is that was sold elsewhere.

use actix_web::put;
use actix_web::web::{Data, Path};
use serde::Deserialize;
use utoipa::ToSchema;

use super::sold_item::SoldItem;
use crate::artists::artist::Artist;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Upload};
use crate::platform::db::Db;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Found, Json};
use crate::platform::id::{AccountId, SoldItemId, TrackId};

/// The track that something is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Assignment {
    /// One of the artist's own; null: it is none of them.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required)]
    track_id: Option<TrackId>,
}

/// Assign what was sold to a track, with all of its sales, past and future; or to none.
#[utoipa::path(tag = "statements", request_body = Assignment,
    params(("id" = String, Path, description = "The artist's id or slug"), ("item" = SoldItemId, Path)),
    responses((status = 200, body = SoldItem), (status = 401, body = Problem), (status = 404, body = Problem),
    (status = 422, body = Problem)))]
#[put("/artists/{id}/sold-items/{item}/track")]
pub(super) async fn put(
    platform: Data<Platform>,
    identity: Identity<Upload>,
    path: Path<(String, String)>,
    Json(assignment): Json<Assignment>,
) -> Result<Found<SoldItem>> {
    let (artist, item) = path.into_inner();
    let item = item.parse().map_err(|_| Error::NotFound("sold item"))?;
    assign(&platform.db, &artist, item, assignment.track_id, identity.account).await.map(Found)
}

async fn assign(
    db: &Db,
    artist: &str,
    item: SoldItemId,
    track: Option<TrackId>,
    member: AccountId,
) -> Result<SoldItem> {
    db.transaction(async |conn| {
        let artist = Artist::find_mine(conn, artist, member).await?.ok_or(Error::NotFound("artist"))?;
        let before = SoldItem::find(conn, artist, member, item).await?;
        before.ok_or(Error::NotFound("sold item"))?;
        if !SoldItem::assign(conn, artist, item, track).await? {
            return Err(Error::invalid("track_id", "This artist has no such track."));
        }
        SoldItem::find(conn, artist, member, item).await?.ok_or(Error::NotFound("sold item"))
    })
    .await
}
