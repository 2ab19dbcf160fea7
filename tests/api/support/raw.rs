//! A client that speaks to a socket, for what no decent client does.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::Site;

const PATIENCE: Duration = Duration::from_secs(20);

/// An open connection.
pub(crate) struct Raw(TcpStream);

impl Raw {
    pub(crate) async fn open(site: &Site) -> Self {
        Self(TcpStream::connect(site.authority()).await.expect("a connection"))
    }

    /// A connection that takes little at a time: most of an answer stays where it comes from until it is read.
    pub(crate) async fn open_narrow(site: &Site) -> Self {
        let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
        socket.set_recv_buffer_size(4096).expect("a small buffer");
        let address = site.authority().parse().expect("an address");
        Self(socket.connect(address).await.expect("a connection"))
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
