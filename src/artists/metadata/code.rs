//! Codes that others give to music, and check by a digit: of products (GTIN) and of works (ISWC).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A product's code: a UPC of 12 digits or an EAN of 13, whose last digit fits the others (GS1 General Specifications,
/// 7.9). Spaces and hyphens are dropped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(value_type = String, example = "036000291452")]
pub(crate) struct Upc(String);

impl Upc {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Upc {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let code = without(&text, &['-', ' ']);
        let digits = digits(&code).filter(|digits| matches!(digits.len(), 12 | 13));
        let digits = digits.ok_or("A UPC has 12 digits, an EAN 13.")?;
        // From the right, every second digit counts three times.
        let sum: u32 = digits.iter().rev().zip([1, 3].into_iter().cycle()).map(|(digit, weight)| digit * weight).sum();
        if sum.is_multiple_of(10) { Ok(Self(code)) } else { Err("The last digit of this UPC does not fit the others.") }
    }
}

/// A work's code (ISO 15707): `T`, nine digits and a digit that fits them, such as `T-034.524.680-1`; kept without
/// punctuation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(value_type = String, example = "T-034.524.680-1")]
pub(crate) struct Iswc(String);

impl TryFrom<String> for Iswc {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let code = without(&text, &['-', '.', ' ']).to_ascii_uppercase();
        let digits = code.strip_prefix('T').and_then(digits).filter(|digits| digits.len() == 10);
        let digits = digits.ok_or("An ISWC is a T and ten digits, such as T-034.524.680-1.")?;
        let sum: u32 = 1 + (1..).zip(&digits[..9]).map(|(place, digit)| place * digit).sum::<u32>();
        if (sum + digits[9]).is_multiple_of(10) {
            Ok(Self(code))
        } else {
            Err("The last digit of this ISWC does not fit the others.")
        }
    }
}

fn without(text: &str, marks: &[char]) -> String {
    text.chars().filter(|letter| !marks.contains(letter)).collect()
}

fn digits(text: &str) -> Option<Vec<u32>> {
    text.chars().map(|letter| letter.to_digit(10)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_has_twelve_digits_or_thirteen_that_fit() {
        for good in ["036000291452", "0 36000-29145 2", "4006381333931"] {
            assert!(Upc::try_from(good.to_owned()).is_ok(), "{good}");
        }
        for bad in ["036000291453", "4006381333913", "36000291452", "03600029145X", "", "٠36000291452"] {
            assert!(Upc::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_work_has_nine_digits_and_one_that_fits() {
        assert_eq!(Iswc::try_from("T-034.524.680-1".to_owned()), Ok(Iswc("T0345246801".to_owned())));
        assert!(Iswc::try_from("t0345246801".to_owned()).is_ok());
        for bad in ["T-034.524.680-2", "T-034.542.680-1", "0345246801", "T034524680", "TT345246801", ""] {
            assert!(Iswc::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
