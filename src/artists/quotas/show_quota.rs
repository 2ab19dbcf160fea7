//! Show how much an artist may have, and has.

use actix_web::get;
use actix_web::web::{Data, Path};

use super::quota::Quota;
use crate::artists::artist::Artist;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read, Role};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::Found;

/// How much an artist may have and has, for its members and for administrators.
#[utoipa::path(tag = "artists", params(("id" = String, Path, description = "The artist's id or slug")), responses(
    (status = 200, body = Quota), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[get("/artists/{id}/quota")]
pub(in crate::artists) async fn get(
    platform: Data<Platform>,
    identity: Identity<Read>,
    id: Path<String>,
) -> Result<Found<Quota>> {
    let conn = &mut *platform.db.conn().await?;
    let artist = Artist::find(conn, &id, Some(identity.account)).await?;
    let artist = artist.filter(|artist| artist.mine || identity.role == Role::Admin);
    Quota::of(conn, &platform.config, artist.ok_or(Error::NotFound("artist"))?.id).await.map(Found)
}
