//! Show what an account hears now.

use actix_web::get;
use actix_web::web::{Data, Path};
use serde::Serialize;
use utoipa::ToSchema;

use super::follow::Follow;
use super::follow_account::find;
use super::list_now_playing::{NowPlaying, now_playing};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::error::{Problem, Result};
use crate::platform::http::Found;
use crate::platform::id::AccountId;
use crate::streaming::preferences::Preferences;

/// What an account shows to one that may follow it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Company {
    /// Whether the viewer follows it.
    is_followed: bool,
    /// Null where it plays nothing, does not share what it plays, or is not followed.
    now_playing: Option<NowPlaying>,
}

/// Whether the viewer follows an account, and what it hears now, if it shares that with its followers.
#[utoipa::path(tag = "company", params(("handle" = String, Path)), responses(
    (status = 200, body = Company), (status = 401, body = Problem), (status = 404, body = Problem)))]
#[get("/accounts/{handle}/following")]
pub(in crate::streaming) async fn get(
    platform: Data<Platform>,
    identity: Identity<Read>,
    handle: Path<String>,
) -> Result<Found<Company>> {
    show(&platform, identity.account, handle.into_inner()).await.map(Found)
}

async fn show(platform: &Platform, viewer: AccountId, handle: String) -> Result<Company> {
    let mut conn = platform.db.conn().await?;
    let account = find(&mut conn, handle).await?;
    let is_followed = Follow::exists(&mut conn, viewer, account).await?;
    let may_see = is_followed && Preferences::find(&mut conn, account).await?.shares_now_playing;
    let heard = if may_see { vec![account] } else { Vec::new() };
    let now_playing = now_playing(&mut conn, &heard, viewer, platform.clock.now()).await?.pop();
    Ok(Company { is_followed, now_playing })
}
