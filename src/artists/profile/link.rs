//! Links from an artist's profile to pages elsewhere.

use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;

use super::words::LinkLabel;

const MAX_BYTES: usize = 2000;

/// A link and what it is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Link {
    pub(super) label: LinkLabel,
    pub(super) url: WebAddress,
}

/// An address that begins with `https://` and a host's name, of at most 2,000 bytes; without a user's name, which would make
/// one host look like another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(value_type = String, max_length = 2000, pattern = "^https://")]
pub(crate) struct WebAddress(String);

impl TryFrom<String> for WebAddress {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let url = Url::parse(text.trim()).map_err(|_| "A link is a whole address: https://…")?;
        if url.scheme() != "https" {
            return Err("A link begins with https://.");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("A link holds no user's name and no password.");
        }
        if !url.domain().is_some_and(|host| host.trim_end_matches('.').contains('.')) {
            return Err("A link leads to a host with a name.");
        }
        let text = String::from(url);
        if text.len() > MAX_BYTES { Err("A link has at most 2,000 characters.") } else { Ok(Self(text)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_a_page_of_somebody() {
        let parse = |text: &str| WebAddress::try_from(text.to_owned()).map(|address| address.0);
        assert_eq!(parse(" HTTPS://Nina.Example/a b ").expect("valid"), "https://nina.example/a%20b");
        let long = format!("https://nina.example/{}", "x".repeat(2000));
        for bad in [
            "",
            "nina.example",
            "http://nina.example",
            "javascript:alert(1)",
            "https://localhost/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://bank.example@evil.example/",
            "//nina.example",
            "ftp://nina.example",
            &long,
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
