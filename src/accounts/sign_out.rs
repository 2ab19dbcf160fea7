//! Sign out: the session ends here and now.

use actix_web::web::Data;
use actix_web::{HttpResponse, delete};

use super::session::Session;
use crate::platform::Platform;
use crate::platform::auth::{self, Identity};
use crate::platform::db::Db;
use crate::platform::error::{Problem, Result};
use crate::platform::live;

/// Sign out.
#[utoipa::path(tag = "accounts", responses((status = 204), (status = 401, body = Problem)))]
#[delete("/session")]
pub(super) async fn delete(platform: Data<Platform>, identity: Identity) -> Result<HttpResponse> {
    sign_out(&platform.db, identity).await?;
    let gone = auth::session_cookie(&platform.config, None, platform.clock.now());
    Ok(HttpResponse::NoContent().cookie(gone).finish())
}

async fn sign_out(db: &Db, identity: Identity) -> Result<()> {
    db.transaction(async |conn| {
        Session::delete(conn, identity.session, identity.account).await?;
        live::end_session(conn, identity.session).await
    })
    .await
}
