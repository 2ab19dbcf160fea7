//! The bytes of an object as a body of the app, read as the client takes them.

use std::cell::RefCell;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use actix_web::body::{BodySize, MessageBody};
use bytes::{Bytes, BytesMut};
use futures_util::future::LocalBoxFuture;

use crate::platform::auth::Hold;
use crate::platform::error::Result;
use crate::platform::storage::Extent;

/// Read at a time for who takes little: small enough for many slow listeners.
const SLICE_BYTES: usize = 64 * 1024;

/// What is no longer than this, as most segments are, is read at once.
const SHORT_BYTES: usize = 128 * 1024;

/// Read at a time for who takes much: large enough to be cheap.
const MOST_BYTES: usize = 512 * 1024;

/// Who has taken a slice within this time takes more.
const QUICK: Duration = Duration::from_millis(5);

/// Buffers that a thread keeps for the next bodies.
const SPARES: usize = 16;

thread_local! {
    /// Of [`SHORT_BYTES`] each: what is read into need not be cleared each time.
    static SPARE: RefCell<Vec<BytesMut>> = const { RefCell::new(Vec::new()) };
}

/// Bytes of one object or of two, one behind the other, for as long as the grant holds.
pub(super) struct ObjectBody {
    extent: Extent,
    then: Option<Extent>,
    reading: Option<LocalBoxFuture<'static, Result<Bytes>>>,
    /// The buffer that was handed out last: it comes back once the connection has taken what is in it.
    lent: Option<Bytes>,
    slice_bytes: usize,
    asked_at: Option<Instant>,
    hold: Hold,
    sent: prometheus::IntCounter,
}

impl ObjectBody {
    pub(super) fn new(extent: Extent, then: Option<Extent>, hold: Hold, sent: prometheus::IntCounter) -> Self {
        let slice_bytes = if extent.length <= SHORT_BYTES as u64 { SHORT_BYTES } else { SLICE_BYTES };
        Self { extent, then, reading: None, lent: None, slice_bytes, asked_at: None, hold, sent }
    }

    /// How much to read now.
    fn slice(&mut self) -> usize {
        let now = Instant::now();
        if let Some(before) = self.asked_at.replace(now) {
            let is_quick = now - before < QUICK;
            self.slice_bytes = if is_quick { (self.slice_bytes * 2).min(MOST_BYTES) } else { SLICE_BYTES };
        }
        usize::try_from(self.extent.length).unwrap_or(usize::MAX).min(self.slice_bytes)
    }

    /// What is in memory already, without waiting for anything.
    fn read_at_once(&mut self, length: usize) -> Option<Bytes> {
        let mut buffer = self.buffer(length);
        let is_there = self.extent.object.read_at_once(self.extent.offset, &mut buffer[..length]);
        let whole = buffer.freeze();
        let bytes = is_there.then(|| whole.slice(..length));
        self.lent = Some(whole);
        bytes
    }

    fn buffer(&mut self, length: usize) -> BytesMut {
        let lent = self.lent.take().and_then(|lent| lent.try_into_mut().ok());
        let spare = || SPARE.with_borrow_mut(Vec::pop).filter(|buffer| buffer.len() >= length);
        let buffer = lent.filter(|buffer| buffer.len() >= length).or_else(spare);
        buffer.unwrap_or_else(|| BytesMut::zeroed(length.max(SHORT_BYTES)))
    }

    /// The same from a disk that has to turn, or from S3.
    fn read_next(&self, length: usize) -> LocalBoxFuture<'static, Result<Bytes>> {
        let (object, offset) = (Arc::clone(&self.extent.object), self.extent.offset);
        Box::pin(async move { object.read(offset, length).await })
    }

    fn count(&mut self, bytes: Bytes) -> Option<Result<Bytes, Box<dyn std::error::Error>>> {
        // An immutable object does not shrink: a short read is a broken disk, and the client must not take it for the end.
        if bytes.is_empty() {
            return Some(Err("the object ended early".into()));
        }
        self.extent.skip(bytes.len() as u64);
        self.sent.inc_by(bytes.len() as u64);
        Some(Ok(bytes))
    }
}

impl Drop for ObjectBody {
    fn drop(&mut self) {
        let back = self.lent.take().and_then(|lent| lent.try_into_mut().ok());
        let Some(back) = back.filter(|buffer| buffer.len() == SHORT_BYTES) else { return };
        SPARE.with_borrow_mut(|spare| {
            if spare.len() < SPARES {
                spare.push(back);
            }
        });
    }
}

/// The length of a body that is not sent: the answer to `HEAD`.
pub(crate) struct Announced(pub(crate) u64);

impl MessageBody for Announced {
    type Error = std::convert::Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.0)
    }

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Poll::Ready(None)
    }
}

impl MessageBody for ObjectBody {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.extent.length + self.then.as_ref().map_or(0, |then| then.length))
    }

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        if self.extent.length == 0 {
            let Some(next) = self.then.take() else { return Poll::Ready(None) };
            self.extent = next;
        }
        if !self.hold.holds() {
            return Poll::Ready(Some(Err("what this was granted for has ended".into())));
        }
        let mut reading = match self.reading.take() {
            Some(reading) => reading,
            None => {
                let length = self.slice();
                if let Some(bytes) = self.read_at_once(length) {
                    return Poll::Ready(self.count(bytes));
                }
                self.read_next(length)
            }
        };
        let Poll::Ready(read) = reading.as_mut().poll(cx) else {
            self.reading = Some(reading);
            return Poll::Pending;
        };
        Poll::Ready(match read {
            Ok(bytes) => self.count(bytes),
            Err(error) => Some(Err(error.into())),
        })
    }
}
