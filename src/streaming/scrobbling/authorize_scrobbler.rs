//! Ask Last.fm for a token that the account can agree to there.

use actix_web::post;
use actix_web::web::Data;
use serde::Serialize;
use utoipa::ToSchema;

use super::connect_scrobbler::{find, refusal};
use super::lastfm;
use super::protocol::Service;
use crate::platform::Platform;
use crate::platform::auth::Identity;
use crate::platform::error::{Problem, Result};
use crate::platform::http::Created;

/// A token that is good once the account has agreed to it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ScrobblerAuthorization {
    /// For `PUT /me/scrobblers/lastfm`; good for an hour.
    token: String,
    /// Where to agree.
    url: String,
}

/// Begin to connect Last.fm: open `url`, agree there, and put the `token`.
#[utoipa::path(tag = "scrobbling", responses((status = 201, body = ScrobblerAuthorization), (status = 401, body = Problem),
    (status = 404, body = Problem), (status = 502, body = Problem)))]
#[post("/me/scrobblers/lastfm/authorization")]
pub(in crate::streaming) async fn post(
    platform: Data<Platform>,
    _: Identity,
) -> Result<Created<ScrobblerAuthorization>> {
    authorize(&platform).await.map(Created)
}

async fn authorize(platform: &Platform) -> Result<ScrobblerAuthorization> {
    let service = find(platform, Service::Lastfm.name())?;
    let authorization = lastfm::authorize(platform).await.map_err(|failure| refusal(service, &failure))?;
    Ok(ScrobblerAuthorization { token: authorization.token, url: authorization.url })
}
