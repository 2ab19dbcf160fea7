//! What is an artist's, as a package holds it: the queries, and where the files lie.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Json, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::Value;

use super::document::{PackedArtist, PackedRelease};
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{ArtistId, ReleaseId};

/// An artist, and the keys of the originals of its pictures.
pub(super) struct ArtistContents {
    pub(super) artist: PackedArtist,
    pub(super) avatar_key: Option<String>,
    pub(super) banner_key: Option<String>,
}

/// A release, and the keys of its picture's original and of its tracks'.
pub(super) struct ReleaseContents {
    pub(super) release: PackedRelease,
    pub(super) artwork_key: Option<String>,
    pub(super) source_keys: Vec<String>,
}

#[derive(QueryableByName)]
struct ArtistRow {
    #[diesel(sql_type = Json)]
    document: Value,
    #[diesel(sql_type = Nullable<Text>)]
    avatar_key: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    banner_key: Option<String>,
}

#[derive(QueryableByName)]
struct ReleaseRow {
    #[diesel(sql_type = Json)]
    document: Value,
    #[diesel(sql_type = Nullable<Text>)]
    artwork_key: Option<String>,
    #[diesel(sql_type = Array<Text>)]
    source_keys: Vec<String>,
}

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Bool)]
    yes: bool,
}

/// What an artist says of itself; none once it is deleted.
pub(super) async fn of_artist(conn: &mut Conn, artist: ArtistId) -> Result<Option<ArtistContents>> {
    let found = sql("select json_build_object(
            'id', a.id, 'slug', a.slug, 'name', a.name, 'biography', a.biography, 'links', a.links, 'places', a.places,
            'genres', a.genres, 'artist_mbid', a.mbid, 'feed', a.has_feed, 'created_at', a.created_at
         ) as document,
         (select w.source_key from artists.artworks w where w.artist_id = a.id and w.kind = 'avatar') as avatar_key,
         (select w.source_key from artists.artworks w where w.artist_id = a.id and w.kind = 'banner') as banner_key
         from artists.artists a where a.id = $1 and a.closed_at is null");
    let row: Option<ArtistRow> = prepared(found.bind::<SqlUuid, _>(artist)).get_result(conn).await.optional()?;
    let Some(row) = row else { return Ok(None) };
    let artist = serde_json::from_value(row.document).map_err(anyhow::Error::from)?;
    Ok(Some(ArtistContents { artist, avatar_key: row.avatar_key, banner_key: row.banner_key }))
}

/// An artist's releases with their tracks, in the order in which they were made.
pub(super) async fn of_releases(
    conn: &mut Conn,
    artist: ArtistId,
    after: Option<ReleaseId>,
    limit: i64,
) -> Result<Vec<ReleaseContents>> {
    let list = sql("select json_build_object(
            'id', r.id, 'title', r.title, 'kind', r.kind, 'visibility', r.visibility, 'published_at', r.published_at,
            'state', case when r.published_at <= now() then 'published' when r.published_at is not null then 'scheduled'
                          when r.first_published_at is not null then 'withdrawn' else 'draft' end,
            'first_published_at', r.first_published_at, 'without_artwork', r.without_artwork,
            'artwork_is_suggested', coalesce(w.is_suggested, false), 'details', r.details, 'created_at', r.created_at,
            'tracks', (select coalesce(json_agg(json_build_object(
                'id', t.id, 'position', t.place, 'title', t.title, 'state', t.state, 'filename', t.filename,
                'composer', nullif(t.composer, ''), 'isrc', nullif(t.isrc, ''), 'lyrics', t.lyrics, 'details', t.details,
                'duration_ms', n.duration_ms, 'created_at', t.created_at,
                'splits', (select coalesce(json_agg(json_build_object(
                    'percent', trim_scale(s.share_hundredths / 100.0)::text, 'state', s.state) order by s.id), '[]')
                    from artists.splits s where s.track_id = t.id)
             ) order by t.place), '[]')
             from (select t.*, row_number() over (order by t.position) as place
                   from artists.tracks t where t.release_id = r.id) t
             left join artists.analyses n on n.track_id = t.id)
         ) as document, w.source_key as artwork_key,
         array(select t.source_key from artists.tracks t where t.release_id = r.id order by t.position) as source_keys
         from artists.releases r left join artists.artworks w on w.release_id = r.id
         where r.artist_id = $1 and ($2::uuid is null or r.id > $2) order by r.id limit $3");
    let list = list.bind::<SqlUuid, _>(artist).bind::<Nullable<SqlUuid>, _>(after).bind::<BigInt, _>(limit);
    let rows: Vec<ReleaseRow> = prepared(list).load(conn).await?;
    rows.into_iter().map(ReleaseContents::try_from).collect()
}

impl TryFrom<ReleaseRow> for ReleaseContents {
    type Error = crate::platform::error::Error;

    // What nobody has said is spelled out, so that the same contents have one form.
    fn try_from(row: ReleaseRow) -> Result<Self> {
        let mut release: PackedRelease = serde_json::from_value(row.document).map_err(anyhow::Error::from)?;
        for track in &mut release.tracks {
            track.lyrics = track.lyrics.take().filter(|lyrics| !lyrics.is_empty());
        }
        Ok(Self { release, artwork_key: row.artwork_key, source_keys: row.source_keys })
    }
}

/// Whether a release with this very id is this artist's: a package came back to where it was made.
pub(super) async fn is_of(conn: &mut Conn, release: ReleaseId, artist: ArtistId) -> Result<bool> {
    let found = sql("select exists (select 1 from artists.releases where id = $1 and artist_id = $2) as yes");
    let answer: Answer =
        prepared(found.bind::<SqlUuid, _>(release).bind::<SqlUuid, _>(artist)).get_result(conn).await?;
    Ok(answer.yes)
}
