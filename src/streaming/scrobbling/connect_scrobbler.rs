//! Connect a service that an account's plays are told to.

use actix_web::put;
use actix_web::web::{Data, Path};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use utoipa::ToSchema;

use super::list_scrobblers::ConnectedProfile;
use super::protocol::{Failure, Service};
use super::scrobbler::Scrobbler;
use crate::platform::Platform;
use crate::platform::auth::Identity;
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::{Found, Json};
use crate::platform::id::AccountId;

const MAX_TOKEN: usize = 200;

/// What lets this server speak for the account there.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewScrobbler {
    /// The token of the profile at ListenBrainz; for Last.fm the one of `…/authorization`, once it is agreed to there.
    #[schema(value_type = String, max_length = 200)]
    token: SecretString,
}

/// Connect a service: from now on it is told what the account hears. The token is tried out there, and kept sealed.
#[utoipa::path(tag = "scrobbling", params(("service" = Service, Path)), request_body = NewScrobbler, responses(
    (status = 200, body = ConnectedProfile), (status = 401, body = Problem), (status = 404, body = Problem),
    (status = 422, body = Problem), (status = 502, body = Problem)))]
#[put("/me/scrobblers/{service}")]
pub(in crate::streaming) async fn put(
    platform: Data<Platform>,
    identity: Identity,
    service: Path<String>,
    Json(new): Json<NewScrobbler>,
) -> Result<Found<ConnectedProfile>> {
    let service = find(&platform, &service)?;
    connect(&platform, identity.account, service, new.token.expose_secret()).await.map(|found| Found(found.into()))
}

async fn connect(platform: &Platform, account: AccountId, service: Service, token: &str) -> Result<Scrobbler> {
    if token.is_empty() || token.len() > MAX_TOKEN {
        return Err(Error::invalid("token", "A token has 1 to 200 characters."));
    }
    let profile = service.profile(platform, token).await.map_err(|failure| refusal(service, &failure))?;
    Scrobbler::save(platform, &mut *platform.db.conn().await?, (account, service), &profile).await
}

/// A service that this server is set up to speak to.
pub(super) fn find(platform: &Platform, name: &str) -> Result<Service> {
    let service = Service::ALL.iter().copied().find(|service| service.name() == name);
    service.filter(|service| service.is_available(platform)).ok_or(Error::NotFound("service"))
}

pub(super) fn refusal(service: Service, failure: &Failure) -> Error {
    match failure {
        Failure::Refused | Failure::Senseless(_) => Error::invalid("token", "The service does not take this token."),
        Failure::Away(why) => {
            tracing::warn!(service = service.name(), why, "a service does not answer");
            Error::Refused(Code::ServiceAway)
        }
    }
}
