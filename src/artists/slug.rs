//! Slugs: the name in an artist's address.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use utoipa::ToSchema;
use uuid::Uuid;

const MAX: usize = 64;

/// 1 to 64 of `a-z`, `0-9` and `-`, not at either end; never the form of a UUID.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(value_type = String, min_length = 1, max_length = 64, pattern = "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$")]
pub(crate) struct Slug(String);

impl Slug {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// A slug made from a name: accents dropped, everything else that is not plain a dash.
    pub(super) fn from_name(name: &str) -> Self {
        let letters = name.nfd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase);
        let dashed: String = letters.map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect();
        let words: Vec<&str> = dashed.split('-').filter(|word| !word.is_empty()).collect();
        let slug: String = words.join("-").chars().take(MAX - 9).collect();
        Self::try_from(slug.trim_end_matches('-').to_owned()).unwrap_or_else(|_| Self("artist".into()).with_suffix())
    }

    /// The same with a random end, for a name that somebody has already.
    pub(super) fn with_suffix(&self) -> Self {
        let random = Uuid::new_v4().simple().to_string();
        Self(format!("{}-{}", self.0, &random[..8]))
    }
}

impl TryFrom<String> for Slug {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let bytes = text.as_bytes();
        if !(1..=MAX).contains(&bytes.len()) {
            return Err("An address has 1 to 64 characters.");
        }
        if !bytes.iter().all(|byte| is_plain(*byte) || *byte == b'-') {
            return Err("An address holds only a-z, 0-9 and -.");
        }
        if bytes[0] == b'-' || bytes[bytes.len() - 1] == b'-' {
            return Err("An address neither begins nor ends with -.");
        }
        if Uuid::parse_str(&text).is_ok() {
            return Err("An address must not look like an id.");
        }
        Ok(Self(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_an_address() {
        assert_eq!(Slug::from_name("Sigur Rós & Friends").as_str(), "sigur-ros-friends");
        assert_eq!(Slug::from_name("  --A--  ").as_str(), "a");
        assert!(Slug::from_name("北の山").as_str().starts_with("artist-"));
        assert!(Slug::from_name(&"x".repeat(500)).as_str().len() <= MAX);
        assert!(Slug::from_name("0190b2f0-c0de-7000-8000-00000000cafe").as_str().starts_with("artist-"));
    }
}
