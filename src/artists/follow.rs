//! What an account follows.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, ArtistId};

/// A row of `artists.follows`.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Follow {
    #[diesel(sql_type = SqlUuid)]
    pub(super) artist_id: ArtistId,
    #[diesel(sql_type = Timestamptz)]
    pub(super) created_at: DateTime<Utc>,
}

impl Follow {
    /// What an account follows, the newest first; after the one that began at that time. What is deleted is not there.
    pub(super) async fn list(
        conn: &mut Conn,
        account: AccountId,
        after: Option<(DateTime<Utc>, ArtistId)>,
        limit: i64,
    ) -> Result<Vec<Self>> {
        let (at, id) = after.unzip();
        let list = prepared(
            sql("select f.artist_id, f.created_at
                 from artists.follows f join artists.artists a on a.id = f.artist_id
                 where f.account_id = $1 and a.closed_at is null
                   and ($2::timestamptz is null or (f.created_at, f.artist_id) < ($2, $3))
                 order by f.created_at desc, f.artist_id desc limit $4 + 1")
            .bind::<SqlUuid, _>(account)
            .bind::<Nullable<Timestamptz>, _>(at)
            .bind::<Nullable<SqlUuid>, _>(id)
            .bind::<BigInt, _>(limit),
        );
        Ok(list.load(conn).await?)
    }
}
