//! The pictures of the catalogue: a release's artwork, an artist's avatar and banner.
//!
//! A picture is one object with all its sizes, and a row for its one use ([`picture`]). Its key is a new one for every
//! picture, so that browsers may keep what they have; whether it may be seen is asked each time ([`show_artwork`]). The
//! cover that a track's file holds stands for a release's artwork until its artist says something else
//! ([`suggest_artwork`]).

mod label_cover;
mod picture;
mod remake_artwork;
mod remove_artist_picture;
mod remove_release_artwork;
mod set_artist_picture;
mod set_release_artwork;
mod show_artwork;
mod shown;
mod suggest_artwork;

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) use label_cover::cover;
pub(super) use picture::{Picture, Use, Wanted};
pub(super) use remake_artwork::enqueue as remake;
pub(crate) use remake_artwork::{RemakeArtwork, run as run_remake_artwork};
pub(crate) use set_artist_picture::set as set_artist_picture;
pub(super) use set_artist_picture::store as set_any_picture;
pub(crate) use set_release_artwork::set as set_release_artwork;
pub(crate) use shown::Artwork;
pub(super) use suggest_artwork::suggest;

/// The routes, under `/api/v1`.
pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(set_release_artwork::put)
        .service(remove_release_artwork::delete)
        .service(set_artist_picture::put_avatar)
        .service(set_artist_picture::put_banner)
        .service(remove_artist_picture::delete_avatar)
        .service(remove_artist_picture::delete_banner)
        .service(show_artwork::get);
}
