//! What music is filed under: genres and tags. Both lists are open; a label has one spelling.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::text::clean;

/// At most 10 genres of 1 to 50 characters, each once: in lower case, with single spaces.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "Vec<String>")]
#[schema(value_type = Vec<String>, max_items = 10)]
pub(crate) struct Genres(Vec<String>);

impl TryFrom<Vec<String>> for Genres {
    type Error = &'static str;

    fn try_from(names: Vec<String>) -> Result<Self, Self::Error> {
        labels(names, 10).map(Self).ok_or("Up to 10 genres of 1 to 50 characters, without control characters.")
    }
}

/// At most 30 tags of 1 to 50 characters, each once: in lower case, with single spaces.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "Vec<String>")]
#[schema(value_type = Vec<String>, max_items = 30)]
pub(crate) struct Tags(Vec<String>);

impl TryFrom<Vec<String>> for Tags {
    type Error = &'static str;

    fn try_from(names: Vec<String>) -> Result<Self, Self::Error> {
        labels(names, 30).map(Self).ok_or("Up to 30 tags of 1 to 50 characters, without control characters.")
    }
}

impl Genres {
    pub(in crate::artists) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The normal form of a genre's name; none where it is no name.
pub(in crate::artists) fn genre_name(name: &str) -> Option<String> {
    label(name)
}

fn labels(names: Vec<String>, most: usize) -> Option<Vec<String>> {
    let mut labels = Vec::new();
    for name in names {
        let label = label(&name)?;
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    (labels.len() <= most).then_some(labels)
}

fn label(name: &str) -> Option<String> {
    let spaced = name.split_whitespace().collect::<Vec<_>>().join(" ");
    clean(&spaced.to_lowercase(), 50, |_| false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn genres(names: &[&str]) -> Result<Vec<String>, &'static str> {
        Genres::try_from(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).map(|genres| genres.0)
    }

    #[test]
    fn a_label_has_one_spelling() {
        assert_eq!(genres(&["  Drum  &\tBass", "drum & bass", "ÉLECTRO"]).expect("two"), ["drum & bass", "électro"]);
        assert!(genres(&[" "]).is_err());
        assert!(genres(&["x".repeat(51).as_str()]).is_err());
        let many: Vec<String> = (0..11).map(|number| format!("genre {number}")).collect();
        assert!(Genres::try_from(many.clone()).is_err());
        assert!(Tags::try_from(many).is_ok());
    }
}
