//! What an artist says of itself: biography, links, places, genres, what it shows first, and its address with all former
//! ones; how that changed, and the way back.

mod artist_profile;
mod biography;
mod changes;
mod edit_artist;
mod link;
mod profile_change;
mod show_history;
mod take_back;
mod words;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use artist_profile::ArtistProfile;
pub(super) use artist_profile::Edited;
pub(super) use biography::words as words_of;
pub(super) use edit_artist::{ArtistChanges, apply as edit};
pub(super) use profile_change::forget_account;

/// The routes, under `/api/v1`.
pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(edit_artist::patch).service(show_history::get).service(take_back::post);
}
