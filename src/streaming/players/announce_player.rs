//! Announce a player.

use actix_web::put;
use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::player::Player;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Listen, Proof};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Found, Json};

const MAX_NAME: usize = 100;

/// What a player says of itself.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPlayer {
    /// What it is called in the lists of the listener's other devices: 1 to 100 characters.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
}

/// That it is noted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AnnouncedPlayer {
    /// This player, as the account's others see it.
    id: Uuid,
}

/// Say that this player is there, and can be handed the queue (`queue.handed_over` on `/live`). It holds for five minutes: say it
/// again before.
#[utoipa::path(tag = "plays", request_body = NewPlayer, responses(
    (status = 200, body = AnnouncedPlayer), (status = 401, body = Problem), (status = 422, body = Problem)))]
#[put("/me/players/this")]
pub(in crate::streaming) async fn put(
    platform: Data<Platform>,
    identity: Identity<Listen>,
    Json(new): Json<NewPlayer>,
) -> Result<Found<AnnouncedPlayer>> {
    announce(&platform, &identity, &new).await.map(Found)
}

async fn announce(platform: &Platform, proof: &Proof, new: &NewPlayer) -> Result<AnnouncedPlayer> {
    let name = new.name.trim();
    if !(1..=MAX_NAME).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        return Err(Error::invalid("name", "A player's name has 1 to 100 characters, on one line."));
    }
    let mut conn = platform.db.conn().await?;
    Player::announce(&mut conn, proof, name, platform.clock.now()).await?;
    Ok(AnnouncedPlayer { id: proof.credential.uuid() })
}
