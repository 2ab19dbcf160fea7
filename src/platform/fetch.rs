//! The one place that speaks HTTP to other servers: no redirects, no proxies of the environment, ten seconds in all,
//! and a body as large as its caller can use.

mod public;

use std::convert::Infallible;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::Context;
use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Request, Response, StatusCode};

use public::{PublicOnly, names_a_public_host};

/// From the first byte of the look-up to the last one of the body.
const PATIENCE: Duration = Duration::from_secs(10);
const CONNECT_PATIENCE: Duration = Duration::from_secs(5);

/// Large enough for whatever a provider or a feed says in one answer.
pub(crate) const USUAL_LIMIT: usize = 1024 * 1024;

/// Whose word an address is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// The operator's own: it may lead into their network, or to this very machine.
    Configured,
    /// Somebody else's: only addresses of the public internet, judged when they are connected to (security case R1).
    Public,
}

/// The clients. Cheap to clone; nothing is opened, and no certificate read, before the first request.
#[derive(Debug, Clone)]
pub(crate) struct Fetch(Arc<Clients>);

#[derive(Debug)]
struct Clients {
    configured: OnceLock<Client>,
    public: OnceLock<Client>,
    patience: Duration,
}

/// A whole answer, of whatever status.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// Why there is none. For the log: who gave the address is told no more than that it could not be fetched.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Not an address that may be asked.
    Forbidden,
    /// The body is larger than the caller can use.
    TooLarge,
    /// Nobody answers, or not in time, or not in HTTP.
    Away(anyhow::Error),
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Forbidden => f.write_str("this address must not be asked"),
            Self::TooLarge => f.write_str("the answer is too large"),
            Self::Away(cause) => write!(f, "{cause:#}"),
        }
    }
}

impl std::error::Error for Failure {}

impl From<Infallible> for Failure {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

// The address may hold a secret, and an error goes into the log.
impl From<reqwest::Error> for Failure {
    fn from(cause: reqwest::Error) -> Self {
        if public::was_refused(&cause) { Self::Forbidden } else { Self::Away(cause.without_url().into()) }
    }
}

impl Fetch {
    pub(crate) fn new() -> Self {
        Self::with_patience(PATIENCE)
    }

    fn with_patience(patience: Duration) -> Self {
        Self(Arc::new(Clients { configured: OnceLock::new(), public: OnceLock::new(), patience }))
    }

    /// Sends a request and reads the answer, of `most_bytes` at most. A redirect is an answer like any other.
    pub(crate) async fn send<R>(&self, reach: Reach, request: R, most_bytes: usize) -> Result<Answer, Failure>
    where
        R: TryInto<Request>,
        Failure: From<R::Error>,
    {
        let request = request.try_into()?;
        if !["http", "https"].contains(&request.url().scheme()) {
            return Err(Failure::Forbidden);
        }
        if reach == Reach::Public && !names_a_public_host(request.url()) {
            return Err(Failure::Forbidden);
        }
        let response = self.client(reach).map_err(Failure::Away)?.execute(request).await?;
        read(response, most_bytes).await
    }

    fn client(&self, reach: Reach) -> anyhow::Result<&Client> {
        let (kept, builder) = match reach {
            Reach::Configured => (&self.0.configured, Client::builder()),
            Reach::Public => (&self.0.public, Client::builder().dns_resolver(PublicOnly)),
        };
        match kept.get() {
            Some(client) => Ok(client),
            None => {
                let client = build(builder, self.0.patience).context("setting up the HTTP client")?;
                Ok(kept.get_or_init(|| client))
            }
        }
    }
}

fn build(builder: ClientBuilder, patience: Duration) -> anyhow::Result<Client> {
    // The client takes what the process has; whoever comes first wins, and everybody here brings ring.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = builder
        .user_agent(concat!("Legato/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .no_proxy()
        .referer(false)
        .timeout(patience)
        .connect_timeout(CONNECT_PATIENCE)
        .build()?;
    Ok(client)
}

async fn read(mut response: Response, most_bytes: usize) -> Result<Answer, Failure> {
    let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > most_bytes {
            return Err(Failure::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, headers, body })
}

#[cfg(test)]
mod tests;
