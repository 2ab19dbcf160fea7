//! Open a link: what its recipient sees.

use actix_web::get;
use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::link::find_link;
use crate::artists::release::Release;
use crate::artists::show_release;
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::Found;

/// A release, as the recipient of a link sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LinkedRelease {
    /// Whom the link is for.
    recipient: String,
    expires_at: DateTime<Utc>,
    /// Null for as many as wanted.
    plays_left: Option<i32>,
    /// With the tracks that can be played: by `POST /plays` with the same secret as `link`.
    release: Release,
}

/// The release behind a link. Nobody needs an account for that; 404 as soon as the link is not good any more.
#[utoipa::path(tag = "releases", params(("token" = String, Path)), responses(
    (status = 200, body = LinkedRelease), (status = 404, body = Problem)))]
#[get("/links/{token}")]
pub(super) async fn get(platform: Data<Platform>, token: Path<String>) -> Result<Found<LinkedRelease>> {
    open(&mut *platform.db.conn().await?, &token).await.map(Found)
}

async fn open(conn: &mut Conn, token: &str) -> Result<LinkedRelease> {
    let link = find_link(conn, token).await?.ok_or(Error::NotFound("link"))?;
    let release = show_release::by_link(conn, link.release_id).await?;
    Ok(LinkedRelease { recipient: link.recipient, expires_at: link.expires_at, plays_left: link.plays_left, release })
}
