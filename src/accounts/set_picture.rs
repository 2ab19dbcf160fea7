//! Set one's picture.

use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse, Responder, put};

use super::account::Account;
use super::discard_picture;
use super::me::Me;
use super::picture::{Objects, SIZES};
use crate::platform::Platform;
use crate::platform::auth::Identity;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Problem, Result};
use crate::platform::http::{Editable, IfMatch, IfMatchHeader, early};
use crate::platform::id::AccountId;
use crate::platform::pictures::{self, LINEAGE, MAX_BYTES, Picture};

/// Set one's picture: the file itself is the body, a JPEG, PNG, WebP or AVIF of at most 10 MiB and 40 megapixels. Its middle is
/// kept, as a square in two sizes; nothing else of it is.
#[utoipa::path(tag = "accounts", params(IfMatchHeader), request_body(content(
        (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/webp"), (Vec<u8> = "image/avif"))), responses(
    (status = 200, body = Me, headers(("ETag" = String, description = "Names this state, for `If-Match` and `If-None-Match`"))),
    (status = 401, body = Problem), (status = 412, body = Problem), (status = 413, body = Problem), (status = 415, body = Problem),
    (status = 422, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem), (status = 507, body = Problem)))]
#[put("/me/picture")]
pub(super) async fn put(
    request: HttpRequest,
    platform: Data<Platform>,
    identity: Identity,
    if_match: IfMatch,
    payload: web::Payload,
) -> Result<HttpResponse> {
    let body = early::Unread::new(payload);
    let picture = match accept(&platform, &request, identity.account, body.clone()).await {
        Ok(picture) => picture,
        Err(error) => return Ok(early::answer(&error, body)),
    };
    let account = set(&platform, identity.account, &picture, &if_match).await?;
    Ok(Editable(Me::from(account)).respond_to(&request))
}

async fn accept(platform: &Platform, request: &HttpRequest, sender: AccountId, body: early::Unread) -> Result<Picture> {
    let arrived = pictures::receive(platform, request, sender, body, MAX_BYTES).await?;
    pictures::make(platform, arrived, SIZES).await
}

async fn set(platform: &Platform, id: AccountId, picture: &Picture, if_match: &IfMatch) -> Result<Account> {
    let stored = platform.db.transaction(async |conn| replace(conn, platform, id, picture, if_match).await).await;
    if stored.is_err() {
        // What was stored for nothing; should this fail as well, the store's sweep finds it.
        let keys = Objects::of(picture).keys();
        let mut conn = platform.db.conn().await?;
        discard_picture::enqueue(&mut conn, keys).await?;
    }
    stored
}

async fn replace(
    conn: &mut Conn,
    platform: &Platform,
    id: AccountId,
    picture: &Picture,
    if_match: &IfMatch,
) -> Result<Account> {
    let account = Account::lock(conn, id).await?.ok_or(Error::Unauthenticated)?;
    if_match.require(&Me::from(account))?;
    let before = Objects::of_account(conn, id).await?;
    // Locked in one order, so that two who set the same pictures do not wait for each other.
    let mut stored = [&picture.large, &picture.small];
    stored.sort_by(|one, other| one.key.cmp(&other.key));
    for object in stored {
        platform.storage.record(conn, object, LINEAGE).await?;
    }
    Objects::set(conn, id, Some(picture)).await?;
    discard_picture::enqueue(conn, before.keys()).await?;
    Account::find(conn, id).await?.ok_or(Error::Unauthenticated)
}
