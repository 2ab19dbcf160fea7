//! Texts that people write: a line, or a page of lines.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;

/// 1 to 200 characters in Unicode's form NFC, without control characters, trimmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(value_type = String, min_length = 1, max_length = 200)]
pub(crate) struct Line(String);

impl Line {
    pub(in crate::artists) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Line {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let text =
            clean(&text, 200, |_| false).ok_or("A line here has 1 to 200 characters, and no control characters.")?;
        Ok(Self(text))
    }
}

/// 1 to 20,000 characters in Unicode's form NFC, without control characters but line breaks, trimmed. Shown as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(value_type = String, min_length = 1, max_length = 20000)]
pub(crate) struct LinerNotes(String);

impl TryFrom<String> for LinerNotes {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let text = text.replace("\r\n", "\n");
        let text = clean(&text, 20_000, |letter| letter == '\n');
        Ok(Self(text.ok_or("A text here has 1 to 20,000 characters, and no control characters but line breaks.")?))
    }
}

/// The text as it is kept; `None` where it has no characters, too many, or some that it may not have.
pub(super) fn clean(text: &str, most: usize, may_control: fn(char) -> bool) -> Option<String> {
    let text: String = text.trim().nfc().collect();
    let fits = (1..=most).contains(&text.chars().count());
    (fits && !text.chars().any(|letter| misleads(letter) || (letter.is_control() && !may_control(letter))))
        .then_some(text)
}

// Overrides and isolates of the writing direction: they make one text look like another.
fn misleads(letter: char) -> bool {
    matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_and_a_page_has_many() {
        assert_eq!(Line::try_from(" e\u{301}ditions ".to_owned()).expect("a line").0, "éditions");
        assert_eq!(LinerNotes::try_from("one\r\ntwo\n".to_owned()).expect("a page").0, "one\ntwo");
        for bad in [" ", "a\nb", "a\u{202E}b", &"å".repeat(201)] {
            assert!(Line::try_from(bad.to_owned()).is_err(), "{bad:?}");
        }
        for bad in ["\n", "a\u{7}b", &"å".repeat(20_001)] {
            assert!(LinerNotes::try_from(bad.to_owned()).is_err(), "{bad:?}");
        }
    }
}
