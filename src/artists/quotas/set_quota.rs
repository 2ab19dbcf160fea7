//! Set how much an artist may have, for administrators.

use actix_web::web::{Data, Path};
use actix_web::{delete, put};
use serde::Deserialize;
use utoipa::ToSchema;

use super::quota::{Limits, Quota};
use crate::artists::artist::Artist;
use crate::platform::Platform;
use crate::platform::auth::{Admin, Identity};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Found, Json, NoContent};
use crate::platform::id::ArtistId;

/// An artist's own limits. What is absent or null is everybody's.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewQuota {
    #[serde(default)]
    #[schema(minimum = 0)]
    bytes: Option<i64>,
    #[serde(default)]
    #[schema(minimum = 0)]
    tracks: Option<i64>,
    #[serde(default)]
    #[schema(minimum = 0)]
    uploads_per_day: Option<i64>,
}

/// Set how much an artist may have. What it has already stays, also where that is more.
#[utoipa::path(tag = "artists", params(("id" = String, Path, description = "The artist's id or slug")), request_body = NewQuota,
    responses((status = 200, body = Quota), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 422, body = Problem)))]
#[put("/artists/{id}/quota")]
pub(in crate::artists) async fn put(
    platform: Data<Platform>,
    _: Identity<Admin>,
    id: Path<String>,
    Json(new): Json<NewQuota>,
) -> Result<Found<Quota>> {
    let limits = new.limits()?;
    let conn = &mut *platform.db.conn().await?;
    let artist = find(conn, &id).await?;
    limits.put(conn, artist).await?;
    Quota::of(conn, &platform.config, artist).await.map(Found)
}

/// Give an artist everybody's limits again.
#[utoipa::path(tag = "artists", params(("id" = String, Path, description = "The artist's id or slug")), responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
#[delete("/artists/{id}/quota")]
pub(in crate::artists) async fn delete(
    platform: Data<Platform>,
    _: Identity<Admin>,
    id: Path<String>,
) -> Result<NoContent> {
    let conn = &mut *platform.db.conn().await?;
    let artist = find(conn, &id).await?;
    Limits::delete(conn, artist).await.map(|()| NoContent)
}

async fn find(conn: &mut Conn, id: &str) -> Result<ArtistId> {
    let artist = Artist::find(conn, id, None).await?;
    artist.map(|artist| artist.id).ok_or(Error::NotFound("artist"))
}

impl NewQuota {
    fn limits(&self) -> Result<Limits> {
        for (field, limit) in
            [("bytes", self.bytes), ("tracks", self.tracks), ("uploads_per_day", self.uploads_per_day)]
        {
            if limit.is_some_and(|limit| limit < 0) {
                return Err(Error::invalid(field, "A limit is 0 or more."));
            }
        }
        Ok(Limits { bytes: self.bytes, tracks: self.tracks, uploads_per_day: self.uploads_per_day })
    }
}
