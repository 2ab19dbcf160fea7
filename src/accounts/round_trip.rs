//! The round trip of a browser to another provider and back. What it is for stands in a ceremony, which the `state` in the
//! address finds once; a cookie says that the browser which comes back is the one that went (security case A10).

use actix_web::cookie::{Cookie, SameSite, time};
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use url::Url;

use super::ceremony::{Ceremony, CeremonyKind};
use super::next_page::NextPage;
use super::provider::{self, Providers, Seed};
use crate::platform::Platform;
use crate::platform::auth;
use crate::platform::config::{Config, OidcProvider};
use crate::platform::error::{Code, Error, Result};
use crate::platform::id::{AccountId, SessionId};
use crate::platform::secret;

/// What a browser goes to another provider for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Errand {
    /// Where it goes on afterwards.
    pub(super) next: NextPage,
    /// Whether an account that is about to be closed shall be kept.
    pub(super) reopen: bool,
    /// The account that the identity shall be linked to; none: to sign in.
    pub(super) link: Option<Linking>,
}

/// Who asked for a link. The session must still live when it is made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Linking {
    pub(super) account: AccountId,
    pub(super) session: SessionId,
}

/// A trip that is under way.
#[derive(Serialize, Deserialize)]
pub(super) struct RoundTrip {
    pub(super) provider: String,
    /// The hash of what the browser's cookie holds.
    browser: String,
    pub(super) redirect_uri: String,
    pub(super) errand: Errand,
}

/// Where to send the browser, and what its cookie must hold when it comes back.
pub(super) struct Departure {
    pub(super) url: Url,
    pub(super) browser: SecretString,
}

/// Begins a trip. A provider that does not answer is told of before anything is kept.
pub(super) async fn depart(
    platform: &Platform,
    providers: &Providers,
    name: &str,
    origin: &str,
    errand: Errand,
) -> Result<Departure> {
    let provider: &OidcProvider = provider::named(platform, name)?;
    let metadata = providers.find(platform, provider).await?;
    let browser = secret::token("legato_o_")?;
    let trip = RoundTrip {
        provider: name.to_owned(),
        browser: fingerprint(&browser),
        redirect_uri: format!("{origin}/api/v1/oidc/{name}/callback"),
        errand,
    };
    let mut conn = platform.db.conn().await?;
    let state = Ceremony::insert(&mut conn, CeremonyKind::Oidc, None, &trip, platform.clock.now()).await?;
    let seed = Seed { browser: &browser, state: &state };
    let url = provider::authorization_url(provider, &metadata, &trip.redirect_uri, &seed)?;
    Ok(Departure { url, browser })
}

/// Takes the trip that `state` belongs to. Unknown, over, taken before, another provider's or another browser's:
/// `provider-refused`, and nobody comes back from it any more.
pub(super) async fn take(platform: &Platform, name: &str, seed: &Seed<'_>) -> Result<RoundTrip> {
    let mut conn = platform.db.conn().await?;
    let taken = Ceremony::take(&mut conn, CeremonyKind::Oidc, None, seed.state, platform.clock.now()).await?;
    let trip: RoundTrip = taken.ok_or(Error::Refused(Code::ProviderRefused))?.state()?;
    let is_the_same = trip.provider == name && trip.browser == fingerprint(seed.browser);
    if is_the_same { Ok(trip) } else { Err(Error::Refused(Code::ProviderRefused)) }
}

fn fingerprint(browser: &SecretString) -> String {
    URL_SAFE_NO_PAD.encode(secret::hash(browser.expose_secret()))
}

/// What the browser's cookie holds.
pub(super) fn browser(request: &HttpRequest, config: &Config) -> Option<SecretString> {
    request.cookie(cookie_name(config)).map(|cookie| cookie.value().into())
}

/// The cookie of a trip; `None` takes it away.
pub(super) fn cookie(config: &Config, browser: Option<&SecretString>) -> Cookie<'static> {
    let lifetime = browser.map_or(0, |_| CeremonyKind::Oidc.lifetime().num_seconds());
    let value = browser.map(|browser| browser.expose_secret().to_owned()).unwrap_or_default();
    // `Lax`: it must come along when the provider sends the browser back.
    Cookie::build(cookie_name(config), value)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(auth::is_https(config))
        .max_age(time::Duration::seconds(lifetime))
        .finish()
}

fn cookie_name(config: &Config) -> &'static str {
    if auth::is_https(config) { "__Host-legato_oidc" } else { "legato_oidc" }
}

/// 303, which nobody keeps.
pub(super) fn go_to(location: &str) -> HttpResponseBuilder {
    let mut response = HttpResponse::SeeOther();
    response.insert_header((header::LOCATION, location)).insert_header((header::CACHE_CONTROL, "no-store"));
    response
}

/// A failure for whoever asked: a program gets the problem, a browser the page at which people read of it.
pub(super) fn fail(request: &HttpRequest, error: &Error, page: impl FnOnce(&str) -> String) -> HttpResponse {
    let problem = error.error_response();
    let mut response = if wants_a_page(request) { go_to(&page(error.slug())).finish() } else { problem };
    if let Some(platform) = request.app_data::<Data<Platform>>() {
        // A cookie of that form is always good.
        let _ = response.add_cookie(&cookie(&platform.config, None));
    }
    response
}

fn wants_a_page(request: &HttpRequest) -> bool {
    let accepted = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|list| list.contains("text/html"))
}

/// The page to sign in at, on the way to another one.
pub(super) fn sign_in_page(next: Option<&NextPage>, fragment: &str) -> String {
    match next.map(NextPage::as_str).filter(|next| *next != "/") {
        Some(next) => {
            let query = form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
            format!("/sign-in?{query}#{fragment}")
        }
        None => format!("/sign-in#{fragment}"),
    }
}
