//! Streaming: what a listener plays, and how the bytes get there.

mod audio;
mod body;
mod decide;
mod forget_account;
mod hls;
mod manifest;
mod own_data;
mod play;
mod playlist;
mod range;
mod renditions;
mod schema;
mod start_play;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use forget_account::on_event;
pub(crate) use own_data::export;
pub(crate) use renditions::Renditions;

/// The routes of this module, under `/api/v1`.
pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(start_play::post)
        .service(audio::get)
        .service(hls::master)
        .service(hls::manifest)
        .service(hls::media)
        .service(hls::init)
        .service(hls::segment);
}
