//! Publication: who sees a release, and from when on.
//!
//! What may be seen is decided at every read, by the database's clock (`published_at`, [`Visibility`]). So the end of an
//! embargo changes all reads in the same instant, whether this server runs or not; what must *happen* then (search,
//! followers) is an event, which [`end_embargoes()`] records once.

mod announce;
mod checklist;
mod embargo;
mod end_embargoes;
mod publish_release;
mod show_checklist;
mod visibility;
mod withdraw_release;

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) use embargo::{restore, withdraw};
pub(crate) use end_embargoes::end_embargoes;
pub(crate) use publish_release::publish;
pub(super) use publish_release::publish_at;
pub(super) use show_checklist::can_be_published;
pub(crate) use visibility::Visibility;
pub(super) use visibility::{listed, open_by_address};

/// The routes, under `/api/v1`.
pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(publish_release::put).service(withdraw_release::delete).service(show_checklist::get);
}
