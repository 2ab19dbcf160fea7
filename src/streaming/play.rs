//! A play: granted when somebody presses the button, counted when enough of it was heard.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Date, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde::Serialize;

use super::schema::plays;
use super::suspicion::Suspicion;
use crate::artists::MonthlyPlays;
use crate::platform::db::{Conn, named, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, PlayId, TrackId};

named! {
    /// Where a play stands, as its player tells.
    pub(crate) enum PlayState {
        /// Nobody has told of it yet.
        Granted = "granted",
        Playing = "playing",
        Paused = "paused",
        Ended = "ended",
        /// Left before its end.
        Skipped = "skipped",
    }
}

impl PlayState {
    pub(super) fn is_over(self) -> bool {
        matches!(self, Self::Ended | Self::Skipped)
    }
}

/// A play that was just granted.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = plays)]
pub(super) struct NewPlay {
    pub(super) id: PlayId,
    pub(super) account_id: Option<AccountId>,
    pub(super) track_id: TrackId,
    pub(super) started_at: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
    /// How much of it has to be heard before it counts.
    pub(super) needed_ms: i32,
}

impl NewPlay {
    pub(super) async fn insert(&self, conn: &mut Conn) -> Result<()> {
        diesel::insert_into(plays::table).values(self).execute(conn).await?;
        Ok(())
    }
}

/// A row of `streaming.plays`.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = plays)]
pub(super) struct Play {
    pub(super) id: PlayId,
    pub(super) account_id: Option<AccountId>,
    pub(super) track_id: TrackId,
    pub(super) expires_at: DateTime<Utc>,
    pub(super) started_at: DateTime<Utc>,
    pub(super) position_ms: i32,
    /// Time heard, not the place in the track.
    pub(super) heard_ms: i32,
    pub(super) state: PlayState,
    pub(super) told_at: Option<DateTime<Utc>>,
    pub(super) needed_ms: i32,
    /// Since when enough of it was heard.
    pub(super) qualified_at: Option<DateTime<Utc>>,
    /// Why it does not count all the same.
    pub(super) suspicion: Option<Suspicion>,
    /// The account under a secret, for as long as the address is.
    pub(super) listener: Option<Vec<u8>>,
    /// The client's address under a secret.
    pub(super) origin: Option<Vec<u8>>,
}

impl Play {
    pub(super) async fn find(conn: &mut Conn, id: PlayId) -> Result<Option<Self>> {
        Ok(plays::table.find(id).select(Self::as_select()).first(conn).await.optional()?)
    }

    /// The same, for nobody else to change until the transaction ends.
    pub(super) async fn lock(conn: &mut Conn, id: PlayId) -> Result<Option<Self>> {
        Ok(plays::table.find(id).select(Self::as_select()).for_update().first(conn).await.optional()?)
    }

    /// Writes what was told of it.
    pub(super) async fn save(&self, conn: &mut Conn) -> Result<()> {
        let told = (
            plays::started_at.eq(self.started_at),
            plays::position_ms.eq(self.position_ms),
            plays::heard_ms.eq(self.heard_ms),
            plays::state.eq(self.state),
            plays::told_at.eq(self.told_at),
            plays::qualified_at.eq(self.qualified_at),
            plays::suspicion.eq(self.suspicion),
            plays::listener.eq(&self.listener),
            plays::origin.eq(&self.origin),
        );
        diesel::update(plays::table.find(self.id)).set(told).execute(conn).await?;
        Ok(())
    }
}

/// A play as its listener takes it along.
#[derive(Debug, Clone, Serialize, QueryableByName)]
pub(super) struct KeptPlay {
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: PlayId,
    #[diesel(sql_type = Timestamptz)]
    played_at: DateTime<Utc>,
    #[diesel(sql_type = Integer)]
    heard_ms: i32,
    #[diesel(sql_type = SqlUuid)]
    track_id: TrackId,
    #[diesel(sql_type = Nullable<Text>)]
    title: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    artist: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    release: Option<String>,
}

impl KeptPlay {
    /// What an account played, oldest first.
    pub(super) async fn list(
        conn: &mut Conn,
        account: AccountId,
        after: Option<PlayId>,
        limit: i64,
    ) -> Result<Vec<Self>> {
        let list = prepared(
            sql("select p.id, p.started_at as played_at, p.heard_ms, p.track_id, t.title, t.artist_name as artist,
                        t.release_title as release
                 from streaming.plays p left join artists.visible_tracks t on t.track_id = p.track_id
                 where p.account_id = $1 and ($2::uuid is null or p.id > $2)
                 order by p.id limit $3")
            .bind::<SqlUuid, _>(account)
            .bind::<Nullable<SqlUuid>, _>(after)
            .bind::<BigInt, _>(limit),
        );
        Ok(list.load(conn).await?)
    }
}

/// Façade: how often tracks were played, as far as that counts, month by month (UTC).
pub(crate) async fn plays_by_month(conn: &mut Conn, tracks: &[TrackId]) -> Result<Vec<MonthlyPlays>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = SqlUuid)]
        track_id: TrackId,
        #[diesel(sql_type = Date)]
        month: NaiveDate,
        #[diesel(sql_type = BigInt)]
        plays: i64,
    }
    let counted = prepared(
        sql("select p.track_id, date_trunc('month', p.started_at at time zone 'UTC')::date as month, count(*) as plays
             from streaming.plays p
             where p.track_id = any($1) and p.qualified_at is not null and p.suspicion is null group by 1, 2")
        .bind::<Array<SqlUuid>, _>(tracks),
    );
    let rows: Vec<Row> = counted.load(conn).await?;
    let plays = |row: Row| MonthlyPlays { track: row.track_id, month: row.month, plays: row.plays };
    Ok(rows.into_iter().map(plays).collect())
}
