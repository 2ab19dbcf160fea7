//! Hand the queue over to another player.

use std::time::Duration;

use actix_web::post;
use actix_web::web::{Data, Path};
use serde_json::json;
use uuid::Uuid;

use super::player::Player;
use crate::accounts;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Listen, Proof};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{IfMatch, IfMatchHeader, Json, PartlyEditable};
use crate::platform::limits::Rule;
use crate::platform::live::{self, Message};
use crate::streaming::library::{NewQueue, PutQueue, QueueRow, replace};

/// Each is told to every server.
static HANDED_BY: Rule = Rule::new("queues-handed-by", 60, MINUTE, HOUR);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

/// Put the queue, and have another of the account's players go on with it: it is told on `/live` (`queue.handed_over`, with its id),
/// loads the queue, and takes the stream over. With `If-Match` as for `PUT /me/queue`.
#[utoipa::path(tag = "plays", params(("id" = Uuid, Path, description = "The player, as `GET /me/players` lists it"), IfMatchHeader),
    request_body = NewQueue, responses(
    (status = 200, body = PutQueue, headers(("ETag" = String, description = "Names this state, for `If-Match`"))),
    (status = 401, body = Problem), (status = 404, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem),
    (status = 429, body = Problem)))]
#[post("/me/players/{id}/hand-over")]
pub(in crate::streaming) async fn post(
    platform: Data<Platform>,
    identity: Identity<Listen>,
    id: Path<String>,
    if_match: IfMatch,
    Json(new): Json<NewQueue>,
) -> Result<PartlyEditable<PutQueue, QueueRow>> {
    let id = id.parse().map_err(|_| Error::NotFound("player"))?;
    let row = new.row(platform.clock.now())?;
    let edited = hand(&platform, &identity, id, &row, &if_match).await?;
    Ok(PartlyEditable { body: PutQueue::from(&edited), edited })
}

async fn hand(platform: &Platform, proof: &Proof, to: Uuid, queue: &QueueRow, if_match: &IfMatch) -> Result<QueueRow> {
    drop(platform.limits.take(&[(&HANDED_BY, &proof.account.to_string())]).await?);
    let now = platform.clock.now();
    platform
        .db
        .transaction(async |conn| {
            let is_told = Player::find(conn, proof.account, to, now).await?.is_some();
            if !is_told || accounts::devices(conn, proof.account, &[to]).await?.is_empty() {
                return Err(Error::NotFound("player"));
            }
            let put = replace(conn, proof.account, queue, if_match).await?;
            let data = json!({ "player_id": to, "by": proof.credential.uuid() });
            let message = Message { event: "queue.handed_over".to_owned(), id: None, data };
            live::tell(conn, vec![format!("account:{}", proof.account)], message).await?;
            Ok(put)
        })
        .await
}
