//! Which addresses belong to the public internet. Everything else may be this machine, its network or its cloud's
//! metadata, and is no business of who gave a URL.

use std::fmt::Debug;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;
use std::sync::LazyLock;

use ipnet::{Ipv4Net, Ipv6Net};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// The special-purpose registry of IANA (RFC 6890 and its updates), and multicast.
static SPECIAL_V4: LazyLock<Vec<Ipv4Net>> = LazyLock::new(|| {
    networks(
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 \
         192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4",
    )
});

/// Global unicast …
static GLOBAL_V6: LazyLock<Vec<Ipv6Net>> = LazyLock::new(|| networks("2000::/3"));

/// … but for what is the protocols' own (Teredo), for documentation, and for 6to4, which leads to any IPv4 address.
static SPECIAL_V6: LazyLock<Vec<Ipv6Net>> = LazyLock::new(|| networks("2001::/23 2001:db8::/32 2002::/16 3fff::/20"));

/// Where an IPv6-only network finds IPv4 (RFC 6052).
static NAT64: LazyLock<Vec<Ipv6Net>> = LazyLock::new(|| networks("64:ff9b::/96"));

fn networks<N: FromStr<Err: Debug>>(list: &str) -> Vec<N> {
    list.split_whitespace().map(|network| network.parse().expect("a network")).collect()
}

/// Resolves names to public addresses alone, so that what was judged is what is connected to.
pub(super) struct PublicOnly;

#[derive(Debug)]
struct NotPublic;

impl std::fmt::Display for NotPublic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the name has no public address")
    }
}

impl std::error::Error for NotPublic {}

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() { Err(NotPublic.into()) } else { Ok(Box::new(public.into_iter()) as Addrs) }
        })
    }
}

/// Whether a request failed because of [`PublicOnly`].
pub(super) fn was_refused(failure: &reqwest::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(failure);
    while let Some(error) = cause {
        if error.is::<NotPublic>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// Whether a URL names a public address or a name (which [`PublicOnly`] judges), and no user. Decimal, octal and short
/// forms of an address were read by the parser of the URL.
pub(super) fn names_a_public_host(url: &Url) -> bool {
    let is_public = match url.host() {
        Some(Host::Ipv4(address)) => is_public(address.into()),
        Some(Host::Ipv6(address)) => is_public(address.into()),
        Some(Host::Domain(_)) => true,
        None => false,
    };
    is_public && url.username().is_empty() && url.password().is_none()
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !SPECIAL_V4.iter().any(|network| network.contains(&address))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let is_in = |networks: &[Ipv6Net]| networks.iter().any(|network| network.contains(&address));
    match address.to_ipv4_mapped() {
        Some(inner) => is_public_v4(inner),
        None if is_in(&NAT64) => is_public_v4(last_four_bytes(address)),
        None => is_in(&GLOBAL_V6) && !is_in(&SPECIAL_V6),
    }
}

fn last_four_bytes(address: Ipv6Addr) -> Ipv4Addr {
    let [.., a, b, c, d] = address.octets();
    Ipv4Addr::new(a, b, c, d)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_on_the_internet_is_public() {
        for address in ["1.1.1.1", "192.0.1.1", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"] {
            assert!(is_public(address.parse().expect("an address")), "{address}");
        }
    }

    #[test]
    fn what_is_near_or_special_is_not() {
        for address in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2001:0:7f00:1::",
            "2001:db8::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "ff02::1",
        ] {
            assert!(!is_public(address.parse().expect("an address")), "{address}");
        }
    }
}
