//! What one line of a statement says, typed; and how processors read it out of the line's cells.

use serde::{Deserialize, Serialize};

use super::amount::{Amount, Decimal};
use super::drift::is_same;
use super::period::{DateForm, Period, day};
use super::problem::StatementProblem;
use super::records::{Record, plain};
use super::territory;
use crate::artists::statements::sale::SaleKind;

/// The longest text that is kept of a cell, in characters.
const MAX_TEXT: usize = 500;

/// How many of a thing one line may sell: sums of all lines of many statements are numbers that PostgreSQL has.
const MAX_QUANTITY: u64 = 1_000_000_000_000;

/// One line, typed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::artists::statements) struct Sold {
    /// The line of the file, from 1.
    #[serde(default)]
    pub(in crate::artists::statements) line: u64,
    pub(in crate::artists::statements) period: Period,
    /// Where it was sold: `Spotify`, `Bandcamp` …
    pub(in crate::artists::statements) store: String,
    /// ISO 3166-1 alpha-2; `None`: the statement says none, or the whole world.
    pub(in crate::artists::statements) territory: Option<String>,
    pub(in crate::artists::statements) isrc: Option<String>,
    pub(in crate::artists::statements) upc: Option<String>,
    /// The track's title, or the release's where that was sold as a whole.
    pub(in crate::artists::statements) title: String,
    pub(in crate::artists::statements) artist: String,
    pub(in crate::artists::statements) release: String,
    pub(in crate::artists::statements) kind: SaleKind,
    /// Less than nothing for what was given back.
    pub(in crate::artists::statements) quantity: i64,
    /// What the artist gets of it, in its currency.
    pub(in crate::artists::statements) amount: Amount,
    /// ISO 4217.
    pub(in crate::artists::statements) currency: String,
    /// The store's own number of the sale, where it has one.
    pub(in crate::artists::statements) reference: Option<String>,
}

impl Sold {
    /// The hash of what a line says, but for where it stands: the same line in two files has the same one.
    pub(in crate::artists::statements) fn hash(&self, salt: &[u8]) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        hasher.update(salt);
        let (from, to, quantity) =
            (self.period.from.to_string(), self.period.to.to_string(), self.quantity.to_string());
        let amount = self.amount.to_string();
        let texts =
            [&from, &to, &self.store, &self.title, &self.artist, &self.release, &quantity, &amount, &self.currency];
        let codes = [&self.territory, &self.isrc, &self.upc, &self.reference];
        let codes = codes.into_iter().map(|code| code.as_deref().unwrap_or_default());
        for part in texts.into_iter().map(String::as_str).chain(codes).chain([self.kind.name()]) {
            hasher.update(part.as_bytes()).update(b"\x1f");
        }
        hasher.finalize()
    }
}

/// One line of a file under its header.
pub(super) struct Line<'a> {
    pub(super) columns: &'a [String],
    pub(super) record: &'a Record,
    pub(super) decimal: Decimal,
}

/// What reading a cell ends in.
pub(super) type Read<T> = Result<T, StatementProblem>;

impl Line<'_> {
    /// The cell under a name; empty where this layout has no such column.
    pub(super) fn cell(&self, column: &str) -> &str {
        let place = self.columns.iter().position(|name| is_same(name, column));
        place.map_or("", |place| self.record.cell(place))
    }

    /// A text, without control characters; stores write several marks for “none”.
    pub(super) fn text(&self, column: &str) -> String {
        let cell = self.cell(column);
        if is_none(cell) {
            return String::new();
        }
        plain(cell, MAX_TEXT)
    }

    /// A text that must be there.
    pub(super) fn required(&self, column: &str) -> Read<String> {
        let text = self.text(column);
        if text.is_empty() { Err(self.fault(column, "a text")) } else { Ok(text) }
    }

    pub(super) fn amount(&self, column: &str) -> Read<Amount> {
        Amount::parse(self.cell(column), self.decimal).ok_or_else(|| self.fault(column, "an amount"))
    }

    pub(super) fn quantity(&self, column: &str) -> Read<i64> {
        let count = self.amount(column).ok().and_then(Amount::count);
        let count = count.filter(|count| count.unsigned_abs() <= MAX_QUANTITY);
        count.ok_or_else(|| self.fault(column, "a whole number of at most a million million"))
    }

    /// When a sale was reported: the same sale in a later report is another one, in an overlapping file it is the same.
    pub(super) fn reported(&self, column: &str) -> Option<String> {
        Some(self.text(column)).filter(|text| !text.is_empty())
    }

    pub(super) fn period(&self, column: &str, form: DateForm) -> Read<Period> {
        Period::parse(self.cell(column), form).ok_or_else(|| self.fault(column, expected(form)))
    }

    /// From a day in one column to a day in another.
    pub(super) fn span(&self, from: &str, to: &str, form: DateForm) -> Read<Period> {
        let read = |column| day(self.cell(column), form).ok_or_else(|| self.fault(column, expected(form)));
        Period::new(read(from)?, read(to)?).ok_or_else(|| self.fault(to, "a day after the period's first"))
    }

    pub(super) fn territory(&self, column: &str) -> Read<Option<String>> {
        territory::read(self.cell(column)).ok_or_else(|| self.fault(column, "a country (ISO 3166-1)"))
    }

    pub(super) fn currency(&self, column: &str) -> Read<String> {
        let code = self.cell(column);
        let is_code = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_alphabetic());
        if is_code { Ok(code.to_ascii_uppercase()) } else { Err(self.fault(column, "a currency (ISO 4217)")) }
    }

    pub(super) fn isrc(&self, column: &str) -> Read<Option<String>> {
        let cell = self.cell(column);
        if is_none(cell) {
            return Ok(None);
        }
        crate::artists::credits::isrc(cell).map(Some).map_err(|_| self.fault(column, "an ISRC"))
    }

    /// The digits of a UPC or EAN. Spreadsheets take zeros from its front, so its length says little.
    pub(super) fn upc(&self, column: &str) -> Read<Option<String>> {
        let digits = self.cell(column).trim_matches(['\'', '"', '=', ' ']);
        if is_none(digits) {
            return Ok(None);
        }
        let is_code = (6..=14).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        let code = digits.trim_start_matches('0').to_owned();
        if is_code { Ok(Some(code).filter(|code| !code.is_empty())) } else { Err(self.fault(column, "a UPC or EAN")) }
    }

    pub(super) fn fault(&self, column: &str, expected: &str) -> StatementProblem {
        let (line, cell) = (self.record.line, self.cell(column));
        let cell = plain(cell, 60);
        let message = if cell.is_empty() {
            format!("Line {line}: the column “{column}” is empty, and should hold {expected}.")
        } else {
            format!("Line {line}: “{cell}” in the column “{column}” is not {expected}.")
        };
        StatementProblem::new("unreadable_value", message).at(line).in_column(column)
    }
}

fn is_none(cell: &str) -> bool {
    cell.is_empty() || ["-", "--", "n/a", "null", "none"].iter().any(|none| cell.eq_ignore_ascii_case(none))
}

fn expected(form: DateForm) -> &'static str {
    match form {
        DateForm::YearMonthDay => "a date such as 2026-03-31",
        DateForm::MonthDayYear => "a date such as 3/31/2026",
        DateForm::DayMonthYear => "a date such as 31.03.2026",
        DateForm::YearMonth => "a month such as 2026-03",
        DateForm::MonthYear => "a month such as 03/2026",
        DateForm::NamedMonth => "a month such as March 2026",
    }
}
