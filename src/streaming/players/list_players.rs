//! List an account's players.

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::player::Player;
use crate::accounts;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Proof, Read};
use crate::platform::error::{Problem, Result};
use crate::platform::http::Found;

/// A player that is there.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListedPlayer {
    /// The id of its session, or of its API token.
    id: Uuid,
    name: String,
    /// Whether it is the one that asks.
    is_this: bool,
    seen_at: DateTime<Utc>,
}

/// All of them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Players {
    /// The latest heard of first.
    items: Vec<ListedPlayer>,
}

/// The account's players that are there: to which its queue can be handed over.
#[utoipa::path(tag = "plays", responses((status = 200, body = Players), (status = 401, body = Problem)))]
#[get("/me/players")]
pub(in crate::streaming) async fn get(platform: Data<Platform>, identity: Identity<Read>) -> Result<Found<Players>> {
    list(&platform, &identity).await.map(Found)
}

async fn list(platform: &Platform, proof: &Proof) -> Result<Players> {
    let mut conn = platform.db.conn().await?;
    let players = Player::list(&mut conn, proof.account, platform.clock.now()).await?;
    // What was signed out since it was heard of plays nothing more.
    let ids: Vec<Uuid> = players.iter().map(|player| player.credential_id).collect();
    let there = accounts::devices(&mut conn, proof.account, &ids).await?;
    let listed = |player: Player| ListedPlayer {
        id: player.credential_id,
        name: player.name,
        is_this: player.credential_id == proof.credential.uuid(),
        seen_at: player.seen_at,
    };
    let players = players.into_iter().filter(|player| there.contains_key(&player.credential_id));
    Ok(Players { items: players.map(listed).collect() })
}
