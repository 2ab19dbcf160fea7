//! In which country a request was made, as far as a proxy in front says so.

use std::future::{Ready, ready};
use std::net::IpAddr;

use actix_web::dev::Payload;
use actix_web::http::header::HeaderMap;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};

use super::Platform;
use super::client;
use super::config::Config;
use super::error::Error;

/// Where a listener is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Country {
    /// Nobody is asked: no header is configured (`country_header`).
    Unasked,
    /// A proxy is asked, and does not know: it says nothing, or something that is no country, or the request came past it.
    Unknown,
    /// Two letters (ISO 3166-1).
    Known(String),
}

impl FromRequest for Country {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}

impl Country {
    fn of(request: &HttpRequest) -> Self {
        let config = request.app_data::<Data<Platform>>().map(|platform| &platform.config);
        let peer = request.peer_addr().map(|peer| peer.ip());
        config.map_or(Self::Unasked, |config| Self::told(config, peer, request.headers()))
    }

    /// What the headers of a request from `peer` say.
    pub(crate) fn told(config: &Config, peer: Option<IpAddr>, headers: &HeaderMap) -> Self {
        let Some(header) = config.country_header.as_deref() else { return Self::Unasked };
        let is_believed = peer.is_some_and(|peer| client::is_trusted(peer, &config.trusted_proxies));
        if is_believed { Self::said(headers, header) } else { Self::Unknown }
    }

    // A proxy that appends leaves what the client said before its own word; so more than one word is none.
    fn said(headers: &HeaderMap, name: &str) -> Self {
        let mut values = headers.get_all(name).map(|value| value.to_str().unwrap_or_default().trim());
        match (values.next(), values.next()) {
            // Proxies say `XX` or `ZZ` of somewhere unknown; the standard gives neither to a country.
            (Some(code), None) if code.len() == 2 && code.bytes().all(|letter| letter.is_ascii_alphabetic()) => {
                match code.to_ascii_uppercase() {
                    code if code == "XX" || code == "ZZ" => Self::Unknown,
                    code => Self::Known(code),
                }
            }
            _ => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn said(values: &[&'static str]) -> Country {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(HeaderName::from_static("cf-ipcountry"), HeaderValue::from_static(value));
        }
        Country::said(&headers, "cf-ipcountry")
    }

    #[test]
    fn a_country_is_one_word_of_two_letters() {
        assert_eq!(said(&["DE"]), Country::Known("DE".into()));
        assert_eq!(said(&[" de "]), Country::Known("DE".into()));
        for unknown in [&[] as &[_], &[""], &["XX"], &["T1"], &["DEU"], &["DE, US"], &["DE", "US"], &["DE", "DE"]] {
            assert_eq!(said(unknown), Country::Unknown, "{unknown:?}");
        }
    }
}
