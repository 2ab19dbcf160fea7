//! A shelf: published releases that have something in common, in one of three orders.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};

use crate::artists::publication::listed;
use crate::artists::release::ReleaseKind;
use crate::platform::db::{Conn, named, sql};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, ReleaseId};

named! {
    /// How releases stand.
    pub(crate) enum ReleaseOrder {
        /// What was published last comes first.
        Newest = "newest",
        /// By how often their tracks were played.
        MostPlayed = "most_played",
        /// From A to Z, without regard to case and accents.
        Title = "title",
    }
}

/// What the releases have in common; all of them where nothing is said.
#[derive(Debug, Clone, Default)]
pub(super) struct Shelf {
    /// In its normal form.
    pub(super) genre: Option<String>,
    /// In which the music came out first.
    pub(super) year: Option<i16>,
    pub(super) kind: Option<ReleaseKind>,
}

/// A place on a shelf: after this release.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum Place {
    #[serde(rename = "n")]
    Newest(DateTime<Utc>, ReleaseId),
    #[serde(rename = "p")]
    MostPlayed(i64, ReleaseId),
    #[serde(rename = "t")]
    Title(String, ReleaseId),
}

/// A release on a shelf.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Standing {
    #[diesel(sql_type = SqlUuid)]
    pub(super) release_id: ReleaseId,
    #[diesel(sql_type = Timestamptz)]
    published_at: DateTime<Utc>,
    #[diesel(sql_type = Text)]
    sort_title: String,
    #[diesel(sql_type = BigInt)]
    plays: i64,
}

impl Standing {
    pub(super) fn place(&self, order: ReleaseOrder) -> Place {
        match order {
            ReleaseOrder::Newest => Place::Newest(self.published_at, self.release_id),
            ReleaseOrder::MostPlayed => Place::MostPlayed(self.plays, self.release_id),
            ReleaseOrder::Title => Place::Title(self.sort_title.clone(), self.release_id),
        }
    }
}

// $1 is the viewer, $2 to $4 the shelf, $5 how many; a place begins with $6.
macro_rules! select_shelf {
    ($rest:literal) => {
        concat!(
            "select h.release_id, h.published_at, h.sort_title, h.plays
             from artists.shelves h join artists.releases r on r.id = h.release_id
             where h.genre = $2 and h.year = $3 and h.kind = $4 and h.published_at <= now() and (",
            listed!(),
            " or exists (select 1 from artists.acting x where x.artist_id = r.artist_id and x.account_id = $1)) ",
            $rest,
            " limit $5 + 1"
        )
    };
}

impl Shelf {
    /// The releases after a place, which is one of this order, that the viewer may see; one more than `limit`, if there is.
    pub(super) async fn read(
        &self,
        conn: &mut Conn,
        viewer: Option<AccountId>,
        order: ReleaseOrder,
        after: Option<Place>,
        limit: i64,
    ) -> Result<Vec<Standing>> {
        let query = sql(match (order, after.is_some()) {
            (ReleaseOrder::Newest, false) => select_shelf!("order by h.published_at desc, h.release_id desc"),
            (ReleaseOrder::Newest, true) => {
                select_shelf!(
                    "and (h.published_at, h.release_id) < ($6, $7) order by h.published_at desc, h.release_id desc"
                )
            }
            (ReleaseOrder::MostPlayed, false) => select_shelf!("order by h.plays desc, h.release_id desc"),
            (ReleaseOrder::MostPlayed, true) => {
                select_shelf!("and (h.plays, h.release_id) < ($6, $7) order by h.plays desc, h.release_id desc")
            }
            (ReleaseOrder::Title, false) => select_shelf!("order by h.sort_title, h.release_id"),
            (ReleaseOrder::Title, true) => {
                select_shelf!("and (h.sort_title, h.release_id) > ($6, $7) order by h.sort_title, h.release_id")
            }
        })
        .into_boxed()
        .bind::<Nullable<SqlUuid>, _>(viewer)
        .bind::<Text, _>(self.genre.clone().unwrap_or_default())
        .bind::<SmallInt, _>(self.year.unwrap_or_default())
        .bind::<Text, _>(self.kind.map_or("", ReleaseKind::name))
        .bind::<BigInt, _>(limit);
        let query = match after {
            None => query,
            Some(Place::Newest(at, id)) => query.bind::<Timestamptz, _>(at).bind::<SqlUuid, _>(id),
            Some(Place::MostPlayed(plays, id)) => query.bind::<BigInt, _>(plays).bind::<SqlUuid, _>(id),
            Some(Place::Title(title, id)) => query.bind::<Text, _>(title).bind::<SqlUuid, _>(id),
        };
        Ok(query.load(conn).await?)
    }
}
