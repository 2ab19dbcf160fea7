//! Show a picture.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use serde::Deserialize;
use utoipa::IntoParams;

use super::picture::{Objects, SIZES};
use crate::platform::Platform;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{IfNoneMatchHeader, Query};
use crate::platform::pictures;

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
        match text.parse::<u32>() {
            Ok(size) if size == SIZES[0] => Ok(Self::Large),
            Ok(size) if size == SIZES[1] => Ok(Self::Small),
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
    pictures::respond(&request, &platform.storage.open(&object).await?).await
}

async fn find(platform: &Platform, key: &str, size: Size) -> Result<String> {
    let objects = Objects::find(&mut *platform.db.conn().await?, key).await?;
    let object = objects.and_then(|objects| match size {
        Size::Large => objects.large(),
        Size::Small => objects.small(),
    });
    object.ok_or(Error::NotFound("picture"))
}
