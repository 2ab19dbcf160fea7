//! Show an artist.

use actix_web::get;
use actix_web::web::{Data, Path};

use super::profile::{ArtistProfile, Edited};
use crate::platform::Platform;
use crate::platform::auth::Viewer;
use crate::platform::db::Db;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{IfNoneMatchHeader, PartlyEditable};
use crate::platform::id::AccountId;

/// A profile as it is sent.
pub(super) type Shown = PartlyEditable<ArtistProfile, Edited>;

/// An artist by id or slug. A former slug leads to it as well; the answer has the one of today.
#[utoipa::path(tag = "artists", params(("id" = String, Path, description = "Id or slug"), IfNoneMatchHeader), responses(
    (status = 200, body = ArtistProfile, headers(("ETag" = String, description = "Names this state, for `If-Match` and `If-None-Match`"))),
    (status = 304, description = "As the client holds it"), (status = 404, body = Problem)))]
#[get("/artists/{id}")]
pub(super) async fn get(platform: Data<Platform>, viewer: Viewer, id: Path<String>) -> Result<Shown> {
    show(&platform.db, &id, viewer.account()).await
}

pub(super) async fn show(db: &Db, id_or_slug: &str, viewer: Option<AccountId>) -> Result<Shown> {
    let found = ArtistProfile::find(&mut *db.conn().await?, id_or_slug, viewer).await?;
    let (body, edited) = found.ok_or(Error::NotFound("artist"))?;
    Ok(PartlyEditable { body, edited })
}
