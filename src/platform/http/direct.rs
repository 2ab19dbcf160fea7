//! Direct answers: what is asked for most is answered on the connection itself, past the app (ADR 59).
//!
//! A connection begins here. As long as it asks for music, and in the plain way that players do, the answer's head is
//! written into the socket, and the kernel sends the file behind it (`sendfile`): nothing is copied, and a listener who
//! waits for the next segment holds no buffer. For a request that is anything else the connection is lent to the app (ADR 61),
//! which returns it with its answer. The app answers all that is answered here in the same way.

mod answer;
mod asked;
mod body;
mod figures;
mod loan;
mod pace;
mod sending;

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use actix_web::rt::net::TcpStream;
use bytes::Bytes;
use tokio::time::Sleep;
use tokio_util::sync::{CancellationToken, WaitForCancellationFuture};

pub(crate) use answer::{Answer, Body};
pub(crate) use asked::Asked;
pub(crate) use body::Announced;
pub(crate) use loan::Lent;
pub(super) use loan::Underway;

use self::asked::Head;
use self::figures::Figures;
use self::loan::Loan;
use crate::platform::Platform;

/// Unsent bytes that the kernel holds for one listener: without it, a slow one takes megabytes.
const SEND_BUFFER_BYTES: u32 = 64 * 1024;

/// A new connection has to ask for something within this time, and who has begun to ask has to come to an end.
const REQUEST: Duration = Duration::from_secs(5);

/// The longest head that is read here; longer ones are the app's.
const HEAD_BYTES: usize = 4096;

/// Who knows the answers.
pub(crate) trait Answering {
    /// The answer, where it is known; with `None` the app is asked.
    async fn answer(&self, asked: &Asked) -> Option<Answer>;
}

/// What answers directly on the connections of one thread.
pub(crate) struct Direct<A> {
    platform: Platform,
    answering: A,
    figures: Figures,
    /// How long a connection stays open on which nobody asks for anything.
    keep_open: Duration,
    ending: CancellationToken,
}

/// What ends a connection on which nothing happens, all its life: the word that the server ends, and the time for which
/// somebody is waited for.
struct Ends<'a, 'b> {
    server: Pin<&'a mut WaitForCancellationFuture<'b>>,
    /// Set anew for each wait: a timer that is only put off costs next to nothing.
    term: Pin<&'a mut Sleep>,
}

/// A connection, and what was read of it beyond the last request.
struct Connection {
    io: TcpStream,
    ahead: Bytes,
}

/// What became of a request.
enum Turn {
    Answered,
    /// The connection is at its end.
    Over,
    /// The app has to answer what has been read, of a request of so many bytes if that is known.
    NotOurs(Option<u64>),
}

impl<A: Answering> Direct<A> {
    pub(crate) fn new(platform: &Platform, answering: A, keep_open: Duration, ending: CancellationToken) -> Self {
        Self { platform: platform.clone(), answering, figures: Figures::default(), keep_open, ending }
    }

    /// Answers what can be answered directly, and lends the connection to the app for the rest.
    pub(crate) async fn serve<E>(&self, io: TcpStream, app: impl AsyncFn(Lent) -> Result<(), E>) -> Result<(), E> {
        prepare(&io);
        let mut ends = Ends { server: pin!(self.ending.cancelled()), term: pin!(tokio::time::sleep(REQUEST)) };
        let mut connection = Connection { io, ahead: Bytes::new() };
        let mut patience = REQUEST;
        loop {
            match self.turn(&mut connection, patience, &mut ends).await {
                Ok(Turn::Answered) => {}
                Ok(Turn::NotOurs(bytes)) => match lend(connection, bytes, &app).await? {
                    Some(returned) => connection = returned,
                    None => return Ok(()),
                },
                Ok(Turn::Over) => return Ok(()),
                Err(error) => {
                    tracing::debug!(%error, "a listener's connection ended");
                    return Ok(());
                }
            }
            patience = self.keep_open;
        }
    }

    async fn turn(
        &self,
        connection: &mut Connection,
        patience: Duration,
        ends: &mut Ends<'_, '_>,
    ) -> std::io::Result<Turn> {
        let asked = match self.next(connection, patience, ends).await? {
            Some(Head::Music(asked)) => asked,
            Some(Head::Other(bytes)) => return Ok(Turn::NotOurs(bytes)),
            Some(Head::Incomplete) => return Ok(Turn::NotOurs(None)),
            None => return Ok(Turn::Over),
        };
        let started = Instant::now();
        let Some(answer) = self.answering.answer(&asked).await else {
            return Ok(Turn::NotOurs((!asked.closes).then_some(asked.head_bytes as u64)));
        };
        connection.forget(asked.head_bytes);
        let (io, closes) = (&connection.io, asked.closes);
        self.figures.note(&self.platform.metrics, (&asked, answer.status), started.elapsed());
        // Who takes their time for what is sent does not hold the request meanwhile.
        drop(asked);
        sending::send(io, answer, closes, &self.platform.metrics.audio_bytes).await?;
        if closes {
            rustix::net::shutdown(io, rustix::net::Shutdown::Write)?;
        }
        Ok(if closes { Turn::Over } else { Turn::Answered })
    }

    /// Waits for the client's next request; `None` where none comes in time, the client goes or the server ends.
    async fn next(
        &self,
        connection: &mut Connection,
        patience: Duration,
        ends: &mut Ends<'_, '_>,
    ) -> std::io::Result<Option<Head>> {
        // Who asks faster than they are answered leaves others their turn.
        tokio::task::consume_budget().await;
        let mut until = tokio::time::Instant::now() + patience;
        loop {
            if self.ending.is_cancelled() {
                return Ok(None);
            }
            match self.read(connection) {
                Head::Incomplete if connection.ahead.len() < HEAD_BYTES => {}
                head => return Ok(Some(head)),
            }
            let is_first = connection.ahead.is_empty();
            match connection.receive() {
                Ok(0) => return Ok(None),
                Ok(_) if is_first => until = tokio::time::Instant::now() + REQUEST,
                Ok(_) => {}
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
                    ends.term.as_mut().reset(until);
                    match poll_fn(|cx| ends.poll(&connection.io, cx)).await {
                        Wait::Ready(ready) => ready?,
                        // The app tells who has begun that it took too long.
                        Wait::TooLong => return Ok((!is_first).then_some(Head::Incomplete)),
                        Wait::Ending => return Ok(None),
                    }
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn read(&self, connection: &Connection) -> Head {
        if connection.ahead.is_empty() {
            return Head::Incomplete;
        }
        let config = &self.platform.config;
        let (public_url, country) = (config.public_url.as_deref(), config.country_header.as_deref());
        let mut head = asked::parse(&connection.ahead, public_url, country);
        // Nobody is asked for the country where no proxy tells it.
        if let (Head::Music(asked), true) = (&mut head, country.is_some()) {
            asked.peer = connection.io.peer_addr().ok().map(|peer| peer.ip());
        }
        head
    }
}

/// What came of a wait for a client.
enum Wait {
    Ready(std::io::Result<()>),
    TooLong,
    Ending,
}

impl Ends<'_, '_> {
    /// Waits for something to read, or for an end.
    fn poll(&mut self, io: &TcpStream, cx: &mut Context<'_>) -> Poll<Wait> {
        if let Poll::Ready(ready) = io.poll_read_ready(cx) {
            return Poll::Ready(Wait::Ready(ready));
        }
        if self.server.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Wait::Ending);
        }
        self.term.as_mut().poll(cx).map(|()| Wait::TooLong)
    }
}

impl Connection {
    /// Reads what has come; the bytes of it.
    fn receive(&mut self) -> std::io::Result<usize> {
        // Not in the future of a connection, of which there may be ten thousand: the buffer is on the stack.
        let mut buffer = [0; HEAD_BYTES];
        let known = self.ahead.len();
        buffer[..known].copy_from_slice(&self.ahead);
        let received = sending::receive(&self.io, &mut buffer[known..])?;
        self.ahead = Bytes::copy_from_slice(&buffer[..known + received]);
        Ok(received)
    }

    /// These bytes are answered.
    fn forget(&mut self, bytes: usize) {
        // Not a view of nothing, which would keep its bytes in memory.
        self.ahead = if bytes < self.ahead.len() { self.ahead.slice(bytes..) } else { Bytes::new() };
    }
}

/// Lends a connection to the app, for the request that was read of it; `None` if it does not come back.
async fn lend<E>(
    connection: Connection,
    request_bytes: Option<u64>,
    app: &impl AsyncFn(Lent) -> Result<(), E>,
) -> Result<Option<Connection>, E> {
    let Connection { io, mut ahead } = connection;
    let read =
        request_bytes.and_then(|bytes| usize::try_from(bytes).ok()).map_or(ahead.len(), |bytes| bytes.min(ahead.len()));
    let (loan, lent) = Loan::new(io, ahead.split_to(read), request_bytes);
    // In a box: a listener who waits does not hold the room that the app needs for a request.
    let mut answering = Box::pin(app(lent));
    poll_fn(|cx| match answering.as_mut().poll(cx) {
        // With its answer sent, the app waits for nothing but the next request.
        Poll::Pending if loan.is_returned() => Poll::Ready(Ok(())),
        other => other,
    })
    .await?;
    drop(answering);
    Ok(loan.take_back().map(|io| Connection { io, ahead }))
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
