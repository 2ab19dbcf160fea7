//! A mail server (SMTP, RFC 5321).
//!
//! `smtps://` is encrypted from the first byte (port 465). `smtp://` must come to TLS by STARTTLS (port 587), but on this
//! very machine, where nobody listens in, it is plain (port 25). `?tls=none`, `opportunistic` or `required` says otherwise.

use std::time::Duration;

use anyhow::{Context, bail, ensure};
use lettre::transport::smtp;
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use url::{Host, Url};

use super::Undelivered;

/// A server may take so long for one command, and so long for a whole letter.
const COMMAND: Duration = Duration::from_secs(20);
const LETTER: Duration = Duration::from_secs(60);

/// The server wants credentials, or other ones (RFC 4954 §6): our settings are at fault, not the letter.
const OUR_CREDENTIALS: [u16; 4] = [530, 534, 535, 538];

/// Connects anew for each letter.
pub(super) struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    shown: String,
}

impl Smtp {
    /// `own` is how we introduce ourselves. An error never repeats the URL.
    pub(super) fn new(url: &str, own: &Host<String>) -> anyhow::Result<Self> {
        let mut url: Url = url.parse().ok().context("smtp_url is no URL")?;
        let shown = format!("{}://{}", url.scheme(), authority(&url));
        choose_tls(&mut url)?;
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.as_str()).ok().context("smtp_url")?;
        let transport = builder.hello_name(client_id(own)).timeout(Some(COMMAND)).build();
        Ok(Self { transport, shown })
    }

    /// Hands a message over. The server has taken it, for good or for later refusal by a letter of its own.
    pub(super) async fn send(&self, message: &Message) -> Result<(), Undelivered> {
        match tokio::time::timeout(LETTER, self.transport.send(message.clone())).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(cause)) => Err(refusal(cause)),
            Err(_) => Err(Undelivered::ForNow(anyhow::anyhow!("{} takes too long", self.shown))),
        }
    }

    /// Connects, signs in, and leaves.
    pub(super) async fn check(&self) -> anyhow::Result<()> {
        let tested = tokio::time::timeout(LETTER, self.transport.test_connection()).await;
        ensure!(tested.context("no answer in time")?.context("connecting")?, "the server hung up");
        Ok(())
    }
}

impl std::fmt::Display for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown)
    }
}

fn refusal(cause: smtp::Error) -> Undelivered {
    let is_final = cause.is_permanent() && !cause.status().is_some_and(|code| OUR_CREDENTIALS.contains(&code.into()));
    let cause = anyhow::Error::new(cause).context("the mail server");
    if is_final { Undelivered::ForGood(cause) } else { Undelivered::ForNow(cause) }
}

// In the form that lettre reads: without `tls`, there is none.
fn choose_tls(url: &mut Url) -> anyhow::Result<()> {
    let wanted = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
    match wanted.as_deref() {
        None if url.scheme() == "smtps" || is_loopback(url) => url.set_query(None),
        None => url.set_query(Some("tls=required")),
        Some("none") if url.scheme() == "smtp" => url.set_query(None),
        Some("opportunistic" | "required") => {}
        Some(_) => bail!("smtp_url: tls is none, opportunistic or required"),
    }
    Ok(())
}

fn is_loopback(url: &Url) -> bool {
    match url.host_str() {
        Some("localhost" | "[::1]") => true,
        Some(host) => host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback()),
        None => false,
    }
}

fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn client_id(own: &Host<String>) -> ClientId {
    match own {
        Host::Domain(name) => ClientId::Domain(name.clone()),
        Host::Ipv4(address) => ClientId::Ipv4(*address),
        Host::Ipv6(address) => ClientId::Ipv6(*address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_and_a_clear_word_do_without_tls() {
        for (url, query) in [
            ("smtp://mail.example", Some("tls=required")),
            ("smtp://user:pw@10.0.0.7:2525", Some("tls=required")),
            ("smtp://mail.example?tls=opportunistic", Some("tls=opportunistic")),
            ("smtp://mail.example?tls=none", None),
            ("smtp://localhost:25", None),
            ("smtp://127.0.0.1:1025", None),
            ("smtp://localhost.evil.example", Some("tls=required")),
            ("smtps://mail.example", None),
        ] {
            let mut chosen: Url = url.parse().expect("a URL");
            choose_tls(&mut chosen).expect("a choice");
            assert_eq!(chosen.query(), query, "{url}");
        }
        assert!(choose_tls(&mut "smtp://mail.example?tls=perhaps".parse().expect("a URL")).is_err());
        assert!(choose_tls(&mut "smtps://mail.example?tls=none".parse().expect("a URL")).is_err());
    }

    #[test]
    fn what_is_shown_holds_no_password() {
        let own = Host::Domain("music.example".to_owned());
        let smtp = Smtp::new("smtps://ada:hunter2@mail.example:465", &own).expect("a server");
        assert_eq!(smtp.to_string(), "smtps://mail.example:465");
    }
}
