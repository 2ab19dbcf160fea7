//! A client that speaks to a socket, for what no decent client does.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::Site;

const PATIENCE: Duration = Duration::from_secs(20);

/// An open connection.
pub(crate) struct Raw(TcpStream, Unread);

/// What has come and was not read as part of an answer.
type Unread = Vec<u8>;

/// An answer as it came, but for what is another in each: its date, and the request's id.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) status: u16,
    /// In lower case, in the order of their names.
    pub(crate) headers: Vec<String>,
    pub(crate) body: Vec<u8>,
}

impl Raw {
    pub(crate) async fn open(site: &Site) -> Self {
        Self(TcpStream::connect(site.authority()).await.expect("a connection"), Unread::new())
    }

    /// A connection that takes little at a time: most of an answer stays where it comes from until it is read.
    pub(crate) async fn open_narrow(site: &Site) -> Self {
        let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
        socket.set_recv_buffer_size(4096).expect("a small buffer");
        let address = site.authority().parse().expect("an address");
        Self(socket.connect(address).await.expect("a connection"), Unread::new())
    }

    /// Reads the next answer, of which the length is told; that to `HEAD` has no body.
    pub(crate) async fn reads_answer(&mut self, is_head: bool) -> Said {
        let reading = async {
            let end = loop {
                if let Some(at) = self.1.windows(4).position(|four| four == b"\r\n\r\n") {
                    break at;
                }
                self.reads_on().await;
            };
            let head: Vec<u8> = self.1.drain(..end + 4).collect();
            let head = String::from_utf8(head).expect("a head of text");
            let mut lines = head.trim_end().lines();
            let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok()).expect("a status");
            let (mut headers, mut length) = (Vec::new(), 0);
            for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
                let name = name.to_ascii_lowercase();
                if name == "content-length" {
                    length = value.parse().expect("a length");
                }
                if name != "date" && name != "x-request-id" {
                    headers.push(format!("{name}: {value}"));
                }
            }
            headers.sort();
            let length = if is_head { 0 } else { length };
            while self.1.len() < length {
                self.reads_on().await;
            }
            Said { status, headers, body: self.1.drain(..length).collect() }
        };
        tokio::time::timeout(PATIENCE, reading).await.expect("an answer in time")
    }

    async fn reads_on(&mut self) {
        let read = self.0.read_buf(&mut self.1).await.expect("an open connection");
        assert!(read > 0, "the connection ended in the middle of an answer");
    }

    /// Reads at least so many bytes.
    pub(crate) async fn reads_some(&mut self, bytes: usize) {
        let mut heard = vec![0; bytes];
        let read = tokio::time::timeout(PATIENCE, self.0.read_exact(&mut heard)).await;
        assert!(matches!(read, Ok(Ok(_))), "nothing comes: {read:?}");
    }

    /// How many bytes come until the server ends the connection.
    pub(crate) async fn reads_to_the_end(mut self) -> usize {
        let mut heard = Vec::new();
        let ended = tokio::time::timeout(PATIENCE, self.0.read_to_end(&mut heard)).await;
        assert!(ended.is_ok(), "the connection does not end");
        heard.len()
    }

    /// Sends as much as the server takes; whether it took all.
    pub(crate) async fn sends_what_is_taken(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.0.write_all(bytes.as_ref()).await.is_ok()
    }

    /// Sends bytes as they are.
    pub(crate) async fn sends(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.write_all(bytes.as_ref()).await.expect("sent");
    }

    /// Goes on sending zeros, `total` of them or until the server has had enough, and only then reads what it said.
    pub(crate) async fn floods_and_reads(mut self, total: usize) -> String {
        let zeros = vec![0_u8; 64 * 1024];
        let flood = async {
            for _ in 0..total / zeros.len() {
                if self.0.write_all(&zeros).await.is_err() {
                    break;
                }
            }
        };
        let in_time = tokio::time::timeout(PATIENCE, flood).await;
        assert!(in_time.is_ok(), "the server neither reads nor hangs up");
        self.reads().await
    }

    /// What the server says first, while the connection is open.
    pub(crate) async fn reads_first(&mut self) -> String {
        let mut heard = vec![0; 16 * 1024];
        let mut length = 0;
        let answered = async {
            while !heard[..length].ends_with(b"}") {
                length += self.0.read(&mut heard[length..]).await.expect("an open connection");
            }
        };
        let in_time = tokio::time::timeout(PATIENCE, answered).await;
        assert!(in_time.is_ok(), "no answer");
        String::from_utf8_lossy(&heard[..length]).into_owned()
    }

    /// All that the server says before it ends the connection.
    pub(crate) async fn reads(mut self) -> String {
        let mut heard = Vec::new();
        // A reset after the answer is an end too.
        let ended = tokio::time::timeout(PATIENCE, self.0.read_to_end(&mut heard)).await;
        let heard = String::from_utf8_lossy(&heard).into_owned();
        assert!(ended.is_ok(), "the connection does not end: {heard}");
        heard
    }
}
