//! A picture on its way in: the file is the body, goes to a scratch folder as it comes, and waits there to be decoded.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use actix_web::HttpRequest;
use futures_util::StreamExt;
use legato_pictures::{HEAD_BYTES, is_taken};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::platform::Platform;
use crate::platform::auth;
use crate::platform::error::{Code, Error, Result};
use crate::platform::http::early;
use crate::platform::id::AccountId;
use crate::platform::storage::Scratch;

/// Files that arrive at the same time, and how long each may take.
static ARRIVING: Semaphore = Semaphore::const_new(8);
const PATIENCE: Duration = Duration::from_secs(60);

/// Whose pictures are arriving: one of each at a time, so that no account takes all places.
static SENDERS: Mutex<BTreeSet<AccountId>> = Mutex::new(BTreeSet::new());

/// What is written at once.
const PIECE: usize = 1024 * 1024;

/// The file's name in its scratch folder.
const UPLOAD: &str = "upload";

/// A picture that has arrived whole, of a kind that is taken. It goes away when dropped.
pub(crate) struct Arrived {
    pub(super) scratch: Scratch,
    _turn: Option<Turn>,
    _place: Option<SemaphorePermit<'static>>,
}

/// Takes in the body of a request, of `max_bytes` at the most, from an account that may send it: one that still may when
/// the last byte has come. Too large → 413; no picture by its first bytes → 415; another one of the same account's on
/// its way → 429; too many at once → 503; no room → 507.
pub(crate) async fn receive(
    platform: &Platform,
    request: &HttpRequest,
    sender: AccountId,
    body: early::Unread,
    max_bytes: usize,
) -> Result<Arrived> {
    let announced = request.headers().get("content-length").and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: usize| length > max_bytes) {
        return Err(Error::Refused(Code::UploadTooLarge));
    }
    platform.storage.require_space(max_bytes as u64)?;
    let turn = Turn::take(sender)?;
    let place = ARRIVING.try_acquire().map_err(|_| Error::Unavailable)?;
    let scratch = platform.storage.scratch()?;
    let copied = tokio::time::timeout(PATIENCE, copy(body, &scratch, max_bytes)).await;
    let head = copied.map_err(|_| Error::Refused(Code::UploadInterrupted))??;
    auth::require_still(request).await?;
    let arrived = Arrived { scratch, _turn: Some(turn), _place: Some(place) };
    arrived.require_picture(&head)
}

/// Answers with the first bytes.
async fn copy(mut body: early::Unread, scratch: &Scratch, max_bytes: usize) -> Result<Vec<u8>> {
    let (mut head, mut piece, mut size) = (Vec::new(), Vec::new(), 0);
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|_| Error::Refused(Code::UploadInterrupted))?;
        size += chunk.len();
        if size > max_bytes {
            return Err(Error::Refused(Code::UploadTooLarge));
        }
        head.extend(chunk.iter().take(HEAD_BYTES - head.len()));
        piece.extend_from_slice(&chunk);
        if piece.len() >= PIECE {
            scratch.append(UPLOAD, std::mem::take(&mut piece)).await?;
        }
    }
    scratch.append(UPLOAD, piece).await?;
    Ok(head)
}

impl Arrived {
    /// A file that is in memory already.
    pub(crate) async fn of(platform: &Platform, file: Vec<u8>) -> Result<Self> {
        let scratch = platform.storage.scratch()?;
        let head = file[..file.len().min(HEAD_BYTES)].to_vec();
        scratch.append(UPLOAD, file).await?;
        Self { scratch, _turn: None, _place: None }.require_picture(&head)
    }

    fn require_picture(self, head: &[u8]) -> Result<Self> {
        if is_taken(head) { Ok(self) } else { Err(Error::Refused(Code::NotAPicture)) }
    }

    /// The file, for the child.
    pub(super) async fn source(&self) -> Result<std::fs::File> {
        self.scratch.open(UPLOAD).await
    }

    /// Where the file lies.
    pub(super) fn path(&self) -> std::path::PathBuf {
        self.scratch.path().join(UPLOAD)
    }
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
