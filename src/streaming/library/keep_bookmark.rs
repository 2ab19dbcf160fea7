//! Mark a place in a track.

use actix_web::put;
use actix_web::web::Data;
use serde::Deserialize;
use utoipa::ToSchema;

use super::bookmark::BookmarkRow;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Library};
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::{Id, Json, NoContent};
use crate::platform::id::{AccountId, TrackId};
use crate::streaming::played_track::heard_by;

/// Bookmarks that an account may have.
const MAX_BOOKMARKS: i64 = 1000;

/// Characters of a note.
const MAX_NOTE: usize = 500;

/// A place in a track.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewBookmark {
    /// Within the track.
    #[schema(minimum = 0)]
    position_ms: i32,
    /// What it is for; at most 500 characters.
    #[serde(default)]
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// Mark a place in a track that the account may hear; the mark that was in it before goes. An account has 1,000 at the most.
#[utoipa::path(tag = "library", params(("id" = TrackId, Path, description = "The track's")), request_body = NewBookmark,
    responses((status = 204), (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
    (status = 422, body = Problem)))]
#[put("/me/bookmarks/{id}")]
pub(in crate::streaming) async fn put(
    platform: Data<Platform>,
    identity: Identity<Library>,
    Id(id): Id<TrackId>,
    Json(new): Json<NewBookmark>,
) -> Result<NoContent> {
    keep(&platform, identity.account, id, new).await.map(|()| NoContent)
}

async fn keep(platform: &Platform, account: AccountId, track_id: TrackId, new: NewBookmark) -> Result<()> {
    let note = new.note.as_deref().map(str::trim).filter(|note| !note.is_empty());
    if note.is_some_and(|note| note.chars().count() > MAX_NOTE || note.contains('\0')) {
        return Err(Error::invalid("note", "A note has up to 500 characters, and no NUL."));
    }
    let position_ms = new.position_ms;
    let bookmark = BookmarkRow { track_id, position_ms, note: note.map(str::to_owned), set_at: platform.clock.now() };
    platform
        .db
        .transaction(async |conn| {
            let track = heard_by(conn, account, [track_id]).await?.remove(&track_id).ok_or(Error::NotFound("track"))?;
            if !(0..=track.duration_ms()).contains(&i64::from(position_ms)) {
                return Err(Error::invalid(
                    "position_ms",
                    "A bookmark lies between the track's beginning and its end.",
                ));
            }
            if BookmarkRow::count_others(conn, account, track_id).await? >= MAX_BOOKMARKS {
                return Err(Error::Refused(Code::LimitReached));
            }
            bookmark.save(conn, account).await
        })
        .await
}
