//! Create a release: a draft, until it is published.

use actix_web::post;
use actix_web::web::{Data, Path};

use super::artist::Artist;
use super::metadata::{NewRelease, set_details};
use super::release::{OwnRelease, Release};
use super::show_release;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Upload};
use crate::platform::db::Db;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Created, IdempotencyHeader, IdempotencyKey, Json};
use crate::platform::id::{AccountId, ReleaseId};

/// Create a draft for an artist that the account may act for.
#[utoipa::path(tag = "releases", params(("id" = String, Path, description = "The artist's id or slug"), IdempotencyHeader), request_body = NewRelease, responses(
    (status = 201, body = Release), (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
#[post("/artists/{id}/releases")]
pub(super) async fn post(
    platform: Data<Platform>,
    identity: Identity<Upload>,
    artist: Path<String>,
    key: IdempotencyKey,
    Json(new): Json<NewRelease>,
) -> Result<Created<Release>> {
    let id = create_once(&platform.db, identity.account, &artist, &new, &key).await?;
    show_release::show(&platform.db, id, Some(identity.account)).await.map(Created)
}

/// Façade: creates a draft.
pub(crate) async fn create(db: &Db, member: AccountId, artist: &str, new: NewRelease) -> Result<ReleaseId> {
    create_once(db, member, artist, &new, &IdempotencyKey::default()).await
}

async fn create_once(
    db: &Db,
    member: AccountId,
    artist: &str,
    new: &NewRelease,
    key: &IdempotencyKey,
) -> Result<ReleaseId> {
    let details = new.details();
    details.languages.require_registered()?;
    db.transaction(async |conn| {
        let id = ReleaseId::new();
        if let Some(earlier) = key.claim(conn, member, new, id.uuid()).await? {
            return Ok(earlier.into());
        }
        let artist = Artist::find_mine(conn, artist, member).await?.ok_or(Error::NotFound("artist"))?;
        OwnRelease::insert(conn, id, artist, &new.title, new.kind).await?;
        set_details(conn, id, &details).await?;
        Ok(id)
    })
    .await
}
