//! Answers given before a body is read to its end.
//!
//! A client that is still sending does not read, and a server that closes with unread bytes resets the connection before
//! the answer is seen (RFC 9112 §9.6). So the answer goes out whole at once, with `Connection: close`, and what the
//! client still sends is thrown away for a while before the connection ends.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::body::{BodySize, MessageBody};
use actix_web::error::PayloadError;
use actix_web::http::ConnectionType;
use actix_web::{HttpResponse, ResponseError, web};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};

use crate::platform::error::Error;

/// What is thrown away at the most, in bytes and in time.
const DRAIN_BYTES: usize = 256 * 1024 * 1024;
const DRAIN_TIME: Duration = Duration::from_secs(10);

/// A request's body that its reader shares with [`answer`], which throws away what the reader leaves.
#[derive(Clone)]
pub(crate) struct Unread(Rc<RefCell<web::Payload>>);

impl Unread {
    pub(crate) fn new(payload: web::Payload) -> Self {
        Self(Rc::new(RefCell::new(payload)))
    }
}

impl Stream for Unread {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.borrow_mut().poll_next_unpin(cx)
    }
}

/// `error`, now, and then the end of the connection.
pub(crate) fn answer(error: &Error, unread: Unread) -> HttpResponse {
    let mut response = error.error_response();
    response.head_mut().set_connection_type(ConnectionType::Close);
    response.map_body(|_, body| {
        let body = body.try_into_bytes().unwrap_or_default();
        Draining { size: body.len() as u64, answer: Some(body), drain: Box::pin(drain(unread)) }.boxed()
    })
}

/// Answers whether the client came to its end.
async fn drain(mut unread: Unread) -> bool {
    let reading = async {
        let mut bytes = 0;
        while let Some(Ok(chunk)) = unread.next().await {
            bytes += chunk.len();
            if bytes > DRAIN_BYTES {
                return false;
            }
        }
        true
    };
    tokio::time::timeout(DRAIN_TIME, reading).await.unwrap_or(false)
}

/// A body that is sent whole first and ends when the request's body has been thrown away.
struct Draining {
    answer: Option<Bytes>,
    size: u64,
    drain: Pin<Box<dyn Future<Output = bool>>>,
}

impl MessageBody for Draining {
    type Error = std::io::Error;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.size)
    }

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        if let Some(answer) = self.answer.take() {
            return Poll::Ready(Some(Ok(answer)));
        }
        // Who does not stop within the limits does not listen. An end would leave the connection open until the whole
        // request has come; an error cuts it off.
        let too_long = || Some(Err(std::io::ErrorKind::TimedOut.into()));
        self.drain.as_mut().poll(cx).map(|ended| if ended { None } else { too_long() })
    }
}
