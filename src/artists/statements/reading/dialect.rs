//! Which delimiter, quote and decimal separator a file uses, told from its beginning.

use std::fs::File;

use encoding_rs::Encoding;

use super::amount::{Amount, Decimal};
use super::encoding::Text;
use super::records::{Broken, Dialect, Record, Records};

/// Records that are looked at.
const SAMPLE: usize = 50;

const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];
const QUOTES: [u8; 2] = [b'"', b'\''];

/// The dialect under which the first records are widest and most alike.
pub(super) fn detect(file: &File, encoding: &'static Encoding) -> Result<Dialect, Broken> {
    let mut best = (0, Dialect { delimiter: b',', quote: b'"' });
    for quote in QUOTES {
        for delimiter in DELIMITERS {
            let dialect = Dialect { delimiter, quote };
            let score = score(file, encoding, dialect)?;
            if score > best.0 {
                best = (score, dialect);
            }
        }
    }
    Ok(best.1)
}

// The width that most records have, by how many have it. A first record all of whose cells begin with an apostrophe speaks for
// that quote; later ones may hold a title in apostrophes.
fn score(file: &File, encoding: &'static Encoding, dialect: Dialect) -> Result<usize, Broken> {
    let mut widths = Vec::new();
    let mut is_quoted = false;
    // Too long, or too wide: that is not how this file is written.
    let looked = sample(file, encoding, dialect, SAMPLE, |record| {
        is_quoted |= widths.is_empty() && record.cells().all(|cell| cell.starts_with('\''));
        widths.push(record.len());
        true
    });
    match looked {
        Err(Broken::Unreadable(cause)) => return Err(Broken::Unreadable(cause)),
        Err(_) if widths.len() < 2 => return Ok(0),
        _ => {}
    }
    let most = widths.iter().map(|width| (widths.iter().filter(|other| *other == width).count(), *width)).max();
    let Some((count, width)) = most.filter(|(_, width)| *width > 1) else { return Ok(0) };
    let stray = 2 * usize::from(dialect.quote == b'"' && is_quoted);
    Ok((count * width * 4).saturating_sub(stray) - usize::from(dialect.quote == b'\''))
}

// Looks at the first records, for as long as somebody wants to.
fn sample(
    file: &File,
    encoding: &'static Encoding,
    dialect: Dialect,
    most: usize,
    mut look: impl FnMut(&Record) -> bool,
) -> Result<(), Broken> {
    let io = |cause: std::io::Error| Broken::Unreadable(cause.into());
    let text = Text::new(file.try_clone().map_err(io)?, encoding).map_err(io)?;
    let (mut records, mut record) = (Records::new(text, dialect), Record::new());
    for _ in 0..most {
        if !records.read(&mut record)? || !look(&record) {
            break;
        }
    }
    Ok(())
}

/// What the numbers of a column say of their decimal separator.
#[derive(Default)]
struct Evidence {
    /// Numbers that are such only with a point before their fractions, or only with a comma.
    point: bool,
    comma: bool,
    /// Numbers that could be either, and not the same: `1.234`, `1,234`.
    dotted: bool,
    with_comma: bool,
}

impl Evidence {
    fn weigh(&mut self, cell: &str) {
        match (Amount::parse(cell, Decimal::Point), Amount::parse(cell, Decimal::Comma)) {
            (Some(_), None) => self.point = true,
            (None, Some(_)) => self.comma = true,
            (Some(one), Some(other)) if one != other && cell.contains('.') => self.dotted = true,
            (Some(one), Some(other)) if one != other => self.with_comma = true,
            _ => {}
        }
    }

    fn is_proof(&self) -> bool {
        self.point || self.comma
    }
}

/// The decimal separator of a column, from 0: what a number proves, else what goes with the delimiter. `None`: all numbers
/// could be read in two ways, and nothing says which.
pub(super) fn decimal(
    file: &File,
    encoding: &'static Encoding,
    dialect: Dialect,
    column: usize,
) -> Result<Option<Decimal>, Broken> {
    let mut evidence = Evidence::default();
    // Mostly the first numbers are proof; a file that holds none is looked through.
    for most in [SAMPLE, usize::MAX] {
        let looked = sample(file, encoding, dialect, most, |record| {
            evidence.weigh(record.cell(column));
            most == SAMPLE || !evidence.is_proof()
        });
        if let Err(Broken::Unreadable(cause)) = looked {
            return Err(Broken::Unreadable(cause));
        }
        if evidence.is_proof() {
            break;
        }
    }
    let Evidence { point, comma, dotted, with_comma } = evidence;
    Ok(match (dialect.delimiter, dotted, with_comma) {
        _ if point => Some(Decimal::Point),
        _ if comma => Some(Decimal::Comma),
        (b';', true, _) | (b'\t' | b'|', _, true) | (_, true, true) => None,
        (b';', false, _) => Some(Decimal::Comma),
        _ => Some(Decimal::Point),
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::super::encoding;
    use super::*;

    fn told(text: &str) -> (char, char, Option<Decimal>) {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(text.as_bytes()).expect("written");
        let encoding = encoding::detect(&mut file).expect("text");
        let dialect = detect(&file, encoding).expect("a dialect");
        let decimal = decimal(&file, encoding, dialect, 1).expect("a separator");
        (char::from(dialect.delimiter), char::from(dialect.quote), decimal)
    }

    #[test]
    fn dialects_are_told_apart() {
        use Decimal::{Comma, Point};
        for (text, told_of) in [
            ("title,net\nOne,1.5\nTwo,\"1,234.5\"\n", (',', '"', Point)),
            ("title;net\nOne, two;1,5\nThree;1.234,5\n", (';', '"', Comma)),
            ("title;net\nOne;1.25\n", (';', '"', Point)),
            ("title\tnet\nOne, two; three\t0.5\n", ('\t', '"', Point)),
            ("title|net\nOne|0.5\n", ('|', '"', Point)),
            ("'title','net'\n'One, two','0.5'\n", (',', '\'', Point)),
            ("'title','net'\n'One','0.5'\n", (',', '\'', Point)),
            ("title,net\n'Heroes',0.5\n\"Hello, World\",0.25\n", (',', '"', Point)),
            ("title,net\nDon't,0.5\nWon't,0.25\n", (',', '"', Point)),
        ] {
            assert_eq!(told(text), (told_of.0, told_of.1, Some(told_of.2)), "{text}");
        }
    }

    #[test]
    fn a_number_that_can_be_read_in_two_ways_is_not_guessed() {
        let decimal = |text: &str| told(text).2;
        // What goes with the delimiter.
        assert_eq!(decimal("title,net\nOne,\"1,234\"\n"), Some(Decimal::Point));
        assert_eq!(decimal("title,net\nOne,1.234\n"), Some(Decimal::Point));
        assert_eq!(decimal("title;net\nOne;1,234\n"), Some(Decimal::Comma));
        assert_eq!(decimal("title\tnet\nOne\t12\n"), Some(Decimal::Point));
        // What does not.
        assert_eq!(decimal("title;net\nOne;1.234\n"), None);
        assert_eq!(decimal("title\tnet\nOne\t1,234\n"), None);
        // A proof far behind.
        let late = format!("title;net\n{}Last;1.5\n", "One;1.234\n".repeat(200));
        assert_eq!(decimal(&late), Some(Decimal::Point));
        assert_eq!(decimal("title;net\nOne;0.123\n"), Some(Decimal::Point));
    }
}
