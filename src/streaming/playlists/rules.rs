//! The rules by which a playlist fills itself.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::db::named;

const MOST_GROUPS: usize = 20;
const MOST_ALTERNATIVES: usize = 20;
const MOST_TRACKS: u32 = 1000;
const MAX_TEXT: usize = 200;
const MOST_DAYS: f64 = 36_500.0;

named! {
    /// What a rule looks at. What is the listener's (`liked`, `saved`, `stars`, `own_plays`, `last_played_at`) is that of whoever
    /// looks at the playlist.
    pub(crate) enum RuleField {
        Title = "title",
        Artist = "artist",
        Release = "release",
        Genre = "genre",
        Tag = "tag",
        /// A language's tag (BCP 47).
        Language = "language",
        /// The release's: `album`, `ep` …
        Kind = "kind",
        /// `A minor`, `F# major` …
        Key = "key",
        Year = "year",
        DurationMs = "duration_ms",
        TempoBpm = "tempo_bpm",
        LoudnessLufs = "loudness_lufs",
        /// How often anybody played it.
        Plays = "plays",
        PublishedAt = "published_at",
        IsExplicit = "explicit",
        Liked = "liked",
        /// Whether its release is.
        Saved = "saved",
        Stars = "stars",
        OwnPlays = "own_plays",
        LastPlayedAt = "last_played_at",
    }
}

named! {
    /// What is asked of it.
    pub(crate) enum RuleTest {
        Is = "is",
        IsNot = "is_not",
        Contains = "contains",
        StartsWith = "starts_with",
        AtLeast = "at_least",
        AtMost = "at_most",
        /// Of a moment: within so many days before now.
        WithinDays = "within_days",
        /// Longer ago than that, or never.
        NotWithinDays = "not_within_days",
    }
}

named! {
    /// In which order the tracks come, and which are left out where there are too many.
    pub(crate) enum RuleOrder {
        Title = "title",
        Artist = "artist",
        Newest = "newest",
        Oldest = "oldest",
        Tempo = "tempo",
        Shortest = "shortest",
        Longest = "longest",
        MostPlayed = "most_played",
        /// By the listener: what they have not played for longest, or never.
        LeastRecent = "least_recent",
        /// Another every day.
        Random = "random",
    }
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// A name, without regard to case.
    Text,
    /// Some of a set of words.
    Words,
    /// One of a set of words.
    Word,
    Number,
    Moment,
    Flag,
}

/// What a rule compares with: a text, a number or a yes or no, as the field has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum RuleValue {
    Flag(bool),
    Number(f64),
    Text(String),
}

/// One rule: what of a track is how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    pub(super) field: RuleField,
    pub(super) test: RuleTest,
    pub(super) value: RuleValue,
}

/// How a playlist fills itself: with what everybody may hear and is as the rules say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "Told")]
pub(crate) struct Rules {
    /// Each of these lists has a rule that fits: 1 to 20 lists of 1 to 20 rules.
    pub(super) all_of: Vec<Vec<Rule>>,
    pub(super) order: RuleOrder,
    /// So many tracks at the most.
    #[schema(minimum = 1, maximum = 1000)]
    pub(super) limit: u32,
}

/// The same as it comes in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    all_of: Vec<Vec<Rule>>,
    #[serde(default = "newest")]
    order: RuleOrder,
    #[serde(default = "hundred")]
    limit: u32,
}

fn newest() -> RuleOrder {
    RuleOrder::Newest
}

fn hundred() -> u32 {
    100
}

impl TryFrom<Told> for Rules {
    type Error = String;

    fn try_from(Told { all_of, order, limit }: Told) -> Result<Self, Self::Error> {
        if !(1..=MOST_TRACKS).contains(&limit) {
            return Err("limit: 1 to 1,000 tracks.".to_owned());
        }
        if !(1..=MOST_GROUPS).contains(&all_of.len()) {
            return Err("all_of: 1 to 20 lists of rules.".to_owned());
        }
        for (number, group) in all_of.iter().enumerate() {
            if !(1..=MOST_ALTERNATIVES).contains(&group.len()) {
                return Err(format!("all_of[{number}]: 1 to 20 rules, of which one has to fit."));
            }
            for (place, rule) in group.iter().enumerate() {
                rule.check().map_err(|problem| format!("all_of[{number}][{place}]: {problem}"))?;
            }
        }
        Ok(Self { all_of, order, limit })
    }
}

impl RuleField {
    pub(super) fn sort(self) -> Sort {
        match self {
            Self::Title | Self::Artist | Self::Release => Sort::Text,
            Self::Genre | Self::Tag | Self::Language => Sort::Words,
            Self::Kind | Self::Key => Sort::Word,
            Self::Year
            | Self::DurationMs
            | Self::TempoBpm
            | Self::LoudnessLufs
            | Self::Plays
            | Self::Stars
            | Self::OwnPlays => Sort::Number,
            Self::PublishedAt | Self::LastPlayedAt => Sort::Moment,
            Self::IsExplicit | Self::Liked | Self::Saved => Sort::Flag,
        }
    }
}

impl Rule {
    fn check(&self) -> Result<(), String> {
        use RuleTest::{AtLeast, AtMost, Contains, Is, IsNot, NotWithinDays, StartsWith, WithinDays};
        let name = self.field.name();
        let (tests, takes): (&[RuleTest], _) = match self.field.sort() {
            Sort::Text => (&[Is, IsNot, Contains, StartsWith], "a text of 1 to 200 characters"),
            Sort::Words | Sort::Word => (&[Is, IsNot], "a text of 1 to 200 characters"),
            Sort::Number => (&[Is, IsNot, AtLeast, AtMost], "a number"),
            Sort::Moment => (&[WithinDays, NotWithinDays], "a number of days, 0 to 36,500"),
            Sort::Flag => (&[Is], "true or false"),
        };
        if !tests.contains(&self.test) {
            let names: Vec<&str> = tests.iter().map(|test| test.name()).collect();
            return Err(format!("of {name} one asks {}.", names.join(", ")));
        }
        let fits = match (self.field.sort(), &self.value) {
            (Sort::Text | Sort::Words | Sort::Word, RuleValue::Text(text)) => {
                (1..=MAX_TEXT).contains(&text.chars().count()) && !text.contains('\0')
            }
            (Sort::Number, RuleValue::Number(number)) => number.is_finite(),
            (Sort::Moment, RuleValue::Number(days)) => (0.0..=MOST_DAYS).contains(days),
            (Sort::Flag, RuleValue::Flag(_)) => true,
            _ => false,
        };
        if fits { Ok(()) } else { Err(format!("{name} takes {takes}.")) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn problem(rules: Value) -> String {
        serde_json::from_value::<Rules>(rules).expect_err("no rules").to_string()
    }

    #[test]
    fn rules_are_read_as_they_are_written() {
        let rules = json!({
            "all_of": [[{ "field": "genre", "test": "is", "value": "jazz" }, { "field": "liked", "test": "is", "value": true }],
                       [{ "field": "tempo_bpm", "test": "at_least", "value": 90.5 }]],
            "order": "tempo", "limit": 7
        });
        let read: Rules = serde_json::from_value(rules.clone()).expect("rules");
        assert_eq!(serde_json::to_value(&read).expect("JSON"), rules);
        let short: Rules = serde_json::from_value(json!({ "all_of": rules["all_of"] })).expect("rules");
        assert_eq!((short.order, short.limit), (RuleOrder::Newest, 100));
    }

    #[test]
    fn what_makes_no_sense_is_told_by_its_place() {
        let one = |field: &str, test: &str, value: Value| json!({ "all_of": [[{ "field": "title", "test": "is", "value": "x" }], [{ "field": field, "test": test, "value": value }]] });
        for (rules, wanted) in [
            (
                one("tempo_bpm", "contains", json!(1)),
                "all_of[1][0]: of tempo_bpm one asks is, is_not, at_least, at_most.",
            ),
            (one("tempo_bpm", "is", json!("fast")), "all_of[1][0]: tempo_bpm takes a number."),
            (one("liked", "is", json!(1)), "all_of[1][0]: liked takes true or false."),
            (
                one("published_at", "within_days", json!(-1)),
                "all_of[1][0]: published_at takes a number of days, 0 to 36,500.",
            ),
            (one("genre", "is", json!("")), "all_of[1][0]: genre takes a text of 1 to 200 characters."),
            (one("title", "is", json!("a\0b")), "all_of[1][0]: title takes a text of 1 to 200 characters."),
            (one("password", "is", json!("x")), "unknown variant `password`"),
            (json!({ "all_of": [] }), "all_of: 1 to 20 lists of rules."),
            (json!({ "all_of": [[]] }), "all_of[0]: 1 to 20 rules, of which one has to fit."),
            (
                json!({ "all_of": [[{ "field": "title", "test": "is", "value": "x" }]], "limit": 1001 }),
                "limit: 1 to 1,000 tracks.",
            ),
        ] {
            assert!(problem(rules.clone()).contains(wanted), "{rules}: {}", problem(rules.clone()));
        }
    }
}
