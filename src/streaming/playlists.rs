//! Playlists: what listeners put together, alone or with others, and take from one place to another.

mod add_entries;
mod change;
mod collaborator;
mod create_playlist;
mod delete_playlist;
mod edit_playlist;
mod entry;
mod export_playlist;
mod fitting;
mod formats;
mod import_playlist;
mod list_collaborators;
mod list_entries;
mod list_playlists;
mod list_public_playlists;
mod move_entry;
mod own_playlists;
mod playlist;
mod rank;
mod remove_collaborator;
mod remove_entry;
mod rules;
mod set_collaborator;
mod show_history;
mod show_playlist;
mod take_back;
mod words;

use utoipa_actix_web::service_config::ServiceConfig;

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
        .service(show_history::get)
        .service(take_back::post)
        .service(export_playlist::get);
}
