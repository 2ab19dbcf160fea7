//! Remove a member, or leave.

use actix_web::delete;
use actix_web::web::{Data, Path};

use super::member::{Member, changed};
use crate::artists::ingest::progress;
use crate::artists::own_artist::{OwnArtist, id_of};
use crate::platform::auth::{Fresh, Identity};
use crate::platform::db::{Conn, Db};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::NoContent;
use crate::platform::id::AccountId;
use crate::platform::{Platform, outbox};

/// Remove a member, as an owner, or leave, as oneself. The last owner stays.
#[utoipa::path(tag = "people", params(
    ("id" = String, Path, description = "The artist's id or slug"), ("account" = AccountId, Path)), responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem)))]
#[delete("/artists/{id}/members/{account}")]
pub(in crate::artists) async fn delete(
    platform: Data<Platform>,
    identity: Identity<Fresh>,
    path: Path<(String, AccountId)>,
) -> Result<NoContent> {
    let (artist, account) = path.into_inner();
    remove(&platform.db, &artist, identity.account, account).await.map(|()| NoContent)
}

async fn remove(db: &Db, id_or_slug: &str, by: AccountId, account: AccountId) -> Result<()> {
    db.transaction(async |conn| {
        let artist = hold(conn, id_or_slug, by, account).await?;
        if !Member::delete(conn, artist.id, account).await? {
            return Err(Error::NotFound("member"));
        }
        progress::end_streams(conn, artist.id).await?;
        outbox::record(conn, &changed(&artist, account, None, Some(by))).await
    })
    .await
}

// Whoever leaves need not own anything.
async fn hold(conn: &mut Conn, id_or_slug: &str, by: AccountId, account: AccountId) -> Result<OwnArtist> {
    if by != account {
        return OwnArtist::lock_owned(conn, id_or_slug, by).await;
    }
    let id = id_of(conn, id_or_slug).await?;
    OwnArtist::lock(conn, id).await?.ok_or(Error::NotFound("artist"))
}
