//! Links to a release for single recipients: who holds one sees the release and plays it, without an account, until it
//! expires, was played as often as it allows, or is revoked.
//!
//! The secret is in the link alone; the table has its hash. What was granted by a link names it, so that revoking it ends
//! what plays (see `platform::auth::revoke`).

mod create_link;
mod link;
mod list_links;
mod open_link;
mod play_by_link;
mod revoke_link;
mod suspension;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use link::find_link;
pub(super) use link::{forget_account, open_by_link};
pub(crate) use play_by_link::{count_play, playable_by_link};
pub(super) use suspension::follow as follow_suspension;

/// The routes, under `/api/v1`.
pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(create_link::post).service(list_links::get).service(revoke_link::delete).service(open_link::get);
}
