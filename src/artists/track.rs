//! A track: its rows and queries.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{
    Array, BigInt, Bool, Double, Float, Integer, Jsonb, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::RunQueryDsl;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::artist::ArtistLink;
use super::artwork::Artwork;
use super::credits::Lyrics;
use super::finding::Finding;
use super::ingest::{Estimate, estimate};
use super::matching::{Matches, TrackMatch};
use super::metadata::TrackDetails;
use super::publication::open_by_address;
use super::rendition::{Rendition, RenditionSummary};
use super::stage::{Stage, StageRow};
use super::suggestions::Suggestions;
use crate::platform::db::{Conn, named, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, ArtistId, ReleaseId, TrackId};

named! {
    /// Where a track stands.
    pub(crate) enum TrackState {
        /// Its chain is under way.
        Processing = "processing",
        /// It can be played.
        Ready = "ready",
        /// Its file cannot be used.
        Rejected = "rejected",
        /// Its artist stopped its chain; it can be begun again.
        Cancelled = "cancelled",
        /// Moderators took it away.
        TakenDown = "taken_down",
    }
}

/// The release in a track.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ReleaseLink {
    pub(crate) id: ReleaseId,
    pub(crate) title: String,
}

/// Why a file cannot be used, in words for the artist.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct TrackProblem {
    /// Stable.
    pub(crate) slug: String,
    pub(crate) message: String,
}

/// What the analysis found (EBU R 128, ITU-R BS.1770-4).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct AnalysisSummary {
    /// Null for silence (−70 LUFS or less).
    pub(crate) integrated_loudness_lufs: Option<f64>,
    pub(crate) loudness_range_lu: Option<f64>,
    pub(crate) true_peak_dbtp: Option<f64>,
    /// The loudest 400 ms (EBU Tech 3341).
    pub(crate) momentary_max_lufs: Option<f64>,
    /// The loudest 3 s.
    pub(crate) short_term_max_lufs: Option<f64>,
    pub(crate) tempo: Option<Tempo>,
    pub(crate) key: Option<MusicalKey>,
    /// Frames of the decoded source, at its own rate.
    pub(crate) frames: i64,
    pub(crate) sample_rate_hz: i32,
    pub(crate) channels: i16,
}

/// How fast a track is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Tempo {
    /// Beats per minute.
    pub(crate) bpm: f32,
    /// 0 to 1; below a half it is a guess.
    pub(crate) confidence: f32,
}

/// What key a track is in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct MusicalKey {
    /// `A minor`, `F# major` …
    pub(crate) name: String,
    /// 0 to 1; below a half it is a guess.
    pub(crate) confidence: f32,
}

/// A track.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Track {
    pub(crate) id: TrackId,
    pub(crate) title: String,
    pub(crate) artist: ArtistLink,
    pub(crate) release: ReleaseLink,
    /// The release's; null where it has none.
    pub(crate) artwork: Option<Artwork>,
    pub(crate) position: i32,
    /// Who wrote the music.
    pub(crate) composer: Option<String>,
    /// The recording's code after ISO 3901, without hyphens.
    pub(crate) isrc: Option<String>,
    pub(crate) lyrics: Option<Lyrics>,
    #[serde(flatten)]
    pub(crate) details: TrackDetails,
    pub(crate) state: TrackState,
    pub(crate) problem: Option<TrackProblem>,
    /// The steps of the chain.
    pub(crate) stages: Vec<Stage>,
    /// Whether its chain is under way: of a ready track too, which plays on with what it has until that is replaced.
    pub(crate) under_way: bool,
    /// For members of the artist only.
    pub(crate) suggestions: Option<Suggestions>,
    /// Older tracks of the release that this one's file may be meant for; for members of the artist only.
    pub(crate) matches: Vec<TrackMatch>,
    pub(crate) duration_ms: Option<i64>,
    pub(crate) analysis: Option<AnalysisSummary>,
    pub(crate) renditions: Vec<RenditionSummary>,
    /// What is odd about the file, in words for the artist; for members of the artist only.
    pub(crate) warnings: Vec<String>,
    /// The quality report: what to know about the sound before it is published; for members of the artist only.
    pub(crate) findings: Vec<Finding>,
    /// The measures behind the report, by name and unit; for members of the artist only.
    #[schema(value_type = Option<Object>)]
    pub(crate) quality: Option<Value>,
    /// The uploaded file's name; for members of the artist only.
    pub(crate) filename: Option<String>,
    pub(crate) mine: bool,
    pub(crate) created_at: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: TrackId,
    #[diesel(sql_type = Text)]
    title: String,
    #[diesel(sql_type = Integer)]
    position: i32,
    #[diesel(sql_type = Text)]
    state: TrackState,
    #[diesel(sql_type = Nullable<Text>)]
    composer: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    isrc: Option<String>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    lyrics: Option<Value>,
    #[diesel(sql_type = Jsonb)]
    details: Value,
    #[diesel(sql_type = Nullable<Text>)]
    problem_slug: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    problem_message: Option<String>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    suggestions: Option<Value>,
    #[diesel(sql_type = Nullable<Text>)]
    filename: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlUuid)]
    release_id: ReleaseId,
    #[diesel(sql_type = Text)]
    release_title: String,
    #[diesel(sql_type = Nullable<Jsonb>)]
    artwork: Option<Artwork>,
    #[diesel(sql_type = SqlUuid)]
    artist_id: ArtistId,
    #[diesel(sql_type = Text)]
    artist_slug: String,
    #[diesel(sql_type = Text)]
    artist_name: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    duration_ms: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    frames: Option<i64>,
    #[diesel(sql_type = Nullable<Integer>)]
    sample_rate_hz: Option<i32>,
    #[diesel(sql_type = Nullable<SmallInt>)]
    channels: Option<i16>,
    #[diesel(sql_type = Nullable<Double>)]
    integrated_loudness_lufs: Option<f64>,
    #[diesel(sql_type = Nullable<Double>)]
    loudness_range_lu: Option<f64>,
    #[diesel(sql_type = Nullable<Double>)]
    true_peak_dbtp: Option<f64>,
    #[diesel(sql_type = Nullable<Double>)]
    momentary_max_lufs: Option<f64>,
    #[diesel(sql_type = Nullable<Double>)]
    short_term_max_lufs: Option<f64>,
    #[diesel(sql_type = Nullable<Float>)]
    tempo_bpm: Option<f32>,
    #[diesel(sql_type = Nullable<Float>)]
    tempo_confidence: Option<f32>,
    #[diesel(sql_type = Nullable<Text>)]
    musical_key: Option<String>,
    #[diesel(sql_type = Nullable<Float>)]
    key_confidence: Option<f32>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    warnings: Option<Value>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    findings: Option<Value>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    quality: Option<Value>,
    #[diesel(sql_type = Bool)]
    under_way: bool,
    #[diesel(sql_type = Bool)]
    mine: bool,
}

// $1 is the viewer, or null. What the viewer may see, is for the rest to say.
macro_rules! select_tracks {
    ($rest:literal) => {
        concat!(
            "select t.id, t.title, t.position, t.state, t.problem_slug, t.problem_message, t.suggestions, t.filename,
                    t.composer, t.isrc, t.lyrics, t.details,
                    t.created_at, t.release_id, r.title as release_title,
                    artists.cover_of(t.release_id) as artwork, r.artist_id, a.slug as artist_slug,
                    a.name as artist_name, n.duration_ms, n.frames, n.sample_rate_hz, n.channels,
                    n.integrated_loudness_lufs, n.loudness_range_lu, n.true_peak_dbtp,
                    n.momentary_max_lufs, n.short_term_max_lufs, n.tempo_bpm, n.tempo_confidence, n.musical_key,
                    n.key_confidence, n.warnings, n.findings, n.quality, v.mine,
                    exists (select 1 from artists.chains c where c.track_id = t.id) as under_way
             from artists.tracks t
             join artists.releases r on r.id = t.release_id
             join artists.artists a on a.id = r.artist_id
             left join artists.analyses n on n.track_id = t.id
             cross join lateral (
                select exists (select 1 from artists.acting x where x.artist_id = r.artist_id and x.account_id = $1) as mine
             ) v where ",
            $rest
        )
    };
}

// What the viewer $1 may see: all of an own artist, and what is ready of what others have published.
macro_rules! seen {
    () => {
        concat!("(v.mine or (t.state = 'ready' and ", open_by_address!(), "))")
    };
}

impl Track {
    /// The track, if the viewer may see it.
    pub(super) async fn find(conn: &mut Conn, id: TrackId, viewer: Option<AccountId>) -> Result<Option<Self>> {
        Ok(Self::find_all(conn, &[id], viewer).await?.pop())
    }

    /// Those of these tracks that the viewer may see.
    pub(super) async fn find_all(conn: &mut Conn, ids: &[TrackId], viewer: Option<AccountId>) -> Result<Vec<Self>> {
        let found = prepared(
            sql(concat!(select_tracks!("t.id = any($2) and "), seen!()))
                .bind::<Nullable<SqlUuid>, _>(viewer)
                .bind::<Array<SqlUuid>, _>(ids),
        );
        let rows: Vec<Row> = found.load(conn).await?;
        Self::with_parts(conn, rows).await
    }

    /// The tracks of a release that the viewer may see, in order.
    pub(super) async fn list_of(conn: &mut Conn, release: ReleaseId, viewer: Option<AccountId>) -> Result<Vec<Self>> {
        let list = prepared(
            sql(concat!(select_tracks!("t.release_id = $2 and "), seen!(), " order by t.position"))
                .bind::<Nullable<SqlUuid>, _>(viewer)
                .bind::<SqlUuid, _>(release),
        );
        let rows: Vec<Row> = list.load(conn).await?;
        Self::with_parts(conn, rows).await
    }

    /// The tracks of a release that can be played, in order, for whoever was let in by a link.
    pub(super) async fn list_linked(conn: &mut Conn, release: ReleaseId) -> Result<Vec<Self>> {
        let list = prepared(
            sql(select_tracks!("t.release_id = $2 and t.state = 'ready' order by t.position"))
                .bind::<Nullable<SqlUuid>, _>(None::<AccountId>)
                .bind::<SqlUuid, _>(release),
        );
        let rows: Vec<Row> = list.load(conn).await?;
        Self::with_parts(conn, rows).await
    }

    async fn with_parts(conn: &mut Conn, rows: Vec<Row>) -> Result<Vec<Self>> {
        let ids: Vec<TrackId> = rows.iter().map(|row| row.id).collect();
        let under_way: Vec<TrackId> = rows.iter().filter(|row| row.under_way).map(|row| row.id).collect();
        let estimate = if under_way.is_empty() { Estimate::default() } else { estimate(conn, &under_way).await? };
        let stages = StageRow::list_of(conn, &ids).await?;
        let renditions = Rendition::list_of(conn, &ids).await?;
        let of = |id: TrackId| {
            let stages = stages
                .iter()
                .filter(|stage| stage.track_id == id)
                .map(|stage| Stage { remaining_ms: estimate.of(id, stage.name), ..Stage::from(stage.clone()) });
            let renditions = renditions.iter().filter(|rendition| rendition.track_id == id);
            (stages.collect(), renditions.map(RenditionSummary::from).collect())
        };
        let mut own: Vec<ReleaseId> = rows.iter().filter(|row| row.mine).map(|row| row.release_id).collect();
        own.dedup();
        let mut matches = Matches::within(conn, &own).await?;
        let tracks = rows.into_iter().map(|row| {
            let (id, (stages, renditions)) = (row.id, of(row.id));
            Ok(Self { matches: matches.take(id), ..Self::from_parts(row, stages, renditions)? })
        });
        tracks.collect()
    }

    fn from_parts(row: Row, mut stages: Vec<Stage>, renditions: Vec<RenditionSummary>) -> Result<Self> {
        let analysis = row.analysis();
        if !row.mine {
            stages.iter_mut().for_each(|stage| stage.problem = None);
        }
        let problem =
            row.problem_slug.map(|slug| TrackProblem { slug, message: row.problem_message.unwrap_or_default() });
        let suggestions = row.suggestions.filter(|_| row.mine).map(parse).transpose()?;
        let warnings = row.warnings.filter(|_| row.mine).map(parse).transpose()?.unwrap_or_default();
        let findings = row.findings.filter(|_| row.mine).map(parse).transpose()?.unwrap_or_default();
        let lyrics: Option<Lyrics> = row.lyrics.map(parse).transpose()?;
        let told = |text: &String| !text.is_empty();
        Ok(Self {
            id: row.id,
            title: row.title,
            composer: row.composer.filter(told),
            isrc: row.isrc.filter(told),
            lyrics: lyrics.filter(|lyrics| !lyrics.is_empty()),
            details: parse(row.details)?,
            artist: ArtistLink { id: row.artist_id, slug: row.artist_slug, name: row.artist_name },
            release: ReleaseLink { id: row.release_id, title: row.release_title },
            artwork: row.artwork,
            position: row.position,
            state: row.state,
            problem,
            stages,
            under_way: row.under_way,
            suggestions,
            matches: Vec::new(),
            duration_ms: row.duration_ms,
            analysis,
            renditions,
            warnings,
            findings,
            quality: row.quality.filter(|_| row.mine),
            filename: row.filename.filter(|_| row.mine),
            mine: row.mine,
            created_at: row.created_at,
        })
    }
}

fn parse<T: DeserializeOwned>(json: Value) -> Result<T> {
    Ok(serde_json::from_value(json).map_err(anyhow::Error::from)?)
}

impl Row {
    fn analysis(&self) -> Option<AnalysisSummary> {
        Some(AnalysisSummary {
            integrated_loudness_lufs: self.integrated_loudness_lufs,
            loudness_range_lu: self.loudness_range_lu,
            true_peak_dbtp: self.true_peak_dbtp,
            momentary_max_lufs: self.momentary_max_lufs,
            short_term_max_lufs: self.short_term_max_lufs,
            tempo: self.tempo_bpm.zip(self.tempo_confidence).map(|(bpm, confidence)| Tempo { bpm, confidence }),
            key: self
                .musical_key
                .clone()
                .zip(self.key_confidence)
                .map(|(name, confidence)| MusicalKey { name, confidence }),
            frames: self.frames?,
            sample_rate_hz: self.sample_rate_hz?,
            channels: self.channels?,
        })
    }
}
