//! Splits: who has which share in a track, and whether they agree.
//!
//! Shares are set as a whole and add up to 100 %. Each goes to an account, which confirms or declines it; a share that
//! stays the same stays confirmed.

mod answer_split;
mod list_own_splits;
mod percent;
mod set_splits;
mod show_splits;
mod split;

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) use split::{forget_account, unsettled};

/// The routes, under `/api/v1`.
pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(show_splits::get).service(set_splits::put).service(list_own_splits::get).service(answer_split::put);
}
