//! List what those hear whom an account follows.

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::follow::Follow;
use crate::accounts::{self, AccountName};
use crate::artists;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::db::Conn;
use crate::platform::error::{Problem, Result};
use crate::platform::http::Found;
use crate::platform::id::{AccountId, TrackId};
use crate::streaming::played_track::PlayedTrack;
use crate::streaming::streams::{Heard, Stream};

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

/// What those hear now whom the account follows, and who share it. What is in no list that the viewer sees is left out.
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
    let mut heard = Stream::heard_by(conn, accounts, now).await?;
    heard.sort_by_key(|heard| std::cmp::Reverse(heard.since));
    let names = accounts::names_of_those_there(conn, accounts).await?;
    let ids: Vec<TrackId> = heard.iter().map(|heard| heard.track_id).collect();
    // Of what is in no list nobody is told, whoever plays it.
    let tracks = artists::listed_tracks(conn, &ids, Some(viewer)).await?;
    let shown = heard.into_iter().filter_map(|Heard { account_id, track_id, since }| {
        let account = names.iter().find(|name| name.id == account_id)?.clone();
        let track = tracks.iter().find(|track| track.id == track_id)?.clone().into();
        Some(NowPlaying { account, track, started_at: since })
    });
    Ok(shown.collect())
}
