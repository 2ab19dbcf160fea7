use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::Method;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;
use crate::platform::task;

/// A server that says one thing to everybody and counts who came.
struct Canary {
    port: u16,
    visits: Arc<AtomicUsize>,
}

impl Canary {
    async fn saying(answer: impl Into<Vec<u8>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a socket");
        let port = listener.local_addr().expect("an address").port();
        let (visits, answer) = (Arc::new(AtomicUsize::new(0)), answer.into());
        let seen = visits.clone();
        task::background("canary", async move {
            while let Ok((mut visitor, _)) = listener.accept().await {
                seen.fetch_add(1, Ordering::Relaxed);
                let mut heard = [0; 1024];
                let _ = visitor.read(&mut heard).await;
                let _ = visitor.write_all(&answer).await;
            }
        });
        Self { port, visits }
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }
}

async fn get(fetch: &Fetch, reach: Reach, url: &str) -> Result<Answer, Failure> {
    fetch.send(reach, Request::new(Method::GET, url.parse().expect("a URL")), 1000).await
}

#[tokio::test]
async fn an_address_that_people_give_leads_nowhere_near() {
    let canary = Canary::saying("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0177.0.0.1",
        "0x7f.1",
        "0.0.0.0",
        "0",
        "localhost",
        "[::]",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "169.254.169.254",
        "user:word@1.1.1.1",
    ] {
        let failure = get(&Fetch::new(), Reach::Public, &format!("http://{host}:{}/", canary.port)).await;
        assert!(matches!(failure, Err(Failure::Forbidden)), "{host}: {failure:?}");
    }
    assert_eq!(canary.visits.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn only_the_schemes_of_the_web_are_spoken() {
    for url in ["file:///etc/passwd", "gopher://127.0.0.1:70/", "ftp://example.org/", "data:text/plain,x"] {
        for reach in [Reach::Configured, Reach::Public] {
            let failure = get(&Fetch::new(), reach, url).await;
            assert!(matches!(failure, Err(Failure::Forbidden)), "{url}: {failure:?}");
        }
    }
}

#[tokio::test]
async fn the_operators_own_addresses_may_be_near() {
    let canary = Canary::saying("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello").await;
    let answer = get(&Fetch::new(), Reach::Configured, &canary.url()).await.expect("an answer");
    assert_eq!((answer.status, answer.body), (StatusCode::OK, b"hello".to_vec()));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let inner = Canary::saying("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let redirect = format!("HTTP/1.1 302 Found\r\nlocation: {}\r\ncontent-length: 0\r\n\r\n", inner.url());
    let outer = Canary::saying(redirect).await;
    let answer = get(&Fetch::new(), Reach::Configured, &outer.url()).await.expect("an answer");
    assert_eq!((answer.status, inner.visits.load(Ordering::Relaxed)), (StatusCode::FOUND, 0));
    assert!(answer.headers.contains_key("location"));
}

#[tokio::test]
async fn a_body_is_cut_at_its_limit() {
    let lies = Canary::saying([b"HTTP/1.1 200 OK\r\n\r\n".as_slice(), &[b'x'; 5000]].concat()).await;
    let failure = get(&Fetch::new(), Reach::Configured, &lies.url()).await;
    assert!(matches!(failure, Err(Failure::TooLarge)), "{failure:?}");
}

#[tokio::test]
async fn who_does_not_finish_in_time_is_away() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a socket");
    let url = format!("http://{}/?code=secret", listener.local_addr().expect("an address"));
    let dripping = async {
        let (mut visitor, _) = listener.accept().await.expect("a visitor");
        visitor.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n").await.expect("sent");
        while visitor.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let fetch = Fetch::with_patience(Duration::from_millis(300));
    let failure = tokio::select! {
        failure = get(&fetch, Reach::Configured, &url) => failure.expect_err("it takes too long"),
        () = dripping => panic!("the client hung up first"),
    };
    assert!(matches!(failure, Failure::Away(_)), "{failure:?}");
    assert!(!failure.to_string().contains("secret"), "{failure}");
}
