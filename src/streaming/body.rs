//! The bytes of an object as a body, read as the client takes them.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, MessageBody};
use bytes::Bytes;
use futures_util::future::LocalBoxFuture;

use crate::platform::auth::Hold;
use crate::platform::error::Result;
use crate::platform::storage::Opened;

/// Read at a time: small enough for many slow listeners, large enough to be cheap.
const SLICE_BYTES: usize = 64 * 1024;

/// Bytes of an object.
pub(super) struct Part {
    pub(super) object: Arc<Opened>,
    pub(super) offset: u64,
    pub(super) length: u64,
}

/// Bytes of one object or of two, one behind the other, for as long as the grant holds.
pub(super) struct ObjectBody {
    part: Part,
    then: Option<Part>,
    reading: Option<LocalBoxFuture<'static, Result<Bytes>>>,
    hold: Hold,
    sent: prometheus::IntCounter,
}

impl ObjectBody {
    pub(super) fn new(part: Part, then: Option<Part>, hold: Hold, sent: prometheus::IntCounter) -> Self {
        Self { part, then, reading: None, hold, sent }
    }

    fn read_next(&self) -> LocalBoxFuture<'static, Result<Bytes>> {
        let length = usize::try_from(self.part.length).unwrap_or(usize::MAX).min(SLICE_BYTES);
        let (object, offset) = (Arc::clone(&self.part.object), self.part.offset);
        Box::pin(async move { object.read(offset, length).await })
    }
}

/// The length of a body that is not sent: the answer to `HEAD`.
pub(super) struct Announced(pub(super) u64);

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
        BodySize::Sized(self.part.length + self.then.as_ref().map_or(0, |part| part.length))
    }

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        if self.part.length == 0 {
            let Some(next) = self.then.take() else { return Poll::Ready(None) };
            self.part = next;
        }
        if !self.hold.holds() {
            return Poll::Ready(Some(Err("what this was granted for has ended".into())));
        }
        let mut reading = self.reading.take().unwrap_or_else(|| self.read_next());
        let Poll::Ready(read) = reading.as_mut().poll(cx) else {
            self.reading = Some(reading);
            return Poll::Pending;
        };
        Poll::Ready(match read {
            // An immutable object does not shrink: a short read is a broken disk, and the client must not take it for the end.
            Ok(bytes) if bytes.is_empty() => Some(Err("the object ended early".into())),
            Ok(bytes) => {
                self.part.offset += bytes.len() as u64;
                self.part.length = self.part.length.saturating_sub(bytes.len() as u64);
                self.sent.inc_by(bytes.len() as u64);
                Some(Ok(bytes))
            }
            Err(error) => Some(Err(error.into())),
        })
    }
}
