//! When something was sold: days and months, in the forms that statements have.

use chrono::{Datelike, NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};

/// How a column writes its dates. What follows a day after a space or a `T` is the time, and is passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DateForm {
    /// `2026-03-31`, `2026/03/31`, `20260331`.
    YearMonthDay,
    /// `03/31/2026`, `3/31/26`.
    MonthDayYear,
    /// `31.03.2026`, `31/3/26`.
    DayMonthYear,
    /// `2026-03`, `2026/03`, `202603`.
    YearMonth,
    /// `03/2026`, `3.2026`.
    MonthYear,
    /// `March 2026`, `Mar-26`, `MAR 2026`.
    NamedMonth,
}

/// From a day to a day, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::artists::statements) struct Period {
    pub(in crate::artists::statements) from: NaiveDate,
    pub(in crate::artists::statements) to: NaiveDate,
}

impl Period {
    /// `None`: it ends before it begins, or lasts longer than a year.
    pub(super) fn new(from: NaiveDate, to: NaiveDate) -> Option<Self> {
        (from <= to && to - from <= TimeDelta::days(366)).then_some(Self { from, to })
    }

    /// A period in one cell.
    pub(super) fn parse(text: &str, form: DateForm) -> Option<Self> {
        match form {
            DateForm::YearMonthDay | DateForm::MonthDayYear | DateForm::DayMonthYear => {
                let day = day(text, form)?;
                Some(Self { from: day, to: day })
            }
            DateForm::YearMonth | DateForm::MonthYear | DateForm::NamedMonth => month(text, form),
        }
    }

    /// The whole month that it begins in: for stores that write a month by one of its days.
    pub(super) fn whole_month(self) -> Self {
        let from = self.from.with_day(1).unwrap_or(self.from);
        let last = from.checked_add_months(chrono::Months::new(1)).and_then(|next| next.pred_opt());
        Self { from, to: last.unwrap_or(self.to) }
    }

    /// The first day of the month that the period belongs to: the one that its middle lies in, for stores whose months
    /// begin on another day.
    pub(in crate::artists::statements) fn month(self) -> NaiveDate {
        let middle = self.from + (self.to - self.from) / 2;
        middle.with_day(1).unwrap_or(middle)
    }
}

/// A day.
pub(super) fn day(text: &str, form: DateForm) -> Option<NaiveDate> {
    let text = text.trim().split([' ', 'T']).next()?;
    // Dots are how a day comes first: 07.08.2026 is never in July.
    let separators: &[char] = if form == DateForm::MonthDayYear { &['/'] } else { &['-', '/', '.'] };
    let parts: Vec<&str> = text.split(separators).collect();
    let (year, month, day) = match (form, parts.as_slice()) {
        (DateForm::YearMonthDay, [year, month, day]) => (*year, *month, *day),
        (DateForm::YearMonthDay, [whole]) if whole.len() == 8 && whole.is_ascii() => {
            (&whole[..4], &whole[4..6], &whole[6..])
        }
        (DateForm::MonthDayYear, [month, day, year]) | (DateForm::DayMonthYear, [day, month, year]) => {
            (*year, *month, *day)
        }
        _ => return None,
    };
    valid(NaiveDate::from_ymd_opt(number_of_year(year)?, small(month)?, small(day)?)?)
}

fn month(text: &str, form: DateForm) -> Option<Period> {
    let text = text.trim();
    let parts: Vec<&str> = text.split(['-', '/', '.', ' ']).filter(|part| !part.is_empty()).collect();
    let (year, month) = match (form, parts.as_slice()) {
        (DateForm::YearMonth, [year, month]) => (*year, small(month)?),
        (DateForm::YearMonth, [whole]) if whole.len() == 6 && whole.is_ascii() => (&whole[..4], small(&whole[4..])?),
        (DateForm::MonthYear, [month, year]) => (*year, small(month)?),
        (DateForm::NamedMonth, [month, year]) => (*year, named(month)?),
        _ => return None,
    };
    let from = valid(NaiveDate::from_ymd_opt(number_of_year(year)?, month, 1)?)?;
    let next = from.checked_add_months(chrono::Months::new(1))?;
    Some(Period { from, to: next.pred_opt()? })
}

fn named(text: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let text = text.to_ascii_lowercase();
    let is_short = text.len() == 3 || text == "sept";
    let place = MONTHS.iter().position(|name| *name == text || (is_short && name.starts_with(&text)))?;
    u32::try_from(place + 1).ok()
}

fn small(text: &str) -> Option<u32> {
    ((1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

fn number_of_year(text: &str) -> Option<i32> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    match text.len() {
        4 => text.parse().ok(),
        2 => text.parse::<i32>().ok().map(|year| 2000 + year),
        _ => None,
    }
}

// Nobody sold a download before there were any.
fn valid(day: NaiveDate) -> Option<NaiveDate> {
    (1990..=2100).contains(&day.year()).then_some(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, form: DateForm) -> String {
        Period::parse(text, form).map_or("none".into(), |period| format!("{} {}", period.from, period.to))
    }

    #[test]
    fn dates_are_read_in_their_form_alone() {
        use DateForm::*;
        for (text, form, period) in [
            ("2026-03-31", YearMonthDay, "2026-03-31 2026-03-31"),
            ("2026/03/31 12:00", YearMonthDay, "2026-03-31 2026-03-31"),
            ("20260331", YearMonthDay, "2026-03-31 2026-03-31"),
            ("7/31/2023 12:00:00 AM", MonthDayYear, "2023-07-31 2023-07-31"),
            ("6/24/23 11:45am", MonthDayYear, "2023-06-24 2023-06-24"),
            ("31/7/2023", MonthDayYear, "none"),
            ("07.08.2023", MonthDayYear, "none"),
            ("07-08-2023", MonthDayYear, "none"),
            ("31.7.2023", DayMonthYear, "2023-07-31 2023-07-31"),
            ("2024-02", YearMonth, "2024-02-01 2024-02-29"),
            ("202402", YearMonth, "2024-02-01 2024-02-29"),
            ("12/2025", MonthYear, "2025-12-01 2025-12-31"),
            ("SEP-25", NamedMonth, "2025-09-01 2025-09-30"),
            ("September 2025", NamedMonth, "2025-09-01 2025-09-30"),
            ("2026-02-30", YearMonthDay, "none"),
            ("2026-13", YearMonth, "none"),
            ("Smarch 2026", NamedMonth, "none"),
            ("", YearMonth, "none"),
            ("1026-01-01", YearMonthDay, "none"),
            ("ééé1", YearMonth, "none"),
        ] {
            assert_eq!(read(text, form), period, "{text}");
        }
    }

    #[test]
    fn a_fiscal_month_is_the_one_that_its_middle_lies_in() {
        let date = |text| day(text, DateForm::YearMonthDay).expect("a day");
        let period = Period::new(date("2026-08-30"), date("2026-09-26")).expect("a period");
        assert_eq!(period.month(), date("2026-09-01"));
        assert!(Period::new(date("2026-09-26"), date("2026-08-30")).is_none());
    }
}
