//! Where a request comes from. A forwarding header is believed only as far as proxies that the configuration trusts wrote it.

use std::future::{Ready, ready};
use std::net::{IpAddr, Ipv4Addr};

use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderMap, HeaderName};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use ipnet::{IpNet, Ipv6Net};

use super::Platform;
use super::error::Error;

/// What a provider hands to one customer of IPv6, who may take any address of it at any time.
const IPV6_CUSTOMER_BITS: u8 = 64;

/// The address of the client: the peer's, or, behind trusted proxies, the one that they saw. IPv4 in IPv6 is IPv4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ClientAddress(pub(crate) IpAddr);

impl FromRequest for ClientAddress {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}

impl ClientAddress {
    /// Who sent the request.
    pub(crate) fn of(request: &HttpRequest) -> Self {
        let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
        let platform = request.app_data::<Data<Platform>>();
        let trusted = platform.map_or(&[][..], |platform| &platform.config.trusted_proxies);
        Self(behind_proxies(peer, request.headers(), trusted))
    }

    /// What limits count by: an IPv4 address, or the /64 of an IPv6 address.
    pub(crate) fn limit_key(self) -> String {
        match self.0 {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => {
                Ipv6Net::new(address, IPV6_CUSTOMER_BITS).map_or(address.to_string(), |net| net.trunc().to_string())
            }
        }
    }
}

impl std::fmt::Display for ClientAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// The client behind `peer`. A proxy writes one of the two headers and may pass the other on as the client sent it:
/// where both are there and disagree, one is forged, and the proxy itself stands for whoever did that.
fn behind_proxies(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let peer = peer.to_canonical();
    if !is_trusted(peer, trusted) {
        return peer;
    }
    let walk = |name: HeaderName, read: fn(&str) -> Option<IpAddr>| {
        let is_there = headers.contains_key(&name);
        is_there.then(|| last_untrusted(peer, headers, &name, read, trusted))
    };
    match (walk(header::X_FORWARDED_FOR, in_x_forwarded_for), walk(header::FORWARDED, in_forwarded)) {
        (None, None) => peer,
        (Some(client), None) | (None, Some(client)) => client,
        (Some(one), Some(other)) if one == other => one,
        _ => peer,
    }
}

// From the right: each hop was written by the one to its right, which is trusted. Commas part hops even within quotes, so
// that a client's open quote swallows nothing of what a proxy wrote after it.
fn last_untrusted(
    peer: IpAddr,
    headers: &HeaderMap,
    name: &HeaderName,
    read: fn(&str) -> Option<IpAddr>,
    trusted: &[IpNet],
) -> IpAddr {
    let values: Vec<&str> = headers.get_all(name).map(|value| value.to_str().unwrap_or("")).collect();
    let mut last = peer;
    for hop in values.iter().rev().flat_map(|value| value.rsplit(',')) {
        match read(hop.trim()) {
            Some(address) if is_trusted(address, trusted) => last = address,
            Some(address) => return address,
            None => return last,
        }
    }
    last
}

/// Whether a peer is a proxy that is believed. IPv4 in IPv6 is IPv4.
pub(super) fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    let address = address.to_canonical();
    trusted.iter().any(|network| network.contains(&address))
}

fn in_x_forwarded_for(hop: &str) -> Option<IpAddr> {
    address(hop)
}

// RFC 7239 §4: `for=192.0.2.60;proto=http`, `For="[2001:db8::17]:4711"`.
fn in_forwarded(hop: &str) -> Option<IpAddr> {
    let mut nodes = hop.split(';').filter_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        name.eq_ignore_ascii_case("for").then_some(value)
    });
    let (node, None) = (nodes.next()?, nodes.next()) else { return None };
    let bare = node.strip_prefix('"').and_then(|node| node.strip_suffix('"')).unwrap_or(node);
    address(bare)
}

// `192.0.2.60`, `192.0.2.60:4711`, `2001:db8::17`, `[2001:db8::17]`, `[2001:db8::17]:4711`.
fn address(text: &str) -> Option<IpAddr> {
    let in_brackets = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok().map(IpAddr::V6);
    let with_port = || text.parse::<std::net::SocketAddr>().ok().map(|address| address.ip());
    let parsed = text.parse::<IpAddr>().ok().or_else(in_brackets).or_else(with_port);
    parsed.map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    const XFF: &str = "x-forwarded-for";

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    /// The client behind 127.0.0.1, where that and 10.0.0.0/8 are trusted.
    fn client(headers: &[(&'static str, &str)]) -> String {
        let trusted = ["127.0.0.1/32".parse().expect("a network"), "10.0.0.0/8".parse().expect("a network")];
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::from_static(name), HeaderValue::from_bytes(value.as_bytes()).expect("a value"));
        }
        behind_proxies(ip("127.0.0.1"), &map, &trusted).to_string()
    }

    #[test]
    fn without_a_trusted_proxy_headers_say_nothing() {
        let mut headers = HeaderMap::new();
        headers.append(header::X_FORWARDED_FOR, HeaderValue::from_static("192.0.2.7"));
        headers.append(header::FORWARDED, HeaderValue::from_static("for=192.0.2.7"));
        for (peer, is) in [("198.51.100.1", "198.51.100.1"), ("::ffff:198.51.100.1", "198.51.100.1"), ("::1", "::1")] {
            assert_eq!(behind_proxies(ip(peer), &headers, &[]), ip(is));
            assert_eq!(behind_proxies(ip(peer), &headers, &["127.0.0.1/32".parse().expect("a network")]), ip(is));
        }
    }

    #[test]
    fn a_trusted_peer_may_be_written_as_ipv6() {
        let headers = HeaderMap::from_iter([(header::X_FORWARDED_FOR, HeaderValue::from_static("192.0.2.7"))]);
        let trusted = ["127.0.0.1/32".parse().expect("a network")];
        assert_eq!(behind_proxies(ip("::ffff:127.0.0.1"), &headers, &trusted), ip("192.0.2.7"));
    }

    #[test]
    fn the_right_most_hop_that_is_no_proxy_is_the_client() {
        assert_eq!(client(&[]), "127.0.0.1");
        assert_eq!(client(&[(XFF, "192.0.2.7")]), "192.0.2.7");
        assert_eq!(client(&[(XFF, "1.1.1.1, 192.0.2.7")]), "192.0.2.7", "what the client itself sent is to the left");
        assert_eq!(client(&[(XFF, "1.1.1.1,192.0.2.7, 10.1.2.3 ,10.0.0.1")]), "192.0.2.7");
        assert_eq!(client(&[(XFF, "1.1.1.1"), (XFF, "192.0.2.7"), (XFF, "10.0.0.1")]), "192.0.2.7");
        assert_eq!(client(&[(XFF, "10.0.0.9, 10.0.0.1")]), "10.0.0.9", "a client within a trusted network");
        assert_eq!(client(&[("forwarded", "for=1.1.1.1, For=192.0.2.7;proto=https;by=10.0.0.1")]), "192.0.2.7");
        assert_eq!(
            client(&[("forwarded", "for=1.1.1.1"), ("forwarded", "proto=http; for=\"10.0.0.1:80\"")]),
            "1.1.1.1"
        );
    }

    #[test]
    fn an_address_is_read_in_every_form() {
        for form in ["2001:db8::17", "[2001:db8::17]", "[2001:db8::17]:4711"] {
            assert_eq!(client(&[(XFF, form)]), "2001:db8::17");
            assert_eq!(client(&[("forwarded", &format!("for=\"{form}\""))]), "2001:db8::17");
        }
        for form in ["192.0.2.7", "192.0.2.7:4711", "::ffff:192.0.2.7", "[::ffff:192.0.2.7]:1"] {
            assert_eq!(client(&[(XFF, form)]), "192.0.2.7");
        }
    }

    #[test]
    fn behind_garbage_stands_the_proxy_that_let_it_through() {
        for garbage in ["", "unknown", "1.1.1.1, x", "192.0.2.7 192.0.2.8", "1.1.1.1,,", "\u{e9}", "fe80::1%eth0"] {
            assert_eq!(client(&[(XFF, garbage)]), "127.0.0.1", "{garbage}");
        }
        assert_eq!(client(&[(XFF, "1.1.1.1, x, 10.0.0.1")]), "10.0.0.1");
        for garbage in
            ["for=unknown", "for=_hidden", "by=192.0.2.7", "for=", "for=1.1.1.1;for=2.2.2.2", "for=\"1.1.1.1"]
        {
            assert_eq!(client(&[("forwarded", garbage)]), "127.0.0.1", "{garbage}");
        }
    }

    #[test]
    fn a_header_that_the_proxy_did_not_write_moves_nobody() {
        assert_eq!(client(&[(XFF, "192.0.2.7"), ("forwarded", "for=1.1.1.1")]), "127.0.0.1");
        assert_eq!(client(&[(XFF, "192.0.2.7"), ("forwarded", "for=192.0.2.7")]), "192.0.2.7");
        assert_eq!(client(&[("forwarded", "for=\", for=192.0.2.7")]), "192.0.2.7", "an open quote swallows nothing");
    }

    #[test]
    fn limits_take_a_customer_of_ipv6_for_one() {
        let key = |text| ClientAddress(ip(text)).limit_key();
        assert_eq!(key("192.0.2.7"), "192.0.2.7");
        assert_eq!(key("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff::"));
        assert_ne!(key("2001:db8:1:3::1"), key("2001:db8:1:2::1"));
    }
}
