//! Façade: what a listener may hear, and the forms that it has.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Double, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::rendition::{Rendition, RenditionKind, SegmentIndex};
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, ArtistId, ReleaseId, TrackId};

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
    pub(crate) duration_ms: i64,
    pub(crate) integrated_loudness_lufs: Option<f64>,
    pub(crate) true_peak_dbtp: Option<f64>,
    pub(crate) renditions: Vec<PlayableRendition>,
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
    #[diesel(sql_type = BigInt)]
    duration_ms: i64,
    #[diesel(sql_type = Nullable<Double>)]
    integrated_loudness_lufs: Option<f64>,
    #[diesel(sql_type = Nullable<Double>)]
    true_peak_dbtp: Option<f64>,
}

/// Those of `tracks` that are ready and that `viewer` may hear: published ones, and the viewer's own. In no order.
pub(crate) async fn playable(conn: &mut Conn, tracks: &[TrackId], viewer: Option<AccountId>) -> Result<Vec<Playable>> {
    let found = prepared(
        sql("select t.id, t.title, r.artist_id, a.slug as artist_slug, a.name as artist_name, t.release_id,
                    r.title as release_title, n.duration_ms, n.integrated_loudness_lufs, n.true_peak_dbtp
             from artists.tracks t
             join artists.releases r on r.id = t.release_id
             join artists.artists a on a.id = r.artist_id
             join artists.analyses n on n.track_id = t.id
             where t.id = any($2) and t.state = 'ready'
               and (r.published_at <= now()
                    or exists (select 1 from artists.memberships m where m.artist_id = r.artist_id and m.account_id = $1))")
        .bind::<Nullable<SqlUuid>, _>(viewer)
        .bind::<diesel::sql_types::Array<SqlUuid>, _>(tracks),
    );
    let rows: Vec<Row> = found.load(conn).await?;
    let ids: Vec<TrackId> = rows.iter().map(|row| row.id).collect();
    let mut renditions = Vec::new();
    for rendition in Rendition::list_of(conn, &ids).await? {
        renditions.push((rendition.track_id, PlayableRendition::try_from(rendition)?));
    }
    Ok(rows.into_iter().map(|row| row.with(&renditions)).collect())
}

impl Row {
    fn with(self, renditions: &[(TrackId, PlayableRendition)]) -> Playable {
        let own = renditions.iter().filter(|(track, _)| *track == self.id);
        Playable {
            id: self.id,
            title: self.title,
            artist_id: self.artist_id,
            artist_slug: self.artist_slug,
            artist_name: self.artist_name,
            release_id: self.release_id,
            release_title: self.release_title,
            duration_ms: self.duration_ms,
            integrated_loudness_lufs: self.integrated_loudness_lufs,
            true_peak_dbtp: self.true_peak_dbtp,
            renditions: own.map(|(_, rendition)| rendition.clone()).collect(),
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
