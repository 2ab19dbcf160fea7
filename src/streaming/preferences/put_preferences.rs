//! Say how an account wants to listen.

use actix_web::put;
use actix_web::web::Data;

use super::Preferences;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Library};
use crate::platform::db::Db;
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Editable, IfMatch, IfMatchHeader, Json};
use crate::platform::id::AccountId;

/// Say how the account wants to listen; all of it at once.
#[utoipa::path(tag = "plays", params(IfMatchHeader), request_body = Preferences, responses((status = 200, body = Preferences),
    (status = 401, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem)))]
#[put("/me/playback-preferences")]
pub(in crate::streaming) async fn put(
    platform: Data<Platform>,
    identity: Identity<Library>,
    if_match: IfMatch,
    Json(new): Json<Preferences>,
) -> Result<Editable<Preferences>> {
    new.check()?;
    save(&platform.db, identity.account, &new, &if_match).await?;
    Ok(Editable(new))
}

async fn save(db: &Db, account: AccountId, new: &Preferences, if_match: &IfMatch) -> Result<()> {
    db.transaction(async |conn| {
        Preferences::lock(conn, account).await?;
        if_match.require(&Preferences::find(conn, account).await?)?;
        new.save(conn, account).await
    })
    .await
}
