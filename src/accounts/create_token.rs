//! Create an API token.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::TimeDelta;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::account::Account;
use super::api_token::{ApiToken, Issue};
use super::{Name, audit};
use crate::platform::Platform;
use crate::platform::auth::{Fresh, Identity, Role, Scope};
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::Json;
use crate::platform::id::AccountId;

/// Tokens of one account.
const MAX: i64 = 50;

/// The longest life that a token may be given, in days.
const MAX_DAYS: u32 = 3650;

/// What a token is for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewToken {
    name: Name,
    /// At least one. `moderate` and `admin` are for those who are.
    #[schema(min_items = 1)]
    scopes: Vec<Scope>,
    /// Where absent, it is good until it is deleted.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 3650)]
    expires_in_days: Option<u32>,
}

/// A token, and its secret for the only time.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CreatedToken {
    #[serde(flatten)]
    token: ApiToken,
    /// For `Authorization: Bearer`. Matches `legato_t_[A-Za-z0-9_-]{49}`; the last six characters are the CRC-32 (IEEE,
    /// big-endian, base64url) of those before.
    secret: String,
}

/// Create an API token. Its secret is shown now and never again.
#[utoipa::path(tag = "accounts", request_body = NewToken, responses(
    (status = 201, body = CreatedToken), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 409, body = Problem), (status = 422, body = Problem)))]
#[post("/me/tokens")]
pub(super) async fn post(
    platform: Data<Platform>,
    identity: Identity<Fresh>,
    Json(new): Json<NewToken>,
) -> Result<HttpResponse> {
    let (token, secret) = create(&platform, identity.account, new).await?;
    let created = CreatedToken { token, secret: secret.expose_secret().to_owned() };
    Ok(HttpResponse::Created().insert_header(("Cache-Control", "no-store")).json(created))
}

async fn create(platform: &Platform, owner: AccountId, new: NewToken) -> Result<(ApiToken, SecretString)> {
    let scopes = distinct(&new.scopes)?;
    let now = platform.clock.now();
    let expires_at = new.expires_in_days.map(lifetime).transpose()?.map(|lifetime| now + lifetime);
    platform
        .db
        .transaction(async |conn| {
            // Locked, so that two at once do not both become the last one; and its role is the one of this moment.
            let account = Account::lock(conn, owner).await?.ok_or(Error::Unauthenticated)?;
            require_role(account.role, &scopes)?;
            if ApiToken::count(conn, owner).await? >= MAX {
                return Err(Error::Refused(Code::LimitReached));
            }
            let issue = Issue { account: owner, name: &new.name, scopes: &scopes, now, expires_at };
            let (token, secret) = ApiToken::insert(conn, issue).await?;
            let detail = json!({ "token": token.id, "scopes": token.scopes });
            audit::record(conn, Some(owner), owner, "token_created", detail).await?;
            Ok((token, secret))
        })
        .await
}

fn distinct(scopes: &[Scope]) -> Result<Vec<Scope>> {
    let distinct: Vec<Scope> = Scope::ALL.iter().copied().filter(|scope| scopes.contains(scope)).collect();
    if distinct.is_empty() { Err(Error::invalid("scopes", "A token has at least one scope.")) } else { Ok(distinct) }
}

fn lifetime(days: u32) -> Result<TimeDelta> {
    if (1..=MAX_DAYS).contains(&days) {
        Ok(TimeDelta::days(days.into()))
    } else {
        Err(Error::invalid("expires_in_days", "A token lives for 1 to 3650 days."))
    }
}

// A token can do no more than its owner anyway; but one that says so and cannot misleads.
fn require_role(role: Role, scopes: &[Scope]) -> Result<()> {
    let needed = scopes.iter().map(|scope| match scope {
        Scope::Admin => Role::Admin,
        Scope::Moderate => Role::Moderator,
        Scope::Read | Scope::Listen | Scope::Library | Scope::Upload => Role::Listener,
    });
    if needed.max().is_none_or(|needed| role >= needed) {
        Ok(())
    } else {
        Err(Error::invalid("scopes", "Your role has no use for this scope."))
    }
}
