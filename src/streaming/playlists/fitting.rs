//! Which tracks fit the rules of a playlist that fills itself. The statement is put together from the constants of this file;
//! every value travels beside it.

use std::collections::BTreeSet;
use std::fmt::Write;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::rules::{Rule, RuleField, RuleOrder, RuleTest, RuleValue, Rules, Sort};
use crate::platform::db::{Conn, composed};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, TrackId};

const LIKES: &str = "left join streaming.likes l on l.account_id = $1 and l.track_id = d.track_id";
const RATINGS: &str = "left join streaming.ratings s on s.account_id = $1 and s.track_id = d.track_id";
const SAVED: &str = "left join streaming.saved_releases v on v.account_id = $1 and v.release_id = d.release_id";
const PLAYED: &str = "left join (
        select track_id, count(*) as plays, max(started_at) as last_at from streaming.plays
        where account_id = $1 and qualified_at is not null group by track_id) h on h.track_id = d.track_id";

/// The tracks, in their order, as far as everybody may hear them.
pub(super) async fn list(
    conn: &mut Conn,
    rules: &Rules,
    viewer: Option<AccountId>,
    now: DateTime<Utc>,
) -> Result<Vec<TrackId>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = SqlUuid)]
        track_id: TrackId,
    }
    let (text, values) = statement(rules);
    let list = composed(text)
        .bind::<Nullable<SqlUuid>, _>(viewer)
        .bind::<Array<Text>, _>(values)
        .bind::<Timestamptz, _>(now)
        .bind::<BigInt, _>(i64::from(rules.limit));
    let rows: Vec<Row> = list.load(conn).await?;
    Ok(rows.into_iter().map(|row| row.track_id).collect())
}

/// The statement, and the values that it names by their number: `$1` is who looks, `$2` the values, `$3` now, `$4` how many.
fn statement(rules: &Rules) -> (String, Vec<String>) {
    let (mut values, mut joins, mut conditions) = (Vec::new(), BTreeSet::new(), Vec::new());
    for group in &rules.all_of {
        let mut alternatives = Vec::new();
        for rule in group {
            joins.extend(rule.field.join());
            values.push(rule.value.text());
            alternatives.push(rule.condition(values.len()));
        }
        conditions.push(format!("({})", alternatives.join(" or ")));
    }
    let (order, join) = rules.order.clause();
    joins.extend(join);
    let mut text = "select d.track_id from artists.described_tracks d".to_owned();
    for join in joins {
        // Writing to a string does not fail.
        let _ = write!(text, "\n{join}");
    }
    let conditions = conditions.join("\n  and ");
    let _ = write!(text, "\nwhere {conditions}\norder by {order}, d.track_id limit $4");
    (text, values)
}

impl RuleField {
    fn join(self) -> Option<&'static str> {
        match self {
            Self::Liked => Some(LIKES),
            Self::Saved => Some(SAVED),
            Self::Stars => Some(RATINGS),
            Self::OwnPlays | Self::LastPlayedAt => Some(PLAYED),
            _ => None,
        }
    }

    fn column(self) -> &'static str {
        match self {
            Self::Title => "d.title",
            Self::Artist => "d.artist_name",
            Self::Release => "d.release_title",
            Self::Genre => "d.genres",
            Self::Tag => "d.tags",
            Self::Language => "d.languages",
            Self::Kind => "d.release_kind",
            Self::Key => "d.musical_key",
            Self::Year => "d.year",
            Self::DurationMs => "d.duration_ms",
            Self::TempoBpm => "d.tempo_bpm",
            Self::LoudnessLufs => "d.loudness_lufs",
            Self::Plays => "d.plays",
            Self::PublishedAt => "d.published_at",
            Self::IsExplicit => "d.is_explicit",
            Self::Liked => "l.liked_at",
            Self::Saved => "v.saved_at",
            Self::Stars => "s.stars",
            Self::OwnPlays => "coalesce(h.plays, 0)",
            Self::LastPlayedAt => "h.last_at",
        }
    }
}

impl Rule {
    /// With the value that has this number.
    fn condition(&self, number: usize) -> String {
        let (column, mut value) = (self.field.column(), format!("($2::text[])[{number}]"));
        // Genres are kept in small letters.
        if self.field == RuleField::Genre {
            value = format!("lower({value})");
        }
        match (self.field.sort(), self.test) {
            (Sort::Text, RuleTest::Contains) => format!("position(lower({value}) in lower({column})) > 0"),
            (Sort::Text, RuleTest::StartsWith) => format!("starts_with(lower({column}), lower({value}))"),
            (Sort::Text | Sort::Word, RuleTest::IsNot) => {
                format!("lower({column}) is distinct from lower({value})")
            }
            (Sort::Text | Sort::Word, _) => format!("lower({column}) = lower({value})"),
            (Sort::Words, RuleTest::IsNot) => format!("not {column} ? {value}"),
            (Sort::Words, _) => format!("{column} ? {value}"),
            (Sort::Number, test) => {
                let sign = match test {
                    RuleTest::IsNot => "is distinct from",
                    RuleTest::AtLeast => ">=",
                    RuleTest::AtMost => "<=",
                    _ => "=",
                };
                format!("{column}::float8 {sign} {value}::float8")
            }
            (Sort::Moment, test) => {
                let since = format!("$3 - {value}::float8 * interval '1 day'");
                match test {
                    RuleTest::NotWithinDays => format!("({column} is null or {column} < {since})"),
                    _ => format!("{column} >= {since}"),
                }
            }
            (Sort::Flag, _) => self.flag(column),
        }
    }

    // Written out, so that PostgreSQL sees that what is not liked need not be looked at.
    fn flag(&self, column: &str) -> String {
        let wanted = self.value == RuleValue::Flag(true);
        match (self.field, wanted) {
            (RuleField::IsExplicit, true) => column.to_owned(),
            (RuleField::IsExplicit, false) => format!("not {column}"),
            (_, true) => format!("{column} is not null"),
            (_, false) => format!("{column} is null"),
        }
    }
}

impl RuleValue {
    fn text(&self) -> String {
        match self {
            Self::Flag(flag) => flag.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.clone(),
        }
    }
}

impl RuleOrder {
    fn clause(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Title => ("lower(d.title)", None),
            Self::Artist => ("lower(d.artist_name), lower(d.title)", None),
            Self::Newest => ("d.published_at desc", None),
            Self::Oldest => ("d.year, d.published_at", None),
            Self::Tempo => ("d.tempo_bpm nulls last", None),
            Self::Shortest => ("d.duration_ms", None),
            Self::Longest => ("d.duration_ms desc", None),
            Self::MostPlayed => ("d.plays desc", None),
            Self::LeastRecent => ("h.last_at nulls first", Some(PLAYED)),
            Self::Random => ("md5(d.track_id::text || ($3 at time zone 'UTC')::date::text)", None),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_stay_out_of_the_statement() {
        let rules: Rules = serde_json::from_value(json!({ "all_of": [
            [{ "field": "title", "test": "contains", "value": "'; drop table x; --" },
             { "field": "genre", "test": "is", "value": "jazz" }],
            [{ "field": "liked", "test": "is", "value": true }]] }))
        .expect("rules");
        let (text, values) = statement(&rules);
        assert!(!text.contains("drop table") && !text.contains("jazz"), "{text}");
        assert_eq!(values, ["'; drop table x; --", "jazz", "true"]);
        assert!(text.contains("l.liked_at is not null") && text.matches("left join").count() == 1, "{text}");
    }
}
