//! Titles and names, as people write them.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;

const MAX: usize = 200;

/// 1 to 200 characters in Unicode's form NFC, without control characters, trimmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(value_type = String, min_length = 1, max_length = 200)]
pub(crate) struct Title(String);

impl Title {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The nearest title to a text that nobody has checked: a tag, a file's name. `None` where nothing is left.
    pub(super) fn from_foreign(text: &str) -> Option<Self> {
        let clean: String = text.nfc().filter(|letter| !letter.is_control() && !turns_text(*letter)).collect();
        let short: String = clean.trim().chars().take(MAX).collect();
        Self::try_from(short).ok()
    }

    /// A file's name as a title: without its ending and its folder, underscores as spaces.
    pub(super) fn from_filename(name: &str) -> Option<Self> {
        let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem);
        Self::from_foreign(&stem.replace('_', " "))
    }
}

impl TryFrom<String> for Title {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let title: String = text.trim().nfc().collect();
        if !(1..=MAX).contains(&title.chars().count()) {
            return Err("A title has 1 to 200 characters.");
        }
        if title.chars().any(|letter| letter.is_control() || turns_text(letter)) {
            return Err("A title holds no control characters.");
        }
        if title.chars().all(is_invisible) {
            return Err("A title has something to read in it.");
        }
        Ok(Self(title))
    }
}

// Overrides and isolates of the writing direction: they make one name look like another.
fn turns_text(letter: char) -> bool {
    matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn is_invisible(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(letter, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_what_people_can_read() {
        assert!(Title::try_from("  ".to_owned()).is_err());
        assert!(Title::try_from("a\u{7}b".to_owned()).is_err());
        assert!(Title::try_from("\u{200B}".to_owned()).is_err());
        assert!(Title::try_from("abc\u{202E}fed".to_owned()).is_err());
        assert!(Title::try_from("å".repeat(201)).is_err());
        assert_eq!(Title::try_from(" e\u{301}tude ".to_owned()).expect("valid").as_str(), "étude");
    }

    #[test]
    fn a_file_name_is_a_first_title() {
        assert_eq!(Title::from_filename("C:\\music\\03_Slow_Train.flac").expect("a title").as_str(), "03 Slow Train");
        assert!(Title::from_filename("\0\0").is_none());
    }
}
