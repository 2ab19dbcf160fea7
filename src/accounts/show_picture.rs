//! Show a picture.

use std::sync::Arc;

use actix_web::http::header;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use serde::Deserialize;
use utoipa::IntoParams;

use super::picture::Objects;
use crate::platform::Platform;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{IfNoneMatchHeader, Query, is_fresh};
use crate::platform::pictures::{LARGE, SMALL};
use crate::platform::storage::Opened;

/// How large.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// Pixels of each side: 128 or 512; 512 where absent.
    #[serde(default)]
    #[param(value_type = u32)]
    size: Size,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(try_from = "String")]
enum Size {
    #[default]
    Large,
    Small,
}

impl TryFrom<String> for Size {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match text.parse() {
            Ok(LARGE) => Ok(Self::Large),
            Ok(SMALL) => Ok(Self::Small),
            _ => Err("Pictures come in the sizes 128 and 512."),
        }
    }
}

/// A picture, by the word in its address. What is under an address never changes.
#[utoipa::path(tag = "media", params(("key" = String, Path), Wanted, IfNoneMatchHeader), responses(
    (status = 200, content_type = "image/jpeg"), (status = 304, description = "As the client holds it"),
    (status = 404, body = Problem), (status = 422, body = Problem)))]
#[get("/pictures/{key}")]
pub(super) async fn get(
    request: HttpRequest,
    platform: Data<Platform>,
    key: Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<HttpResponse> {
    let object = find(&platform, &key, wanted.size).await?;
    send(&request, &platform.storage.open(&object).await?).await
}

async fn send(request: &HttpRequest, picture: &Arc<Opened>) -> Result<HttpResponse> {
    let is_known = is_fresh(request.headers(), &picture.etag);
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((header::ETAG, picture.etag.as_str()));
    response.insert_header((header::CACHE_CONTROL, "public, max-age=86400, immutable"));
    response.insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"));
    if is_known {
        return Ok(response.finish());
    }
    let length = usize::try_from(picture.size_bytes).map_err(anyhow::Error::from)?;
    Ok(response.content_type("image/jpeg").body(picture.read(0, length).await?))
}

async fn find(platform: &Platform, key: &str, size: Size) -> Result<String> {
    let objects = Objects::find(&mut *platform.db.conn().await?, key).await?;
    let object = objects.and_then(|objects| match size {
        Size::Large => objects.large(),
        Size::Small => objects.small(),
    });
    object.ok_or(Error::NotFound("picture"))
}
