//! Answers given before a body is read.
//!
//! A client that is still sending does not read, and a server that closes with unread bytes resets the connection before
//! the answer is seen (RFC 9112 §9.6). So the answer goes out whole at once, with `Connection: close`, and what the
//! client still sends is thrown away for a while before the connection ends.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::body::{BodySize, MessageBody};
use actix_web::http::header;
use actix_web::{HttpResponse, ResponseError, web};
use bytes::Bytes;
use futures_util::StreamExt;

use crate::platform::error::Error;

/// What is thrown away at the most, in bytes and in time.
const DRAIN_BYTES: usize = 256 * 1024 * 1024;
const DRAIN_TIME: Duration = Duration::from_secs(10);

/// `error`, now, and then the end of the connection.
pub(crate) fn answer(error: &Error, unread: web::Payload) -> HttpResponse {
    let body = serde_json::to_vec(&error.problem()).unwrap_or_default();
    HttpResponse::build(error.status_code())
        .insert_header((header::CONNECTION, "close"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_TYPE, "application/problem+json"))
        .force_close()
        .body(Draining { answer: Some(body.clone().into()), size: body.len() as u64, drain: Box::pin(drain(unread)) })
}

async fn drain(mut unread: web::Payload) {
    let reading = async {
        let mut bytes = 0;
        while let Some(Ok(chunk)) = unread.next().await {
            bytes += chunk.len();
            if bytes > DRAIN_BYTES {
                break;
            }
        }
    };
    // Beyond the limits the client does not listen, and loses its connection.
    let _ = tokio::time::timeout(DRAIN_TIME, reading).await;
}

/// A body that is sent whole first and ends when the request's body has been thrown away.
struct Draining {
    answer: Option<Bytes>,
    size: u64,
    drain: Pin<Box<dyn Future<Output = ()>>>,
}

impl MessageBody for Draining {
    type Error = std::convert::Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.size)
    }

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        if let Some(answer) = self.answer.take() {
            return Poll::Ready(Some(Ok(answer)));
        }
        self.drain.as_mut().poll(cx).map(|()| None)
    }
}
