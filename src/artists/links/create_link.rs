//! Make a link to a release for one recipient.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::link::{Making, SharedLink};
use crate::artists::metadata::Line;
use crate::artists::release::OwnRelease;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Upload};
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::{Id, Json};
use crate::platform::id::{AccountId, LinkId, ReleaseId};
use crate::platform::secret;

/// Good links of a release.
const MAX: i64 = 500;
const LONGEST: TimeDelta = TimeDelta::days(366);
const MOST_PLAYS: i32 = 100_000;

/// Whom a link is for, and how far it goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewSharedLink {
    /// A name or a note, for the report.
    recipient: Line,
    /// A year ahead at the most.
    expires_at: DateTime<Utc>,
    /// How often tracks may be played by it, all together: 1 to 100,000; as often as wanted where absent.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 100000)]
    max_plays: Option<i32>,
}

/// A new link, with its secret, which is told this once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MadeLink {
    #[serde(flatten)]
    link: SharedLink,
    /// For `GET /links/{token}`, and as `link` for `POST /plays`.
    token: String,
}

/// Make a link, by which somebody without an account sees the release and plays it, published or not.
#[utoipa::path(tag = "releases", params(("id" = ReleaseId, Path)), request_body = NewSharedLink, responses(
    (status = 201, body = MadeLink), (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
    (status = 422, body = Problem)))]
#[post("/releases/{id}/links")]
pub(super) async fn post(
    platform: Data<Platform>,
    identity: Identity<Upload>,
    Id(id): Id<ReleaseId>,
    Json(new): Json<NewSharedLink>,
) -> Result<HttpResponse> {
    let made = create(&platform, id, identity.account, &new).await?;
    Ok(HttpResponse::Created().insert_header(("Cache-Control", "no-store")).json(made))
}

async fn create(platform: &Platform, release: ReleaseId, member: AccountId, new: &NewSharedLink) -> Result<MadeLink> {
    let now = platform.clock.now();
    if new.max_plays.is_some_and(|most| !(1..=MOST_PLAYS).contains(&most)) {
        return Err(Error::invalid("max_plays", "A link allows 1 to 100,000 plays."));
    }
    if new.expires_at <= now || new.expires_at > now + LONGEST {
        return Err(Error::invalid("expires_at", "A link expires in the future, within a year."));
    }
    let token = secret::token("legato_p_")?;
    let making = Making {
        id: LinkId::new(),
        release,
        recipient: new.recipient.as_str(),
        token: token.expose_secret(),
        created_by: member,
        max_plays: new.max_plays,
        expires_at: new.expires_at,
    };
    let link = platform
        .db
        .transaction(async |conn| {
            OwnRelease::lock(conn, release, member).await?;
            if SharedLink::count(conn, release, now).await? >= MAX {
                return Err(Error::Refused(Code::TooManyLinks));
            }
            making.insert(conn).await?;
            SharedLink::find(conn, making.id).await?.ok_or(Error::NotFound("link"))
        })
        .await?;
    Ok(MadeLink { link, token: token.expose_secret().to_owned() })
}
