//! Show a player that stands in a page of others: a light page of its own, which any page may frame, and which needs neither
//! an account nor cookies. It plays what `POST /plays` grants to strangers; where a frame without an origin of its own
//! (`sandbox`) may not ask that, it plays what the artist's feed encloses, if there is one.

use std::fmt::Write;

use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, route};

use super::SITE;
use super::enclosure::path;
use super::head::address_of_size;
use super::page::{Page, PageTrack, Subject};
use crate::platform::Platform;
use crate::platform::error::Result;
use crate::platform::http::{address_of, is_fresh};
use crate::platform::markup::escape;

/// How wide the player is where nobody says anything, in pixels.
pub(super) const WIDTH: u32 = 480;

const SCRIPT: &str = include_str!("embed/player.js");
const STYLE: &str = include_str!("embed/player.css");

/// The policy of the server's other pages, but for who may frame this one.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *";

/// How high the player of a page is.
pub(super) fn height_of(subject: &Subject) -> u32 {
    match subject {
        Subject::Track(_) => 160,
        Subject::Release(_) | Subject::Artist(_) => 360,
    }
}

#[route("/embed/player.js", method = "GET", method = "HEAD")]
pub(super) async fn script(request: HttpRequest) -> HttpResponse {
    send(&request, StatusCode::OK, "text/javascript; charset=utf-8", SCRIPT.to_owned())
}

#[route("/embed/player.css", method = "GET", method = "HEAD")]
pub(super) async fn style(request: HttpRequest) -> HttpResponse {
    send(&request, StatusCode::OK, "text/css; charset=utf-8", STYLE.to_owned())
}

#[route("/embed/{kind}/{id}", method = "GET", method = "HEAD")]
pub(super) async fn get(
    request: HttpRequest,
    platform: Data<Platform>,
    place: Path<(String, String)>,
) -> Result<HttpResponse> {
    let base = address_of(&request, &platform.config);
    let page = match Subject::named(&place.0, &place.1) {
        Some(subject) => Page::find(&mut *platform.db.conn().await?, subject).await?,
        None => None,
    };
    let (status, html) = match page {
        Some(page) => (StatusCode::OK, player(&page, &base)),
        None => (StatusCode::NOT_FOUND, nothing(&base)),
    };
    Ok(send(&request, status, "text/html; charset=utf-8", html))
}

fn send(request: &HttpRequest, status: StatusCode, media_type: &str, body: String) -> HttpResponse {
    let etag = format!("\"{}\"", &blake3::hash(body.as_bytes()).to_hex()[..32]);
    let known = status == StatusCode::OK && is_fresh(request.headers(), &etag);
    let mut response = HttpResponse::build(if known { StatusCode::NOT_MODIFIED } else { status });
    response
        .insert_header((header::ETAG, etag))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY));
    if known { response.finish() } else { response.content_type(media_type).body(body) }
}

fn opening(title: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<title>{}</title>\n\
         <link rel=\"stylesheet\" href=\"/embed/player.css\">\n",
        escape(title)
    )
}

fn nothing(base: &str) -> String {
    let head = opening(SITE);
    let home = escape(base);
    format!(
        "{head}</head>\n<body>\n<main class=\"nothing\"><h1>This is not here.</h1>\n\
         <p><a href=\"{home}/\" target=\"_blank\" rel=\"noopener\">{SITE}</a></p></main>\n</body>\n</html>\n"
    )
}

fn player(page: &Page, base: &str) -> String {
    let mut html = opening(&format!("{} by {}", page.title, page.artist.name));
    let address = escape(&format!("{base}{}", page.path()));
    let artist = escape(&format!("{base}/artists/{}", page.artist.slug));
    let (title, name) = (escape(&page.title), escape(&page.artist.name));
    // Writing into memory does not fail.
    let _ = writeln!(html, "<link rel=\"canonical\" href=\"{address}\">");
    html.push_str("<script src=\"/embed/player.js\" defer></script>\n</head>\n<body>\n<main>\n<header>\n");
    if let Some(picture) = &page.artwork {
        let source = escape(&address_of_size("", picture, 256));
        let _ = writeln!(html, "<img id=\"cover\" src=\"{source}\" alt=\"\" width=\"96\" height=\"96\">");
    }
    let _ = writeln!(
        html,
        "<div class=\"what\"><h1><a href=\"{address}\" target=\"_blank\" rel=\"noopener\">{title}</a></h1>"
    );
    if !matches!(page.subject, Subject::Artist(_)) {
        let _ = writeln!(html, "<p><a href=\"{artist}\" target=\"_blank\" rel=\"noopener\">{name}</a></p>");
    }
    html.push_str(CONTROLS);
    html.push_str("</div>\n</header>\n<ol id=\"tracks\">\n");
    for track in &page.tracks {
        write_track(&mut html, page, track);
    }
    let _ = writeln!(
        html,
        "</ol>\n<p id=\"problem\" role=\"status\" hidden>This cannot be played here. \
         <a href=\"{address}\" target=\"_blank\" rel=\"noopener\">Listen on {SITE}</a></p>\n\
         <audio id=\"audio\" preload=\"none\"></audio>\n</main>\n</body>\n</html>"
    );
    html
}

const CONTROLS: &str = "<div class=\"controls\">\n\
    <button id=\"play\" type=\"button\" aria-label=\"Play\" disabled>\u{25B6}\u{FE0E}</button>\n\
    <input id=\"seek\" type=\"range\" min=\"0\" max=\"0\" step=\"1\" value=\"0\" aria-label=\"Position\" disabled>\n\
    <span id=\"time\">0:00</span>\n</div>\n";

fn write_track(html: &mut String, page: &Page, track: &PageTrack) {
    let file = track.file.filter(|_| page.artist.has_feed).map(|kind| path(track.id, kind)).unwrap_or_default();
    let seconds = super::rss::seconds(track.duration_ms);
    let _ = writeln!(
        html,
        "<li><button type=\"button\" data-track=\"{}\" data-seconds=\"{seconds}\" data-file=\"{}\" \
         data-artist=\"{}\">{}</button> <span>{}:{:02}</span></li>",
        track.id,
        escape(&file),
        escape(&page.artist.name),
        escape(&track.title),
        seconds / 60,
        seconds % 60,
    );
}
