//! An offer between an artist and a label: rows and queries.
//!
//! It stands for as long as its time is not over and whoever made it still owns the side that made it.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::artists::schema::{artists, label_offers};
use crate::platform::db::{Conn, named, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, ArtistId};

/// How long one waits for its answer.
pub(super) const GOOD_FOR: TimeDelta = TimeDelta::days(30);

named! {
    /// Who made an offer.
    pub(crate) enum OfferSide {
        Artist = "artist",
        Label = "label",
    }
}

/// A row of `artists.label_offers` that stands, with both names.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Offer {
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub(super) artist_id: ArtistId,
    #[diesel(sql_type = Text)]
    pub(super) artist_slug: String,
    #[diesel(sql_type = Text)]
    pub(super) artist_name: String,
    #[diesel(sql_type = SqlUuid)]
    pub(super) label_id: ArtistId,
    #[diesel(sql_type = Text)]
    pub(super) label_slug: String,
    #[diesel(sql_type = Text)]
    pub(super) label_name: String,
    #[diesel(sql_type = Text)]
    pub(super) offered_by: OfferSide,
    #[diesel(sql_type = Timestamptz)]
    pub(super) created_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub(super) expires_at: DateTime<Utc>,
}

/// An offer to be made.
#[derive(Debug, Insertable)]
#[diesel(table_name = label_offers)]
pub(super) struct NewOffer {
    pub(super) id: Uuid,
    pub(super) artist_id: ArtistId,
    pub(super) label_id: ArtistId,
    pub(super) offered_by: OfferSide,
    pub(super) account_id: AccountId,
    pub(super) created_at: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
}

// $1 is now.
macro_rules! select_offers {
    ($rest:literal) => {
        concat!(
            "select o.id, o.artist_id, a.slug as artist_slug, a.name as artist_name, o.label_id, l.slug as label_slug,
                    l.name as label_name, o.offered_by, o.created_at, o.expires_at
             from artists.label_offers o
             join artists.artists a on a.id = o.artist_id
             join artists.artists l on l.id = o.label_id
             where o.expires_at > $1 and a.closed_at is null and l.closed_at is null
               and artists.owns(case o.offered_by when 'artist' then o.artist_id else o.label_id end, o.account_id) ",
            $rest
        )
    };
}

impl NewOffer {
    /// Makes the offer, in the place of an earlier one between the same two.
    pub(super) async fn insert(&self, conn: &mut Conn) -> Result<()> {
        Offer::delete(conn, self.artist_id, self.label_id).await?;
        diesel::insert_into(label_offers::table).values(self).execute(conn).await?;
        Ok(())
    }
}

impl Offer {
    /// The offer between an artist and a label.
    pub(super) async fn find(
        conn: &mut Conn,
        artist: ArtistId,
        label: ArtistId,
        now: DateTime<Utc>,
    ) -> Result<Option<Self>> {
        let found = prepared(
            sql(select_offers!("and o.artist_id = $2 and o.label_id = $3"))
                .bind::<Timestamptz, _>(now)
                .bind::<SqlUuid, _>(artist)
                .bind::<SqlUuid, _>(label),
        );
        Ok(found.get_result(conn).await.optional()?)
    }

    /// Offers that an artist takes part in, on either side, newest first.
    pub(super) async fn list_of(
        conn: &mut Conn,
        artist: ArtistId,
        after: Option<Uuid>,
        limit: i64,
        now: DateTime<Utc>,
    ) -> Result<Vec<Self>> {
        let list = prepared(
            sql(select_offers!(
                "and (o.artist_id = $2 or o.label_id = $2) and ($3::uuid is null or o.id < $3)
                 order by o.id desc limit $4 + 1"
            ))
            .bind::<Timestamptz, _>(now)
            .bind::<SqlUuid, _>(artist)
            .bind::<Nullable<SqlUuid>, _>(after)
            .bind::<BigInt, _>(limit),
        );
        Ok(list.load(conn).await?)
    }

    /// Takes the offer between two away; false where there is none.
    pub(super) async fn delete(conn: &mut Conn, artist: ArtistId, label: ArtistId) -> Result<bool> {
        let pair = label_offers::artist_id.eq(artist).and(label_offers::label_id.eq(label));
        Ok(diesel::delete(label_offers::table.filter(pair)).execute(conn).await? > 0)
    }
}

/// Puts an artist under a label's management, or under nobody's; all that was offered to or by the artist has its answer.
pub(super) async fn set_label(conn: &mut Conn, artist: ArtistId, label: Option<ArtistId>) -> Result<()> {
    diesel::update(artists::table.find(artist)).set(artists::label_id.eq(label)).execute(conn).await?;
    diesel::delete(label_offers::table.filter(label_offers::artist_id.eq(artist))).execute(conn).await?;
    Ok(())
}

/// The artists that a label manages, newest first: their ids.
pub(super) async fn roster(
    conn: &mut Conn,
    label: ArtistId,
    after: Option<ArtistId>,
    limit: i64,
) -> Result<Vec<ArtistId>> {
    let mut managed = artists::table
        .filter(artists::label_id.eq(label).and(artists::closed_at.is_null()))
        .order(artists::id.desc())
        .limit(limit + 1)
        .select(artists::id)
        .into_boxed();
    if let Some(after) = after {
        managed = managed.filter(artists::id.lt(after));
    }
    Ok(managed.load(conn).await?)
}

/// Forgets offers whose time is over.
pub(in crate::artists) async fn delete_expired(conn: &mut Conn, now: DateTime<Utc>) -> Result<()> {
    diesel::delete(label_offers::table.filter(label_offers::expires_at.le(now))).execute(conn).await?;
    Ok(())
}

/// Forgets the offers that an account made.
pub(in crate::artists) async fn forget(conn: &mut Conn, account: AccountId) -> Result<()> {
    diesel::delete(label_offers::table.filter(label_offers::account_id.eq(account))).execute(conn).await?;
    Ok(())
}
