//! List what those hear whom an account follows.

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::follow::Follow;
use crate::accounts::{self, AccountName};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::db::Conn;
use crate::platform::error::{Problem, Result};
use crate::platform::http::Found;
use crate::platform::id::AccountId;
use crate::streaming::played_track::{PlayedTrack, heard_by};
use crate::streaming::streams::Stream;

/// People in one answer.
const MOST: i64 = 200;

/// What somebody hears now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NowPlaying {
    account: AccountName,
    track: PlayedTrack,
    started_at: DateTime<Utc>,
}

/// What is heard now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AllNowPlaying {
    /// Who began last first; at most 200.
    items: Vec<NowPlaying>,
}

/// What those hear now whom the account follows, and who share it. What the viewer may not hear is left out.
#[utoipa::path(tag = "company", responses((status = 200, body = AllNowPlaying), (status = 401, body = Problem)))]
#[get("/me/now-playing")]
pub(in crate::streaming) async fn get(
    platform: Data<Platform>,
    identity: Identity<Read>,
) -> Result<Found<AllNowPlaying>> {
    list(&platform, identity.account).await.map(Found)
}

async fn list(platform: &Platform, viewer: AccountId) -> Result<AllNowPlaying> {
    let now = platform.clock.now();
    let mut conn = platform.db.conn().await?;
    let heard = Follow::list_heard(&mut conn, viewer, now, MOST).await?;
    let items = now_playing(&mut conn, &heard, viewer, now).await?;
    Ok(AllNowPlaying { items })
}

/// What accounts hear now, as far as the viewer may hear it too and everybody sees them; who began last first.
pub(super) async fn now_playing(
    conn: &mut Conn,
    accounts: &[AccountId],
    viewer: AccountId,
    now: DateTime<Utc>,
) -> Result<Vec<NowPlaying>> {
    let mut streams = Stream::latest_of(conn, accounts, now).await?;
    streams.sort_by_key(|stream| std::cmp::Reverse(stream.started_at));
    let names = accounts::names_of_those_there(conn, accounts).await?;
    let tracks = heard_by(conn, viewer, streams.iter().map(|stream| stream.track_id)).await?;
    let shown = streams.into_iter().filter_map(|stream| {
        let account = names.iter().find(|name| name.id == stream.account_id)?.clone();
        Some(NowPlaying { account, track: tracks.get(&stream.track_id)?.clone(), started_at: stream.started_at })
    });
    Ok(shown.collect())
}
