//! A table of metadata: its header, and what its lines say.

use std::collections::BTreeMap;

use crate::artists::Title;
use crate::artists::credits;
use crate::artists::metadata::TrackChanges;
use crate::artists::statements::harmless;
use crate::platform::error::{Error, Result};
use crate::platform::id::ReleaseId;

/// The columns that there are.
const COLUMNS: [&str; 9] =
    ["filename", "isrc", "title", "composer", "position", "disc", "iswc", "recording_mbid", "work_mbid"];

/// Those by which a track is found.
const KEYS: [&str; 3] = ["filename", "isrc", "title"];

/// The largest table.
pub(in crate::artists) const MAX_BYTES: usize = 256 * 1024;

/// Columns of the table of all tracks in an artist's package, which say nothing here but which release a line is of.
const RELEASE: &str = "release_id";
const PASSED_OVER: [&str; 4] = ["release", "kind", "upc", "track_id"];

/// Lines that a table may have.
const MAX_LINES: usize = 1000;

/// One line, by its number in the file, and what it says. An empty field says nothing.
#[derive(Debug, Default, Clone)]
pub(in crate::artists) struct Line {
    pub(super) number: u64,
    values: BTreeMap<&'static str, String>,
}

/// Reads a table. A header or a line that breaks the rules → 422 that says which.
pub(in crate::artists) fn read(text: &[u8]) -> Result<Vec<Line>> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text);
    let header = header(reader.headers().map_err(|cause| unreadable(&cause))?)?;
    let mut lines = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|cause| unreadable(&cause))?;
        let number = record.position().map_or(0, csv::Position::line);
        if lines.len() >= MAX_LINES {
            return Err(Error::invalid(format!("line {number}"), "A table has 1,000 lines at the most."));
        }
        let said = header.iter().zip(record.iter().map(plain)).filter(|(_, value)| !value.is_empty());
        let values = said.filter_map(|(column, value)| Some(((*column)?, value.to_owned()))).collect();
        lines.push(Line { number, values });
    }
    Ok(lines)
}

// As it was before it was made no formula for spreadsheets, as in tables that the server writes.
fn plain(cell: &str) -> &str {
    let inside = cell.strip_prefix('\'').filter(|inside| harmless(inside) == cell);
    inside.unwrap_or(cell)
}

// None for a column that is passed over.
fn header(record: &csv::StringRecord) -> Result<Vec<Option<&'static str>>> {
    let mut header = Vec::new();
    for name in record {
        let name = name.to_lowercase();
        let column = COLUMNS.iter().chain([&RELEASE]).find(|column| **column == name).copied();
        if column.is_none() && !PASSED_OVER.contains(&name.as_str()) {
            let known = COLUMNS.join(", ");
            return Err(Error::invalid(name, format!("There is no such column; there are {known}.")));
        }
        if column.is_some() && header.contains(&column) {
            return Err(Error::invalid(name, "This column is there twice."));
        }
        header.push(column);
    }
    if header.iter().flatten().any(|column| KEYS.contains(column)) {
        return Ok(header);
    }
    Err(Error::invalid("header", "A table needs a column by which tracks are found: filename, isrc or title."))
}

fn unreadable(cause: &csv::Error) -> Error {
    let line = cause.position().map_or_else(|| "header".to_owned(), |position| format!("line {}", position.line()));
    let problem = match cause.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, .. } => {
            format!("A line has {expected_len} fields, as the header.")
        }
        csv::ErrorKind::Utf8 { .. } => "The table must be in UTF-8.".to_owned(),
        _ => "The table cannot be read.".to_owned(),
    };
    Error::invalid(line, problem)
}

impl Line {
    /// What the line says in a column.
    pub(super) fn get(&self, column: &str) -> Option<&str> {
        self.values.get(column).map(String::as_str)
    }

    /// What it says by column, as it was kept; what is no column of a table any more is passed over.
    pub(super) fn of(number: u64, said: BTreeMap<String, String>) -> Self {
        let named = |name: &str| COLUMNS.into_iter().find(|column| *column == name);
        let values = said.into_iter().filter_map(|(name, value)| Some((named(&name)?, value))).collect();
        Self { number, values }
    }

    /// What it says in columns that are about its track.
    pub(super) fn values(&self) -> BTreeMap<&'static str, &str> {
        let own = self.values.iter().filter(|(column, _)| **column != RELEASE);
        own.map(|(column, value)| (*column, value.as_str())).collect()
    }

    /// The release that it says it is of.
    pub(in crate::artists) fn release(&self) -> Option<&str> {
        self.get(RELEASE)
    }

    /// Whether it is of this release, as far as it says.
    pub(in crate::artists) fn is_of(&self, release: ReleaseId) -> bool {
        self.get(RELEASE).is_none_or(|of| of.eq_ignore_ascii_case(&release.to_string()))
    }

    /// The place in the release, from 1.
    pub(super) fn position(&self) -> Result<Option<i32>, String> {
        self.number("position")
    }

    /// What becomes another of the track that the line is about; or why a value is none.
    pub(super) fn changes(&self) -> Result<TrackChanges, String> {
        let composer =
            self.get("composer").map(|name| told("composer", Title::try_from(name.to_owned()))).transpose()?;
        let isrc = self.get("isrc").map(|code| told("isrc", credits::isrc(code))).transpose()?;
        let disc: Option<u32> = self.number("disc")?;
        Ok(TrackChanges {
            title: self.parse("title")?,
            position: self.position()?,
            composer: composer.map(|name| name.as_str().to_owned()),
            isrc,
            disc: disc.map(|number| told("disc", number.try_into())).transpose()?.map(Some),
            iswc: self.parse("iswc")?.map(Some),
            recording_mbid: self.parse("recording_mbid")?.map(Some),
            work_mbid: self.parse("work_mbid")?.map(Some),
            ..TrackChanges::default()
        })
    }

    fn parse<T: TryFrom<String, Error = &'static str>>(&self, column: &str) -> Result<Option<T>, String> {
        self.get(column).map(|value| told(column, T::try_from(value.to_owned()))).transpose()
    }

    fn number<T: std::str::FromStr + PartialOrd + From<u8>>(&self, column: &str) -> Result<Option<T>, String> {
        let Some(text) = self.get(column) else { return Ok(None) };
        let number = text.parse().ok().filter(|number| *number >= T::from(1));
        number.map(Some).ok_or_else(|| format!("The {column} `{text}` is no number from 1."))
    }
}

// The column says which of the values is meant.
fn told<T>(column: &str, value: Result<T, &'static str>) -> Result<T, String> {
    value.map_err(|problem| format!("{column}: {problem}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        read(text.as_bytes()).map_or_else(|error| error.to_string(), |_| "none".to_owned())
    }

    #[test]
    fn what_is_no_table_says_where_and_why() {
        assert_eq!(
            problem("filename,artist\n"),
            "artist: There is no such column; there are filename, isrc, title, composer, position, disc, iswc, \
             recording_mbid, work_mbid."
        );
        assert_eq!(problem("title,title\n"), "title: This column is there twice.");
        assert!(problem("composer\nx\n").starts_with("header: "));
        assert_eq!(problem("title,composer\na\n"), "line 2: A line has 2 fields, as the header.");
        assert!(read(b"title\n\xff\n").is_err());
        assert!(problem("").starts_with("header: "));
        let long = format!("title\n{}", "x\n".repeat(MAX_LINES + 1));
        assert_eq!(problem(&long), "line 1002: A table has 1,000 lines at the most.");
    }

    #[test]
    fn of_a_table_of_all_releases_only_ones_own_lines_count() {
        let own = ReleaseId::new();
        let table = format!(
            "title,release_id,release,kind,upc,track_id\nEbb,{own},Tides,ep,,\nOdd,{},x,ep,,\n",
            ReleaseId::new()
        );
        let lines = read(table.as_bytes()).expect("a table");
        assert_eq!(lines.iter().map(|line| line.is_of(own)).collect::<Vec<_>>(), [true, false]);
        assert!(read(b"title\nEbb\n").expect("a table")[0].is_of(own));
    }

    #[test]
    fn what_was_made_no_formula_is_what_it_was() {
        let lines = read("title\n'=1+1\n'Tides\n''-x\n'\n".as_bytes()).expect("a table");
        let titles: Vec<Option<&str>> = lines.iter().map(|line| line.get("title")).collect();
        assert_eq!(titles, [Some("=1+1"), Some("'Tides"), Some("''-x"), Some("'")]);
    }

    #[test]
    fn values_are_looked_at_line_by_line() {
        let lines = read(b"title,position\nA,0\nB,x\nC,2\nD,\n").expect("a table");
        let positions: Vec<Option<Option<i32>>> = lines.iter().map(|line| line.position().ok()).collect();
        assert_eq!(positions, [None, None, Some(Some(2)), Some(None)]);
    }

    #[test]
    fn a_value_that_is_none_says_of_which_column() {
        let id = "5b11f4ce-a62d-471e-81fc-a69a8278c7da";
        for (column, good, bad) in [
            ("isrc", "de-a12-34-56789", "nonsense"),
            ("disc", "2", "100"),
            ("disc", "2", "-1"),
            ("iswc", "T-034.524.680-1", "T-034.524.680-2"),
            (
                "recording_mbid",
                &format!("https://musicbrainz.org/recording/{id}"),
                &format!("https://musicbrainz.org/work/{id}"),
            ),
            ("work_mbid", id, "nonsense"),
        ] {
            let changes =
                |value: &str| read(format!("title,{column}\nA,{value}\n").as_bytes()).expect("a table")[0].changes();
            assert!(changes(good).is_ok(), "{column}");
            let problem = changes(bad).expect_err(column);
            assert!(problem.contains(column), "{problem}");
        }
    }
}
