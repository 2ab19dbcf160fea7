//! Connections that notice when nobody answers.
//!
//! A network that swallows everything keeps a connection open for a quarter of an hour, and a request with it: PostgreSQL's
//! own limits are of no use when their error does not arrive either. So a connection on which a statement was sent and
//! nothing came back for longer than any statement may take is given up, and whoever waits for it is told.

use std::io::{Error, ErrorKind, IoSlice, Result};
use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, UnixStream};
use tokio::time::{Instant, Sleep};
use tokio_postgres::config::Host;
use tokio_postgres::{Client, Config, Connection, NoTls};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// What PostgreSQL ends a statement after, and a little for the way.
const UNANSWERED: Duration = Duration::from_secs(7);

/// A host that is there takes a connection within this time. The kernel would wait for two minutes.
const REACHED: Duration = Duration::from_secs(2);

/// How a message ends after which PostgreSQL waits for the next statement: `ReadyForQuery` but for its last byte.
const READY: [u8; 5] = [b'Z', 0, 0, 0, 5];

/// A stream to PostgreSQL.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// The connections of a pool: where one is given up, those that nobody uses are no better, and end with it. Else each of them
/// would cost somebody their patience. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Fellows(Arc<Mutex<CancellationToken>>);

impl Fellows {
    fn join(&self) -> Pin<Box<WaitForCancellationFutureOwned>> {
        Box::pin(self.lock().clone().cancelled_owned())
    }

    fn give_up(&self) {
        std::mem::take(&mut *self.lock()).cancel();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, CancellationToken> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A stream that ends with an error when what was written stays unanswered.
pub(super) struct Watched {
    stream: Box<dyn Stream>,
    is_waiting: bool,
    limit: Duration,
    deadline: Pin<Box<Sleep>>,
    fellows: Fellows,
    given_up: Pin<Box<WaitForCancellationFutureOwned>>,
    /// The last bytes that came.
    tail: [u8; 6],
}

/// The type of connections of such streams without TLS.
pub(super) type WatchedConnection = Connection<Watched, tokio_postgres::tls::NoTlsStream>;

/// Opens a connection to the first host that has one for us.
pub(super) async fn connect(
    config: &Config,
    fellows: &Fellows,
) -> std::result::Result<(Client, WatchedConnection), String> {
    let mut problem = "no host is named".to_owned();
    for (number, host) in config.get_hosts().iter().enumerate() {
        let ports = config.get_ports();
        let port = ports.get(number).or(ports.first()).copied().unwrap_or(5432);
        let tried = async {
            let patience = config.get_connect_timeout().copied().unwrap_or(REACHED);
            let opened = tokio::time::timeout(patience, open(host, port)).await;
            let stream = opened.map_err(|_| "it cannot be reached".to_owned())?.map_err(|cause| cause.to_string())?;
            // Its source says what is wrong, such as a password.
            let explain = |cause: tokio_postgres::Error| match std::error::Error::source(&cause) {
                Some(source) => format!("{cause}: {source}"),
                None => cause.to_string(),
            };
            config.connect_raw(Watched::new(stream, UNANSWERED, fellows), NoTls).await.map_err(explain)
        };
        match tried.await {
            Ok(connected) => return Ok(connected),
            Err(cause) => problem = cause,
        }
    }
    Err(problem)
}

async fn open(host: &Host, port: u16) -> Result<Box<dyn Stream>> {
    match host {
        Host::Tcp(name) => {
            let stream = TcpStream::connect((name.as_str(), port)).await?;
            stream.set_nodelay(true)?;
            Ok(Box::new(stream))
        }
        Host::Unix(folder) => Ok(Box::new(UnixStream::connect(socket_in(folder, port)).await?)),
    }
}

fn socket_in(folder: &Path, port: u16) -> std::path::PathBuf {
    folder.join(format!(".s.PGSQL.{port}"))
}

impl Watched {
    fn new(stream: Box<dyn Stream>, limit: Duration, fellows: &Fellows) -> Self {
        let deadline = Box::pin(tokio::time::sleep(limit));
        let (given_up, fellows) = (fellows.join(), fellows.clone());
        Self { stream, is_waiting: false, limit, deadline, fellows, given_up, tail: [0; 6] }
    }

    fn wait(&mut self) {
        self.is_waiting = true;
        self.deadline.as_mut().reset(Instant::now() + self.limit);
    }

    fn hear(&mut self, bytes: &[u8]) {
        for byte in &bytes[bytes.len().saturating_sub(self.tail.len())..] {
            self.tail.rotate_left(1);
            self.tail[self.tail.len() - 1] = *byte;
        }
        // What PostgreSQL says unasked is no answer, and makes nobody wait.
        if self.is_waiting {
            if self.tail.starts_with(&READY) { self.is_waiting = false } else { self.wait() }
        }
    }

    fn wrote(&mut self, cx: &mut Context<'_>, written: &Poll<Result<usize>>) {
        // Who asks again before the first answer does not wait longer for that.
        if matches!(written, Poll::Ready(Ok(_))) && !self.is_waiting {
            self.wait();
            // Who has looked for something to read already, and writes then, is woken as well.
            let _ = self.deadline.as_mut().poll(cx);
        }
    }
}

impl AsyncRead for Watched {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        let before = buffer.filled().len();
        match Pin::new(&mut self.stream).poll_read(cx, buffer) {
            Poll::Ready(read) => {
                self.hear(&buffer.filled()[before..]);
                Poll::Ready(read)
            }
            Poll::Pending if self.is_waiting => {
                ready!(self.deadline.as_mut().poll(cx));
                self.fellows.give_up();
                Poll::Ready(Err(Error::new(ErrorKind::TimedOut, "the database does not answer")))
            }
            Poll::Pending => {
                ready!(self.given_up.as_mut().poll(cx));
                Poll::Ready(Err(Error::new(ErrorKind::TimedOut, "the database does not answer others")))
            }
        }
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.wrote(cx, &written);
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffers: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, buffers);
        self.wrote(cx, &written);
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};

    use super::*;

    const LIMIT: Duration = Duration::from_millis(50);

    fn watched() -> (Watched, DuplexStream) {
        let (ours, theirs) = tokio::io::duplex(1024);
        (Watched::new(Box::new(ours), LIMIT, &Fellows::default()), theirs)
    }

    #[tokio::test]
    async fn what_is_not_answered_ends_with_an_error() {
        let (mut watched, _theirs) = watched();
        watched.write_all(b"statement").await.unwrap();
        assert_eq!(watched.read_u8().await.unwrap_err().kind(), ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn who_asks_again_and_again_is_told_in_time() {
        let (watched, _theirs) = watched();
        let (mut reader, mut writer) = tokio::io::split(watched);
        let asking = async {
            while writer.write_all(b"statement").await.is_ok() {
                tokio::time::sleep(LIMIT / 5).await;
            }
        };
        let read = tokio::select! { read = reader.read_u8() => read, () = asking => unreachable!("it goes on") };
        assert_eq!(read.unwrap_err().kind(), ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn whoever_reads_before_they_write_is_told_too() {
        let (watched, _theirs) = watched();
        let (mut reader, mut writer) = tokio::io::split(watched);
        let (read, written) = tokio::join!(reader.read_u8(), writer.write_all(b"statement"));
        written.unwrap();
        assert_eq!(read.unwrap_err().kind(), ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn who_is_not_used_ends_with_who_is_not_answered() {
        let fellows = Fellows::default();
        let pairs = [(); 3].map(|()| tokio::io::duplex(1024));
        let [mut asking, mut idle, mut answered] = pairs.map(|(ours, theirs)| {
            // The other end stays open.
            std::mem::forget(theirs);
            Watched::new(Box::new(ours), LIMIT, &fellows)
        });
        asking.write_all(b"statement").await.unwrap();
        answered.limit = LIMIT * 100;
        answered.write_all(b"statement").await.unwrap();
        let (asked, told) = tokio::join!(asking.read_u8(), idle.read_u8());
        assert_eq!(asked.unwrap_err().kind(), ErrorKind::TimedOut);
        assert_eq!(told.unwrap_err().kind(), ErrorKind::TimedOut);
        let waits = tokio::time::timeout(LIMIT, answered.read_u8()).await;
        assert!(waits.is_err(), "who waits for an answer of their own has their own time");
        let (ours, _theirs) = tokio::io::duplex(1024);
        let mut later = Watched::new(Box::new(ours), LIMIT, &fellows);
        assert!(tokio::time::timeout(LIMIT * 3, later.read_u8()).await.is_err(), "a new connection is whole");
    }

    #[tokio::test]
    async fn an_answer_that_breaks_off_is_none() {
        let (mut watched, mut theirs) = watched();
        watched.write_all(b"statement").await.unwrap();
        theirs.write_all(b"D").await.unwrap();
        assert_eq!(watched.read_u8().await.unwrap(), b'D');
        assert_eq!(watched.read_u8().await.unwrap_err().kind(), ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn whoever_has_their_answer_waits_for_nothing() {
        let (mut watched, mut theirs) = watched();
        watched.write_all(b"statement").await.unwrap();
        theirs.write_all(b"DZ\0\0").await.unwrap();
        let mut first = [0; 4];
        watched.read_exact(&mut first).await.unwrap();
        theirs.write_all(b"\0\x05I").await.unwrap();
        let mut rest = [0; 3];
        watched.read_exact(&mut rest).await.unwrap();
        // And what comes unasked changes nothing.
        theirs.write_all(b"A").await.unwrap();
        assert_eq!(watched.read_u8().await.unwrap(), b'A');
        assert!(tokio::time::timeout(LIMIT * 3, watched.read_u8()).await.is_err(), "it waits on");
    }
}
