//! List what an account has heard.

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::entry::Entry;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Found, Page, Paging, PagingQuery, Query};
use crate::platform::id::{AccountId, PlayId, TrackId};
use crate::streaming::place::Place;
use crate::streaming::played_track::{PlayedTrack, heard_by};

const MAX_WORDS: usize = 200;

/// What to look for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct HistoryQuery {
    /// Words of the track's title, its artist's name or its release's title; at most 200 characters.
    #[param(max_length = 200)]
    q: Option<String>,
}

/// A track that was heard, once for each time.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HeardTrack {
    /// The play's.
    id: PlayId,
    track_id: TrackId,
    /// Null where the listener may hear it no longer.
    track: Option<PlayedTrack>,
    played_at: DateTime<Utc>,
    heard_ms: i32,
    /// Where its listener left it.
    position_ms: i32,
}

/// What the account has heard, the latest first.
#[utoipa::path(tag = "history", params(HistoryQuery, PagingQuery), responses(
    (status = 200, body = Page<HeardTrack>), (status = 401, body = Problem), (status = 422, body = Problem)))]
#[get("/me/history")]
pub(in crate::streaming) async fn get(
    platform: Data<Platform>,
    identity: Identity<Read>,
    Query(query): Query<HistoryQuery>,
    paging: Paging<Place<PlayId>>,
) -> Result<Found<Page<HeardTrack>>> {
    list(&platform, identity.account, query.words()?, &paging).await.map(Found)
}

async fn list(
    platform: &Platform,
    account: AccountId,
    words: Option<&str>,
    paging: &Paging<Place<PlayId>>,
) -> Result<Page<HeardTrack>> {
    let after = Place::plausible(paging.after)?;
    let mut conn = platform.db.conn().await?;
    let entries = Entry::list(&mut conn, account, words, after, paging.limit).await?;
    let Page { items, next_cursor } = Page::new(entries, paging.limit, Entry::place);
    let tracks = heard_by(&mut conn, account, items.iter().map(|entry| entry.track_id)).await?;
    let items = items.into_iter().map(|entry| HeardTrack {
        id: entry.id,
        track_id: entry.track_id,
        track: tracks.get(&entry.track_id).cloned(),
        played_at: entry.started_at,
        heard_ms: entry.heard_ms,
        position_ms: entry.position_ms,
    });
    Ok(Page { items: items.collect(), next_cursor })
}

impl HistoryQuery {
    fn words(&self) -> Result<Option<&str>> {
        let words = self.q.as_deref().map(str::trim).filter(|words| !words.is_empty());
        if words.is_some_and(|words| words.chars().count() > MAX_WORDS || words.contains('\0')) {
            return Err(Error::invalid("q", "Up to 200 characters are looked for, and no NUL."));
        }
        Ok(words)
    }
}
