//! What the chain found out about a track's sound.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Nullable, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::links::open_by_link;
use super::publication::open_by_address;
use super::schema::analyses;
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, TrackId};
use crate::platform::secret;

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
    pub(super) momentary_max_lufs: Option<f64>,
    pub(super) short_term_max_lufs: Option<f64>,
    pub(super) loudness_histogram: Value,
    pub(super) tempo_bpm: Option<f32>,
    pub(super) tempo_confidence: Option<f32>,
    pub(super) musical_key: Option<String>,
    pub(super) key_confidence: Option<f32>,
    pub(super) quality: Option<Value>,
    pub(super) findings: Value,
    pub(super) fingerprint: Option<Vec<u8>>,
    pub(super) fingerprint_keys: Option<Vec<Option<i32>>>,
    pub(super) waveform: Vec<u8>,
    pub(super) warnings: Value,
}

/// A track's shape: so many equal parts over the whole length, all channels together.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Waveform {
    pub(crate) duration_ms: i64,
    /// How many parts there are.
    pub(crate) parts: usize,
    /// The highest absolute sample of each part: 0 is silence, 255 full scale.
    pub(crate) peaks: Vec<u8>,
    /// The lowest sample of each part, −127 to 127.
    pub(crate) low: Vec<i8>,
    /// The highest sample of each part, −127 to 127.
    pub(crate) high: Vec<i8>,
    /// The root mean square of each part, 0 to 255; null for a track that was analysed before it was measured.
    pub(crate) rms: Option<Vec<u8>>,
}

#[derive(QueryableByName)]
struct Drawn {
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
}

impl Analysis {
    /// How long an analysed track is.
    pub(super) async fn duration_ms(conn: &mut Conn, track: TrackId) -> Result<Option<i64>> {
        Ok(analyses::table.find(track).select(analyses::duration_ms).first(conn).await.optional()?)
    }
}

impl Waveform {
    /// The waveform of a track that the viewer, or whoever holds the link with this secret, may see, in so many parts, or those that there are.
    pub(super) async fn find(
        conn: &mut Conn,
        id: TrackId,
        viewer: Option<AccountId>,
        link: Option<&str>,
        parts: usize,
    ) -> Result<Option<Self>> {
        let found = prepared(
            sql(concat!("select n.duration_ms, n.waveform
                 from artists.analyses n
                 join artists.tracks t on t.id = n.track_id
                 join artists.releases r on r.id = t.release_id
                 where n.track_id = $2
                   and ((t.state = 'ready' and (", open_by_address!(), " or ", open_by_link!(), "))
                        or exists (select 1 from artists.acting x where x.artist_id = r.artist_id and x.account_id = $1))"))
            .bind::<Nullable<SqlUuid>, _>(viewer)
            .bind::<SqlUuid, _>(id)
            .bind::<Nullable<Binary>, _>(link.map(secret::hash)),
        );
        let drawn: Option<Drawn> = found.get_result(conn).await.optional()?;
        Ok(drawn.and_then(|drawn| Self::of(&drawn, parts)))
    }

    fn of(drawn: &Drawn, parts: usize) -> Option<Self> {
        let mut levels = legato_audio::Waveform::from_bytes(&drawn.waveform)?.levels;
        let wanted = levels.iter().position(|level| level.parts() == parts).unwrap_or(0);
        let is_measured = levels.len() > 1;
        let level = levels.swap_remove(wanted);
        Some(Self {
            duration_ms: drawn.duration_ms,
            parts: level.parts(),
            peaks: level.peaks(),
            low: level.low,
            high: level.high,
            rms: is_measured.then_some(level.rms),
        })
    }
}
