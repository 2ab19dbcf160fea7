//! Withdraw a player.

use actix_web::delete;
use actix_web::web::Data;

use super::player::Player;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Listen};
use crate::platform::error::{Problem, Result};
use crate::platform::http::NoContent;

/// Say that this player is gone.
#[utoipa::path(tag = "plays", responses((status = 204), (status = 401, body = Problem)))]
#[delete("/me/players/this")]
pub(in crate::streaming) async fn delete(platform: Data<Platform>, identity: Identity<Listen>) -> Result<NoContent> {
    Player::withdraw(&mut *platform.db.conn().await?, &identity).await.map(|()| NoContent)
}
