//! Streaming: what a listener plays, and how the bytes get there.

mod audio;
mod client;
mod company;
mod count_plays;
mod decide;
mod direct;
mod downloads;
mod enclosure;
mod forget_account;
mod gain;
mod heard;
mod history;
mod hls;
mod keep_plays;
mod library;
mod list_suspicious_plays;
mod manifest;
mod on_the_fly;
mod own_data;
mod place;
mod places;
mod play;
mod played_track;
mod players;
mod playlist;
mod playlists;
mod preferences;
mod preview;
mod renditions;
mod report_play;
mod rooms;
mod schema;
mod scrobbling;
mod start_play;
mod streams;
mod suspicion;
mod suspicious_play;
mod track_plays;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use count_plays::count_plays;
pub(crate) use direct::Music;
pub(crate) use downloads::Downloads;
pub(crate) use forget_account::on_event;
pub(crate) use keep_plays::keep_plays;
pub(crate) use own_data::export;
pub(crate) use places::Places;
pub(crate) use play::plays_by_month;
pub(crate) use playlists::{DiscardCover, run_discard_cover};
pub(crate) use renditions::Renditions;
pub(crate) use scrobbling::{AnnounceListen, SubmitListen, run_announce_listen, run_submit_listen};

/// The routes of music itself, under `/api/v1`: what is asked for most comes first, for routes are tried in their order.
pub(crate) fn media_routes(config: &mut ServiceConfig<'_>) {
    config
        .service(hls::segment)
        .service(audio::get)
        .service(hls::media)
        .service(hls::init)
        .service(hls::master)
        .service(hls::manifest)
        .service(on_the_fly::get);
}

/// The other routes of this module, under `/api/v1`.
pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(start_play::post)
        .service(report_play::patch)
        .service(list_suspicious_plays::get)
        .configure(history::routes)
        .configure(library::routes)
        .configure(playlists::routes)
        .configure(preferences::routes)
        .configure(streams::routes)
        .configure(players::routes)
        .configure(company::routes)
        .configure(rooms::routes)
        .configure(downloads::routes)
        .configure(scrobbling::routes)
        .service(enclosure::get);
}
