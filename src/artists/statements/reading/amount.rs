//! Amounts of money as statements have them: exact, with up to 18 decimals, never a floating-point number.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Decimals that are kept. Stores report fractions of a cent with 10 to 15 of them.
const DECIMALS: u32 = 18;

/// The largest amount, in whole units of its currency.
const MOST: i128 = 1_000_000_000_000_000;

const UNIT: i128 = 10_i128.pow(DECIMALS);

/// What separates the units from their fractions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Decimal {
    /// 1,234.56
    Point,
    /// 1.234,56
    Comma,
}

/// A decimal number. It travels as text (`"0.0598269974"`), so that no reader makes a float of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub(in crate::artists::statements) struct Amount(i128);

impl Amount {
    /// `None` beyond what any statement holds.
    pub(in crate::artists::statements) fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// What was moved, whichever way.
    pub(super) fn absolute(self) -> Self {
        Self(self.0.abs())
    }

    /// Whether PostgreSQL keeps sums up to this one.
    pub(super) fn can_be_kept(self) -> bool {
        self.0.abs() < UNIT * UNIT
    }

    /// Whether both are the same in a currency of so many decimals: what stores sum before they round may differ by half of
    /// its smallest unit.
    pub(in crate::artists::statements) fn is_same(self, other: Self, decimals: u32) -> bool {
        let half = UNIT / 2 / 10_i128.pow(decimals.min(DECIMALS - 1));
        self.0.abs_diff(other.0) <= half.unsigned_abs()
    }

    /// A whole number of things; `None` where it is none.
    pub(super) fn count(self) -> Option<i64> {
        if self.0 % UNIT != 0 {
            return None;
        }
        i64::try_from(self.0 / UNIT).ok()
    }

    /// A number as people and spreadsheets write it: groups of three, a currency's sign, brackets or a trailing minus for
    /// less than nothing, an exponent. `None`: it is no number, or has more than 18 decimals.
    pub(in crate::artists::statements) fn parse(text: &str, decimal: Decimal) -> Option<Self> {
        let (text, is_negative) = sign(text)?;
        let (mantissa, exponent) = exponent(text)?;
        let (units, fraction) = split(mantissa, decimal);
        let units = ungroup(units, decimal)?;
        if units.len() + fraction.len() == 0 || !is_digits(fraction) {
            return None;
        }
        let digits = format!("{units}{fraction}");
        let digits: i128 = digits.trim_start_matches('0').parse().or_else(|_| zero(&digits)).ok()?;
        let amount = shift(digits, i64::try_from(fraction.len()).ok()? - exponent)?;
        (amount / UNIT < MOST).then_some(Self(if is_negative { -amount } else { amount }))
    }
}

fn zero(digits: &str) -> Result<i128, ()> {
    if digits.bytes().all(|digit| digit == b'0') { Ok(0) } else { Err(()) }
}

// `digits` with so many decimals, in units of 10⁻¹⁸.
fn shift(digits: i128, decimals: i64) -> Option<i128> {
    if digits == 0 {
        return Some(0);
    }
    let up = i64::from(DECIMALS) - decimals;
    let power = 10_i128.checked_pow(u32::try_from(up.unsigned_abs()).ok()?)?;
    if up >= 0 {
        return digits.checked_mul(power);
    }
    (digits % power == 0).then_some(digits / power)
}

fn sign(text: &str) -> Option<(&str, bool)> {
    let is_around = |letter: char| letter.is_whitespace() || matches!(letter, '$' | '€' | '£' | '¥');
    let mut text = text.trim_matches(is_around);
    let bracketed = text.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
    let is_bracketed = bracketed.is_some();
    text = bracketed.unwrap_or(text).trim_matches(is_around);
    let minus = ['-', '\u{2212}'];
    let stripped = text.strip_prefix(minus).or_else(|| text.strip_suffix(minus));
    if is_bracketed && stripped.is_some() {
        return None;
    }
    let is_negative = is_bracketed || stripped.is_some();
    let text = stripped.or_else(|| text.strip_prefix('+')).unwrap_or(text);
    Some((text.trim_matches(is_around), is_negative))
}

fn exponent(text: &str) -> Option<(&str, i64)> {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return Some((text, 0)) };
    let exponent: i64 = exponent.parse().ok()?;
    (-40..=40).contains(&exponent).then_some((mantissa, exponent))
}

fn split(text: &str, decimal: Decimal) -> (&str, &str) {
    let separator = match decimal {
        Decimal::Point => '.',
        Decimal::Comma => ',',
    };
    text.split_once(separator).unwrap_or((text, ""))
}

// The digits of groups of three, or of no groups.
fn ungroup(units: &str, decimal: Decimal) -> Option<String> {
    let separator = match decimal {
        Decimal::Point => ',',
        Decimal::Comma => '.',
    };
    let is_separator = |letter: char| letter == separator || matches!(letter, ' ' | '\'' | '\u{a0}' | '\u{202f}');
    let groups: Vec<&str> = units.split(is_separator).collect();
    let is_grouped = match groups.as_slice() {
        [_] => true,
        [first, rest @ ..] => {
            (1..=3).contains(&first.len()) && !first.starts_with('0') && rest.iter().all(|group| group.len() == 3)
        }
        [] => false,
    };
    (is_grouped && groups.iter().all(|group| is_digits(group))).then(|| groups.concat())
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (units, fraction) =
            (self.0.unsigned_abs() / UNIT.unsigned_abs(), self.0.unsigned_abs() % UNIT.unsigned_abs());
        let minus = if self.0 < 0 { "-" } else { "" };
        let fraction = format!("{fraction:018}");
        // Two decimals at least, as amounts are written.
        let kept = fraction.trim_end_matches('0').len().max(2);
        write!(f, "{minus}{units}.{}", &fraction[..kept])
    }
}

impl From<Amount> for String {
    fn from(amount: Amount) -> Self {
        amount.to_string()
    }
}

impl TryFrom<String> for Amount {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text, Decimal::Point).ok_or("not an amount")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(text: &str) -> Option<String> {
        Amount::parse(text, Decimal::Point).map(|amount| amount.to_string())
    }

    #[test]
    fn numbers_are_read_exactly() {
        for (text, amount) in [
            ("0", "0.00"),
            ("000", "0.00"),
            ("1", "1.00"),
            (".5", "0.50"),
            ("0.0598269974", "0.0598269974"),
            ("1,234,567.89", "1234567.89"),
            ("1 234.5", "1234.50"),
            ("-0.69", "-0.69"),
            ("0.69-", "-0.69"),
            ("(12.30)", "-12.30"),
            ("$ 3.10", "3.10"),
            ("8.1e-05", "0.000081"),
            ("1.5E3", "1500.00"),
            ("0.000000000000000001", "0.000000000000000001"),
        ] {
            assert_eq!(point(text).as_deref(), Some(amount), "{text}");
        }
        assert_eq!(Amount::parse("1.234,56", Decimal::Comma), Amount::parse("1234.56", Decimal::Point));
        assert_eq!(Amount::parse("0,004", Decimal::Comma), Amount::parse("0.004", Decimal::Point));
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in [
            "",
            "-",
            ".",
            "N/A",
            "1.2.3",
            "12,34.5",
            "0,123",
            "1,23",
            "1e",
            "1e999",
            "--1",
            "(-1)",
            "0.0000000000000000001",
            "0x10",
            "NaN",
            "9999999999999999",
        ] {
            assert_eq!(point(text), None, "{text}");
        }
    }

    #[test]
    fn sums_do_not_drift() {
        let tenth = Amount::parse("0.1", Decimal::Point).expect("a number");
        let sum = (0..1000).try_fold(Amount::default(), |sum, _| sum.plus(tenth));
        assert_eq!(sum.map(|sum| sum.to_string()).as_deref(), Some("100.00"));
    }

    #[test]
    fn the_smallest_unit_is_a_difference_and_what_rounding_leaves_is_none() {
        let amount = |text| Amount::parse(text, Decimal::Point).expect("a number");
        assert!(amount("10.004").is_same(amount("10.00"), 2));
        assert!(!amount("10.01").is_same(amount("10.00"), 2));
        assert!(amount("1234.4").is_same(amount("1234"), 0));
        assert!(!amount("1234.6").is_same(amount("1234"), 0));
        assert!(amount("10.0004").is_same(amount("10.000"), 3));
        assert!(!amount("10.001").is_same(amount("10.000"), 3));
    }

    #[test]
    fn only_whole_things_are_counted() {
        let whole = |text| Amount::parse(text, Decimal::Point).and_then(Amount::count);
        assert_eq!((whole("12.0"), whole("-3"), whole("1.5")), (Some(12), Some(-3), None));
    }
}
