//! Browsing: what everybody may see of the catalogue, in the orders and by the drawers that people look through.
//!
//! The database keeps `artists.shelves` true by itself (its triggers follow the releases); Rust reads it, counts genres, and
//! takes over what streaming tells of plays.

mod browse_releases;
mod count_genres;
mod follow_plays;
mod genre;
mod genre_text;
mod list_genres;
mod shelf;
mod tag_genres;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use count_genres::count_genres;
pub(super) use follow_plays::follow_plays;
pub(super) use tag_genres::{follow_tags, tag_genres};

/// The routes, under `/api/v1`.
pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(browse_releases::get).service(list_genres::get);
}
