//! A play: one press of the button.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde::Serialize;

use super::schema::plays;
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, PlayId, TrackId};

/// A row of `streaming.plays`.
#[derive(Debug, Clone, Insertable, Queryable, Selectable)]
#[diesel(table_name = plays)]
pub(super) struct Play {
    pub(super) id: PlayId,
    pub(super) account_id: Option<AccountId>,
    pub(super) track_id: TrackId,
    pub(super) expires_at: DateTime<Utc>,
}

impl Play {
    pub(super) async fn insert(&self, conn: &mut Conn) -> Result<()> {
        diesel::insert_into(plays::table).values(self).execute(conn).await?;
        Ok(())
    }

    pub(super) async fn find(conn: &mut Conn, id: PlayId) -> Result<Option<Self>> {
        Ok(plays::table.find(id).select(Self::as_select()).first(conn).await.optional()?)
    }

    /// Makes all plays of an account nobody's: they still count.
    pub(super) async fn forget_listener(conn: &mut Conn, account: AccountId) -> Result<()> {
        diesel::update(plays::table.filter(plays::account_id.eq(account)))
            .set(plays::account_id.eq(None::<AccountId>))
            .execute(conn)
            .await?;
        Ok(())
    }
}

/// A play as its listener takes it along.
#[derive(Debug, Clone, Serialize, QueryableByName)]
pub(super) struct PlayedTrack {
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: PlayId,
    #[diesel(sql_type = Timestamptz)]
    played_at: DateTime<Utc>,
    #[diesel(sql_type = SqlUuid)]
    track_id: TrackId,
    #[diesel(sql_type = Nullable<Text>)]
    title: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    artist: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    release: Option<String>,
}

impl PlayedTrack {
    /// What an account played, oldest first.
    pub(super) async fn list(
        conn: &mut Conn,
        account: AccountId,
        after: Option<PlayId>,
        limit: i64,
    ) -> Result<Vec<Self>> {
        let list = prepared(
            sql("select p.id, p.created_at as played_at, p.track_id, t.title, t.artist_name as artist,
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
