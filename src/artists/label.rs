//! Labels: an artist that manages others. Its people act for them, as editors or viewers.
//!
//! Both sides have to want it: one offers, the other accepts by saying the same, and either ends it. Only owners speak for a
//! side.

mod decline_offer;
mod end_label;
mod list_offers;
mod offer;
mod offer_label;
mod pair;
mod show_roster;

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) use offer::{delete_expired as delete_expired_offers, forget as forget_offers_of};

/// The routes, under `/api/v1`.
pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(offer_label::put)
        .service(end_label::delete)
        .service(list_offers::get)
        .service(decline_offer::delete)
        .service(show_roster::get);
}
