//! Show how a release and its tracks became what they are.

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::change::{Change, FieldChange, Subject};
use crate::accounts::{self, AccountName};
use crate::artists::release::ReleaseSummary;
use crate::artists::track::Track;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Found, Id, Page, Paging, PagingQuery};
use crate::platform::id::{AccountId, ChangeId, ReleaseId, TrackId};

/// What a page holds, about: with lyrics before and after, a change may have hundreds of kilobytes. One change there is.
const MAX_PAGE_BYTES: i64 = 1 << 20;

/// One change.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HistoryEntry {
    pub(super) id: ChangeId,
    /// Null where it is of the release itself.
    track: Option<ChangedTrack>,
    /// Null where the account is gone.
    by: Option<AccountName>,
    /// The earlier change that this one took back.
    takes_back: Option<ChangeId>,
    fields: Vec<FieldChange>,
    changed_at: DateTime<Utc>,
}

/// A track, and what it is called now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangedTrack {
    id: TrackId,
    title: String,
}

/// What was changed of a release and its tracks, the newest first; for members of its artist.
#[utoipa::path(tag = "releases", params(("id" = ReleaseId, Path), PagingQuery), responses(
    (status = 200, body = Page<HistoryEntry>), (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
#[get("/releases/{id}/history")]
pub(super) async fn of_release(
    platform: Data<Platform>,
    identity: Identity<Read>,
    Id(id): Id<ReleaseId>,
    paging: Paging<ChangeId>,
) -> Result<Found<Page<HistoryEntry>>> {
    let mut conn = platform.db.conn().await?;
    let release = ReleaseSummary::find(&mut conn, id, Some(identity.account)).await?;
    release.filter(|release| release.mine).ok_or(Error::NotFound("release"))?;
    list(&mut conn, Subject { release: id, track: None }, &paging).await.map(Found)
}

/// What was changed of a track, the newest first; for members of its artist.
#[utoipa::path(tag = "tracks", params(("id" = TrackId, Path), PagingQuery), responses(
    (status = 200, body = Page<HistoryEntry>), (status = 401, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)))]
#[get("/tracks/{id}/history")]
pub(super) async fn of_track(
    platform: Data<Platform>,
    identity: Identity<Read>,
    Id(id): Id<TrackId>,
    paging: Paging<ChangeId>,
) -> Result<Found<Page<HistoryEntry>>> {
    let mut conn = platform.db.conn().await?;
    let track = Track::find(&mut conn, id, Some(identity.account)).await?;
    let track = track.filter(|track| track.mine).ok_or(Error::NotFound("track"))?;
    list(&mut conn, Subject { release: track.release.id, track: Some(id) }, &paging).await.map(Found)
}

async fn list(conn: &mut Conn, subject: Subject, paging: &Paging<ChangeId>) -> Result<Page<HistoryEntry>> {
    let limit = Change::that_fit(conn, subject, paging.after, paging.limit, MAX_PAGE_BYTES).await?;
    let changes = Change::list(conn, subject, paging.after, limit).await?;
    let page = Page::new(changes, limit, |change| change.id);
    let items = entries(conn, page.items).await?;
    Ok(Page { items, next_cursor: page.next_cursor })
}

/// Changes as they are shown.
pub(super) async fn entries(conn: &mut Conn, changes: Vec<Change>) -> Result<Vec<HistoryEntry>> {
    let read = |change: Change| change.fields().map(|fields| (change, fields));
    let mut changes = changes.into_iter().map(read).collect::<Result<Vec<_>>>()?;
    let mut ids: Vec<AccountId> = changes.iter().filter_map(|(change, _)| change.account_id).collect();
    ids.extend(changes.iter().flat_map(|(_, fields)| fields).flat_map(FieldChange::accounts));
    let people = accounts::names(conn, &ids).await?;
    changes.iter_mut().flat_map(|(_, fields)| fields).for_each(|field| field.name(&people));
    let entries = changes.into_iter().map(|(change, fields)| HistoryEntry {
        id: change.id,
        fields,
        track: change.track_id.zip(change.track_title).map(|(id, title)| ChangedTrack { id, title }),
        by: people.iter().find(|person| Some(person.id) == change.account_id).cloned(),
        takes_back: change.takes_back,
        changed_at: change.changed_at,
    });
    Ok(entries.collect())
}
