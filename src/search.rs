//! Search: finding artists, releases and tracks by their words, however they are written.
//!
//! The document table is fed by events ([`on_event`]); what leaves is checked against the catalogue again.

mod correct;
mod document;
mod find;
mod fold;
mod index;
mod query;
mod schema;
mod vocabulary;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use index::on_event;

/// The routes of this module, under `/api/v1`.
pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(find::get);
}
