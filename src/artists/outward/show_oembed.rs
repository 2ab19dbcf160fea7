//! Show a page as oEmbed 1.0 (oembed.com): what pages of others put in the place of a link to it.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, route};
use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::{IntoParams, ToSchema};

use super::SITE;
use super::head::address_of_size;
use super::page::{Page, Subject};
use super::show_embed::{WIDTH, height_of};
use crate::platform::Platform;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Query, address_of};
use crate::platform::markup::{element, escape};

/// Sizes of a square picture.
const SIZES: [u32; 5] = [512, 256, 128, 64, 1024];

/// How long a consumer may keep an answer, in seconds: what is withdrawn is to go from pages of others as well.
const CACHE_AGE: u32 = 3600;

/// Which page, and how large what stands for it may be.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wish {
    /// The address of a page of this server: a release, a track, an artist.
    url: String,
    /// In pixels, 1 or more.
    maxwidth: Option<u32>,
    /// In pixels, 1 or more.
    maxheight: Option<u32>,
    /// `json`, which it is where absent, or `xml`.
    #[serde(default)]
    #[param(inline)]
    format: Format,
}

#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    #[default]
    Json,
    Xml,
}

/// A player in the place of a link (oEmbed's type `rich`).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Embedding {
    version: &'static str,
    r#type: &'static str,
    provider_name: &'static str,
    provider_url: String,
    title: String,
    author_name: String,
    author_url: String,
    /// In seconds.
    cache_age: u32,
    /// An iframe with the player.
    html: String,
    width: u32,
    height: u32,
    #[serde(flatten)]
    thumbnail: Option<Thumbnail>,
}

/// A picture, within the same limits.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Thumbnail {
    thumbnail_url: String,
    thumbnail_width: u32,
    thumbnail_height: u32,
}

/// What to show in the place of a link to a public page of this server. 404 for every other page.
#[utoipa::path(get, path = "/oembed", tag = "outward", params(Wish), responses(
    (status = 200, content((Embedding = "application/json"), (String = "text/xml"))),
    (status = 404, body = Problem), (status = 422, body = Problem)))]
#[route("/oembed", method = "GET", method = "HEAD")]
pub(super) async fn get(
    request: HttpRequest,
    platform: Data<Platform>,
    Query(wish): Query<Wish>,
) -> Result<HttpResponse> {
    let embedding = find(&platform, &wish, &address_of(&request, &platform.config)).await?;
    let mut response = HttpResponse::Ok();
    response.insert_header(("Access-Control-Allow-Origin", "*")).insert_header(("Cache-Control", "no-cache"));
    Ok(match wish.format {
        Format::Json => response.json(embedding),
        Format::Xml => response.content_type("text/xml; charset=utf-8").body(embedding.to_xml()),
    })
}

async fn find(platform: &Platform, wish: &Wish, base: &str) -> Result<Embedding> {
    for (field, most) in [("maxwidth", wish.maxwidth), ("maxheight", wish.maxheight)] {
        if most == Some(0) {
            return Err(Error::invalid(field, "A limit is 1 pixel or more."));
        }
    }
    let subject = subject(&wish.url, base).ok_or(Error::NotFound("page"))?;
    let page = Page::find(&mut *platform.db.conn().await?, subject).await?.ok_or(Error::NotFound("page"))?;
    Ok(Embedding::of(&page, wish, base))
}

/// What an address of this server leads to. Whoever links may write `http` for `https`.
fn subject(address: &str, base: &str) -> Option<Subject> {
    let (address, base) = (Url::parse(address).ok()?, Url::parse(base).ok()?);
    let is_web = matches!(address.scheme(), "http" | "https") && address.username().is_empty();
    if !is_web || address.host() != base.host() || address.port() != base.port() {
        return None;
    }
    Subject::of(address.path().strip_prefix("/embed").unwrap_or(address.path()))
}

impl Embedding {
    fn of(page: &Page, wish: &Wish, base: &str) -> Self {
        let (most_wide, most_high) = (wish.maxwidth.unwrap_or(u32::MAX), wish.maxheight.unwrap_or(u32::MAX));
        let (width, height) = (WIDTH.min(most_wide), height_of(&page.subject).min(most_high));
        let player = format!("{base}/embed{}", page.path());
        let html = format!(
            "<iframe src=\"{}\" width=\"{width}\" height=\"{height}\" title=\"{}\" loading=\"lazy\" allow=\"autoplay\" \
             style=\"border:0\"></iframe>",
            escape(&player),
            escape(&format!("{} · {}", page.title, page.artist.name)),
        );
        Self {
            version: "1.0",
            r#type: "rich",
            provider_name: SITE,
            provider_url: base.to_owned(),
            title: page.title.clone(),
            author_name: page.artist.name.clone(),
            author_url: format!("{base}/artists/{}", page.artist.slug),
            cache_age: CACHE_AGE,
            html,
            width,
            height,
            thumbnail: Thumbnail::of(page, most_wide.min(most_high), base),
        }
    }

    fn to_xml(&self) -> String {
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\n<oembed>\n");
        element(&mut xml, "version", self.version);
        element(&mut xml, "type", self.r#type);
        element(&mut xml, "provider_name", self.provider_name);
        element(&mut xml, "provider_url", &self.provider_url);
        element(&mut xml, "title", &self.title);
        element(&mut xml, "author_name", &self.author_name);
        element(&mut xml, "author_url", &self.author_url);
        element(&mut xml, "cache_age", &self.cache_age.to_string());
        element(&mut xml, "html", &self.html);
        element(&mut xml, "width", &self.width.to_string());
        element(&mut xml, "height", &self.height.to_string());
        if let Some(thumbnail) = &self.thumbnail {
            element(&mut xml, "thumbnail_url", &thumbnail.thumbnail_url);
            element(&mut xml, "thumbnail_width", &thumbnail.thumbnail_width.to_string());
            element(&mut xml, "thumbnail_height", &thumbnail.thumbnail_height.to_string());
        }
        xml.push_str("</oembed>\n");
        xml
    }
}

impl Thumbnail {
    /// The picture in a size within the limits, 512 wide where there are none; `None` where it has none so small.
    fn of(page: &Page, most: u32, base: &str) -> Option<Self> {
        let picture = page.artwork.as_ref()?;
        let size = SIZES.into_iter().find(|size| *size <= most)?;
        let side = size.min(picture.width);
        Some(Self {
            thumbnail_url: address_of_size(base, picture, size),
            thumbnail_width: side,
            thumbnail_height: side,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_this_server_lead_somewhere() {
        let base = "https://music.example";
        let nina = Some(Subject::Artist("nina".into()));
        for own in [
            "https://music.example/artists/nina",
            "http://music.example/artists/nina",
            "https://music.example/artists/nina/?utm_source=x#top",
            "https://MUSIC.example/embed/artists/nina",
        ] {
            assert_eq!(subject(own, base), nina, "{own}");
        }
        for other in [
            "https://evil.example/artists/nina",
            "https://music.example.evil.example/artists/nina",
            "https://music.example@evil.example/artists/nina",
            "https://evil@music.example/artists/nina",
            "https://music.example:8443/artists/nina",
            "ftp://music.example/artists/nina",
            "javascript://music.example/artists/nina",
            "/artists/nina",
            "https://music.example/studio",
            "https://music.example/api/v1/artists/nina",
        ] {
            assert_eq!(subject(other, base), None, "{other}");
        }
    }
}
