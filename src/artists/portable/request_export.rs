//! Ask for everything that is an artist's: a job makes the package.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, post};
use chrono::{DateTime, TimeDelta, Utc};

use super::build_package::BuildPackage;
use super::package::{Package, PackageState};
use crate::artists::own_artist::OwnArtist;
use crate::platform::Platform;
use crate::platform::auth::{Fresh, Identity};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Accepted, address_of};
use crate::platform::id::{AccountId, ArtistId};
use crate::platform::jobs;

/// A whole package is enough for so long.
const PAUSE: TimeDelta = TimeDelta::hours(1);

/// Ask for a package of everything that is this artist's: originals, metadata, pictures, statistics, and a signed list of
/// them. Only an owner may. While one is being made, that one is answered with.
#[utoipa::path(tag = "packages", params(("id" = String, Path, description = "The artist's id or slug")), responses(
    (status = 202, body = Package), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 429, body = Problem)))]
#[post("/artists/{id}/export")]
pub(super) async fn post(
    request: HttpRequest,
    platform: Data<Platform>,
    identity: Identity<Fresh>,
    artist: Path<String>,
) -> Result<Accepted<Package>> {
    let server = address_of(&request, &platform.config);
    ask(&platform, &artist, identity.account, &server).await.map(Accepted)
}

async fn ask(platform: &Platform, artist: &str, owner: AccountId, server: &str) -> Result<Package> {
    let now = platform.clock.now();
    platform
        .db
        .transaction(async |conn| {
            let artist = OwnArtist::lock_owned(conn, artist, owner).await?.id;
            refuse_too_soon(conn, artist, now).await?;
            if let Some(package) = Package::insert(conn, artist, server, now).await? {
                jobs::enqueue(conn, BuildPackage { package: package.id }).await?;
                return Ok(package);
            }
            Package::newest(conn, artist, now).await?.ok_or(Error::Unavailable)
        })
        .await
}

// A package may hold many gigabytes.
async fn refuse_too_soon(conn: &mut Conn, artist: ArtistId, now: DateTime<Utc>) -> Result<()> {
    match Package::newest(conn, artist, now).await? {
        Some(newest) if newest.state == PackageState::Ready && newest.created_at + PAUSE > now => {
            let retry_after = (newest.created_at + PAUSE - now).to_std().unwrap_or_default();
            Err(Error::TooManyRequests { retry_after })
        }
        _ => Ok(()),
    }
}
