//! What somebody typed, as a text search query of PostgreSQL.

use super::fold::{fold, words};

/// Words of a query that count.
const MAX_WORDS: usize = 12;

/// A query: words that must be there, the last one perhaps unfinished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Query {
    pub(super) words: Vec<String>,
    /// Whether the last word is still being typed.
    is_open: bool,
}

impl Query {
    /// `None` where the text holds no words.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let words: Vec<String> = words(text).into_iter().take(MAX_WORDS).map(|word| word.text).collect();
        let is_open = text.chars().next_back().is_some_and(|letter| !letter.is_whitespace());
        (!words.is_empty()).then_some(Self { words, is_open })
    }

    /// The same with other words.
    pub(super) fn with(&self, words: Vec<String>) -> Self {
        Self { words, ..self.clone() }
    }

    /// As `tsquery`: all words, the last one as a beginning. Words hold letters and digits only, so that quotes suffice.
    pub(super) fn tsquery(&self) -> String {
        let last = self.words.len() - 1;
        let term = |(at, word): (usize, &String)| {
            let prefix = if at == last && self.is_open { ":*" } else { "" };
            format!("'{word}'{prefix}")
        };
        self.words.iter().enumerate().map(term).collect::<Vec<_>>().join(" & ")
    }

    /// The whole text, folded: for titles that begin like it.
    pub(super) fn folded(&self) -> String {
        self.words.join(" ")
    }

    /// Whether a word of a document is meant.
    pub(super) fn matches(&self, word: &str) -> bool {
        let last = self.words.len() - 1;
        let fits = |(at, typed): (usize, &String)| {
            if at == last && self.is_open { word.starts_with(typed.as_str()) } else { word == typed }
        };
        self.words.iter().enumerate().any(fits)
    }
}

/// The folded title of a document, as [`Query::folded`] compares it.
pub(super) fn folded_title(title: &str) -> String {
    let words: Vec<String> = words(title).into_iter().map(|word| word.text).collect();
    if words.is_empty() { fold(title) } else { words.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_may_be_unfinished() {
        assert_eq!(Query::parse("North Mou").expect("words").tsquery(), "'north' & 'mou':*");
        assert_eq!(Query::parse("North Mountain ").expect("words").tsquery(), "'north' & 'mountain'");
        assert!(Query::parse(" — !! ").is_none());
    }

    #[test]
    fn what_looks_like_an_operator_is_not_one() {
        assert_eq!(Query::parse("a') | b:* & !c").expect("words").tsquery(), "'a' & 'b' & 'c':*");
    }
}
