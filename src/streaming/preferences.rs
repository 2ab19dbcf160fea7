//! How an account wants to listen.

mod preferences_row;
mod put_preferences;
mod show_preferences;

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) use preferences_row::Preferences;

/// The routes of how an account listens.
pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(show_preferences::get).service(put_preferences::put);
}
