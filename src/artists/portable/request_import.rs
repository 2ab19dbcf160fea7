//! Bring in a package that was uploaded: a job checks it, and makes what is in it.

use actix_web::post;
use actix_web::web::{Data, Path};
use serde::Deserialize;
use utoipa::ToSchema;

use super::import::Import;
use super::import_package::ImportPackage;
use crate::artists::own_artist::OwnArtist;
use crate::artists::uploads;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Upload};
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::{Accepted, Json};
use crate::platform::id::{AccountId, UploadId};
use crate::platform::jobs;

/// Each is a file that is open for as long as the import goes.
const MAX_UPLOADS: usize = 256;

/// A package to bring in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewImport {
    /// The uploads that hold its bytes, in order: parts (`Upload-Concat: partial`), each as long as an upload may be.
    #[schema(min_items = 1, max_items = 256)]
    upload_ids: Vec<UploadId>,
    /// Publish here what was out there, once its tracks are ready.
    #[serde(default)]
    publish: bool,
}

/// Bring in a package that an artist took along from here or from another server. Only an owner may. What is in it becomes
/// drafts of this artist; what was brought in before stays as it is. One import of an artist goes at a time; the same
/// uploads once more answer with the same import.
#[utoipa::path(tag = "packages", params(("id" = String, Path, description = "The artist's id or slug")),
    request_body = NewImport, responses(
    (status = 202, body = Import), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 409, body = Problem), (status = 410, body = Problem), (status = 422, body = Problem)))]
#[post("/artists/{id}/imports")]
pub(super) async fn post(
    platform: Data<Platform>,
    identity: Identity<Upload>,
    artist: Path<String>,
    Json(new): Json<NewImport>,
) -> Result<Accepted<Import>> {
    ask(&platform, &artist, identity.account, &new).await.map(Accepted)
}

async fn ask(platform: &Platform, artist: &str, owner: AccountId, new: &NewImport) -> Result<Import> {
    if !(1..=MAX_UPLOADS).contains(&new.upload_ids.len()) {
        return Err(Error::invalid("upload_ids", "A package is in 1 to 1000 uploads."));
    }
    let now = platform.clock.now();
    platform
        .db
        .transaction(async |conn| {
            let artist = OwnArtist::lock_owned(conn, artist, owner).await?.id;
            if let Some(same) = Import::of_uploads(conn, artist, &new.upload_ids).await? {
                return Ok(same);
            }
            let added = Import::insert(conn, artist, owner, &new.upload_ids, new.publish).await?;
            let import = added.ok_or(Error::Refused(Code::ImportUnderWay))?;
            uploads::take(conn, &new.upload_ids, owner, now).await?;
            jobs::enqueue(conn, ImportPackage { import: import.id }).await?;
            Ok(import)
        })
        .await
}
