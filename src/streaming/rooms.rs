//! Rooms: several hear the same at the same moment.
//!
//! A room says what was heard at one moment of the server's clock, and how long each of its tracks is: from that everybody
//! knows what is heard at any other. Nothing ticks here.

mod close_room;
mod create_room;
mod edit_room;
mod join_room;
mod leave_room;
mod list_rooms;
mod member;
mod playback;
mod remove_member;
mod room;
mod show_clock;
mod show_room;
mod steer_room;

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) use leave_room::leave_all;
pub(super) use member::KEPT;
pub(super) use room::Room;

/// The routes of rooms.
pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(create_room::post)
        .service(list_rooms::get)
        .service(show_room::get)
        .service(edit_room::patch)
        .service(close_room::delete)
        .service(join_room::put)
        .service(leave_room::delete)
        .service(remove_member::delete)
        .service(steer_room::put)
        .service(show_clock::get);
}
