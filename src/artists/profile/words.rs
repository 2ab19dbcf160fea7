//! Short texts of a profile: what a link is called, where an artist is at home, what it plays.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;

macro_rules! words {
    ($($(#[$about:meta])* $name:ident($max:tt) $what:literal $too_long:literal)+) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(try_from = "String")]
        #[schema(value_type = String, min_length = 1, max_length = $max)]
        pub(crate) struct $name(String);

        impl $name {
            const MAX: usize = $max;

            fn clean(text: &str) -> Result<String, &'static str> {
                let clean = text.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect::<String>();
                if !(1..=Self::MAX).contains(&clean.chars().count()) {
                    return Err($too_long);
                }
                if clean.chars().any(|letter| letter.is_control() || turns_text(letter)) {
                    return Err(concat!($what, " holds no control characters."));
                }
                Ok(clean)
            }
        }
    )+};
}

words! {
    /// What a link is called.
    LinkLabel(60) "A link's label" "A link's label has 1 to 60 characters."
    /// A city, a region, a country: as people write it.
    Place(100) "A place" "A place has 1 to 100 characters."
    /// A genre of an open list, in lower case.
    ArtistGenre(40) "A genre" "A genre has 1 to 40 characters."
}

impl TryFrom<String> for LinkLabel {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::clean(&text).map(Self)
    }
}

impl TryFrom<String> for Place {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::clean(&text).map(Self)
    }
}

impl Place {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ArtistGenre {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::clean(&text.to_lowercase()).map(Self)
    }
}

impl ArtistGenre {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

// Overrides and isolates of the writing direction: they make one name look like another.
fn turns_text(letter: char) -> bool {
    matches!(letter, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn genres_are_spelled_alike() {
        let genre = |text: &str| ArtistGenre::try_from(text.to_owned()).map(|genre| genre.0);
        assert_eq!(genre("  Drum   &\tBass "), Ok("drum & bass".into()));
        assert_eq!(genre("Chanson Franc\u{327}aise"), Ok("chanson française".into()));
        assert!(genre(" ").is_err() && genre(&"x".repeat(41)).is_err() && genre("a\u{7}b").is_err());
    }

    #[test]
    fn a_label_and_a_place_can_be_read() {
        assert!(LinkLabel::try_from("a\u{202E}b".to_owned()).is_err());
        assert!(LinkLabel::try_from("x".repeat(61)).is_err());
        assert!(Place::try_from("Reykjavík".to_owned()).is_ok() && Place::try_from(String::new()).is_err());
    }
}
