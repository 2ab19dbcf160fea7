//! Show a playlist's cover.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use serde::Deserialize;
use utoipa::IntoParams;

use super::cover::{Cover, SIZES};
use crate::accounts;
use crate::platform::Platform;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{IfNoneMatchHeader, Query};
use crate::platform::id::AccountId;
use crate::platform::pictures;

/// How large.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedCover {
    /// Pixels of each side: 160 or 640; 640 where absent.
    size: Option<u32>,
}

/// A playlist's cover, by the word in its address. What is under an address never changes.
#[utoipa::path(tag = "media", params(("key" = String, Path), WantedCover, IfNoneMatchHeader), responses(
    (status = 200, content_type = "image/jpeg"), (status = 304, description = "As the client holds it"),
    (status = 404, body = Problem), (status = 422, body = Problem)))]
#[get("/covers/{key}")]
pub(super) async fn get(
    request: HttpRequest,
    platform: Data<Platform>,
    key: Path<String>,
    Query(wanted): Query<WantedCover>,
) -> Result<HttpResponse> {
    let object = find(&platform, &key, wanted.size).await?;
    pictures::respond(&request, &platform.storage.open(&object).await?).await
}

async fn find(platform: &Platform, key: &str, size: Option<u32>) -> Result<String> {
    let size = size.unwrap_or(SIZES[0]);
    let place = SIZES.iter().position(|one| *one == size);
    let place = place.ok_or_else(|| Error::invalid("size", "Covers come in the sizes 160 and 640."))?;
    let mut conn = platform.db.conn().await?;
    let missing = Error::NotFound("picture");
    let Some(cover) = Cover::find(&mut conn, key).await? else { return Err(missing) };
    let owner: AccountId = cover.account_id;
    // Whoever is suspended or about to leave shows nothing.
    if !accounts::is_there(&mut conn, owner).await? {
        return Err(missing);
    }
    cover.keys().into_iter().nth(place).ok_or(missing)
}
