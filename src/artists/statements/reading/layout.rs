//! The columns of a statement: a layout that somebody published, or that an artist described.

use super::drift::{self, Difference};

/// A header that is known, with its columns in order.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    /// Which of the store's layouts it is: the year since which it is known, or so.
    pub(super) version: &'static str,
    columns: Vec<String>,
    /// Columns that are there or not, as the sender's settings are; wherever they are.
    optional: &'static [&'static str],
}

impl Layout {
    pub(super) fn new(version: &'static str, columns: &[&str]) -> Self {
        Self { version, columns: columns.iter().map(|column| (*column).to_owned()).collect(), optional: &[] }
    }

    pub(super) fn described(columns: Vec<String>) -> Self {
        Self { version: "described", columns, optional: &[] }
    }

    pub(super) fn with_optional(self, optional: &'static [&'static str]) -> Self {
        Self { optional, ..self }
    }

    pub(super) fn fits(&self, header: &[String]) -> bool {
        drift::fits(&self.columns, &self.required(header).1) && self.twice(header).is_empty()
    }

    /// How much of it a header has, in percent.
    pub(super) fn likeness(&self, header: &[String]) -> usize {
        drift::likeness(&self.columns, &self.required(header).1)
    }

    /// What keeps a header from fitting. Places count in the header as it is.
    pub(super) fn differences(&self, header: &[String]) -> Vec<Difference> {
        let (places, required) = self.required(header);
        let mut differences = drift::differences(&self.columns, &required);
        differences.iter_mut().for_each(|difference| difference.put(&places));
        differences.extend(self.twice(header));
        differences
    }

    // The columns of a header that must be there, and where each is.
    fn required(&self, header: &[String]) -> (Vec<usize>, Vec<String>) {
        let required = header.iter().enumerate().filter(|(_, column)| !self.is_optional(column));
        required.map(|(place, column)| (place, column.clone())).unzip()
    }

    fn is_optional(&self, column: &str) -> bool {
        self.optional.iter().any(|optional| drift::is_same(optional, column))
    }

    // Columns that may be there, and are there once more: nobody can say which is meant.
    fn twice(&self, header: &[String]) -> Vec<Difference> {
        let is_known = |place: usize, column: &str| header[..place].iter().any(|other| drift::is_same(other, column));
        let twice =
            header.iter().enumerate().filter(|(place, column)| self.is_optional(column) && is_known(*place, column));
        twice.map(|(place, column)| Difference::New { column: column.clone(), at: place + 1 }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(header: &str) -> Vec<String> {
        let layout = Layout::new("2026", &["A", "B", "C"]).with_optional(&["x", "y"]);
        let header: Vec<String> = header.split(',').map(str::to_owned).collect();
        let differences = layout.differences(&header);
        assert_eq!(layout.fits(&header), differences.is_empty(), "{header:?}");
        differences.iter().map(Difference::sentence).collect()
    }

    #[test]
    fn places_count_in_the_header_as_it_is() {
        for header in ["A,B,C", "x,A,B,y,C", "A,B,C,X"] {
            assert!(told(header).is_empty(), "{header}");
        }
        assert_eq!(told("A,New,B,C"), ["the column “New” (column 2) is new"]);
        assert_eq!(told("x,y,A,B,C,New"), ["the column “New” (column 6) is new"]);
        assert_eq!(told("x,A,y,Other,C"), ["column 4 is called “Other” instead of “B”"]);
        assert_eq!(told("A,Other,C"), ["column 2 is called “Other” instead of “B”"]);
        assert_eq!(
            told("x,B,y,A,C"),
            ["the column “A” is column 4 instead of 2", "the column “B” is column 2 instead of 4"]
        );
        assert_eq!(told("x,A,B"), ["the column “C” is missing"]);
        assert_eq!(told("x,A,B,C,x"), ["the column “x” (column 5) is new"]);
    }
}
