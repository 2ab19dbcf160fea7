//! What a listener keeps: likes, saved releases, stars, bookmarks, and the queue. All of it is private.

mod bookmark;
mod check_tracks;
mod forget_bookmark;
mod keep_bookmark;
mod kept;
mod like;
mod like_track;
mod list_bookmarks;
mod list_liked_tracks;
mod list_saved_releases;
mod put_queue;
mod queue;
mod rate_track;
mod rating;
mod save_release;
mod saved_release;
mod show_queue;
mod unlike_track;
mod unrate_track;
mod unsave_release;

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) use kept::{export, forget};
pub(super) use put_queue::{NewQueue, PutQueue, replace};
pub(super) use queue::QueueRow;

/// The routes of a listener's library.
pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(like_track::put)
        .service(unlike_track::delete)
        .service(list_liked_tracks::get)
        .service(check_tracks::get)
        .service(save_release::put)
        .service(unsave_release::delete)
        .service(list_saved_releases::get)
        .service(rate_track::put)
        .service(unrate_track::delete)
        .service(keep_bookmark::put)
        .service(forget_bookmark::delete)
        .service(list_bookmarks::get)
        .service(show_queue::get)
        .service(put_queue::put);
}
