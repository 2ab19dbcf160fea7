//! Releases that an account saved: rows and queries.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, ReleaseId};
use crate::streaming::place::Place;

/// A release that an account saved.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub(super) struct SavedRow {
    #[diesel(sql_type = SqlUuid)]
    pub(super) release_id: ReleaseId,
    #[diesel(sql_type = Timestamptz)]
    pub(super) saved_at: DateTime<Utc>,
}

impl SavedRow {
    pub(super) fn place(&self) -> Place<ReleaseId> {
        Place(self.saved_at, self.release_id)
    }

    /// What an account saved, the latest first; one more than `limit`. With `only`, that one alone.
    pub(super) async fn list(
        conn: &mut Conn,
        account: AccountId,
        only: Option<ReleaseId>,
        after: Option<Place<ReleaseId>>,
        limit: i64,
    ) -> Result<Vec<Self>> {
        let list = prepared(
            sql("select release_id, saved_at from streaming.saved_releases
                 where account_id = $1 and ($2::uuid is null or release_id = $2)
                   and ($3::timestamptz is null or (saved_at, release_id) < ($3, $4))
                 order by saved_at desc, release_id desc limit $5")
            .bind::<SqlUuid, _>(account)
            .bind::<Nullable<SqlUuid>, _>(only)
            .bind::<Nullable<Timestamptz>, _>(after.map(|place| place.0))
            .bind::<Nullable<SqlUuid>, _>(after.map(|place| place.1))
            .bind::<BigInt, _>(limit + 1),
        );
        Ok(list.load(conn).await?)
    }

    /// Saves a release; what is saved already keeps its place.
    pub(super) async fn insert(
        conn: &mut Conn,
        account: AccountId,
        release: ReleaseId,
        at: DateTime<Utc>,
    ) -> Result<()> {
        let insert = prepared(
            sql("insert into streaming.saved_releases (account_id, release_id, saved_at) values ($1, $2, $3)
                 on conflict do nothing")
            .bind::<SqlUuid, _>(account)
            .bind::<SqlUuid, _>(release)
            .bind::<Timestamptz, _>(at),
        );
        insert.execute(conn).await?;
        Ok(())
    }

    pub(super) async fn delete(conn: &mut Conn, account: AccountId, release: ReleaseId) -> Result<()> {
        let delete = prepared(
            sql("delete from streaming.saved_releases where account_id = $1 and release_id = $2")
                .bind::<SqlUuid, _>(account)
                .bind::<SqlUuid, _>(release),
        );
        delete.execute(conn).await?;
        Ok(())
    }
}
