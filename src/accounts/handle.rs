//! Handles: the name in an account's address.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// 2 to 32 of `a-z`, `0-9`, `-` and `_`, beginning and ending with a letter or digit; never the form of a UUID.
/// Upper case is taken as lower case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(value_type = String, min_length = 2, max_length = 32, pattern = "^[a-zA-Z0-9]([a-zA-Z0-9_-]*[a-zA-Z0-9])$")]
pub(crate) struct Handle(String);

impl Handle {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Handle {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let handle = text.trim().to_ascii_lowercase();
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let bytes = handle.as_bytes();
        if !(2..=32).contains(&bytes.len()) {
            return Err("A handle has 2 to 32 characters.");
        }
        if !bytes.iter().all(|byte| is_plain(*byte) || matches!(byte, b'-' | b'_')) {
            return Err("A handle holds only letters a-z, digits, - and _.");
        }
        if !is_plain(bytes[0]) || !is_plain(bytes[bytes.len() - 1]) {
            return Err("A handle begins and ends with a letter or a digit.");
        }
        // Paths take a handle or an id in the same place.
        if Uuid::parse_str(&handle).is_ok() {
            return Err("A handle must not look like an id.");
        }
        Ok(Self(handle))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_is_plain_and_in_lower_case() {
        assert_eq!(Handle::try_from("Nina_S".to_owned()).expect("valid").as_str(), "nina_s");
        let uuid = "0190b2f0c0de7000800000000000cafe";
        for bad in ["", "a", "-nina", "nina-", "ni na", "nïna", "a".repeat(33).as_str(), uuid, "a/b", "a\0b"] {
            assert!(Handle::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
