//! Direct answers: what is asked for most is answered on the connection itself, past the app (ADR 59).
//!
//! A connection begins here. As long as it asks for music, and in the plain way that players do, the answer's head is
//! written into the socket, and the kernel sends the file behind it (`sendfile`): nothing is copied, and a listener who
//! waits for the next segment holds no buffer. At the first request that is anything else, nothing of which is taken from the
//! socket yet, the connection goes to the app for good. The app answers all that is answered here in the same way.

mod answer;
mod asked;
mod body;
mod sending;

use std::pin::{Pin, pin};
use std::rc::Rc;
use std::time::{Duration, Instant};

use actix_web::rt::net::TcpStream;
use futures_util::future::LocalBoxFuture;
use tokio_util::sync::{CancellationToken, WaitForCancellationFuture};

pub(crate) use answer::{Answer, Body};
pub(crate) use asked::Asked;
pub(crate) use body::Announced;

use super::edge;
use crate::platform::Platform;

/// Unsent bytes that the kernel holds for one listener: without it, a slow one takes megabytes.
const SEND_BUFFER_BYTES: u32 = 64 * 1024;

/// A new connection has to ask for something within this time, as the app demands of those that it gets.
const FIRST_REQUEST: Duration = Duration::from_secs(5);

/// What a head may take to be read here: longer ones are the app's.
const HEAD_BYTES: usize = 4096;

/// Answers what it knows; with `None` the app is asked.
pub(crate) type Answering = Rc<dyn Fn(Asked) -> LocalBoxFuture<'static, Option<Answer>>>;

/// What answers directly on the connections of one thread.
#[derive(Clone)]
pub(crate) struct Direct {
    platform: Platform,
    answering: Answering,
    /// How long a connection stays open on which nobody asks for anything.
    keep_open: Duration,
    ending: CancellationToken,
}

/// The word that the server ends; a connection listens for it all its life.
type Ending<'a, 'b> = Pin<&'a mut WaitForCancellationFuture<'b>>;

/// What became of a request.
enum Turn {
    Answered,
    /// The connection is at its end.
    Over,
    /// The app has to answer; nothing of the request is taken from the socket.
    NotOurs,
}

/// What lies in the socket.
enum Seen {
    Nothing,
    End,
    Request(Asked),
    /// Something else, or not all of a request.
    Other,
}

impl Direct {
    pub(crate) fn new(
        platform: &Platform,
        answering: Answering,
        keep_open: Duration,
        ending: CancellationToken,
    ) -> Self {
        Self { platform: platform.clone(), answering, keep_open, ending }
    }

    /// Answers what can be answered directly; the connection comes back with the first request that cannot.
    pub(crate) async fn serve(&self, io: TcpStream) -> Option<TcpStream> {
        prepare(&io);
        let mut ending = pin!(self.ending.cancelled());
        let mut patience = FIRST_REQUEST;
        loop {
            match self.turn(&io, patience, ending.as_mut()).await {
                Ok(Turn::Answered) => patience = self.keep_open,
                Ok(Turn::NotOurs) => return Some(io),
                Ok(Turn::Over) => return None,
                Err(error) => {
                    tracing::debug!(%error, "a listener's connection ended");
                    return None;
                }
            }
        }
    }

    async fn turn(&self, io: &TcpStream, patience: Duration, ending: Ending<'_, '_>) -> std::io::Result<Turn> {
        let asked = match self.next(io, patience, ending).await? {
            Seen::Request(asked) => asked,
            Seen::Other => return Ok(Turn::NotOurs),
            Seen::Nothing | Seen::End => return Ok(Turn::Over),
        };
        let started = Instant::now();
        let Asked { head_bytes, closes, is_head, route, .. } = asked;
        let Some(answer) = (self.answering)(asked).await else { return Ok(Turn::NotOurs) };
        sending::take(io, head_bytes)?;
        self.platform.metrics.direct_answers.inc();
        let method = if is_head { "HEAD" } else { "GET" };
        edge::note(&self.platform, (method, route, answer.status.as_u16()), started.elapsed());
        sending::send(io, answer, closes, &self.platform.metrics.audio_bytes).await?;
        if closes {
            rustix::net::shutdown(io, rustix::net::Shutdown::Write)?;
        }
        Ok(if closes { Turn::Over } else { Turn::Answered })
    }

    /// Waits for the client's next request; nothing, where none comes in time or the server ends.
    async fn next(&self, io: &TcpStream, patience: Duration, mut ending: Ending<'_, '_>) -> std::io::Result<Seen> {
        // Who asks faster than they are answered leaves others their turn.
        tokio::task::consume_budget().await;
        loop {
            if self.ending.is_cancelled() {
                return Ok(Seen::Nothing);
            }
            // Who sends one request behind the other is not made to wait.
            match self.look(io)? {
                Seen::Nothing => {}
                seen => return Ok(seen),
            }
            tokio::select! {
                biased;
                ready = tokio::time::timeout(patience, io.readable()) => match ready {
                    Ok(ready) => ready?,
                    Err(_) => return Ok(Seen::Nothing),
                },
                () = ending.as_mut() => return Ok(Seen::Nothing),
            }
        }
    }

    // Not in the future of a connection, of which there may be ten thousand: the buffer is on the stack.
    fn look(&self, io: &TcpStream) -> std::io::Result<Seen> {
        let mut buffer = [0; HEAD_BYTES];
        let length = match sending::peek(io, &mut buffer) {
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => return Ok(Seen::Nothing),
            other => other?,
        };
        if length == 0 {
            return Ok(Seen::End);
        }
        let config = &self.platform.config;
        let Some(mut asked) =
            asked::parse(&buffer[..length], config.public_url.as_deref(), config.country_header.as_deref())
        else {
            return Ok(Seen::Other);
        };
        // Nobody is asked for the country where no proxy tells it.
        asked.peer = config.country_header.as_ref().and_then(|_| Some(io.peer_addr().ok()?.ip()));
        Ok(Seen::Request(asked))
    }
}

/// What each connection is given at its beginning.
fn prepare(io: &TcpStream) {
    // No `TCP_USER_TIMEOUT`: it cuts off whoever takes little at a time too (ADR 56).
    let prepared =
        io.set_nodelay(true).and_then(|()| socket2::SockRef::from(io).set_tcp_notsent_lowat(SEND_BUFFER_BYTES));
    if let Err(error) = prepared {
        tracing::debug!(%error, "a connection's options");
    }
}
