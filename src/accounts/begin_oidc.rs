//! Begin to sign in by another provider: the browser goes there.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use serde::Deserialize;
use utoipa::IntoParams;

use super::attempts;
use super::next_page::NextPage;
use super::provider::Providers;
use super::round_trip::{self, Departure, Errand};
use crate::platform::Platform;
use crate::platform::client::ClientAddress;
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::{Query, address_of};

/// What to do afterwards.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wishes {
    /// A path of the web app; the home page where absent, and in place of any other address.
    next: Option<String>,
    /// True: an account that is about to be closed is kept.
    #[serde(default)]
    reopen: bool,
}

/// Go to another provider to sign in. A browser opens this address; what goes wrong, a page tells it
/// (`/sign-in#problem=…`), and a program gets the problem itself.
#[utoipa::path(tag = "accounts", params(("provider" = String, Path), Wishes), responses(
    (status = 303, description = "To the provider"), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 502, body = Problem)))]
#[get("/oidc/{provider}/authorization")]
pub(super) async fn get(
    request: HttpRequest,
    platform: Data<Platform>,
    providers: Data<Providers>,
    name: Path<String>,
    Query(wishes): Query<Wishes>,
) -> HttpResponse {
    let next = NextPage::from(wishes.next.unwrap_or_default());
    let errand = Errand { next: next.clone(), reopen: wishes.reopen, link: None };
    let problem_page = |slug: &str| round_trip::sign_in_page(Some(&next), &format!("problem={slug}"));
    match begin(&request, &platform, &providers, &name, errand).await {
        Ok(departure) => {
            let cookie = round_trip::cookie(&platform.config, Some(&departure.browser));
            round_trip::go_to(departure.url.as_str()).cookie(cookie).finish()
        }
        Err(error) => round_trip::fail(&request, &error, problem_page),
    }
}

async fn begin(
    request: &HttpRequest,
    platform: &Platform,
    providers: &Providers,
    name: &str,
    errand: Errand,
) -> Result<Departure> {
    refuse_foreign_page(request)?;
    attempts::ceremony(platform, &ClientAddress::of(request)).await?;
    let origin = address_of(request, &platform.config);
    round_trip::depart(platform, providers, name, &origin, errand).await
}

// Nobody is signed in, and no account is kept from its end, because they visited somebody else's page. Old browsers do not
// say where they come from (W3C Fetch Metadata).
fn refuse_foreign_page(request: &HttpRequest) -> Result<()> {
    let site = request.headers().get("sec-fetch-site");
    if site.is_some_and(|site| site == "cross-site" || site == "same-site") {
        return Err(Error::Refused(Code::ForeignOrigin));
    }
    Ok(())
}
