//! Shares in percent, exact to the hundredth.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A share from 0.01 to 100 percent, as a decimal number in a text, so that nobody rounds it: `50`, `33.33`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, pattern = "^[0-9]{1,3}([.][0-9]{1,2})?$", example = "33.33")]
pub(crate) struct Percent(i32);

impl Percent {
    /// All of it, in hundredths.
    pub(super) const WHOLE: i32 = 10_000;

    pub(super) fn from_hundredths(hundredths: i32) -> Self {
        Self(hundredths)
    }

    pub(super) fn hundredths(self) -> i32 {
        self.0
    }
}

impl TryFrom<String> for Percent {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, "0"));
        let number = |digits: &str, most: usize| {
            let is_number = (1..=most).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
            if is_number { digits.parse::<i32>().ok() } else { None }
        };
        let tenths_too = if fraction.len() == 1 { 10 } else { 1 };
        let hundredths = number(whole, 3).zip(number(fraction, 2)).map(|(whole, part)| whole * 100 + part * tenths_too);
        let share = hundredths.filter(|hundredths| (1..=Self::WHOLE).contains(hundredths));
        share.map(Self).ok_or("A share is a number of percent from 0.01 to 100, with at most two decimals.")
    }
}

impl From<Percent> for String {
    fn from(Percent(hundredths): Percent) -> Self {
        format!("{}.{:02}", hundredths / 100, hundredths % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_exact() {
        let read = |text: &str| Percent::try_from(text.to_owned()).map(String::from);
        for (text, written) in
            [("50", "50.00"), ("33.3", "33.30"), ("33.34", "33.34"), ("0.01", "0.01"), ("100", "100.00")]
        {
            assert_eq!(read(text), Ok(written.to_owned()));
        }
        for bad in ["", "0", "0.00", "100.01", "33.333", "-1", "+1", "1e2", ".5", "5.", "33,3", "½", " 5", "1000"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
