//! The outward face: what of the catalogue goes out to those who never open the web app. Feeds for podcast clients and
//! readers, heads of pages for link previews and search engines, players that stand in pages of others, and the site map.
//!
//! Nothing here asks who the viewer is: it is all for everybody, and so of releases that are public alone. What is
//! unlisted, for followers, private, under an embargo, withdrawn or taken down is answered like what never was.

mod about;
mod enclosure;
mod feed;
mod head;
mod json_feed;
mod page;
mod rss;
mod show_embed;
mod show_feed;
mod show_oembed;
mod show_sitemap;
mod sitemap;

use actix_web::web;
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use enclosure::{Enclosure, find_enclosure};
pub(crate) use head::find as page_head;

/// The server's name, where it speaks of itself.
const SITE: &str = "Legato";

/// The routes, under `/api/v1`.
pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(show_feed::as_rss).service(show_feed::as_json).service(show_oembed::get);
}

/// What has a path of its own beside the API: the players for pages of others, the site map.
pub(crate) fn pages(config: &mut web::ServiceConfig) {
    config
        .service(show_embed::script)
        .service(show_embed::style)
        .service(show_embed::get)
        .service(show_sitemap::robots)
        .service(show_sitemap::get)
        .service(show_sitemap::one_part);
}
