//! Players: what an account can go on listening with, and how its queue gets there.

mod announce_player;
mod hand_over;
mod list_players;
mod player;
mod withdraw_player;

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) use player::Player;

/// The routes of an account's players.
pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(announce_player::put)
        .service(withdraw_player::delete)
        .service(list_players::get)
        .service(hand_over::post);
}
