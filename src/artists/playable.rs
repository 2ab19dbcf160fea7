//! Façade: what a listener may hear, and the forms that it has.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Double, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::Value;

use super::artwork::Artwork;
use super::metadata::Territories;
use super::publication::{listed, open_by_address};
use super::rendition::{Rendition, RenditionKind, SegmentIndex};
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, ArtistId, LinkId, ReleaseId, TrackId};

/// A track that may be heard.
#[derive(Debug, Clone)]
pub(crate) struct Playable {
    pub(crate) id: TrackId,
    pub(crate) title: String,
    pub(crate) artist_id: ArtistId,
    pub(crate) artist_slug: String,
    pub(crate) artist_name: String,
    pub(crate) release_id: ReleaseId,
    pub(crate) release_title: String,
    /// The release's.
    pub(crate) artwork: Option<Artwork>,
    pub(crate) duration_ms: i64,
    pub(crate) integrated_loudness_lufs: Option<f64>,
    pub(crate) true_peak_dbtp: Option<f64>,
    pub(crate) renditions: Vec<PlayableRendition>,
    /// Where it may be heard; none where that is anywhere, or this listener may everywhere.
    pub(crate) territories: Option<Territories>,
    /// Where the artist wants a preview to begin.
    pub(crate) preview_start_ms: i64,
}

/// The same as a list shows it.
#[derive(Debug, Clone)]
pub(crate) struct ShownTrack {
    pub(crate) id: TrackId,
    pub(crate) title: String,
    pub(crate) artist_id: ArtistId,
    pub(crate) artist_slug: String,
    pub(crate) artist_name: String,
    pub(crate) release_id: ReleaseId,
    pub(crate) release_title: String,
    /// The release's.
    pub(crate) artwork: Option<Artwork>,
    pub(crate) duration_ms: i64,
}

/// One form of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PlayableRendition {
    /// What its addresses end in.
    pub(crate) name: String,
    pub(crate) kind: RenditionKind,
    pub(crate) mime: String,
    pub(crate) bitrate_bps: i32,
    pub(crate) object_key: String,
    pub(crate) segments: Option<Arc<SegmentIndex>>,
}

/// A form that others are offered in the stead of.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FormerRendition {
    pub(crate) rendition: PlayableRendition,
    /// Who was granted it before may still fetch it.
    pub(crate) until: DateTime<Utc>,
}

/// What a track was offered in before, the oldest first; whether it may be heard is [`playable`]'s to say.
pub(crate) async fn former_renditions(conn: &mut Conn, track: TrackId) -> Result<Vec<FormerRendition>> {
    let former = Rendition::list_superseded(conn, &[track]).await?.into_iter().map(|former| {
        let rendition = PlayableRendition::try_from(former.rendition)?;
        Ok(FormerRendition { rendition, until: former.superseded_at })
    });
    former.collect()
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: TrackId,
    #[diesel(sql_type = Text)]
    title: String,
    #[diesel(sql_type = SqlUuid)]
    artist_id: ArtistId,
    #[diesel(sql_type = Text)]
    artist_slug: String,
    #[diesel(sql_type = Text)]
    artist_name: String,
    #[diesel(sql_type = SqlUuid)]
    release_id: ReleaseId,
    #[diesel(sql_type = Text)]
    release_title: String,
    #[diesel(sql_type = Nullable<Jsonb>)]
    artwork: Option<Artwork>,
    #[diesel(sql_type = BigInt)]
    duration_ms: i64,
    #[diesel(sql_type = Nullable<Double>)]
    integrated_loudness_lufs: Option<f64>,
    #[diesel(sql_type = Nullable<Double>)]
    true_peak_dbtp: Option<f64>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    territories: Option<Value>,
    #[diesel(sql_type = BigInt)]
    preview_start_ms: i64,
}

macro_rules! select_playable {
    ($territories:expr, $rest:expr) => {
        concat!(
            "select t.id, t.title, r.artist_id, a.slug as artist_slug, a.name as artist_name, t.release_id,
                    r.title as release_title, artists.cover_of(t.release_id) as artwork, n.duration_ms,
                    n.integrated_loudness_lufs, n.true_peak_dbtp,
                    coalesce((t.details->>'preview_start_ms')::bigint, 0) as preview_start_ms, ",
            $territories,
            " as territories
             from artists.tracks t
             join artists.releases r on r.id = t.release_id
             join artists.artists a on a.id = r.artist_id
             join artists.analyses n on n.track_id = t.id
             where t.id = any($2) and t.state = 'ready' and ",
            $rest
        )
    };
}

/// Those of `tracks` that are ready and that `viewer` may hear: the viewer's own, and published ones, as far as their
/// visibility goes. In no order.
pub(crate) async fn playable(conn: &mut Conn, tracks: &[TrackId], viewer: Option<AccountId>) -> Result<Vec<Playable>> {
    let rows = audible(conn, tracks, viewer).await?;
    with_renditions(conn, rows).await
}

/// The same for lists, which spare the renditions: there are several for each track.
pub(crate) async fn shown_tracks(
    conn: &mut Conn,
    tracks: &[TrackId],
    viewer: Option<AccountId>,
) -> Result<Vec<ShownTrack>> {
    Ok(audible(conn, tracks, viewer).await?.into_iter().map(ShownTrack::from).collect())
}

/// Façade: those of `tracks` that are ready and in the lists that `viewer` sees. In no order.
pub(crate) async fn listed_tracks(
    conn: &mut Conn,
    tracks: &[TrackId],
    viewer: Option<AccountId>,
) -> Result<Vec<ShownTrack>> {
    let found = prepared(
        sql(concat!(select_playable!("null::jsonb", ""), listed!()))
            .bind::<Nullable<SqlUuid>, _>(viewer)
            .bind::<Array<SqlUuid>, _>(tracks),
    );
    let rows: Vec<Row> = found.load(conn).await?;
    Ok(rows.into_iter().map(ShownTrack::from).collect())
}

async fn audible(conn: &mut Conn, tracks: &[TrackId], viewer: Option<AccountId>) -> Result<Vec<Row>> {
    let found = prepared(
        sql(concat!(
            // Who acts for the artist hears it everywhere.
            select_playable!(
                "case when not exists (select 1 from artists.acting x where x.artist_id = r.artist_id and x.account_id = $1)
                      then nullif(r.details->'territories', 'null'::jsonb) end",
                "("
            ),
            open_by_address!(),
            " or exists (select 1 from artists.acting x where x.artist_id = r.artist_id and x.account_id = $1))"
        ))
        .bind::<Nullable<SqlUuid>, _>(viewer)
        .bind::<Array<SqlUuid>, _>(tracks),
    );
    Ok(found.load(conn).await?)
}

/// Façade: those of `tracks` that are ready and that anybody may hear, wherever they are; and when a form of each was
/// superseded last, if any was.
pub(crate) async fn tracks_open_to_all(
    conn: &mut Conn,
    tracks: &[TrackId],
) -> Result<Vec<(TrackId, Option<DateTime<Utc>>)>> {
    let found = prepared(
        sql("select t.id, (select max(n.superseded_at) from artists.renditions n where n.track_id = t.id) as superseded_at
             from artists.tracks t
             join artists.releases r on r.id = t.release_id
             where t.id = any($1) and t.state = 'ready' and r.published_at <= now()
               and r.visibility in ('public', 'unlisted') and nullif(r.details->'territories', 'null'::jsonb) is null")
        .bind::<Array<SqlUuid>, _>(tracks),
    );
    let rows: Vec<Open> = found.load(conn).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.superseded_at)).collect())
}

#[derive(QueryableByName)]
struct Open {
    #[diesel(sql_type = SqlUuid)]
    id: TrackId,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    superseded_at: Option<DateTime<Utc>>,
}

/// A track that is ready, of the release that a link opens now.
pub(super) async fn linked(conn: &mut Conn, track: TrackId, link: LinkId) -> Result<Option<Playable>> {
    let found = prepared(
        sql(select_playable!(
            // Whom the artist gives a link may hear it wherever they are.
            "null::jsonb",
            "exists (select 1 from artists.links l where l.id = $1 and l.release_id = r.id and l.revoked_at is null
                        and not l.paused and l.expires_at > now()) and a.closed_at is null"
        ))
        .bind::<SqlUuid, _>(link)
        .bind::<Array<SqlUuid>, _>(vec![track]),
    );
    let rows = found.load(conn).await?;
    Ok(with_renditions(conn, rows).await?.pop())
}

async fn with_renditions(conn: &mut Conn, rows: Vec<Row>) -> Result<Vec<Playable>> {
    let ids: Vec<TrackId> = rows.iter().map(|row| row.id).collect();
    let mut renditions = Vec::new();
    for rendition in Rendition::list_of(conn, &ids).await? {
        renditions.push((rendition.track_id, PlayableRendition::try_from(rendition)?));
    }
    rows.into_iter().map(|row| row.with(&renditions)).collect()
}

impl Row {
    fn with(self, renditions: &[(TrackId, PlayableRendition)]) -> Result<Playable> {
        let own = renditions.iter().filter(|(track, _)| *track == self.id);
        let territories = self.territories.map(serde_json::from_value).transpose().map_err(anyhow::Error::from)?;
        Ok(Playable {
            id: self.id,
            title: self.title,
            artist_id: self.artist_id,
            artist_slug: self.artist_slug,
            artist_name: self.artist_name,
            release_id: self.release_id,
            release_title: self.release_title,
            artwork: self.artwork,
            duration_ms: self.duration_ms,
            integrated_loudness_lufs: self.integrated_loudness_lufs,
            true_peak_dbtp: self.true_peak_dbtp,
            renditions: own.map(|(_, rendition)| rendition.clone()).collect(),
            territories,
            preview_start_ms: self.preview_start_ms,
        })
    }
}

impl From<Row> for ShownTrack {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            title: row.title,
            artist_id: row.artist_id,
            artist_slug: row.artist_slug,
            artist_name: row.artist_name,
            release_id: row.release_id,
            release_title: row.release_title,
            artwork: row.artwork,
            duration_ms: row.duration_ms,
        }
    }
}

impl Playable {
    pub(crate) fn shown(&self) -> ShownTrack {
        ShownTrack {
            id: self.id,
            title: self.title.clone(),
            artist_id: self.artist_id,
            artist_slug: self.artist_slug.clone(),
            artist_name: self.artist_name.clone(),
            release_id: self.release_id,
            release_title: self.release_title.clone(),
            artwork: self.artwork.clone(),
            duration_ms: self.duration_ms,
        }
    }
}

impl TryFrom<Rendition> for PlayableRendition {
    type Error = crate::platform::error::Error;

    fn try_from(rendition: Rendition) -> Result<Self> {
        Ok(Self {
            name: rendition.name.clone(),
            kind: rendition.kind,
            segments: rendition.segment_index()?.map(Arc::new),
            mime: rendition.mime,
            bitrate_bps: rendition.bitrate_bps,
            object_key: rendition.object_key,
        })
    }
}
