//! Façade: what may be taken away as files.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::playable::{Playable, playable};
use super::publication::open_by_address;
use super::schema::tracks;
use super::track::TrackState;
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, ReleaseId, TrackId};

/// A release whose tracks may be taken away, in their order.
#[derive(Debug)]
pub(crate) struct DownloadableRelease {
    pub(crate) title: String,
    pub(crate) artist_name: String,
    pub(crate) published_at: Option<DateTime<Utc>>,
    /// Whether a track of it is not there yet, but will be.
    pub(crate) is_incomplete: bool,
    /// Each with its place, from 1; what was taken down leaves a gap.
    pub(crate) tracks: Vec<(usize, Playable)>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    title: String,
    #[diesel(sql_type = Text)]
    artist_name: String,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    published_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Bool)]
    allowed: bool,
}

/// A release that a viewer sees; the answer's second half says whether they may take it away: where its artist allows it, and
/// whoever acts for the artist.
pub(crate) async fn downloadable_release(
    conn: &mut Conn,
    release: ReleaseId,
    viewer: Option<AccountId>,
) -> Result<Option<(DownloadableRelease, bool)>> {
    let found = sql(concat!(
        "select r.title, a.name as artist_name, r.published_at,
                coalesce((r.details->>'downloadable')::boolean, false) or acts.yes as allowed
         from artists.releases r join artists.artists a on a.id = r.artist_id
         cross join lateral (select exists (select 1 from artists.acting x
             where x.artist_id = r.artist_id and x.account_id = $1) as yes) acts
         where r.id = $2 and (acts.yes or ",
        open_by_address!(),
        ")"
    ));
    let found = prepared(found.bind::<Nullable<SqlUuid>, _>(viewer).bind::<SqlUuid, _>(release));
    let row: Option<Row> = found.get_result(conn).await.optional()?;
    let Some(row) = row else { return Ok(None) };
    let all = tracks_of(conn, release).await?;
    let is_incomplete = all.iter().any(|(_, state)| *state == TrackState::Processing);
    let ids: Vec<TrackId> = all.into_iter().map(|(id, _)| id).collect();
    let place = |track: &Playable| ids.iter().position(|id| *id == track.id).map_or(0, |at| at + 1);
    let tracks = playable(conn, &ids, viewer).await?;
    let mut tracks: Vec<(usize, Playable)> = tracks.into_iter().map(|track| (place(&track), track)).collect();
    tracks.sort_by_key(|(place, _)| *place);
    let Row { title, artist_name, published_at, allowed } = row;
    Ok(Some((DownloadableRelease { title, artist_name, published_at, is_incomplete, tracks }, allowed)))
}

async fn tracks_of(conn: &mut Conn, release: ReleaseId) -> Result<Vec<(TrackId, TrackState)>> {
    let of_release = tracks::table.filter(tracks::release_id.eq(release)).order(tracks::position);
    Ok(of_release.select((tracks::id, tracks::state)).load(conn).await?)
}
