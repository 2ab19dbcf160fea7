//! What an account has heard: its own to read, to search and to forget.

mod entry;
mod forget_history;
mod forget_play;
mod list_history;

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) use forget_history::{Stretch, forget};

/// The routes of a listener's history.
pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_history::get).service(forget_play::delete).service(forget_history::delete);
}
