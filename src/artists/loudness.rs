//! How loud a release is: its tracks in a row, by what was kept of each one's analysis (EBU R 128 s1).

use diesel::prelude::*;
use diesel::sql_types::{Array, Double, Jsonb, Nullable, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use legato_audio::LoudnessHistogram;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::schema::tracks;
use super::track::TrackState;
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{ReleaseId, TrackId};

/// The loudness of a whole release.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct ReleaseLoudness {
    /// Null for silence (−70 LUFS or less), and where a track was analysed by a version that did not keep what this takes.
    pub(crate) integrated_loudness_lufs: Option<f64>,
    /// The highest of its tracks.
    pub(crate) true_peak_dbtp: Option<f64>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Jsonb)]
    loudness_histogram: Value,
    #[diesel(sql_type = Nullable<Double>)]
    integrated_loudness_lufs: Option<f64>,
    #[diesel(sql_type = Nullable<Double>)]
    true_peak_dbtp: Option<f64>,
}

/// Façade: of a whole release as listeners hear it; `None` where nothing of it is analysed.
pub(crate) async fn release_loudness(conn: &mut Conn, release: ReleaseId) -> Result<Option<ReleaseLoudness>> {
    let ready = tracks::table
        .filter(tracks::release_id.eq(release).and(tracks::state.eq(TrackState::Ready)))
        .select(tracks::id);
    let ready: Vec<TrackId> = ready.load(conn).await?;
    of_tracks(conn, &ready).await
}

/// Of these tracks together; `None` where none is analysed.
pub(super) async fn of_tracks(conn: &mut Conn, tracks: &[TrackId]) -> Result<Option<ReleaseLoudness>> {
    let found = prepared(
        sql("select loudness_histogram, integrated_loudness_lufs, true_peak_dbtp
             from artists.analyses where track_id = any($1)")
        .bind::<Array<SqlUuid>, _>(tracks),
    );
    let rows: Vec<Row> = found.load(conn).await?;
    if rows.is_empty() {
        return Ok(None);
    }
    let histograms = rows.iter().map(Row::histogram).collect::<Result<Vec<_>>>()?;
    // A track that is heard and left nothing behind would make the others the whole.
    let is_whole = rows
        .iter()
        .zip(&histograms)
        .all(|(row, histogram)| row.integrated_loudness_lufs.is_none() || !histogram.bins.is_empty());
    let integrated = is_whole.then(|| LoudnessHistogram::integrated(&histograms)).flatten();
    Ok(Some(ReleaseLoudness {
        integrated_loudness_lufs: integrated.map(|lufs| (lufs * 100.0).round() / 100.0),
        true_peak_dbtp: rows.iter().filter_map(|row| row.true_peak_dbtp).max_by(f64::total_cmp),
    }))
}

impl Row {
    fn histogram(&self) -> Result<LoudnessHistogram> {
        let bins = serde_json::from_value(self.loudness_histogram.clone()).map_err(anyhow::Error::from)?;
        Ok(LoudnessHistogram { bins })
    }
}
