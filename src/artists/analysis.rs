//! What the chain found out about a track's sound.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Nullable, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::Value;

use super::schema::analyses;
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, TrackId};

/// A row of `artists.analyses`.
#[derive(Debug, Clone, Insertable, AsChangeset)]
#[diesel(table_name = analyses)]
#[diesel(treat_none_as_null = true)]
pub(super) struct Analysis {
    pub(super) track_id: TrackId,
    pub(super) codec: String,
    pub(super) frames: i64,
    pub(super) sample_rate_hz: i32,
    pub(super) channels: i16,
    pub(super) duration_ms: i64,
    pub(super) integrated_loudness_lufs: Option<f64>,
    pub(super) loudness_range_lu: Option<f64>,
    pub(super) true_peak_dbtp: Option<f64>,
    pub(super) waveform: Vec<u8>,
    pub(super) warnings: Value,
}

#[derive(QueryableByName)]
struct WaveformRow {
    #[diesel(sql_type = BigInt)]
    duration_ms: i64,
    #[diesel(sql_type = Binary)]
    waveform: Vec<u8>,
}

impl Analysis {
    /// Sets a track's analysis: what was there before gives way.
    pub(super) async fn put(&self, conn: &mut Conn) -> Result<()> {
        diesel::insert_into(analyses::table)
            .values(self)
            .on_conflict(analyses::track_id)
            .do_update()
            .set(self)
            .execute(conn)
            .await?;
        Ok(())
    }

    /// The duration in milliseconds and the peaks of a track that the viewer may see.
    pub(super) async fn waveform(
        conn: &mut Conn,
        id: TrackId,
        viewer: Option<AccountId>,
    ) -> Result<Option<(i64, Vec<u8>)>> {
        let found = prepared(
            sql("select n.duration_ms, n.waveform
                 from artists.analyses n
                 join artists.tracks t on t.id = n.track_id
                 join artists.releases r on r.id = t.release_id
                 where n.track_id = $2
                   and ((t.state = 'ready' and r.published_at <= now())
                        or exists (select 1 from artists.memberships m where m.artist_id = r.artist_id and m.account_id = $1))")
            .bind::<Nullable<SqlUuid>, _>(viewer)
            .bind::<SqlUuid, _>(id),
        );
        let row: Option<WaveformRow> = found.get_result(conn).await.optional()?;
        Ok(row.map(|row| (row.duration_ms, row.waveform)))
    }
}
