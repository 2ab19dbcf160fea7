//! What providers say of themselves (OpenID Connect Discovery 1.0): addresses and keys.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::core::CoreProviderMetadata;
use openidconnect::{IssuerUrl, TokenUrl, UserInfoUrl};
use url::Url;

use super::{away, carry};
use crate::platform::Platform;
use crate::platform::config::OidcProvider;
use crate::platform::error::Result;

/// How long it is believed without asking again.
const FRESH: TimeDelta = TimeDelta::hours(1);

/// What this process knows of the providers. Nothing is asked before somebody wants to sign in, so that a provider that is
/// away keeps no server from starting.
#[derive(Default)]
pub(crate) struct Providers(Mutex<HashMap<String, Known>>);

#[derive(Clone)]
struct Known {
    metadata: Arc<CoreProviderMetadata>,
    at: DateTime<Utc>,
}

impl Providers {
    /// What a provider says of itself; while it is away, what it last said.
    pub(in crate::accounts) async fn find(
        &self,
        platform: &Platform,
        provider: &OidcProvider,
    ) -> Result<Arc<CoreProviderMetadata>> {
        let known = self.lock().get(&provider.name).cloned();
        match known {
            Some(known) if platform.clock.now() - known.at < FRESH => Ok(known.metadata),
            Some(known) => Ok(self.ask(platform, provider).await.unwrap_or(known.metadata)),
            None => self.ask(platform, provider).await,
        }
    }

    /// The same, asked for now: when a key is unknown.
    pub(super) async fn ask(&self, platform: &Platform, provider: &OidcProvider) -> Result<Arc<CoreProviderMetadata>> {
        let metadata = Arc::new(discover(platform, provider).await?);
        let known = Known { metadata: metadata.clone(), at: platform.clock.now() };
        self.lock().insert(provider.name.clone(), known);
        Ok(metadata)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn discover(platform: &Platform, provider: &OidcProvider) -> Result<CoreProviderMetadata> {
    let issuer = IssuerUrl::new(provider.issuer.clone()).map_err(anyhow::Error::from)?;
    let http = |request| carry(platform.fetch.clone(), request);
    let discovered = CoreProviderMetadata::discover_async(issuer, &http).await;
    let metadata = discovered.map_err(|cause| away(provider, &anyhow::Error::from(cause)))?;
    match unsafe_address(&metadata) {
        None => Ok(metadata),
        Some(address) => Err(away(provider, &format!("{address} is not as safe as the issuer's own address"))),
    }
}

// Who is on https sends neither code nor keys over anything less.
fn unsafe_address(metadata: &CoreProviderMetadata) -> Option<&Url> {
    let addresses = [
        Some(metadata.authorization_endpoint().url()),
        metadata.token_endpoint().map(TokenUrl::url),
        metadata.userinfo_endpoint().map(UserInfoUrl::url),
        Some(metadata.jwks_uri().url()),
    ];
    let is_on_https = metadata.issuer().url().scheme() == "https";
    addresses.into_iter().flatten().find(|address| match address.scheme() {
        "https" => false,
        "http" => is_on_https,
        _ => true,
    })
}
