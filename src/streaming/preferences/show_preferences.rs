//! Show how an account wants to listen.

use actix_web::get;
use actix_web::web::Data;

use super::Preferences;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Editable, IfNoneMatchHeader};

/// How the account wants to listen.
#[utoipa::path(tag = "plays", params(IfNoneMatchHeader), responses((status = 200, body = Preferences),
    (status = 304, description = "As the client holds it"), (status = 401, body = Problem)))]
#[get("/me/playback-preferences")]
pub(in crate::streaming) async fn get(
    platform: Data<Platform>,
    identity: Identity<Read>,
) -> Result<Editable<Preferences>> {
    Preferences::find(&mut *platform.db.conn().await?, identity.account).await.map(Editable)
}
