//! Take a release away as a zip.

use actix_web::body::SizedStream;
use actix_web::http::{Method, StatusCode, header};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, route};
use chrono::{DateTime, Utc};

use super::download_track::{hold, require_account};
use super::file::{self, Wanted};
use super::places::Downloads;
use super::zip::{Entry, Layout};
use super::zip_body::{Allowed, zip_body};
use crate::artists::{self, DownloadableRelease};
use crate::platform::Platform;
use crate::platform::archive::safe;
use crate::platform::auth::{Listen, Proof, Viewer};
use crate::platform::client::ClientAddress;
use crate::platform::country::Country;
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::direct::Announced;
use crate::platform::http::range::{self, Part};
use crate::platform::http::{Id, Query, is_fresh};
use crate::platform::id::ReleaseId;
use crate::streaming::audio::unsatisfiable;
use crate::streaming::renditions::require_here;

/// A release as a zip of its tracks, where its artist allows it: `Range`, `If-Range`, `If-None-Match`, `HEAD`, so that it can be
/// gone on with. It is put together while it is sent.
#[utoipa::path(get, path = "/releases/{id}/download", tag = "media", params(("id" = ReleaseId, Path), Wanted), responses(
    (status = 200, content_type = "application/zip"), (status = 206, content_type = "application/zip"), (status = 304),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 406, body = Problem),
    (status = 409, body = Problem), (status = 416, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem),
    (status = 503, body = Problem)))]
#[route("/releases/{id}/download", method = "GET", method = "HEAD")]
pub(in crate::streaming) async fn get(
    request: HttpRequest,
    platform: Data<Platform>,
    viewer: Viewer<Listen>,
    country: Country,
    downloads: Data<Downloads>,
    Id(id): Id<ReleaseId>,
    Query(wanted): Query<Wanted>,
) -> Result<HttpResponse> {
    let proof = viewer.0.as_ref();
    let (name, layout) = lay_out(&platform, proof, &country, (id, wanted)).await?;
    let place = downloads.take(proof, ClientAddress::of(&request)).await?;
    let allowed = Allowed { release: id, viewer: viewer.account(), hold: hold(&platform, proof), _place: place };
    Ok(send(&request, &platform, allowed, &name, layout))
}

async fn lay_out(
    platform: &Platform,
    proof: Option<&Proof>,
    country: &Country,
    (id, wanted): (ReleaseId, Wanted),
) -> Result<(String, Layout)> {
    require_account(platform, proof)?;
    let viewer = proof.map(|proof| proof.account);
    let found = artists::downloadable_release(&mut *platform.db.conn().await?, id, viewer).await?;
    let (release, is_allowed) = found.ok_or(Error::NotFound("release"))?;
    if !is_allowed {
        return Err(Error::Forbidden);
    }
    if release.tracks.is_empty() {
        return Err(Error::NotFound("release"));
    }
    if release.is_incomplete {
        return Err(Error::Refused(Code::ReleaseStillProcessing));
    }
    for (_, track) in &release.tracks {
        require_here(track.territories.as_ref(), country)?;
    }
    let folder = safe(&format!("{} - {}", release.artist_name, release.title));
    let entries = entries(platform, &release, &folder, wanted).await?;
    let modified_at = release.published_at.unwrap_or(DateTime::<Utc>::UNIX_EPOCH);
    Ok((format!("{folder}.zip"), Layout::of(entries, modified_at)))
}

async fn entries(
    platform: &Platform,
    release: &DownloadableRelease,
    folder: &str,
    wanted: Wanted,
) -> Result<Vec<Entry>> {
    let mut entries = Vec::with_capacity(release.tracks.len());
    for (number, track) in &release.tracks {
        let (rendition, format) = file::best(track, wanted)?;
        let object = platform.storage.open(&rendition.object_key).await?;
        entries.push(Entry {
            // Its number makes each name another.
            name: format!("{folder}/{}", file::name(Some(*number), &track.title, format)),
            object_key: rendition.object_key.clone(),
            size_bytes: object.size_bytes,
        });
    }
    Ok(entries)
}

fn send(request: &HttpRequest, platform: &Platform, allowed: Allowed, name: &str, layout: Layout) -> HttpResponse {
    let (etag, size) = (layout.etag(), layout.length());
    if is_fresh(request.headers(), &etag) {
        return headers(StatusCode::NOT_MODIFIED, &etag, name).finish();
    }
    let is_head = request.method() == Method::HEAD;
    let part = if is_head { Part::Whole } else { range::part(request.headers(), size, &etag) };
    let (status, offset, length) = match part {
        Part::Whole => (StatusCode::OK, 0, size),
        Part::Range { offset, length } => (StatusCode::PARTIAL_CONTENT, offset, length),
        Part::Unsatisfiable => return unsatisfiable(size),
    };
    let mut response = headers(status, &etag, name);
    if status == StatusCode::PARTIAL_CONTENT {
        response.insert_header((header::CONTENT_RANGE, format!("bytes {offset}-{}/{size}", offset + length - 1)));
    }
    if is_head {
        return response.body(Announced(length));
    }
    let stream = zip_body(platform.clone(), layout, allowed, (offset, length));
    response.body(SizedStream::new(length, Box::pin(stream)))
}

fn headers(status: StatusCode, etag: &str, name: &str) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response
        .content_type("application/zip")
        .insert_header((header::ETAG, etag))
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .insert_header((header::CONTENT_DISPOSITION, file::attachment(name).to_string()));
    response
}
