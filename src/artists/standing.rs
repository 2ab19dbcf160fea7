//! Where artists stand in the lists that people look through: all of them or those of a genre, in one of three orders.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};

use crate::platform::db::{Conn, named, sql};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, ArtistId};

named! {
    /// How artists stand.
    pub(crate) enum ArtistOrder {
        /// Who came last comes first.
        Newest = "newest",
        /// From A to Z, without regard to case and accents.
        Name = "name",
        /// Whom most people follow comes first.
        Followers = "followers",
    }
}

/// Which artists; all of them where nothing is said.
#[derive(Debug, Clone, Default)]
pub(super) struct Stand {
    /// In its normal form.
    pub(super) genre: Option<String>,
    /// Only those that the viewer may act for.
    pub(super) mine: bool,
}

/// A place in a list: after this artist.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Place {
    Newest(ArtistId),
    Name(String, ArtistId),
    Followers(i64, ArtistId),
}

impl Place {
    /// Whether a list in this order gives out such a place.
    pub(super) fn is_of(&self, order: ArtistOrder) -> bool {
        match (self, order) {
            (Self::Name(name, _), ArtistOrder::Name) => !name.contains('\0'),
            (Self::Newest(_), ArtistOrder::Newest) | (Self::Followers(..), ArtistOrder::Followers) => true,
            _ => false,
        }
    }
}

/// An artist in a list.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Standing {
    #[diesel(sql_type = SqlUuid)]
    pub(super) artist_id: ArtistId,
    #[diesel(sql_type = Text)]
    sort_name: String,
    #[diesel(sql_type = BigInt)]
    followers: i64,
}

impl Standing {
    pub(super) fn place(&self, order: ArtistOrder) -> Place {
        match order {
            ArtistOrder::Newest => Place::Newest(self.artist_id),
            ArtistOrder::Name => Place::Name(self.sort_name.clone(), self.artist_id),
            ArtistOrder::Followers => Place::Followers(self.followers, self.artist_id),
        }
    }
}

// $1 is the viewer, $2 and $3 say which artists, $4 how many; a place begins with $5.
macro_rules! select_standings {
    ($rest:literal) => {
        concat!(
            "select s.artist_id, s.sort_name, s.followers from artists.standings s
             where s.genre = $2
               and (not $3 or exists (select 1 from artists.acting x where x.artist_id = s.artist_id and x.account_id = $1)) ",
            $rest,
            " limit $4 + 1"
        )
    };
}

impl Stand {
    /// The artists after a place, which is one of this order; one more than `limit`, if there is.
    pub(super) async fn read(
        &self,
        conn: &mut Conn,
        viewer: Option<AccountId>,
        order: ArtistOrder,
        after: Option<Place>,
        limit: i64,
    ) -> Result<Vec<Standing>> {
        let query = sql(match (order, after.is_some()) {
            (ArtistOrder::Newest, false) => select_standings!("order by s.artist_id desc"),
            (ArtistOrder::Newest, true) => select_standings!("and s.artist_id < $5 order by s.artist_id desc"),
            (ArtistOrder::Name, false) => select_standings!("order by s.sort_name, s.artist_id"),
            (ArtistOrder::Name, true) => {
                select_standings!("and (s.sort_name, s.artist_id) > ($5, $6) order by s.sort_name, s.artist_id")
            }
            (ArtistOrder::Followers, false) => select_standings!("order by s.followers desc, s.artist_id desc"),
            (ArtistOrder::Followers, true) => select_standings!(
                "and (s.followers, s.artist_id) < ($5, $6) order by s.followers desc, s.artist_id desc"
            ),
        })
        .into_boxed()
        .bind::<Nullable<SqlUuid>, _>(viewer)
        .bind::<Text, _>(self.genre.clone().unwrap_or_default())
        .bind::<Bool, _>(self.mine)
        .bind::<BigInt, _>(limit);
        let query = match after {
            None => query,
            Some(Place::Newest(id)) => query.bind::<SqlUuid, _>(id),
            Some(Place::Name(name, id)) => query.bind::<Text, _>(name).bind::<SqlUuid, _>(id),
            Some(Place::Followers(followers, id)) => query.bind::<BigInt, _>(followers).bind::<SqlUuid, _>(id),
        };
        Ok(query.load(conn).await?)
    }
}
