//! List where an account's plays are told to.

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::protocol::Service;
use super::scrobbler::{ScrobbleProblem, Scrobbler};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::error::{Problem, Result};
use crate::platform::http::Found;
use crate::platform::id::AccountId;

/// A service, and what the account is there.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListedScrobbler {
    service: Service,
    /// Whether this server is set up to speak to it.
    is_available: bool,
    /// Null where it is not connected.
    profile: Option<ConnectedProfile>,
}

/// What the account is at a service.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConnectedProfile {
    username: String,
    connected_at: DateTime<Utc>,
    /// When a play was taken there last.
    told_at: Option<DateTime<Utc>>,
    /// Since when it takes none, and why; null where it does. What was heard meanwhile is told later, up to two weeks.
    failing_since: Option<DateTime<Utc>>,
    problem: Option<ScrobbleProblem>,
}

/// All services.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Scrobblers {
    items: Vec<ListedScrobbler>,
}

impl From<Scrobbler> for ConnectedProfile {
    fn from(scrobbler: Scrobbler) -> Self {
        let Scrobbler { username, connected_at, told_at, failing_since, problem, .. } = scrobbler;
        Self { username, connected_at, told_at, failing_since, problem }
    }
}

/// The services that plays can be told to, and which the account has connected. Their keys are not shown.
#[utoipa::path(tag = "scrobbling", responses((status = 200, body = Scrobblers), (status = 401, body = Problem)))]
#[get("/me/scrobblers")]
pub(in crate::streaming) async fn get(platform: Data<Platform>, identity: Identity<Read>) -> Result<Found<Scrobblers>> {
    list(&platform, identity.account).await.map(Found)
}

async fn list(platform: &Platform, account: AccountId) -> Result<Scrobblers> {
    let mut connected = Scrobbler::list(&mut *platform.db.conn().await?, account).await?;
    let items = Service::ALL.iter().map(|service| {
        let at = connected.iter().position(|scrobbler| scrobbler.service == *service);
        let profile = at.map(|at| connected.swap_remove(at).into());
        ListedScrobbler { service: *service, is_available: service.is_available(platform), profile }
    });
    Ok(Scrobblers { items: items.collect() })
}
