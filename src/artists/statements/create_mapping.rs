//! Describe a layout: which column of a statement holds what.

use actix_web::post;
use actix_web::web::{Data, Path};

use super::mapping::{KeptMapping, MAX_MAPPINGS, Mapping};
use crate::artists::artist::Artist;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Upload};
use crate::platform::db::Db;
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::{Created, IdempotencyHeader, IdempotencyKey, Json};
use crate::platform::id::{AccountId, StatementMappingId};

/// Describe the columns of a statement that nobody else knows.
#[utoipa::path(tag = "statements", request_body = Mapping,
    params(("id" = String, Path, description = "The artist's id or slug"), IdempotencyHeader),
    responses((status = 201, body = KeptMapping), (status = 401, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 422, body = Problem)))]
#[post("/artists/{id}/statement-mappings")]
pub(super) async fn post(
    platform: Data<Platform>,
    identity: Identity<Upload>,
    artist: Path<String>,
    key: IdempotencyKey,
    Json(mapping): Json<Mapping>,
) -> Result<Created<KeptMapping>> {
    create(&platform.db, &artist, &mapping, &key, identity.account).await.map(Created)
}

async fn create(
    db: &Db,
    artist: &str,
    mapping: &Mapping,
    key: &IdempotencyKey,
    member: AccountId,
) -> Result<KeptMapping> {
    mapping.check()?;
    db.transaction(async |conn| {
        let artist = Artist::find_mine(conn, artist, member).await?.ok_or(Error::NotFound("artist"))?;
        let id = StatementMappingId::new();
        let earlier = key.claim(conn, member, mapping, id.uuid()).await?.map(StatementMappingId::from);
        if earlier.is_none() {
            if KeptMapping::count(conn, artist).await? >= MAX_MAPPINGS {
                return Err(Error::Refused(Code::LimitReached));
            }
            KeptMapping::insert(conn, id, artist, mapping).await?;
        }
        let kept = KeptMapping::find(conn, artist, earlier.unwrap_or(id)).await?;
        kept.ok_or(Error::NotFound("mapping"))
    })
    .await
}
