//! Names that people give: to themselves, and to what is theirs.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;

const MAX: usize = 64;

/// 1 to 64 characters in Unicode's form NFC, trimmed, with something to read in them: no control characters, and none that
/// turn the direction of writing, which make one name look like another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(value_type = String, min_length = 1, max_length = 64)]
pub(crate) struct Name(String);

impl Name {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Name {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let name: String = text.trim().nfc().collect();
        if !(1..=MAX).contains(&name.chars().count()) {
            return Err("A name has 1 to 64 characters.");
        }
        if name.chars().any(|letter| letter.is_control() || turns_text(letter)) {
            return Err("A name holds no control characters.");
        }
        if name.chars().all(is_invisible) {
            return Err("A name has something to read in it.");
        }
        Ok(Self(name))
    }
}

fn turns_text(letter: char) -> bool {
    matches!(letter, '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{61C}')
}

fn is_invisible(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(letter, '\u{AD}' | '\u{34F}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{200B}'..='\u{200D}'
            | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_what_people_can_read() {
        let long = "å".repeat(65);
        for bad in ["", "  ", "a\u{7}b", "a\r\nBcc: b", "\u{200B}\u{3164}", "abc\u{202E}fed", "\u{2067}abc", &long] {
            assert!(Name::try_from(bad.to_owned()).is_err(), "{bad:?}");
        }
        for good in ["Ada", "👩‍🎤 Nina", "מיכל", "<script>", "a"] {
            assert_eq!(Name::try_from(good.to_owned()).expect("a name").as_str(), good);
        }
        assert_eq!(Name::try_from(" e\u{301}tude ".to_owned()).expect("a name").as_str(), "étude");
        assert_eq!(Name::try_from("å".repeat(64)).expect("a name").as_str().chars().count(), 64);
    }
}
