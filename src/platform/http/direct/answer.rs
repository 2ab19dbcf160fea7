//! An answer with media: its head and where its body comes from, for the connection itself and for the app alike.

use std::borrow::Cow;
use std::cell::RefCell;
use std::io::Write;
use std::sync::LazyLock;
use std::time::SystemTime;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use bytes::Bytes;
use prometheus::IntCounter;

use super::body::{Announced, ObjectBody};
use crate::platform::auth::Hold;
use crate::platform::http::edge;
use crate::platform::id::RequestId;
use crate::platform::storage::Extent;

/// What is sent behind a head.
pub(crate) enum Body {
    /// Nothing, and of no length: 304.
    Nothing,
    /// Nothing of what is this long: the answer to `HEAD`.
    Announced(u64),
    Text(Bytes),
    /// Bytes of one object or of two, one behind the other, for as long as `hold` holds.
    Object {
        extent: Extent,
        then: Option<Extent>,
        hold: Hold,
    },
}

/// A status, headers and a body.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: Vec<(&'static str, Cow<'static, str>)>,
    pub(crate) body: Body,
}

impl Body {
    /// What `Content-Length` says, if it says anything.
    pub(super) fn length(&self) -> Option<u64> {
        match self {
            Self::Nothing => None,
            Self::Announced(length) => Some(*length),
            Self::Text(text) => Some(text.len() as u64),
            Self::Object { extent, then, .. } => Some(extent.length + then.as_ref().map_or(0, |then| then.length)),
        }
    }
}

impl Answer {
    /// Adds a header.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The same as the app sends it. What is sent of objects is counted.
    pub(crate) fn into_response(self, sent: &IntCounter) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        for (name, value) in &self.headers {
            response.insert_header((*name, &**value));
        }
        match self.body {
            Body::Nothing => response.finish(),
            Body::Announced(length) => response.body(Announced(length)),
            Body::Text(text) => response.body(text),
            Body::Object { extent, then, hold } => response.body(ObjectBody::new(extent, then, hold, sent.clone())),
        }
    }

    /// Writes the head as it is sent (RFC 9112 §4), with what the edge gives every answer.
    pub(super) fn head(&self, closes: bool, head: &mut Vec<u8>) {
        let reason = self.status.canonical_reason().unwrap_or("");
        // Writing to memory does not fail.
        let _ = write!(head, "HTTP/1.1 {} {reason}\r\n", self.status.as_u16());
        if let Some(length) = self.body.length() {
            let _ = write!(head, "content-length: {length}\r\n");
        }
        for (name, value) in &self.headers {
            for part in [name, ": ", value, "\r\n"] {
                head.extend_from_slice(part.as_bytes());
            }
        }
        let _ = write!(head, "x-request-id: {}\r\ndate: ", RequestId::next());
        push_date(head);
        head.extend_from_slice(b"\r\n");
        head.extend_from_slice(SECURITY.as_bytes());
        head.extend_from_slice(if closes { b"connection: close\r\n\r\n" } else { b"\r\n" });
    }
}

/// What every answer carries, as it is sent.
static SECURITY: LazyLock<String> =
    LazyLock::new(|| edge::SECURITY_HEADERS.into_iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect());

thread_local! {
    /// The date as it was written last, and the second that it is of.
    static DATE: RefCell<(u64, String)> = const { RefCell::new((0, String::new())) };
}

#[expect(clippy::disallowed_methods, reason = "the date of an answer is the machine's, as the app's answers have it")]
fn push_date(head: &mut Vec<u8>) {
    let now = SystemTime::now();
    let second = now.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    DATE.with_borrow_mut(|(written, text)| {
        if *written != second {
            *written = second;
            *text = httpdate::fmt_http_date(now);
        }
        head.extend_from_slice(text.as_bytes());
    });
}
