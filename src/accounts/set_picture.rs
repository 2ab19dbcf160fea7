//! Set one's picture.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse, Responder, put};
use futures_util::StreamExt;
use tokio::sync::Semaphore;

use super::account::Account;
use super::discard_picture;
use super::me::Me;
use super::picture::Objects;
use crate::platform::Platform;
use crate::platform::auth::{self, Identity};
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::http::{Editable, IfMatch, IfMatchHeader, early};
use crate::platform::id::AccountId;
use crate::platform::pictures::{self, LINEAGE, MAX_BYTES, Picture};

/// Files that are held in memory at the same time, and how long each may take to arrive.
static ARRIVING: Semaphore = Semaphore::const_new(8);
const PATIENCE: Duration = Duration::from_secs(60);

/// Whose pictures are arriving: one of each at a time, so that no account takes all places.
static SENDERS: Mutex<BTreeSet<AccountId>> = Mutex::new(BTreeSet::new());

/// Set one's picture: the file itself is the body, a JPEG, PNG or WebP of at most 10 MiB and 40 megapixels. Its middle is
/// kept, as a square in two sizes; nothing else of it is.
#[utoipa::path(tag = "accounts", params(IfMatchHeader), request_body(content(
        (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/webp"))), responses(
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
    let announced = request.headers().get("content-length").and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: usize| length > MAX_BYTES) {
        return Err(Error::Refused(Code::UploadTooLarge));
    }
    platform.storage.require_space(MAX_BYTES as u64)?;
    let _turn = Turn::take(sender)?;
    let _place = ARRIVING.try_acquire().map_err(|_| Error::Unavailable)?;
    let file = tokio::time::timeout(PATIENCE, receive(body)).await;
    let file = file.map_err(|_| Error::Refused(Code::UploadInterrupted))??;
    auth::require_still(request).await?;
    pictures::make(platform, file).await
}

/// An account's leave to send a picture, until it is dropped.
struct Turn(AccountId);

impl Turn {
    fn take(sender: AccountId) -> Result<Self> {
        let is_first = senders().insert(sender);
        is_first.then_some(Self(sender)).ok_or(Error::TooManyRequests { retry_after: PATIENCE })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        senders().remove(&self.0);
    }
}

fn senders() -> MutexGuard<'static, BTreeSet<AccountId>> {
    SENDERS.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn receive(mut body: early::Unread) -> Result<Vec<u8>> {
    let mut file = Vec::new();
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|_| Error::Refused(Code::UploadInterrupted))?;
        if file.len() + chunk.len() > MAX_BYTES {
            return Err(Error::Refused(Code::UploadTooLarge));
        }
        file.extend_from_slice(&chunk);
    }
    Ok(file)
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
