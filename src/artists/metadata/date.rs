//! Dates as people know them: a year, a month, or a day.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// `2026`, `2026-11` or `2026-11-28`, in the years 1000 to 9999.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(value_type = String, example = "2026-11-28")]
pub(crate) struct PartialDate(String);

impl TryFrom<String> for PartialDate {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let date = text.trim();
        let day = match date.len() {
            4 => format!("{date}-01-01"),
            7 => format!("{date}-01"),
            _ => date.to_owned(),
        };
        let shaped = day.len() == 10
            && day.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        let exists = shaped && !day.starts_with('0') && NaiveDate::parse_from_str(&day, "%Y-%m-%d").is_ok();
        if exists {
            Ok(Self(date.to_owned()))
        } else {
            Err("A date is a year from 1000, a month or a day: 2026, 2026-11 or 2026-11-28.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_as_exact_as_it_is_known() {
        for good in ["1968", "1968-11", "2024-02-29", " 1000 "] {
            assert!(PartialDate::try_from(good.to_owned()).is_ok(), "{good}");
        }
        for bad in
            ["", "68", "0999", "1968-13", "2023-02-29", "1968-1-1", "1968-11-", "1968/11/22", "+968-11-01", "19é8"]
        {
            assert!(PartialDate::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
