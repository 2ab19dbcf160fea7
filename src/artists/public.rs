//! Façade: what everybody may see of the catalogue, for search.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::artwork::Artwork;
use super::schema::artists;
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{ArtistId, ReleaseId, TrackId};

/// An artist, as everybody sees it.
#[derive(Debug, Clone, QueryableByName)]
pub(crate) struct PublicArtist {
    #[diesel(sql_type = SqlUuid)]
    pub(crate) id: ArtistId,
    #[diesel(sql_type = Text)]
    pub(crate) slug: String,
    #[diesel(sql_type = Text)]
    pub(crate) name: String,
    #[diesel(sql_type = Timestamptz)]
    pub(crate) created_at: DateTime<Utc>,
}

/// A published release with what can be played of it.
#[derive(Debug, Clone)]
pub(crate) struct PublicRelease {
    pub(crate) id: ReleaseId,
    pub(crate) title: String,
    pub(crate) published_at: DateTime<Utc>,
    pub(crate) artist: PublicArtist,
    pub(crate) tracks: Vec<PublicTrack>,
}

/// A track that everybody may hear.
#[derive(Debug, Clone, QueryableByName)]
pub(crate) struct PublicTrack {
    #[diesel(sql_type = SqlUuid)]
    pub(crate) id: TrackId,
    #[diesel(sql_type = Text)]
    pub(crate) title: String,
}

#[derive(QueryableByName)]
struct ReleaseRow {
    #[diesel(sql_type = Text)]
    title: String,
    #[diesel(sql_type = Timestamptz)]
    published_at: DateTime<Utc>,
    #[diesel(embed)]
    artist: PublicArtist,
}

/// Something that everybody may see, and the picture that stands for it.
#[derive(Debug, Clone, QueryableByName)]
pub(crate) struct Visible {
    #[diesel(sql_type = SqlUuid)]
    pub(crate) id: Uuid,
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub(crate) artwork: Option<Artwork>,
}

/// Whether there is any artist at all.
pub(crate) async fn any(conn: &mut Conn) -> Result<bool> {
    Ok(diesel::select(diesel::dsl::exists(artists::table.select(artists::id))).get_result(conn).await?)
}

/// An artist; `None` when it is gone.
pub(crate) async fn public_artist(conn: &mut Conn, id: ArtistId) -> Result<Option<PublicArtist>> {
    let found = prepared(
        sql("select id, slug, name, created_at from artists.artists where id = $1 and closed_at is null")
            .bind::<SqlUuid, _>(id),
    );
    Ok(found.get_result(conn).await.optional()?)
}

/// The published releases of an artist, in the order of their ids.
pub(crate) async fn public_releases_of(conn: &mut Conn, artist: ArtistId) -> Result<Vec<ReleaseId>> {
    use super::schema::releases;
    let published = releases::table
        .filter(releases::artist_id.eq(artist).and(releases::published_at.is_not_null()))
        .order(releases::id)
        .select(releases::id);
    Ok(published.load(conn).await?)
}

/// A release and its tracks; `None` when it is gone, a draft, withdrawn, under an embargo, or not for everybody.
pub(crate) async fn public_release(conn: &mut Conn, id: ReleaseId) -> Result<Option<PublicRelease>> {
    let release = prepared(
        sql("select r.title, r.published_at, a.id, a.slug, a.name, a.created_at
             from artists.releases r join artists.artists a on a.id = r.artist_id
             where r.id = $1 and r.published_at <= now() and r.visibility = 'public'")
        .bind::<SqlUuid, _>(id),
    );
    let Some(ReleaseRow { title, published_at, artist }) = release.get_result(conn).await.optional()? else {
        return Ok(None);
    };
    let tracks = prepared(
        sql("select track_id as id, title from artists.visible_tracks where release_id = $1 order by position")
            .bind::<SqlUuid, _>(id),
    );
    let tracks = tracks.load(conn).await?;
    Ok(Some(PublicRelease { id, title, published_at, artist, tracks }))
}

/// Those of the ids that everybody may see.
pub(crate) async fn visible(
    conn: &mut Conn,
    artists: &[Uuid],
    releases: &[Uuid],
    tracks: &[Uuid],
) -> Result<Vec<Visible>> {
    let visible = prepared(
        sql("select id, artists.picture_of(id, 'avatar') as artwork
             from artists.artists where id = any($1) and closed_at is null
             union all
             select id, artists.cover_of(id)
             from artists.releases where id = any($2) and published_at <= now() and visibility = 'public'
             union all
             select track_id, artists.cover_of(release_id) from artists.visible_tracks where track_id = any($3)")
        .bind::<Array<SqlUuid>, _>(artists)
        .bind::<Array<SqlUuid>, _>(releases)
        .bind::<Array<SqlUuid>, _>(tracks),
    );
    Ok(visible.load(conn).await?)
}
