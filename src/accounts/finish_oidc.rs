//! Finish what another provider was asked for: sign in, or link the identity to the account that asked.

mod admit;

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use utoipa::IntoParams;

use super::link_identity::link;
use super::open_session::{Arrival, Opened};
use super::provider::{self, Providers, Seed, Vouched};
use super::round_trip::{self, Errand, RoundTrip};
use crate::platform::Platform;
use crate::platform::auth::{self, Device, Proof, Viewer};
use crate::platform::client::ClientAddress;
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::Query;

/// What a provider sends a browser back with (RFC 6749 §4.1.2, RFC 9207).
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Return {
    #[param(value_type = Option<String>)]
    state: Option<SecretString>,
    #[param(value_type = Option<String>)]
    code: Option<SecretString>,
    /// Why there is no code.
    error: Option<String>,
    /// Who the provider says that it is.
    iss: Option<String>,
}

/// Who comes back.
struct Comer {
    /// What the trip's cookie holds.
    browser: Option<SecretString>,
    /// Whose session is open in this browser.
    viewer: Option<Proof>,
    device: Device,
    address: ClientAddress,
}

/// What a trip led to.
enum Landing {
    SignedIn(Box<Opened>),
    /// The account has a second factor, which is asked for next.
    Challenged(SecretString),
    Linked,
}

/// Come back from another provider: once, in the browser that went. What goes wrong, a page tells the browser
/// (`/sign-in#problem=…`), and a program gets the problem itself.
#[utoipa::path(tag = "accounts", params(("provider" = String, Path), Return), responses(
    (status = 303, description = "Signed in or linked; or on to the second factor (`/sign-in#challenge=…`)"),
    (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem),
    (status = 502, body = Problem)))]
#[get("/oidc/{provider}/callback")]
pub(super) async fn get(
    request: HttpRequest,
    platform: Data<Platform>,
    providers: Data<Providers>,
    name: Path<String>,
    viewer: Viewer,
    Query(back): Query<Return>,
) -> HttpResponse {
    let comer = Comer::of(&request, &platform, viewer.0);
    match finish(&platform, &providers, &name, &back, &comer).await {
        Ok((landing, errand)) => land(&platform, &landing, &errand),
        Err((error, errand)) => round_trip::fail(&request, &error, |slug| problem_page(&name, errand.as_ref(), slug)),
    }
}

impl Comer {
    fn of(request: &HttpRequest, platform: &Platform, viewer: Option<Proof>) -> Self {
        let browser = round_trip::browser(request, &platform.config);
        Self { browser, viewer, device: Device::of(request), address: ClientAddress::of(request) }
    }
}

async fn finish(
    platform: &Platform,
    providers: &Providers,
    name: &str,
    back: &Return,
    comer: &Comer,
) -> Result<(Landing, Errand), (Error, Option<Errand>)> {
    let trip = take(platform, name, back, comer).await.map_err(|error| (error, None))?;
    match arrive(platform, providers, &trip, back, comer).await {
        Ok(landing) => Ok((landing, trip.errand)),
        Err(error) => Err((error, Some(trip.errand))),
    }
}

async fn take(platform: &Platform, name: &str, back: &Return, comer: &Comer) -> Result<RoundTrip> {
    provider::named(platform, name)?;
    match (&comer.browser, &back.state) {
        (Some(browser), Some(state)) => round_trip::take(platform, name, &Seed { browser, state }).await,
        _ => Err(Error::Refused(Code::ProviderRefused)),
    }
}

async fn arrive(
    platform: &Platform,
    providers: &Providers,
    trip: &RoundTrip,
    back: &Return,
    comer: &Comer,
) -> Result<Landing> {
    let vouched = vouch(platform, providers, trip, back, comer).await?;
    match &trip.errand.link {
        // Somebody else has signed in meanwhile: whose identity is it?
        Some(linking) if comer.viewer.is_some_and(|viewer| viewer.account != linking.account) => {
            Err(Error::Refused(Code::ProviderRefused))
        }
        Some(linking) => link(platform, linking, &vouched).await.map(|()| Landing::Linked),
        None => admit::admit(platform, &vouched, &arrival(trip, comer)).await,
    }
}

async fn vouch(
    platform: &Platform,
    providers: &Providers,
    trip: &RoundTrip,
    back: &Return,
    comer: &Comer,
) -> Result<Vouched> {
    let provider = provider::named(platform, &trip.provider)?;
    let refused = Error::Refused(Code::ProviderRefused);
    let (Some(browser), Some(state), Some(code), None) = (&comer.browser, &back.state, &back.code, &back.error) else {
        return Err(refused);
    };
    if back.iss.as_ref().is_some_and(|issuer| *issuer != provider.issuer) {
        return Err(refused);
    }
    let code = code.expose_secret().to_owned();
    provider::exchange(platform, providers, provider, &trip.redirect_uri, &Seed { browser, state }, code).await
}

fn arrival(trip: &RoundTrip, comer: &Comer) -> Arrival {
    Arrival {
        device: comer.device.clone(),
        address: comer.address,
        in_cookie: true,
        reopen: trip.errand.reopen,
        replaces: comer.viewer,
    }
}

fn land(platform: &Platform, landing: &Landing, errand: &Errand) -> HttpResponse {
    let (page, session) = match landing {
        Landing::SignedIn(opened) => (errand.next.as_str().to_owned(), Some(opened)),
        Landing::Challenged(challenge) => {
            let fragment = format!("challenge={}", challenge.expose_secret());
            (round_trip::sign_in_page(Some(&errand.next), &fragment), None)
        }
        Landing::Linked => (errand.next.as_str().to_owned(), None),
    };
    let mut response = round_trip::go_to(&page);
    response.cookie(round_trip::cookie(&platform.config, None));
    if let Some(opened) = session {
        platform.auth.forget(&opened.ended);
        let session = Some((opened.token.expose_secret(), opened.session.expires_at));
        response.cookie(auth::session_cookie(&platform.config, session, platform.clock.now()));
    }
    response.finish()
}

// Who wanted a link reads of it where they asked for it.
fn problem_page(provider: &str, errand: Option<&Errand>, slug: &str) -> String {
    let fragment = format!("problem={slug}");
    match errand {
        Some(Errand { link: Some(_), next, .. }) => next.with_fragment(&fragment),
        // The provider's name is one of the configuration's, or there would be no errand.
        Some(Errand { next, .. }) => round_trip::sign_in_page(Some(next), &format!("{fragment}&provider={provider}")),
        None => round_trip::sign_in_page(None, &fragment),
    }
}
