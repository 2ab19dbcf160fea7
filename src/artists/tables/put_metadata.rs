//! Take a table of metadata for a release's tracks: all of it, or nothing.

use std::time::Duration;

use actix_web::http::header;
use actix_web::put;
use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::awaiting::AwaitingLine;
use super::fitting::{Known, LineReport, fit, let_wait};
use super::follow_lines;
use super::sheet::{self, Line, MAX_BYTES};
use crate::artists::metadata::{self, By, TrackChanges};
use crate::artists::own_track::OwnTrack;
use crate::artists::release::OwnRelease;
use crate::artists::show_release;
use crate::artists::track::Track;
use crate::platform::Platform;
use crate::platform::auth::{self, Identity, Upload};
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::{Found, Id, IfMatch, IfMatchHeader, Query, early};
use crate::platform::id::{AccountId, ReleaseId, TrackId};

/// How long a table may take to arrive.
const PATIENCE: Duration = Duration::from_secs(15);

/// Whether the table is only looked at.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Manner {
    /// Tells what would become of it, and changes nothing.
    #[serde(default)]
    dry_run: bool,
    /// Lets the lines wait that are about files which are still to come. Else all lines have to find their tracks now.
    #[serde(default)]
    awaits: bool,
}

/// What became of a table, or would.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Report {
    /// Whether every line fits, or waits for its file.
    fits: bool,
    /// Whether the tracks are as the table says: every line fits, and it was no dry run. Else nothing has changed.
    applied: bool,
    lines: Vec<LineReport>,
    /// Tracks of the release that no line is about.
    untouched: Vec<TrackId>,
}

/// Take a table (`text/csv`, RFC 4180, in UTF-8) of what listeners read of a release's tracks. The header names its columns:
/// `filename`, `isrc`, `title`, `composer`, `position`, `disc`, `iswc`, `recording_mbid`, `work_mbid`. A line is about the track with this file's name, else with this ISRC,
/// else with this title; what it says besides becomes the track's, and an empty field changes nothing. Where a line does not
/// fit, nothing is changed, and the report says which (`fits` is false). With `awaits`, lines about files that are still to come
/// wait for them, in the place of those of an earlier table: each is followed, in the name of whoever sent the table, once its
/// file is there and its tags are read. With `dry_run` the report is the same, and nothing
/// is changed in any case. The `tracks.csv` of an artist's package is such a table: of its lines those count whose
/// `release_id` is this release's.
#[utoipa::path(tag = "releases", params(("id" = ReleaseId, Path), Manner, IfMatchHeader),
    request_body(content_type = "text/csv", content = String), responses(
    (status = 200, body = Report), (status = 401, body = Problem), (status = 404, body = Problem), (status = 412, body = Problem),
    (status = 413, body = Problem), (status = 415, body = Problem), (status = 422, body = Problem)))]
#[put("/releases/{id}/metadata")]
pub(in crate::artists) async fn put(
    request: HttpRequest,
    platform: Data<Platform>,
    identity: Identity<Upload>,
    Id(id): Id<ReleaseId>,
    Query(manner): Query<Manner>,
    if_match: IfMatch,
    payload: web::Payload,
) -> Result<HttpResponse> {
    let body = early::Unread::new(payload);
    let lines = match receive(&request, id, body.clone()).await {
        Ok(lines) => lines,
        Err(error) => return Ok(early::answer(&error, body)),
    };
    let report = apply(&platform, id, identity.account, &lines, &if_match, &manner).await?;
    Ok(actix_web::Responder::respond_to(Found(report), &request))
}

async fn receive(request: &HttpRequest, release: ReleaseId, mut body: early::Unread) -> Result<Vec<Line>> {
    let mime = request.headers().get(header::CONTENT_TYPE).and_then(|mime| mime.to_str().ok()).unwrap_or_default();
    if !mime.split(';').next().is_some_and(|mime| mime.trim().eq_ignore_ascii_case("text/csv")) {
        return Err(Error::Refused(Code::NotATable));
    }
    let reading = async {
        let mut text = Vec::new();
        while let Some(piece) = body.next().await {
            let piece = piece.map_err(|cause| Error::Malformed(cause.to_string()))?;
            if text.len() + piece.len() > MAX_BYTES {
                return Err(Error::Refused(Code::BodyTooLarge));
            }
            text.extend_from_slice(&piece);
        }
        Ok(text)
    };
    let text = tokio::time::timeout(PATIENCE, reading).await;
    let text = text.map_err(|_| Error::Malformed("The body did not arrive in time.".into()))??;
    auth::require_still(request).await?;
    let mut lines = sheet::read(&text)?;
    lines.retain(|line| line.is_of(release));
    Ok(lines)
}

async fn apply(
    platform: &Platform,
    id: ReleaseId,
    member: AccountId,
    lines: &[Line],
    if_match: &IfMatch,
    manner: &Manner,
) -> Result<Report> {
    platform
        .db
        .transaction(async |conn| {
            OwnRelease::lock(conn, id, member).await?;
            show_release::require(conn, id, member, if_match).await?;
            let tracks: Vec<Known> =
                Track::list_of(conn, id, Some(member)).await?.into_iter().map(Known::from).collect();
            let mut fitted = fit(lines, &tracks, tracks.len());
            if manner.awaits {
                let_wait(lines, &mut fitted);
            }
            let fits = fitted.iter().all(|(report, _)| report.problem.is_none());
            let applied = fits && !manner.dry_run;
            if applied {
                change(conn, member, &fitted).await?;
                wait(conn, (id, member), &tracks, lines, &fitted).await?;
            }
            let lines: Vec<LineReport> = fitted.into_iter().map(|(report, _)| report).collect();
            let is_touched = |track: &Known| lines.iter().any(|line| line.track_id == Some(track.id));
            let untouched = tracks.iter().filter(|track| !is_touched(track)).map(|track| track.id).collect();
            Ok(Report { fits, applied, lines, untouched })
        })
        .await
}

/// Keeps the table as long as a line of it waits; none of an earlier one does.
async fn wait(
    conn: &mut Conn,
    (release, member): (ReleaseId, AccountId),
    tracks: &[Known],
    lines: &[Line],
    fitted: &[(LineReport, Option<TrackChanges>)],
) -> Result<()> {
    if !fitted.iter().any(|(report, _)| report.awaits) {
        return AwaitingLine::forget(conn, release).await;
    }
    let found = lines.iter().zip(fitted).map(|(line, (report, _))| (line, report.track_id));
    AwaitingLine::replace(conn, release, member, &found.collect::<Vec<_>>()).await?;
    for track in tracks.iter().filter(|track| !track.is_read) {
        follow_lines::enqueue(conn, track.id).await?;
    }
    Ok(())
}

/// Makes the tracks of a release that the caller's transaction holds what the lines say that fit. Those that move come in
/// the order of their places, so that each finds its own.
pub(in crate::artists) async fn change(
    conn: &mut Conn,
    member: AccountId,
    fitted: &[(LineReport, Option<TrackChanges>)],
) -> Result<()> {
    let fitting = fitted.iter().filter_map(|(report, changes)| report.track_id.zip(changes.as_ref()));
    let mut changes: Vec<(TrackId, &TrackChanges)> = fitting.collect();
    changes.sort_by_key(|(_, changes)| changes.position);
    for (id, changes) in changes {
        let track = OwnTrack::lock_mine(conn, id, member).await?;
        metadata::edit_track(conn, &track, changes, By { account: member, takes_back: None }).await?;
    }
    Ok(())
}
