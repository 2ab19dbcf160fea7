//! What others may do with a release.

use crate::platform::db::named;

named! {
    /// The licence that a release is given out under, by its SPDX name.
    #[derive(Default)]
    pub(crate) enum Licence {
        /// Nothing but listen.
        #[default]
        AllRightsReserved = "all-rights-reserved",
        /// The public domain, as far as there is one.
        Zero = "CC0-1.0",
        By = "CC-BY-4.0",
        BySa = "CC-BY-SA-4.0",
        ByNc = "CC-BY-NC-4.0",
        ByNcSa = "CC-BY-NC-SA-4.0",
        ByNd = "CC-BY-ND-4.0",
        ByNcNd = "CC-BY-NC-ND-4.0",
    }
}
