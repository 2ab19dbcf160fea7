//! List the identities at other providers that are linked to an account.

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::linked_identity::LinkedIdentity;
use crate::platform::Platform;
use crate::platform::auth::Identity;
use crate::platform::config::Config;
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Found, Page};
use crate::platform::id::LinkedIdentityId;

/// An account at another provider.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OwnIdentity {
    id: LinkedIdentityId,
    /// The provider's name.
    provider: String,
    /// What people call it; null where this server does not know the provider any more, so that nobody gets in by it.
    label: Option<String>,
    /// The address that the provider told last.
    email: Option<String>,
    created_at: DateTime<Utc>,
    last_used_at: Option<DateTime<Utc>>,
}

/// The account's identities at other providers, the oldest first. All of them are on one page.
#[utoipa::path(tag = "accounts", responses((status = 200, body = Page<OwnIdentity>), (status = 401, body = Problem)))]
#[get("/me/identities")]
pub(super) async fn get(platform: Data<Platform>, identity: Identity) -> Result<Found<Page<OwnIdentity>>> {
    let identities = LinkedIdentity::list(&mut *platform.db.conn().await?, identity.account).await?;
    let items = identities.into_iter().map(|identity| as_seen(identity, &platform.config)).collect();
    Ok(Found(Page { items, next_cursor: None }))
}

fn as_seen(identity: LinkedIdentity, config: &Config) -> OwnIdentity {
    let provider = config.oidc.iter().find(|provider| provider.name == identity.provider);
    OwnIdentity {
        label: provider.map(|provider| provider.label.clone()),
        id: identity.id,
        provider: identity.provider,
        email: identity.email,
        created_at: identity.created_at,
        last_used_at: identity.last_used_at,
    }
}
