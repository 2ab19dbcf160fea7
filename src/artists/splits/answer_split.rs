//! Say yes or no to a share in a track.

use actix_web::put;
use actix_web::web::Data;
use serde::Deserialize;
use utoipa::ToSchema;

use super::split::{OwnSplit, Split, SplitState};
use crate::platform::Platform;
use crate::platform::auth::Identity;
use crate::platform::db::Db;
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::{Found, Id, Json};
use crate::platform::id::{AccountId, SplitId};

/// Yes or no.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SplitAnswer {
    confirmed: bool,
}

/// Confirm or decline a share. A no may become a yes; a yes holds until the share is another one, which is another id.
#[utoipa::path(tag = "tracks", params(("id" = SplitId, Path)), request_body = SplitAnswer, responses(
    (status = 200, body = OwnSplit), (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
    (status = 422, body = Problem)))]
#[put("/me/splits/{id}")]
pub(super) async fn put(
    platform: Data<Platform>,
    identity: Identity,
    Id(id): Id<SplitId>,
    Json(answer): Json<SplitAnswer>,
) -> Result<Found<OwnSplit>> {
    say(&platform.db, id, identity.account, &answer).await.map(Found)
}

async fn say(db: &Db, id: SplitId, account: AccountId, answer: &SplitAnswer) -> Result<OwnSplit> {
    let state = if answer.confirmed { SplitState::Confirmed } else { SplitState::Declined };
    db.transaction(async |conn| {
        let split = Split::lock_own(conn, id, account).await?.ok_or(Error::NotFound("share"))?;
        if split.state == SplitState::Confirmed && state == SplitState::Declined {
            return Err(Error::Refused(Code::SplitConfirmed));
        }
        if split.state != state {
            split.answer(conn, state).await?;
        }
        OwnSplit::find(conn, id, account).await?.ok_or(Error::NotFound("share"))
    })
    .await
}
