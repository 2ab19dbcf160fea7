//! Where a release is meant to be heard.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::country::Country;

/// The officially assigned codes of ISO 3166-1, two letters each.
const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV \
    BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO \
    FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP \
    KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU \
    MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB \
    SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY \
    UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// The countries where a release is meant to be heard, or where it is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Territories {
    rule: TerritoryRule,
    countries: Countries,
}

impl Territories {
    /// Whether it may be heard by who is there. Where the country is asked for and not known, it is none of those that are
    /// named; where nobody is asked, there are no limits.
    pub(crate) fn allow(&self, country: &Country) -> bool {
        let is_named = match country {
            Country::Unasked => return true,
            Country::Unknown => false,
            Country::Known(code) => self.countries.0.contains(code),
        };
        match self.rule {
            TerritoryRule::Allow => is_named,
            TerritoryRule::Deny => !is_named,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TerritoryRule {
    /// In these alone.
    Allow,
    /// Everywhere but in these.
    Deny,
}

/// Countries by their codes of two letters (ISO 3166-1), at least one, each once, in the order of the alphabet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "Vec<String>")]
#[schema(value_type = Vec<String>, min_items = 1, max_items = 249)]
pub(crate) struct Countries(Vec<String>);

impl TryFrom<Vec<String>> for Countries {
    type Error = &'static str;

    fn try_from(codes: Vec<String>) -> Result<Self, Self::Error> {
        let mut countries: Vec<String> = codes.iter().map(|code| code.trim().to_ascii_uppercase()).collect();
        countries.sort_unstable();
        countries.dedup();
        if countries.is_empty() {
            return Err("Name at least one country; without a limit, leave the territories out.");
        }
        let known: Vec<&str> = COUNTRIES.split_whitespace().collect();
        if countries.iter().all(|code| known.binary_search(&code.as_str()).is_ok()) {
            Ok(Self(countries))
        } else {
            Err("A country is a code of two letters (ISO 3166-1), such as DE.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_all_there_and_in_order() {
        let codes: Vec<&str> = COUNTRIES.split_whitespace().collect();
        assert_eq!(codes.len(), 249);
        assert!(codes.is_sorted() && codes.iter().all(|code| code.len() == 2));
    }

    #[test]
    fn who_is_somewhere_hears_what_is_for_them() {
        let limits = |rule| Territories { rule, countries: Countries(vec!["AT".into(), "DE".into()]) };
        let (only, but) = (limits(TerritoryRule::Allow), limits(TerritoryRule::Deny));
        for (country, in_only, in_but) in [
            (Country::Known("DE".into()), true, false),
            (Country::Known("US".into()), false, true),
            (Country::Unknown, false, true),
            (Country::Unasked, true, true),
        ] {
            assert_eq!((only.allow(&country), but.allow(&country)), (in_only, in_but), "{country:?}");
        }
    }

    #[test]
    fn a_country_is_known() {
        let countries =
            |codes: &[&str]| Countries::try_from(codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>());
        assert_eq!(countries(&["us", "DE", "de"]).expect("two").0, ["DE", "US"]);
        for bad in [&["XX"] as &[_], &["UK"], &["DEU"], &[""], &[]] {
            assert!(countries(bad).is_err(), "{bad:?}");
        }
    }
}
