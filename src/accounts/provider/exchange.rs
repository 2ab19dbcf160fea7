//! From the code that a browser brings to what the provider vouches for.

use openidconnect::core::{
    CoreClientAuthMethod, CoreIdToken, CoreProviderMetadata, CoreTokenResponse, CoreUserInfoClaims,
};
use openidconnect::{
    AccessToken, AuthType, AuthorizationCode, OAuth2TokenResponse, RequestTokenError, SubjectIdentifier, TokenResponse,
    UserInfoError,
};

use super::id_token::{self, Fault, Told};
use super::known::Providers;
use super::{Client, Seed, Vouched, away, carry, client, refused};
use crate::accounts::Email;
use crate::platform::Platform;
use crate::platform::config::OidcProvider;
use crate::platform::error::Result;

/// OpenID Connect Core 1.0 §2.
const MAX_SUBJECT_BYTES: usize = 255;

/// Redeems a code. Whatever does not hold → `provider-refused`; no answer → `provider-away`.
pub(in crate::accounts) async fn exchange(
    platform: &Platform,
    providers: &Providers,
    provider: &OidcProvider,
    redirect_uri: &str,
    seed: &Seed<'_>,
    code: String,
) -> Result<Vouched> {
    let metadata = providers.find(platform, provider).await?;
    let client = client(provider, &metadata, redirect_uri)?;
    let tokens = redeem(platform, provider, &client, seed, code).await?;
    let token = tokens.id_token().ok_or_else(|| refused(provider, &"it gave no ID token"))?;
    let mut told = believe(platform, providers, provider, &metadata, token, seed).await?;
    if told.email.is_none() && client.user_info_url().is_some() {
        told = ask_more(platform, provider, &client, tokens.access_token(), told).await?;
    }
    vouched(provider, told)
}

/// How the provider wants to know us (OpenID Connect Core 1.0 §9): by a header, unless it takes the body alone.
pub(super) fn auth_type(metadata: &CoreProviderMetadata) -> AuthType {
    let Some(methods) = metadata.token_endpoint_auth_methods_supported() else { return AuthType::BasicAuth };
    let takes = |method| methods.contains(&method);
    if takes(CoreClientAuthMethod::ClientSecretPost) && !takes(CoreClientAuthMethod::ClientSecretBasic) {
        AuthType::RequestBody
    } else {
        AuthType::BasicAuth
    }
}

async fn redeem(
    platform: &Platform,
    provider: &OidcProvider,
    client: &Client,
    seed: &Seed<'_>,
    code: String,
) -> Result<CoreTokenResponse> {
    let http = |request| carry(platform.fetch.clone(), request);
    let request = client.exchange_code(AuthorizationCode::new(code)).map_err(|cause| away(provider, &cause))?;
    request.set_pkce_verifier(seed.verifier()).request_async(&http).await.map_err(|cause| match cause {
        RequestTokenError::Request(cause) => away(provider, &cause),
        // What could not be read may hold a token, and stays out of the log.
        RequestTokenError::Parse(cause, _) => refused(provider, &format!("unreadable at {}", cause.path())),
        RequestTokenError::ServerResponse(answer) => refused(provider, answer.error()),
        RequestTokenError::Other(cause) => refused(provider, &cause),
    })
}

// A provider may have changed its keys since it was asked for them.
async fn believe(
    platform: &Platform,
    providers: &Providers,
    provider: &OidcProvider,
    known: &CoreProviderMetadata,
    token: &CoreIdToken,
    seed: &Seed<'_>,
) -> Result<Told> {
    let now = platform.clock.now();
    let told = match id_token::verify(token, known, &provider.client_id, &seed.nonce(), now) {
        Err(Fault::UnknownKey) => {
            let asked = providers.ask(platform, provider).await?;
            id_token::verify(token, &asked, &provider.client_id, &seed.nonce(), now)
        }
        told => told,
    };
    told.map_err(|fault| refused(provider, &fault))
}

// Some tell an address only to who asks for it (OpenID Connect Core 1.0 §5.4), and it must be the same person's.
async fn ask_more(
    platform: &Platform,
    provider: &OidcProvider,
    client: &Client,
    access: &AccessToken,
    told: Told,
) -> Result<Told> {
    let http = |request| carry(platform.fetch.clone(), request);
    let subject = SubjectIdentifier::new(told.subject.clone());
    let request = client.user_info(access.clone(), Some(subject)).map_err(|cause| away(provider, &cause))?;
    let more: CoreUserInfoClaims = request.request_async(&http).await.map_err(|cause| match cause {
        UserInfoError::Request(cause) => away(provider, &cause),
        UserInfoError::Response(status, _, _) => refused(provider, &format!("its user info answers {status}")),
        cause => refused(provider, &cause),
    })?;
    Ok(Told {
        email: more.email().map(|email| email.to_string()),
        email_verified: more.email_verified().unwrap_or(false),
        username: more.preferred_username().map(|name| name.to_string()).or(told.username),
        subject: told.subject,
    })
}

fn vouched(provider: &OidcProvider, told: Told) -> Result<Vouched> {
    if told.subject.is_empty() || told.subject.len() > MAX_SUBJECT_BYTES || told.subject.contains('\0') {
        return Err(refused(provider, &"the subject has no right length"));
    }
    let email = told.email.and_then(|email| Email::try_from(email).ok());
    Ok(Vouched {
        provider: provider.name.clone(),
        subject: told.subject,
        email_verified: told.email_verified && email.is_some(),
        email,
        username: told.username,
    })
}
