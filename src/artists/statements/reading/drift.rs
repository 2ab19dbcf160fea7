//! What a header has that a known layout has not, and the other way round.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One way in which a file's header is not the one that its layout has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Difference {
    /// A column that is expected and not there.
    Missing { column: String },
    /// A column that nobody knows.
    New { column: String, at: usize },
    /// At the place of a column that is expected, another one that nobody knows.
    Renamed { from: String, to: String, at: usize },
    /// All are there, but this one is elsewhere.
    Moved { column: String, expected_at: usize, at: usize },
}

impl Difference {
    /// In words; columns count from 1.
    pub(in crate::artists::statements) fn sentence(&self) -> String {
        match self {
            Self::Missing { column } => format!("the column “{column}” is missing"),
            Self::New { column, at } => format!("the column “{column}” (column {at}) is new"),
            Self::Renamed { from, to, at } => format!("column {at} is called “{to}” instead of “{from}”"),
            Self::Moved { column, expected_at, at } => {
                format!("the column “{column}” is column {at} instead of {expected_at}")
            }
        }
    }
}

impl Difference {
    /// Says the places in a header of which only some columns were compared: those at these places, from 0.
    pub(super) fn put(&mut self, places: &[usize]) {
        let put = |at: &mut usize| *at = places.get(at.saturating_sub(1)).map_or(*at, |place| place + 1);
        match self {
            Self::Missing { .. } => {}
            Self::New { at, .. } | Self::Renamed { at, .. } => put(at),
            Self::Moved { expected_at, at, .. } => {
                put(expected_at);
                put(at);
            }
        }
    }
}

/// Whether two columns have the same name, however it is spelled in capitals.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    one.trim().eq_ignore_ascii_case(other.trim())
}

/// Whether a header is exactly these columns, in this order.
pub(super) fn fits(expected: &[String], found: &[String]) -> bool {
    expected.len() == found.len() && expected.iter().zip(found).all(|(one, other)| is_same(one, other))
}

/// How many of the expected columns are there, in percent.
pub(super) fn likeness(expected: &[String], found: &[String]) -> usize {
    let there = expected.iter().filter(|column| position(found, column).is_some()).count();
    there * 100 / expected.len().max(found.len()).max(1)
}

/// All differences; none where the header fits.
pub(super) fn differences(expected: &[String], found: &[String]) -> Vec<Difference> {
    let is_new = |at: usize| found.get(at).is_some_and(|column| position(expected, column).is_none());
    let mut differences = Vec::new();
    let mut renamed = Vec::new();
    for (place, column) in expected.iter().enumerate() {
        if position(found, column).is_some() {
            continue;
        }
        if is_new(place) {
            renamed.push(place);
            differences.push(Difference::Renamed { from: column.clone(), to: found[place].clone(), at: place + 1 });
        } else {
            differences.push(Difference::Missing { column: column.clone() });
        }
    }
    for (place, column) in found.iter().enumerate() {
        if is_new(place) && !renamed.contains(&place) {
            differences.push(Difference::New { column: column.clone(), at: place + 1 });
        }
    }
    if differences.is_empty() {
        differences.extend(moved(expected, found));
    }
    differences
}

fn moved(expected: &[String], found: &[String]) -> Vec<Difference> {
    let moved = expected.iter().enumerate().filter_map(|(place, column)| {
        let at = position(found, column)?;
        (at != place).then(|| Difference::Moved { column: column.clone(), expected_at: place + 1, at: at + 1 })
    });
    let moved: Vec<Difference> = moved.collect();
    // Nothing is elsewhere, and yet it does not fit: a column stands there twice.
    let twice = found.iter().enumerate().skip(expected.len());
    let twice = twice.map(|(place, column)| Difference::New { column: column.clone(), at: place + 1 });
    if moved.is_empty() { twice.collect() } else { moved }
}

fn position(columns: &[String], name: &str) -> Option<usize> {
    columns.iter().position(|column| is_same(column, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(expected: &str, found: &str) -> Vec<String> {
        let columns = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
        let (expected, found) = (columns(expected), columns(found));
        assert_eq!(fits(&expected, &found), differences(&expected, &found).is_empty());
        differences(&expected, &found).iter().map(Difference::sentence).collect()
    }

    #[test]
    fn every_kind_of_drift_is_told() {
        assert!(told("A,B,C", "a, b ,C").is_empty());
        assert_eq!(told("A,B,C", "A,C"), ["the column “B” is missing"]);
        assert_eq!(told("A,B", "A,X,B"), ["the column “X” (column 2) is new"]);
        assert_eq!(told("A,B,C", "A,X,C"), ["column 2 is called “X” instead of “B”"]);
        assert_eq!(
            told("A,B", "B,A"),
            ["the column “A” is column 2 instead of 1", "the column “B” is column 1 instead of 2"]
        );
        assert_eq!(told("A,B", "A,B,A"), ["the column “A” (column 3) is new"]);
    }
}
