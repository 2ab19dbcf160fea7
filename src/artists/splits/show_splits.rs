//! Show who has which share in a track.

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::percent::Percent;
use super::split::{Split, SplitState};
use crate::accounts::{self, AccountName};
use crate::artists::track::Track;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Editable, Id, IfNoneMatchHeader};
use crate::platform::id::{AccountId, SplitId, TrackId};

/// The shares in a track.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Splits {
    /// Whether there are shares, and everybody has confirmed theirs.
    agreed: bool,
    /// The greatest first; they add up to 100 %, or there are none.
    shares: Vec<Share>,
}

/// Somebody's share.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Share {
    id: SplitId,
    /// Null where the account is gone.
    account: Option<AccountName>,
    percent: Percent,
    state: SplitState,
    answered_at: Option<DateTime<Utc>>,
}

/// Who has which share in a track, and whether they agree; for members of its artist.
#[utoipa::path(tag = "tracks", params(("id" = TrackId, Path), IfNoneMatchHeader), responses(
    (status = 200, body = Splits, headers(("ETag" = String, description = "Names this state, for `If-Match` and `If-None-Match`"))),
    (status = 304, description = "As the client holds it"), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[get("/tracks/{id}/splits")]
pub(super) async fn get(
    platform: Data<Platform>,
    identity: Identity<Read>,
    Id(id): Id<TrackId>,
) -> Result<Editable<Splits>> {
    let mut conn = platform.db.conn().await?;
    let track = Track::find(&mut conn, id, Some(identity.account)).await?;
    track.filter(|track| track.mine).ok_or(Error::NotFound("track"))?;
    show(&mut conn, id).await.map(Editable)
}

/// The shares of a track, whoever asks.
pub(super) async fn show(conn: &mut Conn, track: TrackId) -> Result<Splits> {
    let splits = Split::list_of(conn, track).await?;
    let ids: Vec<AccountId> = splits.iter().filter_map(|split| split.account_id).collect();
    let names = accounts::names(conn, &ids).await?;
    let agreed = !splits.is_empty() && splits.iter().all(|split| split.state == SplitState::Confirmed);
    let shares = splits.into_iter().map(|split| Share {
        id: split.id,
        account: names.iter().find(|name| Some(name.id) == split.account_id).cloned(),
        percent: Percent::from_hundredths(split.share_hundredths),
        state: split.state,
        answered_at: split.answered_at,
    });
    Ok(Splits { agreed, shares: shares.collect() })
}

impl Splits {
    /// Who has how much, for the history. It names them by their ids: what they are called is looked up by who reads it.
    pub(super) fn summary(&self) -> Vec<Value> {
        let account = |share: &Share| share.account.as_ref().map(|account| account.id);
        self.shares.iter().map(|share| json!({ "account": account(share), "percent": share.percent })).collect()
    }
}
