//! List the providers that people may sign in with.

use actix_web::get;
use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use crate::platform::Platform;
use crate::platform::config::OidcProvider;
use crate::platform::http::{Found, Page};

/// Another provider.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Provider {
    /// Its name in paths.
    name: String,
    /// What its button says.
    label: String,
    /// What its button opens, with `?next=` and a path of the web app if that is not the home page.
    url: String,
}

/// The providers that people may sign in with, in the order of the configuration. All of them are on one page.
#[utoipa::path(tag = "accounts", responses((status = 200, body = Page<Provider>)))]
#[get("/oidc")]
pub(super) async fn get(platform: Data<Platform>) -> Found<Page<Provider>> {
    let items = platform.config.oidc.iter().map(as_seen).collect();
    Found(Page { items, next_cursor: None })
}

fn as_seen(provider: &OidcProvider) -> Provider {
    Provider {
        name: provider.name.clone(),
        label: provider.label.clone(),
        url: format!("/api/v1/oidc/{}/authorization", provider.name),
    }
}
