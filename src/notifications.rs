//! Notifications: telling people, in the inbox and live. Calls no module; lives on events.

mod administrator;
mod follow;
mod inbox;
mod list;
mod live;
mod mark_all_read;
mod mark_read;
mod notification;
mod own_data;
mod schema;
mod tell_administrators;
mod tell_followers;
mod tell_people;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use inbox::on_event;
pub(crate) use own_data::export;

/// The routes of this module, under `/api/v1`.
pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    // `/notifications/read` before `/notifications/{id}/read`.
    config.service(list::get).service(mark_all_read::put).service(mark_read::put).service(live::get);
}
