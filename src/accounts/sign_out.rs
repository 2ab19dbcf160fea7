//! Sign out: the session ends here and now, and with it what it was granted.

use actix_web::web::Data;
use actix_web::{HttpResponse, delete};

use super::session::Session;
use crate::platform::Platform;
use crate::platform::auth::{self, Identity, Subject};
use crate::platform::error::{Problem, Result};
use crate::platform::id::{AccountId, SessionId};

/// Sign out.
#[utoipa::path(tag = "accounts", responses((status = 204), (status = 401, body = Problem)))]
#[delete("/session")]
pub(super) async fn delete(platform: Data<Platform>, identity: Identity) -> Result<HttpResponse> {
    sign_out(&platform, identity.account, identity.session()).await?;
    let gone = auth::session_cookie(&platform.config, None, platform.clock.now());
    Ok(HttpResponse::NoContent().cookie(gone).insert_header(("Clear-Site-Data", "\"cache\"")).finish())
}

/// Ends one session of an account; false when there was none.
pub(super) async fn sign_out(platform: &Platform, account: AccountId, session: SessionId) -> Result<bool> {
    let subject = [Subject::Session(session)];
    let was_there = platform
        .db
        .transaction(async |conn| {
            let was_there = Session::delete(conn, session, account).await?;
            if was_there {
                auth::revoke(conn, &platform.clock, &subject).await?;
            }
            Ok(was_there)
        })
        .await?;
    platform.auth.forget(&subject);
    Ok(was_there)
}
