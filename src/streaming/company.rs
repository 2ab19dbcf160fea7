//! Company: accounts that follow each other, and see what is heard now where that is shared.

mod follow;
mod follow_account;
mod list_followed_accounts;
mod list_followers;
mod list_now_playing;
mod remove_follower;
mod show_now_playing;
mod unfollow_account;

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) use follow::{Follow, KEPT};

/// The routes of who follows whom.
pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(follow_account::put)
        .service(unfollow_account::delete)
        .service(list_followed_accounts::get)
        .service(list_followers::get)
        .service(remove_follower::delete)
        .service(list_now_playing::get)
        .service(show_now_playing::get);
}
