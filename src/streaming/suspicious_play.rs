//! Plays that look like nobody's, as administrators see them: rows and queries.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::suspicion::Suspicion;
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, PlayId, TrackId};

/// A play that is not counted.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct SuspiciousPlay {
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: PlayId,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(super) account_id: Option<AccountId>,
    #[diesel(sql_type = SqlUuid)]
    pub(super) track_id: TrackId,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) title: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) artist: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    pub(super) started_at: DateTime<Utc>,
    #[diesel(sql_type = Integer)]
    pub(super) heard_ms: i32,
    #[diesel(sql_type = Text)]
    pub(super) suspicion: Suspicion,
}

impl SuspiciousPlay {
    /// The newest first; one more than `limit`.
    pub(super) async fn list(conn: &mut Conn, after: Option<PlayId>, limit: i64) -> Result<Vec<Self>> {
        let list = prepared(
            sql("select p.id, p.account_id, p.track_id, t.title, t.artist_name as artist, p.started_at, p.heard_ms, p.suspicion
                 from streaming.plays p left join artists.visible_tracks t on t.track_id = p.track_id
                 where p.suspicion is not null and ($1::uuid is null or p.id < $1)
                 order by p.id desc limit $2")
            .bind::<Nullable<SqlUuid>, _>(after)
            .bind::<BigInt, _>(limit + 1),
        );
        Ok(list.load(conn).await?)
    }
}
