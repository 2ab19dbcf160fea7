//! Uploads that can be resumed, after the tus protocol 1.0 (<https://tus.io/protocols/resumable-upload>), with its extensions
//! creation, creation-with-upload, creation-defer-length, expiration, checksum, termination and concatenation.
//!
//! ```text
//! begin ─▶ arriving ── append … append ──▶ arrived ── finish ─▶ done: a track, whose chain begins
//!             │                               └──▶ refused, with a reason
//!             └──▶ expired, after a day in which nothing came
//! ```
//!
//! An upload is a row; its bytes are in the store's `landing/`. What the row says is durable, whatever the file holds beyond
//! it. One request at a time adds to it, under a lease in the row. The last commit also enqueues the job that finishes it,
//! so that a process which dies between the last byte and the track loses nothing.

mod append;
mod begin;
mod checksum;
mod cover;
mod expire;
mod finish;
mod headers;
mod join;
mod lease;
mod metadata;
mod offer;
mod protocol;
mod receive;
mod remove;
mod same_file;
mod show;
mod table;
mod taken;
mod transfer;
mod unpack;
mod unpacked;

use actix_web::middleware::from_fn;
use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use expire::expire_uploads;
pub(crate) use finish::{FinishUpload, on_dead as on_finish_dead, run as run_finish_upload};
pub(super) use same_file::SameFile;
pub(super) use taken::{discard as discard_taken, open as open_taken, take};
pub(super) use transfer::forget;
pub(crate) use unpack::{Unpack, on_dead as on_unpack_dead, run as run_unpack};

/// The routes, behind what speaks the protocol.
pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    let uploads = utoipa_actix_web::scope("/uploads").wrap(from_fn(protocol::speak));
    config.service(
        uploads
            .service(offer::options)
            .service(offer::options_of_one)
            .service(begin::post)
            .service(show::head)
            .service(show::get)
            .service(append::patch)
            .service(remove::delete),
    );
}
