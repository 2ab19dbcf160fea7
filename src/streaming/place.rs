//! A place in a list in which the latest comes first.

use chrono::{DateTime, Datelike, Utc};
use serde::{Deserialize, Serialize};

use crate::platform::error::{Error, Result};

/// Behind what was kept, or heard, at that time and has that id.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Place<I>(pub(super) DateTime<Utc>, pub(super) I);

impl<I> Place<I> {
    // A cursor is what a client says it is; PostgreSQL knows no times outside of its calendar.
    pub(super) fn plausible(after: Option<Self>) -> Result<Option<Self>> {
        match after {
            Some(Self(at, _)) if !(1970..=9999).contains(&at.year()) => {
                Err(Error::invalid("cursor", "This is not a cursor that this list gave out."))
            }
            after => Ok(after),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_lies_in_the_calendar() {
        let at = |millis| Some(Place(DateTime::from_timestamp_millis(millis).expect("a time"), 1));
        assert!(Place::plausible(at(1_800_000_000_000)).is_ok() && Place::<u8>::plausible(None).is_ok());
        for outside in [-1, 253_402_300_800_000, -99_999_999_999_999] {
            assert!(Place::plausible(at(outside)).is_err(), "{outside}");
        }
    }
}
