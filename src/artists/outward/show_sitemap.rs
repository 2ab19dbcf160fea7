//! Show the site map (sitemaps.org 0.9): an index, and parts of at most 50,000 pages. `robots.txt` (RFC 9309) names it.

use actix_web::http::header;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, route};
use chrono::SecondsFormat;

use super::sitemap::{Kind, Place};
use crate::platform::Platform;
use crate::platform::error::{Error, Result};
use crate::platform::http::{address_of, is_fresh};
use crate::platform::markup::element;

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const NAMESPACE: &str = "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"";

// Players ask themselves not to be indexed; whoever checks a card or a preview must be let in to them.
#[route("/robots.txt", method = "GET", method = "HEAD")]
pub(super) async fn robots(request: HttpRequest, platform: Data<Platform>) -> HttpResponse {
    let base = address_of(&request, &platform.config);
    let body = format!(
        "User-agent: *\nAllow: /api/v1/artwork/\nAllow: /api/v1/enclosures/\nAllow: /api/v1/oembed\n\
         Allow: /api/v1/artists/*/feed.\nDisallow: /api/\nDisallow: /links/\nDisallow: /settings\nDisallow: /studio\n\
         Disallow: /admin\n\nSitemap: {base}/sitemap.xml\n"
    );
    send(&request, "text/plain; charset=utf-8", body)
}

#[route("/sitemap.xml", method = "GET", method = "HEAD")]
pub(super) async fn get(request: HttpRequest, platform: Data<Platform>) -> Result<HttpResponse> {
    let base = address_of(&request, &platform.config);
    let mut conn = platform.db.conn().await?;
    let mut xml = format!("{DECLARATION}<sitemapindex {NAMESPACE}>\n");
    for kind in Kind::ALL {
        for begin in kind.parts(&mut conn).await? {
            xml.push_str("<sitemap>");
            element(&mut xml, "loc", &format!("{base}/sitemaps/{}-{begin}.xml", kind.name()));
            xml.push_str("</sitemap>\n");
        }
    }
    xml.push_str("</sitemapindex>\n");
    Ok(send(&request, "application/xml; charset=utf-8", xml))
}

#[route("/sitemaps/{part}.xml", method = "GET", method = "HEAD")]
pub(super) async fn one_part(
    request: HttpRequest,
    platform: Data<Platform>,
    part: Path<String>,
) -> Result<HttpResponse> {
    let (kind, begin) = named(&part).ok_or(Error::NotFound("part"))?;
    let base = address_of(&request, &platform.config);
    let places = kind.list(&mut *platform.db.conn().await?, begin).await?;
    Ok(send(&request, "application/xml; charset=utf-8", pages(kind, &places, &base)))
}

fn named(part: &str) -> Option<(Kind, u64)> {
    let (kind, begin) = part.split_once('-')?;
    let kind = Kind::ALL.into_iter().find(|known| known.name() == kind)?;
    let is_plain = !begin.is_empty() && begin.len() <= 14 && begin.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| begin.parse().ok().map(|begin| (kind, begin)))?
}

fn pages(kind: Kind, places: &[Place], base: &str) -> String {
    let mut xml = format!("{DECLARATION}<urlset {NAMESPACE}>\n");
    for place in places {
        xml.push_str("<url>");
        element(&mut xml, "loc", &format!("{base}/{}/{}", kind.name(), place.name));
        element(&mut xml, "lastmod", &place.changed_at.to_rfc3339_opts(SecondsFormat::Secs, true));
        xml.push_str("</url>\n");
    }
    xml.push_str("</urlset>\n");
    xml
}

fn send(request: &HttpRequest, media_type: &str, body: String) -> HttpResponse {
    let etag = format!("\"{}\"", &blake3::hash(body.as_bytes()).to_hex()[..32]);
    let known = is_fresh(request.headers(), &etag);
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((header::ETAG, etag)).insert_header((header::CACHE_CONTROL, "no-cache"));
    if known { response.finish() } else { response.content_type(media_type).body(body) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_has_a_kind_and_a_beginning() {
        assert_eq!(named("tracks-0"), Some((Kind::Tracks, 0)));
        assert_eq!(named("artists-1764400000000"), Some((Kind::Artists, 1_764_400_000_000)));
        for other in
            ["tracks", "tracks-", "tracks--1", "tracks-+1", "accounts-0", "tracks-999999999999999", "tracks-1x"]
        {
            assert_eq!(named(other), None, "{other}");
        }
    }
}
