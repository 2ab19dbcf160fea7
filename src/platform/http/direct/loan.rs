//! A connection in the hands of the app: lent for one request and its answer, or given for good.
//!
//! It is lent where it is known how long the request is: the app gets those bytes and no more, and once its answer has been sent,
//! and did not end the connection, it has to give it back. So no request is ever read by two, and no body taken for one.

use std::cell::Cell;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use actix_web::body::{BodySize, MessageBody};
use actix_web::dev::{Extensions, ServiceRequest};
use actix_web::http::header::{self, HeaderName};
use actix_web::rt::net::TcpStream;
use bytes::Bytes;
use pin_project_lite::pin_project;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf, Take};

use super::pace::{Least, MUSIC, Pace};

/// An answer is taken at this pace at least, if it is no music.
const ANSWER: Least = Least { bytes: 5000, within: Duration::from_secs(10) };

/// How the types of what is heard, or kept to be heard, begin.
const MUSIC_TYPES: [&[u8]; 2] = [b"audio/", b"application/zip"];

/// How far the app is with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Stage {
    #[default]
    Asked,
    /// All of the answer is written, though maybe not sent.
    Answered,
    /// All of it is sent, and the connection free again.
    Returned,
    /// The app answers in a way that is not followed from here, and keeps the connection.
    Kept,
}

/// What the app and the lender both know of a loan.
#[derive(Default)]
struct Terms {
    stage: Cell<Stage>,
    /// The connection, when the app has let go of it.
    back: Cell<Option<TcpStream>>,
}

/// The lender's side.
pub(super) struct Loan(Rc<Terms>);

/// A connection as the app sees it.
pub(crate) struct Lent {
    io: Option<Take<TcpStream>>,
    peer: Option<SocketAddr>,
    /// Read already, and the app's to read first.
    ahead: Bytes,
    /// It is lent for one request.
    is_framed: bool,
    /// Not even the head of the answer has been written.
    is_unanswered: bool,
    /// The answer ends the connection.
    ends: bool,
    pace: Pace,
    terms: Rc<Terms>,
}

/// A request that the app is answering.
pub(in crate::platform::http) struct Underway {
    terms: Option<Rc<Terms>>,
    /// All of its answer is written.
    is_answered: bool,
}

pin_project! {
    /// The body of the answer: at its end, the answer is written.
    pub(in crate::platform::http) struct UnderwayBody<B> {
        #[pin]
        body: B,
        underway: Underway,
    }
}

impl Loan {
    /// Lends a connection for a request of so many bytes, or gives it for good. `ahead` is what was read of it already.
    pub(super) fn new(io: TcpStream, ahead: Bytes, request_bytes: Option<u64>) -> (Self, Lent) {
        let terms = Rc::new(Terms::default());
        let rest = request_bytes.map_or(u64::MAX, |bytes| bytes.saturating_sub(ahead.len() as u64));
        let lent = Lent {
            peer: io.peer_addr().ok(),
            io: Some(io.take(rest)),
            ahead,
            is_framed: request_bytes.is_some(),
            is_unanswered: true,
            ends: false,
            pace: Pace::new(MUSIC),
            terms: Rc::clone(&terms),
        };
        (Self(terms), lent)
    }

    /// The answer is sent, and the app has nothing more to do.
    pub(super) fn is_returned(&self) -> bool {
        self.0.stage.get() == Stage::Returned
    }

    /// The connection, if the app has returned it and let go of it.
    pub(super) fn take_back(self) -> Option<TcpStream> {
        self.is_returned().then(|| self.0.back.take())?
    }
}

impl Lent {
    pub(crate) fn peer(&self) -> Option<SocketAddr> {
        self.peer
    }

    /// Lets the requests of this connection say how far they are.
    pub(crate) fn introduce(&self, connection: &mut Extensions) {
        connection.insert(Rc::clone(&self.terms));
    }

    fn io(&mut self) -> io::Result<&mut Take<TcpStream>> {
        self.io.as_mut().ok_or_else(|| io::ErrorKind::NotConnected.into())
    }

    /// The whole request is read: what comes now is the next one's, or the client's end.
    fn poll_gone(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut byte = [0];
        let peeked = self.io()?.get_ref().poll_peek(cx, &mut ReadBuf::new(&mut byte));
        match ready!(peeked)? {
            0 => Poll::Ready(Ok(())),
            // The app is woken for its answer, and then gives the connection back.
            _ => Poll::Pending,
        }
    }

    /// Looks at the beginning of the answer, which has all of its head.
    fn note_answer(&mut self, cx: &Context<'_>, bytes: &[u8]) -> io::Result<()> {
        self.is_unanswered = false;
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut head = httparse::Response::new(&mut headers);
        if !head.parse(bytes).is_ok_and(|status| status.is_complete()) {
            return self.keep(cx);
        }
        let value = |name: HeaderName| {
            let named = head.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name.as_str()));
            named.map(|header| header.value)
        };
        self.ends = value(header::CONNECTION).is_some();
        // Whoever hears or keeps music may pause, wherever it is sent from.
        if !value(header::CONTENT_TYPE).is_some_and(|mime| MUSIC_TYPES.iter().any(|music| mime.starts_with(music))) {
            self.pace = Pace::new(ANSWER);
        }
        Ok(())
    }

    /// From now on the app reads whatever comes.
    fn keep(&mut self, cx: &Context<'_>) -> io::Result<()> {
        self.is_framed = false;
        self.io()?.set_limit(u64::MAX);
        // What has come meanwhile is not told again.
        cx.waker().wake_by_ref();
        Ok(())
    }
}

impl AsyncRead for Lent {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if !self.ahead.is_empty() {
            let length = self.ahead.len().min(buf.remaining());
            buf.put_slice(&self.ahead.split_to(length));
            return Poll::Ready(Ok(()));
        }
        if self.io()?.limit() == 0 {
            return self.poll_gone(cx);
        }
        // How long a body may take is for its reader to say, who can tell the client so.
        Pin::new(self.io()?).poll_read(cx, buf)
    }
}

impl AsyncWrite for Lent {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        if self.is_unanswered && self.is_framed {
            self.note_answer(cx, buf)?;
        }
        if let Poll::Ready(written) = Pin::new(self.io()?.get_mut()).poll_write(cx, buf) {
            self.pace.moved(*written.as_ref().unwrap_or(&0) as u64);
            return Poll::Ready(written);
        }
        if self.pace.poll_wait(cx).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        Poll::Pending
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(self.io()?.get_mut()).poll_flush(cx))?;
        let is_read = self.ahead.is_empty() && self.io()?.limit() == 0;
        match self.terms.stage.get() {
            Stage::Answered if self.is_framed && is_read && !self.is_unanswered && !self.ends => {
                self.terms.stage.set(Stage::Returned);
            }
            Stage::Kept if self.is_framed => self.keep(cx)?,
            _ => {}
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(self.io()?.get_mut()).poll_shutdown(cx)
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        self.terms.back.set(self.io.take().map(Take::into_inner));
    }
}

impl Underway {
    /// The app begins to answer this.
    pub(in crate::platform::http) fn begin(request: &ServiceRequest) -> Self {
        Self { terms: request.conn_data::<Rc<Terms>>().cloned(), is_answered: false }
    }

    /// The body with which the answer ends.
    pub(in crate::platform::http) fn until_end_of<B: MessageBody>(mut self, body: B) -> UnderwayBody<B> {
        // Nobody asks an empty body for its end.
        self.is_answered = body.size().is_eof();
        UnderwayBody { body, underway: self }
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        if let Some(terms) = &self.terms {
            terms.stage.set(if self.is_answered { Stage::Answered } else { Stage::Kept });
        }
    }
}

impl<B: MessageBody> MessageBody for UnderwayBody<B> {
    type Error = B::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let this = self.project();
        let next = ready!(this.body.poll_next(cx));
        this.underway.is_answered = next.is_none();
        Poll::Ready(next)
    }
}
