//! Show an artist's feed.

use std::time::SystemTime;

use actix_web::http::header::{self, Header, HttpDate, IfModifiedSince};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, route};
use chrono::{DateTime, Utc};

use super::feed::Feed;
use super::{json_feed, rss};
use crate::platform::Platform;
use crate::platform::db::Db;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{IfNoneMatchHeader, address_of, is_fresh};

/// The public tracks of an artist that has a feed, the 300 newest, as RSS 2.0. Enclosures play without an account.
#[utoipa::path(get, path = "/artists/{id}/feed.rss", tag = "outward", params(("id" = String, Path, description = "Id or slug"), IfNoneMatchHeader), responses(
    (status = 200, content_type = "application/rss+xml", body = String), (status = 304, description = "As the client holds it"),
    (status = 404, body = Problem)))]
#[route("/artists/{id}/feed.rss", method = "GET", method = "HEAD")]
pub(super) async fn as_rss(request: HttpRequest, platform: Data<Platform>, id: Path<String>) -> Result<HttpResponse> {
    let (feed, changed_at) = read(&platform.db, &id).await?;
    let body = rss::write(&feed, &address_of(&request, &platform.config), changed_at);
    Ok(answer(&request, body, "application/rss+xml; charset=utf-8", changed_at))
}

/// The same as JSON Feed 1.1.
#[utoipa::path(get, path = "/artists/{id}/feed.json", tag = "outward", params(("id" = String, Path, description = "Id or slug"), IfNoneMatchHeader), responses(
    (status = 200, content_type = "application/feed+json", body = Object), (status = 304, description = "As the client holds it"),
    (status = 404, body = Problem)))]
#[route("/artists/{id}/feed.json", method = "GET", method = "HEAD")]
pub(super) async fn as_json(request: HttpRequest, platform: Data<Platform>, id: Path<String>) -> Result<HttpResponse> {
    let (feed, changed_at) = read(&platform.db, &id).await?;
    let body = json_feed::write(&feed, &address_of(&request, &platform.config)).to_string();
    Ok(answer(&request, body, "application/feed+json", changed_at))
}

async fn read(db: &Db, id_or_slug: &str) -> Result<(Feed, DateTime<Utc>)> {
    db.transaction(async |conn| {
        let feed = Feed::find(conn, id_or_slug).await?.ok_or(Error::NotFound("feed"))?;
        let changed_at = feed.changed_at(conn).await?;
        Ok((feed, changed_at))
    })
    .await
}

fn answer(request: &HttpRequest, body: String, media_type: &str, changed_at: DateTime<Utc>) -> HttpResponse {
    let etag = format!("\"{}\"", &blake3::hash(body.as_bytes()).to_hex()[..32]);
    let known = is_known(request, &etag, changed_at);
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header((header::ETAG, etag))
        .insert_header((header::LAST_MODIFIED, HttpDate::from(SystemTime::from(changed_at)).to_string()))
        // Kept by whoever wants to, and asked for each time: what is withdrawn is gone.
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"));
    if known { response.finish() } else { response.content_type(media_type).body(body) }
}

/// RFC 9110 §13.2.2: a date is looked at only where no tag was sent.
fn is_known(request: &HttpRequest, etag: &str, changed_at: DateTime<Utc>) -> bool {
    if request.headers().contains_key(header::IF_NONE_MATCH) {
        return is_fresh(request.headers(), etag);
    }
    let since = IfModifiedSince::parse(request).map(|IfModifiedSince(date)| SystemTime::from(date));
    since.is_ok_and(|since| since >= SystemTime::from(changed_at))
}
