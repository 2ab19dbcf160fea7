//! Who sees a release that is published.

use crate::platform::db::named;

named! {
    /// Who sees a release once it is published. Who acts for its artist always does.
    pub(crate) enum Visibility {
        /// Everybody; it is in lists, in search, and followers are told.
        Public = "public",
        /// Who has its address: it is in no list and not in search, and nobody is told.
        Unlisted = "unlisted",
        /// Who follows the artist: in lists too, but not in search; followers are told.
        Followers = "followers",
        /// Nobody else.
        Private = "private",
    }
}

impl Visibility {
    /// Whether it is in lists, for those who see it.
    pub(in crate::artists) fn is_listed(self) -> bool {
        matches!(self, Self::Public | Self::Followers)
    }

    /// Whether followers are told of the release.
    pub(super) fn is_announced(self) -> bool {
        matches!(self, Self::Public | Self::Followers)
    }
}

/// SQL: whether the viewer `$1`, or null, may open the release `r` by its address. Who acts for the artist may besides.
macro_rules! open_by_address {
    () => {
        "(r.published_at <= now() and (r.visibility in ('public', 'unlisted') or (r.visibility = 'followers'
            and exists (select 1 from artists.follows f where f.artist_id = r.artist_id and f.account_id = $1))))"
    };
}

/// SQL: whether the release `r` is in the lists that the viewer `$1`, or null, sees.
macro_rules! listed {
    () => {
        "(r.published_at <= now() and (r.visibility = 'public' or (r.visibility = 'followers'
            and exists (select 1 from artists.follows f where f.artist_id = r.artist_id and f.account_id = $1))))"
    };
}

pub(in crate::artists) use {listed, open_by_address};
