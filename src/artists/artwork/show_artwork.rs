//! Show a picture of the catalogue.

use actix_web::http::header::{self, HeaderMap};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use serde::Deserialize;
use utoipa::IntoParams;

use super::picture::{Picture, Seen, is_key};
use crate::platform::Platform;
use crate::platform::auth::Viewer;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{IfNoneMatchHeader, Query, is_fresh};
use crate::platform::id::AccountId;
use crate::platform::pictures::{Encoding, Shape, Variant};

/// How large.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// Pixels from left to right: 64, 128, 256, 512 or 1024, and 2048 for a banner; 512 where absent. What is smaller itself
    /// comes as it is.
    #[serde(default)]
    #[param(value_type = u32)]
    size: Size,
    /// The secret of a link to the release: whoever holds it needs no account.
    #[serde(default)]
    #[param(max_length = 100)]
    link: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
struct Size(u32);

impl Default for Size {
    fn default() -> Self {
        Self(512)
    }
}

impl TryFrom<String> for Size {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let known = Shape::Banner.widths().iter().find(|width| width.to_string() == text);
        known.copied().map(Self).ok_or("Artwork comes in the sizes 64, 128, 256, 512, 1024 and 2048.")
    }
}

/// A picture, by the key in its address: as WebP for those whose `Accept` names it, for others as JPEG. What is under an
/// address never changes; that of a draft is there for its artist, and for
/// those who hold a link to it.
#[utoipa::path(tag = "media", params(("key" = String, Path), Wanted, IfNoneMatchHeader), responses(
    (status = 200, content((Vec<u8> = "image/webp"), (Vec<u8> = "image/jpeg"))), (status = 304, description = "As the client holds it"),
    (status = 404, body = Problem), (status = 422, body = Problem)))]
#[get("/artwork/{key}")]
pub(super) async fn get(
    request: HttpRequest,
    platform: Data<Platform>,
    viewer: Viewer,
    key: Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<HttpResponse> {
    let encoding = accepted(request.headers());
    let (picture, variant) = find(&platform, &key, viewer.account(), &wanted, encoding).await?;
    send(&request, &platform, &picture, &variant).await
}

async fn find(
    platform: &Platform,
    key: &str,
    viewer: Option<AccountId>,
    wanted: &Wanted,
    encoding: Encoding,
) -> Result<(Seen, Variant)> {
    if !is_key(key) {
        return Err(Error::NotFound("artwork"));
    }
    let Size(size) = wanted.size;
    let seen = Picture::find(&mut *platform.db.conn().await?, key, viewer, wanted.link.as_deref()).await?;
    let seen = seen.ok_or(Error::NotFound("artwork"))?;
    let variant =
        seen.largest(encoding, size)?.ok_or_else(|| anyhow::anyhow!("artwork without a size up to {size}"))?;
    Ok((seen, variant))
}

async fn send(request: &HttpRequest, platform: &Platform, picture: &Seen, variant: &Variant) -> Result<HttpResponse> {
    let object = platform.storage.open(&picture.object_key).await?;
    let name = serde_json::to_value(variant.encoding).map_err(anyhow::Error::from)?;
    let tag = format!("\"{}-{}-{}\"", object.etag.trim_matches('"'), variant.width, name.as_str().unwrap_or_default());
    let is_known = is_fresh(request.headers(), &tag);
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((header::ETAG, tag));
    response.insert_header((header::VARY, "Accept"));
    response.insert_header((header::CACHE_CONTROL, caching(picture)));
    response.insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"));
    if is_known {
        return Ok(response.finish());
    }
    let length = usize::try_from(variant.length).map_err(anyhow::Error::from)?;
    let bytes = object.read(variant.offset, length).await?;
    Ok(response.content_type(variant.encoding.media_type()).body(bytes))
}

// A browser may keep it: another picture has another address. What stands between it and the server may not: it would
// show what was withdrawn. A draft's goes with the sign-in that may see it.
fn caching(picture: &Seen) -> &'static str {
    if picture.is_public { "private, max-age=31536000, immutable" } else { "private, no-cache" }
}

/// WebP where it is named and not refused (RFC 9110 §12.5.1). “Anything” is said by those who know only what is old, too.
fn accepted(headers: &HeaderMap) -> Encoding {
    let named =
        headers.get_all(header::ACCEPT).filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    let takes_webp = named.map(|range| range.split(';').map(str::trim)).any(|mut range| {
        let is_webp = range.next().is_some_and(|range| range.eq_ignore_ascii_case("image/webp"));
        is_webp && !range.any(is_refusal)
    });
    if takes_webp { Encoding::Webp } else { Encoding::Jpeg }
}

fn is_refusal(parameter: &str) -> bool {
    let weight = parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q="));
    weight.is_some_and(|weight| weight.parse::<f32>().is_ok_and(|weight| weight <= 0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(value: &'static str) -> Encoding {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, header::HeaderValue::from_static(value));
        accepted(&headers)
    }

    #[test]
    fn webp_goes_to_those_who_name_it() {
        for value in
            ["image/avif,image/webp,*/*;q=0.8", "image/webp", "text/html, IMAGE/WEBP ; q=0.1", "image/webp;v=1"]
        {
            assert_eq!(accepts(value), Encoding::Webp, "{value}");
        }
        for value in ["*/*", "image/*", "", "image/jpeg", "image/webp;q=0", "image/webp; q=0.000", "image/webpp"] {
            assert_eq!(accepts(value), Encoding::Jpeg, "{value}");
        }
        assert_eq!(accepted(&HeaderMap::new()), Encoding::Jpeg);
    }
}
