//! A proxy for HTTP that breaks some of what goes through it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Of a thousand requests, how many meet with what.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Faults {
    /// 503, without asking the server.
    pub(crate) refused: u64,
    /// The connection is reset in the middle of the request.
    pub(crate) reset: u64,
    /// The server does as it was asked, and the answer is lost.
    pub(crate) unanswered: u64,
    /// The connection ends in the middle of the answer.
    pub(crate) truncated: u64,
}

/// Stands between a client and a server, one request a connection.
pub(crate) struct Proxy {
    pub(crate) authority: String,
    state: Arc<State>,
    task: tokio::task::JoinHandle<()>,
}

struct State {
    server: String,
    faults: Mutex<Faults>,
    /// The same faults on every run.
    random: AtomicU64,
    met: AtomicU64,
}

enum Fate {
    Passes,
    Refused,
    Reset,
    Unanswered,
    Truncated,
}

impl Proxy {
    #[expect(clippy::disallowed_methods, reason = "a server of the test's")]
    pub(crate) async fn before(server: &str, faults: Faults) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let authority = listener.local_addr().expect("an address").to_string();
        let state = Arc::new(State {
            server: server.to_owned(),
            faults: Mutex::new(faults),
            random: AtomicU64::new(0x5eed),
            met: AtomicU64::new(0),
        });
        let task = tokio::spawn(serve(listener, state.clone()));
        Self { authority, state, task }
    }

    /// Other faults from now on.
    pub(crate) fn meets_with(&self, faults: Faults) {
        *self.state.faults.lock().expect("whole") = faults;
    }

    /// How many requests met with a fault.
    pub(crate) fn faults(&self) -> u64 {
        self.state.met.load(Ordering::Relaxed)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl State {
    fn fate(&self) -> Fate {
        let faults = *self.faults.lock().expect("whole");
        let draw = self.draw() % 1000;
        let mut below = 0;
        let fates = [
            (faults.refused, Fate::Refused),
            (faults.reset, Fate::Reset),
            (faults.unanswered, Fate::Unanswered),
            (faults.truncated, Fate::Truncated),
        ];
        for (share, fate) in fates {
            below += share;
            if draw < below {
                self.met.fetch_add(1, Ordering::Relaxed);
                return fate;
            }
        }
        Fate::Passes
    }

    /// SplitMix64.
    fn draw(&self) -> u64 {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut z = self.random.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

#[expect(clippy::disallowed_methods, reason = "a server of the test's")]
async fn serve(listener: TcpListener, state: Arc<State>) {
    while let Ok((client, _)) = listener.accept().await {
        tokio::spawn(pass(client, state.clone()));
    }
}

async fn pass(mut client: TcpStream, state: Arc<State>) -> std::io::Result<()> {
    let (head, mut rest) = read_head(&mut client).await?;
    let length = content_length(&head);
    let fate = state.fate();
    if matches!(fate, Fate::Reset) {
        read_up_to(&mut client, &mut rest, length / 2).await?;
        return reset(client);
    }
    read_up_to(&mut client, &mut rest, length).await?;
    if matches!(fate, Fate::Refused) {
        const SLOW_DOWN: &[u8] = b"HTTP/1.1 503 Slow Down\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        return client.write_all(SLOW_DOWN).await;
    }
    let answer = ask(&state.server, &head, &rest).await?;
    match fate {
        Fate::Unanswered => reset(client),
        Fate::Truncated => {
            client.write_all(&answer[..answer.len() / 2]).await?;
            client.shutdown().await
        }
        _ => {
            client.write_all(&answer).await?;
            client.shutdown().await
        }
    }
}

/// The whole answer of the server, on a connection of its own.
async fn ask(server: &str, head: &str, body: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut upstream = TcpStream::connect(server).await?;
    let (request_line, headers) = head.split_once("\r\n").unwrap_or((head, ""));
    upstream.write_all(format!("{request_line}\r\nconnection: close\r\n{headers}\r\n\r\n").as_bytes()).await?;
    upstream.write_all(body).await?;
    let mut answer = Vec::new();
    upstream.read_to_end(&mut answer).await?;
    Ok(answer)
}

/// The head without the empty line after it, and what came behind.
async fn read_head(client: &mut TcpStream) -> std::io::Result<(String, Vec<u8>)> {
    let mut heard = Vec::new();
    loop {
        if let Some(end) = heard.windows(4).position(|four| four == b"\r\n\r\n") {
            let rest = heard.split_off(end + 4);
            return Ok((String::from_utf8_lossy(&heard[..end]).into_owned(), rest));
        }
        if client.read_buf(&mut heard).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
}

async fn read_up_to(client: &mut TcpStream, heard: &mut Vec<u8>, length: usize) -> std::io::Result<()> {
    while heard.len() < length {
        if client.read_buf(heard).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(())
}

fn content_length(head: &str) -> usize {
    let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with("content-length:"));
    line.and_then(|line| line.split_once(':')?.1.trim().parse().ok()).unwrap_or(0)
}

#[expect(clippy::needless_pass_by_value, reason = "its end is what closes the connection")]
fn reset(client: TcpStream) -> std::io::Result<()> {
    socket2::SockRef::from(&client).set_linger(Some(Duration::ZERO))
}
