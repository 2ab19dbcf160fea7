//! Delete a mapping. Statements that were read by it stay.

use actix_web::delete;
use actix_web::web::{Data, Path};

use super::mapping::KeptMapping;
use crate::artists::artist::Artist;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Upload};
use crate::platform::db::Db;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::NoContent;
use crate::platform::id::{AccountId, StatementMappingId};

/// Delete a mapping; a statement that waits to be read by it is then told by its header.
#[utoipa::path(tag = "statements",
    params(("id" = String, Path, description = "The artist's id or slug"), ("mapping" = StatementMappingId, Path)),
    responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[delete("/artists/{id}/statement-mappings/{mapping}")]
pub(super) async fn delete(
    platform: Data<Platform>,
    identity: Identity<Upload>,
    path: Path<(String, String)>,
) -> Result<NoContent> {
    let (artist, mapping) = path.into_inner();
    let mapping = mapping.parse().map_err(|_| Error::NotFound("mapping"))?;
    remove(&platform.db, &artist, mapping, identity.account).await.map(|()| NoContent)
}

async fn remove(db: &Db, artist: &str, mapping: StatementMappingId, member: AccountId) -> Result<()> {
    db.transaction(async |conn| {
        let artist = Artist::find_mine(conn, artist, member).await?.ok_or(Error::NotFound("artist"))?;
        let gone = KeptMapping::delete(conn, artist, mapping).await?;
        gone.then_some(()).ok_or(Error::NotFound("mapping"))
    })
    .await
}
