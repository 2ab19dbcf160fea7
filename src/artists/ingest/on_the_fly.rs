//! A track's original as a stream of any rung from any position, made while it is listened to: for what no rendition has.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_util::Stream;
use legato_audio::{Form, Rung};
use tokio::sync::{mpsc, oneshot};

use super::child::Request;
use super::sandboxed;
use super::verdict::verdict;
use crate::artists::own_track::OwnTrack;
use crate::artists::playable::{linked, playable};
use crate::artists::rendition::RenditionKind;
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::id::{AccountId, LinkId, TrackId};
use crate::platform::sandbox::Failure;
use crate::platform::task;

/// What somebody wants to hear.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StreamWish {
    pub(crate) track: TrackId,
    pub(crate) rung: Rung,
    /// The codec's own file, or CMAF. MP3 has no segments.
    pub(crate) form: Form,
    /// Where it begins, in milliseconds of music.
    pub(crate) start_ms: u64,
    /// The link that opens it, where that is not the listener's account.
    pub(crate) link: Option<LinkId>,
}

/// Pieces that wait for the listener, of 64 KiB each; what the child makes beyond them waits in it.
const WAITING: usize = 2;

/// The bytes of a stream, as its child makes them. Dropped, it ends the child at once. An error is no end: what was given
/// before it is not the whole.
pub(crate) struct TrackStream {
    /// The media type with its codec.
    pub(crate) mime: &'static str,
    first: Option<Bytes>,
    bytes: mpsc::Receiver<Bytes>,
    ended: oneshot::Receiver<Result<(), Failure>>,
    is_over: bool,
}

/// Begins to encode a track that `viewer` may hear, or whoever holds the link of the wish. Answers when there is something to be
/// heard. How many do so at the same time is the caller's to limit.
///
/// # Errors
/// `NotFound`; `Invalid` for a start behind the end (`start_ms`) and for segments of MP3 (`form`).
pub(crate) async fn stream_track(
    platform: &Platform,
    viewer: Option<AccountId>,
    wish: StreamWish,
) -> Result<TrackStream> {
    let kind = kind(&wish)?;
    let track = find(&mut *platform.db.conn().await?, viewer, &wish).await?;
    let (sender, mut bytes) = mpsc::channel(WAITING);
    let (tell, mut ended) = oneshot::channel();
    let StreamWish { rung, form, start_ms, .. } = wish;
    let child = platform.clone();
    task::background("stream", async move {
        let request = Request { rung, form, start_ms };
        // Nobody may wait for its end any more.
        let _ = tell.send(sandboxed::stream(&child, &track, request, sender).await);
    });
    match bytes.recv().await {
        Some(first) => Ok(TrackStream { mime: kind.mime(), first: Some(first), bytes, ended, is_over: false }),
        None => Err((&mut ended).await.map_or(Error::Unavailable, |ended| ended.map_or_else(error, |()| silent()))),
    }
}

async fn find(conn: &mut Conn, viewer: Option<AccountId>, wish: &StreamWish) -> Result<OwnTrack> {
    let found = match wish.link {
        Some(link) => linked(conn, wish.track, link).await?,
        None => playable(conn, &[wish.track], viewer).await?.pop(),
    };
    let found = found.ok_or(Error::NotFound("track"))?;
    let length_ms = u64::try_from(found.duration_ms).unwrap_or(0);
    if wish.start_ms >= length_ms {
        return Err(Error::invalid("start_ms", format!("must be below {length_ms}, where the music ends")));
    }
    OwnTrack::find(conn, wish.track).await?.ok_or(Error::NotFound("track"))
}

fn kind(wish: &StreamWish) -> Result<RenditionKind> {
    let kinds = RenditionKind::of(wish.rung);
    let wanted = match wish.form {
        Form::Whole => kinds.first(),
        Form::Segments => kinds.get(1),
    };
    wanted.copied().ok_or_else(|| Error::invalid("form", "MP3 has no segments: ask for the whole"))
}

impl Stream for TrackStream {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(first)));
        }
        if self.is_over {
            return Poll::Ready(None);
        }
        if let Some(bytes) = ready!(self.bytes.poll_recv(cx)) {
            return Poll::Ready(Some(Ok(bytes)));
        }
        let ended = ready!(Pin::new(&mut self.ended).poll(cx));
        self.is_over = true;
        Poll::Ready(match ended {
            Ok(Ok(())) => None,
            Ok(Err(failure)) => Some(Err(error(failure))),
            Err(_) => Some(Err(Error::Unavailable)), // the process is about to end
        })
    }
}

// A track that is ready was decoded before: whatever is wrong with it now, the listener cannot mend it.
fn error(failure: Failure) -> Error {
    match failure {
        Failure::TimedOut | Failure::Cancelled => Error::Unavailable,
        failure => match verdict(failure) {
            Ok(problem) => Error::Internal(anyhow::anyhow!("a ready track cannot be decoded: {}", problem.message)),
            Err(error) => error,
        },
    }
}

fn silent() -> Error {
    Error::Internal(anyhow::anyhow!("a stream ended without a byte"))
}
