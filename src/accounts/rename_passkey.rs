//! Call a passkey something else.

use actix_web::patch;
use actix_web::web::Data;
use serde::Deserialize;
use utoipa::ToSchema;

use super::name::Name;
use super::passkey::Passkey;
use crate::platform::Platform;
use crate::platform::auth::Identity;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Found, Id, Json};
use crate::platform::id::PasskeyId;

/// What to change of a passkey.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasskeyChanges {
    name: Name,
}

/// Rename a passkey.
#[utoipa::path(tag = "accounts", params(("id" = PasskeyId, Path)), request_body = PasskeyChanges, responses(
    (status = 200, body = Passkey), (status = 401, body = Problem), (status = 404, body = Problem),
    (status = 422, body = Problem)))]
#[patch("/me/passkeys/{id}")]
pub(super) async fn patch(
    platform: Data<Platform>,
    identity: Identity,
    Id(passkey): Id<PasskeyId>,
    Json(changes): Json<PasskeyChanges>,
) -> Result<Found<Passkey>> {
    let mut conn = platform.db.conn().await?;
    let renamed = Passkey::rename(&mut conn, passkey, identity.account, &changes.name).await?;
    renamed.map(Found).ok_or(Error::NotFound("passkey"))
}
