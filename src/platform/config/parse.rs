//! From a setting's text to its value; a text that does not fit gets a sentence, which never repeats a secret.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use ipnet::IpNet;
use lettre::message::Mailbox;
use tracing_subscriber::EnvFilter;
use url::Url;

use super::{LogFormat, Registration, StrangersHear};

pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "must be an address and a port such as 127.0.0.1:4533 or [::]:80".into())
}

pub(super) fn number<N: Copy + std::str::FromStr + PartialOrd + std::fmt::Display>(
    text: &str,
    least: N,
    most: N,
) -> Result<N, String> {
    match text.parse() {
        Ok(number) if number >= least && number <= most => Ok(number),
        _ => Err(format!("must be a whole number from {least} to {most}")),
    }
}

/// A header's name (RFC 9110 §5.1), in small letters.
pub(super) fn header_name(text: &str) -> Result<String, String> {
    let name = actix_web::http::header::HeaderName::from_bytes(text.as_bytes());
    name.map(|name| name.as_str().to_owned()).map_err(|_| "must be the name of a header such as CF-IPCountry".into())
}

/// Rungs with commas between them; each once, the lowest first.
pub(super) fn ladder(text: &str) -> Result<Vec<String>, String> {
    const MOST: usize = 8;
    let rungs: Vec<String> = text.split(',').map(|rung| rung.trim().to_owned()).collect();
    if rungs.len() > MOST { Err(format!("must be {MOST} rungs at most")) } else { Ok(rungs) }
}

pub(super) fn boolean(text: &str) -> Result<bool, String> {
    match text {
        "true" | "yes" | "1" => Ok(true),
        "false" | "no" | "0" => Ok(false),
        _ => Err("must be true or false".into()),
    }
}

pub(super) fn log_format(text: &str) -> Result<LogFormat, String> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err("must be text or json".into()),
    }
}

pub(super) fn log_filter(text: &str) -> Result<String, String> {
    match EnvFilter::try_new(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(cause) => Err(format!("must be a filter such as info,legato=debug: {cause}")),
    }
}

pub(super) fn postgres_url(text: &str) -> Result<String, String> {
    match text.parse::<tokio_postgres::Config>() {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err("must be a URL such as postgres://user:password@host/database".into()),
    }
}

pub(super) fn public_url(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match rest {
        Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']) => Ok(text.to_owned()),
        _ => Err("must be scheme and host without a path, such as https://music.example".into()),
    }
}

pub(super) fn secret_key(text: &str) -> Result<String, String> {
    if text.len() >= 32 { Ok(text.to_owned()) } else { Err("must hold at least 32 characters".into()) }
}

pub(super) fn days(text: &str) -> Result<Duration, String> {
    number(text, 1, 3650).map(|days: u64| Duration::from_secs(days * 24 * 3600))
}

/// Minutes of at most a day.
pub(super) fn minutes(text: &str) -> Result<Duration, String> {
    number(text, 1, 1440).map(|minutes: u64| Duration::from_secs(minutes * 60))
}

pub(super) fn hours(text: &str) -> Result<Duration, String> {
    number(text, 1, 8760).map(|hours: u64| Duration::from_secs(hours * 3600))
}

pub(super) fn registration(text: &str) -> Result<Registration, String> {
    match text {
        "open" => Ok(Registration::Open),
        "invitation" => Ok(Registration::Invitation),
        "closed" => Ok(Registration::Closed),
        _ => Err("must be open, invitation or closed".into()),
    }
}

/// Where another service is asked: http or https.
pub(super) fn service_url(text: &str) -> Result<String, String> {
    let url = Url::parse(text).ok().filter(|url| ["http", "https"].contains(&url.scheme()) && url.has_host());
    url.map(|_| text.to_owned()).ok_or_else(|| "must be an address such as https://example.org".into())
}

pub(super) fn strangers_hear(text: &str) -> Result<StrangersHear, String> {
    match text {
        "whole" => Ok(StrangersHear::Whole),
        "preview" => Ok(StrangersHear::Preview),
        "nothing" => Ok(StrangersHear::Nothing),
        _ => Err("must be whole, preview or nothing".into()),
    }
}

/// Networks or single addresses, with commas between them.
pub(super) fn networks(text: &str) -> Result<Vec<IpNet>, String> {
    let network = |text: &str| text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from));
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    let networks: Option<Vec<IpNet>> = parts.map(network).collect();
    networks.ok_or_else(|| "must be networks such as 10.0.0.0/8, 192.168.1.7, fd00::/8".into())
}

pub(super) fn redis_url(text: &str) -> Result<String, String> {
    match text.parse::<Url>() {
        Ok(url) if ["redis", "redis+unix", "unix"].contains(&url.scheme()) => Ok(text.to_owned()),
        _ => Err("must be a URL such as redis://user:password@host:6379/0".into()),
    }
}

pub(super) fn smtp_url(text: &str) -> Result<String, String> {
    match text.parse::<Url>() {
        Ok(url) if ["smtp", "smtps"].contains(&url.scheme()) && url.has_host() => Ok(text.to_owned()),
        _ => Err("must be a URL such as smtps://user:password@mail.example or smtp://localhost:25".into()),
    }
}

pub(super) fn mailbox(text: &str) -> Result<String, String> {
    match text.parse::<Mailbox>() {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err("must be a name and an address such as Legato <music@example.org>".into()),
    }
}
