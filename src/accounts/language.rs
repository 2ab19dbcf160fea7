//! The languages that Legato speaks.

use crate::platform::db::named;

named! {
    /// A language, by its subtag (RFC 5646).
    #[derive(Default)]
    pub(crate) enum Language {
        #[default]
        English = "en",
        German = "de",
    }
}
