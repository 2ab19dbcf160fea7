//! Streams at once: an account plays on a few devices at a time, and sees on which.

mod end_stream;
mod limit;
mod list_streams;
mod stream;

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) use end_stream::ENDED_BY;
pub(super) use limit::{begin, has_begun, tell};
pub(super) use stream::{Heard, NewStream, Stream};

/// The routes of what plays now.
pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_streams::get).service(end_stream::delete);
}
