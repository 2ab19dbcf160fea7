//! Create an app password.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::account::Account;
use super::app_password::AppPassword;
use super::{Name, audit};
use crate::platform::Platform;
use crate::platform::auth::{Fresh, Identity};
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::Json;
use crate::platform::id::AccountId;

/// App passwords of one account: whoever signs in by one tries them all.
const MAX: i64 = 20;

/// Which client it is for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAppPassword {
    name: Name,
}

/// An app password, for the only time.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CreatedAppPassword {
    #[serde(flatten)]
    app_password: AppPassword,
    /// Typed into the client as it stands, dashes included.
    password: String,
}

/// Create a password for a client that must compute with it. It is made here, and shown now and never again.
#[utoipa::path(tag = "accounts", request_body = NewAppPassword, responses(
    (status = 201, body = CreatedAppPassword), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 409, body = Problem), (status = 422, body = Problem)))]
#[post("/me/app-passwords")]
pub(super) async fn post(
    platform: Data<Platform>,
    identity: Identity<Fresh>,
    Json(new): Json<NewAppPassword>,
) -> Result<HttpResponse> {
    let (app_password, password) = create(&platform, identity.account, &new.name).await?;
    let created = CreatedAppPassword { app_password, password: password.expose_secret().to_owned() };
    Ok(HttpResponse::Created().insert_header(("Cache-Control", "no-store")).json(created))
}

async fn create(platform: &Platform, owner: AccountId, name: &Name) -> Result<(AppPassword, SecretString)> {
    platform
        .db
        .transaction(async |conn| {
            // Locked, so that two at once do not both become the last one.
            Account::lock(conn, owner).await?.ok_or(Error::Unauthenticated)?;
            if AppPassword::count(conn, owner).await? >= MAX {
                return Err(Error::Refused(Code::LimitReached));
            }
            let now = platform.clock.now();
            let (created, password) = AppPassword::insert(conn, &platform.seal, owner, name, now).await?;
            let detail = json!({ "app_password": created.id });
            audit::record(conn, Some(owner), owner, "app_password_created", detail).await?;
            Ok((created, password))
        })
        .await
}
