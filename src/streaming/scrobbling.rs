//! Scrobbling: what an account heard is told to its profile elsewhere, by jobs that wait as long as that is away.
//!
//! ```text
//! POST /plays  ─▶ announce_listen ─▶ "playing now"            once, and no more
//! PATCH /plays ─▶ submit_listen ───▶ the listen, with its time   again and again for two weeks
//! ```

mod announce_listen;
mod authorize_scrobbler;
mod connect_scrobbler;
mod disconnect_scrobbler;
mod lastfm;
mod list_scrobblers;
mod listen;
mod listenbrainz;
mod protocol;
mod scrobbler;
mod submit_listen;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use announce_listen::{AnnounceListen, run as run_announce_listen};
pub(super) use scrobbler::{KEPT, Scrobbler};
pub(super) use submit_listen::enqueue;
pub(crate) use submit_listen::{SubmitListen, run as run_submit_listen};

/// The routes of where plays are told to.
pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_scrobblers::get)
        .service(connect_scrobbler::put)
        .service(disconnect_scrobbler::delete)
        .service(authorize_scrobbler::post);
}
