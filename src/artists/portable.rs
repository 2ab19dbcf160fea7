//! Artists that move: an owner takes everything along as a signed package, and brings it in elsewhere.
//!
//! ```text
//! request_export ─▶ build_package: masters, documents, manifest, signature ─▶ exports/ ─▶ show_export
//! uploads ─▶ request_import ─▶ import_package: check all of it ─▶ release by release, track by track ─▶ publish_imported
//! ```
//! `document` is the form of what is in a package (docs/adr/0043). What an import has made is kept by the ids that it had
//! where it came from, so that nothing is made twice.

mod build_package;
mod contents;
mod document;
mod forget_packages;
mod import;
mod import_line;
mod import_package;
mod imported;
mod package;
mod publish_imported;
mod request_export;
mod request_import;
mod show_export;
mod show_import;
mod show_key;
mod tables;

use utoipa_actix_web::service_config::ServiceConfig;

pub(crate) use build_package::{BuildPackage, on_dead as on_package_dead, run as run_build_package};
pub(crate) use forget_packages::forget_packages;
pub(super) use import::forget_account;
pub(crate) use import_package::{ImportPackage, on_dead as on_import_package_dead, run as run_import_package};
pub(crate) use publish_imported::{PublishImported, on_dead as on_publish_dead, run as run_publish_imported};

/// The routes, under `/api/v1`.
pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(show_key::get)
        .service(request_export::post)
        .service(show_export::get)
        .service(show_export::archive)
        .service(request_import::post)
        .service(show_import::list)
        .service(show_import::get);
}
