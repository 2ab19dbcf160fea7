//! Link an identity at another provider to the signed-in account.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, post};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::account::Account;
use super::audit;
use super::letter::{self, FactorChange, Letter};
use super::linked_identity::LinkedIdentity;
use super::next_page::NextPage;
use super::provider::{Providers, Vouched};
use super::round_trip::{self, Errand, Linking};
use super::session::Session;
use crate::platform::Platform;
use crate::platform::auth::{Fresh, Identity};
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::{Json, address_of};

/// What to do afterwards.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewLink {
    /// A path of the web app, which is also told of a failure (`#problem=…`); the home page where absent.
    #[serde(default)]
    #[schema(max_length = 2000)]
    next: Option<String>,
}

/// Where the browser goes now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Address {
    url: String,
}

/// Begin to link an identity at another provider. The answer sets a cookie: the same browser opens `url`, signs in there,
/// and comes back linked.
#[utoipa::path(tag = "accounts", request_body = NewLink, params(("provider" = String, Path)), responses(
    (status = 200, body = Address), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 502, body = Problem)))]
#[post("/me/identities/{provider}")]
pub(super) async fn post(
    request: HttpRequest,
    platform: Data<Platform>,
    providers: Data<Providers>,
    identity: Identity<Fresh>,
    name: Path<String>,
    Json(new): Json<NewLink>,
) -> Result<HttpResponse> {
    let link = Some(Linking { account: identity.account, session: identity.session() });
    let errand = Errand { next: NextPage::from(new.next.unwrap_or_default()), reopen: false, link };
    let origin = address_of(&request, &platform.config);
    let departure = round_trip::depart(&platform, &providers, &name, &origin, errand).await?;
    let mut response = HttpResponse::Ok();
    response.cookie(round_trip::cookie(&platform.config, Some(&departure.browser)));
    response.insert_header(("Cache-Control", "no-store"));
    Ok(response.json(Address { url: departure.url.into() }))
}

/// Links whom a provider vouches for to the account that asked for it. Linked to it already: nothing to do.
pub(super) async fn link(platform: &Platform, linking: &Linking, vouched: &Vouched) -> Result<()> {
    platform
        .db
        .transaction(async |conn| {
            require_session(conn, platform, linking).await?;
            match LinkedIdentity::find(conn, vouched).await? {
                Some(identity) if identity.account_id == linking.account => return Ok(()),
                Some(_) => return Err(Error::Refused(Code::LinkedElsewhere)),
                None => LinkedIdentity::insert(conn, linking.account, vouched, platform.clock.now()).await?,
            }
            let linked = Letter::FactorChanged { account: linking.account, what: FactorChange::IdentityLinked };
            letter::enqueue(conn, linked).await?;
            let detail = json!({ "what": FactorChange::IdentityLinked });
            audit::record(conn, Some(linking.account), linking.account, "factor_changed", detail).await
        })
        .await
}

// Whoever lost the session while they were away (the password was changed: a thief is out) links nothing any more.
async fn require_session(conn: &mut Conn, platform: &Platform, linking: &Linking) -> Result<()> {
    let account = Account::lock(conn, linking.account).await?;
    let is_open = account.is_some_and(|account| account.suspended_at.is_none() && account.closing_until.is_none());
    let living = Session::list(conn, &platform.config, linking.account, platform.clock.now()).await?;
    if is_open && living.iter().any(|session| session.id == linking.session) {
        Ok(())
    } else {
        Err(Error::Refused(Code::ProviderRefused))
    }
}
