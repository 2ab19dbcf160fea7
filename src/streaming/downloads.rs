//! Downloads: a track as a file, and a release as a zip, where its artist allows it.

mod checksum;
mod download_release;
mod download_track;
mod file;
mod places;
mod zip;
mod zip_body;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use places::Downloads;

/// The routes of what is taken away.
pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(download_track::get).service(download_release::get);
}
