//! Decline what the other side offers, or take back what one's own offered.

use actix_web::delete;
use actix_web::web::{Data, Path};

use super::offer::Offer;
use super::pair::Pair;
use crate::platform::Platform;
use crate::platform::auth::Identity;
use crate::platform::db::Db;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::NoContent;
use crate::platform::id::AccountId;

/// Decline the offer between an artist and a label, or take it back, as an owner of either.
#[utoipa::path(tag = "people", params(
    ("id" = String, Path, description = "The artist's id or slug"),
    ("label" = String, Path, description = "The label's id or slug")), responses(
    (status = 204), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
#[delete("/artists/{id}/label-offers/{label}")]
pub(in crate::artists) async fn delete(
    platform: Data<Platform>,
    identity: Identity,
    path: Path<(String, String)>,
) -> Result<NoContent> {
    let (artist, label) = path.into_inner();
    decline(&platform.db, &artist, &label, identity.account).await.map(|()| NoContent)
}

async fn decline(db: &Db, artist: &str, label: &str, account: AccountId) -> Result<()> {
    db.transaction(async |conn| {
        let pair = Pair::lock(conn, artist, label, account).await?;
        let gone = Offer::delete(conn, pair.artist.id, pair.label.id).await?;
        if gone { Ok(()) } else { Err(Error::NotFound("offer")) }
    })
    .await
}
