//! What people write of a playlist.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;

const MAX: usize = 2_000;

/// Up to 2,000 characters in Unicode's form NFC, without control characters but line breaks, trimmed. Shown as it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(value_type = String, max_length = 2000)]
pub(super) struct Description(String);

impl Description {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// The nearest description to a text that nobody has checked.
    pub(super) fn from_foreign(text: &str) -> Self {
        let clean: String = text.nfc().filter(|letter| *letter == '\n' || !is_no_text(*letter)).take(MAX).collect();
        Self(clean.trim().to_owned())
    }
}

impl TryFrom<String> for Description {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let text: String = text.replace("\r\n", "\n").trim().nfc().collect();
        let fits = text.chars().count() <= MAX && !text.chars().any(|letter| letter != '\n' && is_no_text(letter));
        if fits {
            Ok(Self(text))
        } else {
            Err("A description has at most 2,000 characters, and no control characters but line breaks.")
        }
    }
}

// Controls; and overrides and isolates of the writing direction, which make one text look like another.
fn is_no_text(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_has_lines_and_an_end() {
        assert_eq!(Description::try_from(" one\r\ntwo ".to_owned()).expect("valid").as_str(), "one\ntwo");
        assert_eq!(Description::try_from(String::new()).expect("valid"), Description::default());
        for bad in ["a\0b".to_owned(), "a\u{202E}b".to_owned(), "ä".repeat(2001)] {
            assert!(Description::try_from(bad.clone()).is_err(), "{bad}");
            assert!(Description::try_from(Description::from_foreign(&bad).0).is_ok());
        }
    }
}
