//! Other providers that people sign in with (OpenID Connect Core 1.0): the authorization code flow with PKCE (RFC 7636).
//!
//! | file | what it knows |
//! |---|---|
//! | `known` | what each provider says of itself: its addresses and keys, remembered for an hour |
//! | `exchange` | from the code that a browser brings to what the provider vouches for |
//! | `id_token` | what must hold for an ID token to be believed |

mod exchange;
mod id_token;
mod known;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreProviderMetadata};
use openidconnect::{
    ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, Nonce,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use url::Url;

pub(super) use exchange::exchange;
pub(crate) use known::Providers;

use super::Email;
use crate::platform::Platform;
use crate::platform::config::OidcProvider;
use crate::platform::error::{Code, Error, Result};
use crate::platform::fetch::{Failure, Fetch, Reach, USUAL_LIMIT};

type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// Whom a provider vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Vouched {
    /// The provider's name in the configuration.
    pub(super) provider: String,
    /// Its own name for them, which never changes.
    pub(super) subject: String,
    pub(super) email: Option<Email>,
    /// Whether it says that the address is theirs.
    pub(super) email_verified: bool,
    /// What they are called there.
    pub(super) username: Option<String>,
}

/// What a browser keeps in a cookie for the length of the round trip: from it and the `state` come the two values that the
/// provider must give back. So the database has neither of them.
pub(super) struct Seed<'a> {
    pub(super) browser: &'a SecretString,
    pub(super) state: &'a SecretString,
}

impl Seed<'_> {
    fn nonce(&self) -> Nonce {
        Nonce::new(self.derive("nonce"))
    }

    // 43 of the letters that RFC 7636 §4.1 allows.
    fn verifier(&self) -> PkceCodeVerifier {
        PkceCodeVerifier::new(self.derive("pkce"))
    }

    fn derive(&self, purpose: &str) -> String {
        let parts = [purpose, self.browser.expose_secret(), self.state.expose_secret()];
        URL_SAFE_NO_PAD.encode(Sha256::digest(parts.join("\n")))
    }
}

/// The configured provider of this name.
pub(super) fn named<'a>(platform: &'a Platform, name: &str) -> Result<&'a OidcProvider> {
    platform.config.oidc.iter().find(|provider| provider.name == name).ok_or(Error::NotFound("provider"))
}

/// Where the browser goes to be vouched for, with what brings it back to `redirect_uri`.
pub(super) fn authorization_url(
    provider: &OidcProvider,
    metadata: &CoreProviderMetadata,
    redirect_uri: &str,
    seed: &Seed<'_>,
) -> Result<Url> {
    let (state, nonce) = (CsrfToken::new(seed.state.expose_secret().to_owned()), seed.nonce());
    let client = client(provider, metadata, redirect_uri)?;
    let request = client
        .authorize_url(CoreAuthenticationFlow::AuthorizationCode, move || state, move || nonce)
        .add_scope(Scope::new("email".to_owned()))
        .add_scope(Scope::new("profile".to_owned()))
        .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&seed.verifier()));
    Ok(request.url().0)
}

fn client(provider: &OidcProvider, metadata: &CoreProviderMetadata, redirect_uri: &str) -> Result<Client> {
    let id = ClientId::new(provider.client_id.clone());
    let secret = provider.client_secret.as_ref().map(|secret| ClientSecret::new(secret.expose_secret().to_owned()));
    let redirect_uri = RedirectUrl::new(redirect_uri.to_owned()).map_err(anyhow::Error::from)?;
    let client = CoreClient::from_provider_metadata(metadata.clone(), id, secret).set_redirect_uri(redirect_uri);
    Ok(client.set_auth_type(exchange::auth_type(metadata)))
}

// The library makes the requests and reads the answers; the house's own client carries them. What a provider in trouble
// says is no answer.
async fn carry(fetch: Fetch, request: HttpRequest) -> Result<HttpResponse, Failure> {
    let answer = fetch.send(Reach::Configured, request, USUAL_LIMIT).await?;
    if answer.status.is_server_error() {
        return Err(Failure::Away(anyhow::anyhow!("it answers {}", answer.status)));
    }
    let mut response = HttpResponse::new(answer.body);
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    Ok(response)
}

fn refused(provider: &OidcProvider, cause: &dyn std::fmt::Display) -> Error {
    tracing::warn!(provider = provider.name, cause = format!("{cause:#}"), "a provider did not vouch for a sign-in");
    Error::Refused(Code::ProviderRefused)
}

fn away(provider: &OidcProvider, cause: &dyn std::fmt::Display) -> Error {
    tracing::warn!(provider = provider.name, cause = format!("{cause:#}"), "a provider does not answer");
    Error::Refused(Code::ProviderAway)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonce_and_verifier_belong_to_one_browser_and_one_trip() {
        let secret = |text: &str| SecretString::from(text);
        let (ada, bob, one, two) = (secret("ada"), secret("bob"), secret("1"), secret("2"));
        let derived = |browser, state| Seed { browser, state }.derive("pkce");
        assert_eq!(derived(&ada, &one), derived(&ada, &one));
        assert_ne!(derived(&ada, &one), derived(&ada, &two));
        assert_ne!(derived(&ada, &one), derived(&bob, &one));
        let seed = Seed { browser: &ada, state: &one };
        assert_ne!(seed.nonce().secret(), seed.verifier().secret());
        assert_eq!(seed.verifier().secret().len(), 43);
    }
}
