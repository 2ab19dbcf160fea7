//! Playlists: what listeners put together, alone or with others, and take from one place to another.

mod add_entries;
mod change;
mod collaborator;
mod cover;
mod create_playlist;
mod delete_playlist;
mod discard_cover;
mod edit_playlist;
mod entry;
mod export_playlist;
mod fitting;
mod follow_playlist;
mod follower;
mod formats;
mod import_playlist;
mod list_collaborators;
mod list_entries;
mod list_followed_playlists;
mod list_playlists;
mod list_public_playlists;
mod move_entry;
mod own_playlists;
mod playlist;
mod rank;
mod remove_collaborator;
mod remove_cover;
mod remove_entry;
mod rules;
mod set_collaborator;
mod set_cover;
mod show_cover;
mod show_history;
mod show_playlist;
mod take_back;
mod unfollow_playlist;
mod words;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use discard_cover::{DiscardCover, run as run_discard_cover};
pub(super) use own_playlists::{export, forget_account};

/// The routes of playlists.
pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(create_playlist::post)
        .service(list_playlists::get)
        .service(list_public_playlists::get)
        // Before a playlist's own, whose id would be `import`.
        .service(import_playlist::post)
        .service(show_playlist::get)
        .service(edit_playlist::patch)
        .service(delete_playlist::delete)
        .service(list_entries::get)
        .service(add_entries::post)
        .service(move_entry::patch)
        .service(remove_entry::delete)
        .service(list_collaborators::get)
        .service(set_collaborator::put)
        .service(remove_collaborator::delete)
        .service(follow_playlist::put)
        .service(unfollow_playlist::delete)
        .service(list_followed_playlists::get)
        .service(set_cover::put)
        .service(remove_cover::delete)
        .service(show_cover::get)
        .service(show_history::get)
        .service(take_back::post)
        .service(export_playlist::get);
}
