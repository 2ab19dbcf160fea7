//! The passkeys of an account.

use actix_web::get;
use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use super::passkey::Passkey;
use crate::platform::Platform;
use crate::platform::auth::Identity;
use crate::platform::error::{Problem, Result};
use crate::platform::http::Found;

/// All of them: at most 20.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Passkeys {
    items: Vec<Passkey>,
}

/// The account's passkeys, the newest first.
#[utoipa::path(tag = "accounts", responses((status = 200, body = Passkeys), (status = 401, body = Problem)))]
#[get("/me/passkeys")]
pub(super) async fn get(platform: Data<Platform>, identity: Identity) -> Result<Found<Passkeys>> {
    let items = Passkey::list(&mut *platform.db.conn().await?, identity.account).await?;
    Ok(Found(Passkeys { items }))
}
