//! E-mail addresses.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::mail;

/// An address with one `@`, up to 254 characters (RFC 5321 §4.5.3.1), in lower case. Whether it works, only a mail to it tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(value_type = String, format = Email, min_length = 3, max_length = 254)]
pub(crate) struct Email(String);

impl Email {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Email {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let address = text.trim().to_lowercase();
        let is_whole = match address.rsplit_once('@') {
            Some((local, host)) => !local.is_empty() && local.len() <= 64 && is_host(host),
            None => false,
        };
        let is_clean =
            address.len() <= 254 && !address.chars().any(|letter| letter.is_whitespace() || letter.is_control());
        if is_whole && is_clean && mail::can_address(&address) {
            Ok(Self(address))
        } else {
            Err("This is not an e-mail address.")
        }
    }
}

fn is_host(host: &str) -> bool {
    !host.is_empty() && !host.contains("..") && !host.starts_with('.') && !host.ends_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_name_and_a_host() {
        assert_eq!(Email::try_from(" Nina@Example.org ".to_owned()).expect("valid").as_str(), "nina@example.org");
        for bad in [
            "",
            "nina",
            "@example.org",
            "nina@",
            "ni na@example.org",
            "nina@example..org",
            "a@b\r\nBcc: c@d",
            "a@b@example.org",
            "a,b@example.org",
            "<a@example.org>",
        ] {
            assert!(Email::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
