//! Time zones, by IANA's names.

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A name of IANA's database, such as `Europe/Berlin`, in its own spelling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(value_type = String, example = "Europe/Berlin")]
pub(crate) struct TimeZone(String);

impl TimeZone {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for TimeZone {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let zone = text.trim().parse::<Tz>().map_err(|_| "A time zone has a name such as Europe/Berlin.")?;
        Ok(Self(zone.name().to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_zone_is_one_of_ianas() {
        for good in ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires"] {
            assert_eq!(TimeZone::try_from(good.to_owned()).expect("a zone").as_str(), good);
        }
        for bad in ["", "Berlin", "Europe/Atlantis", "+01:00", "../etc/passwd", "Europe/Berlin\0"] {
            assert!(TimeZone::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
