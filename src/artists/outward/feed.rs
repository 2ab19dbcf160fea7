//! A feed: the public tracks of an artist that has one, the newest first, and since when it says what it says.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde::Serialize;

use super::enclosure::file_of_track;
use crate::artists::artwork::Artwork;
use crate::artists::profile::words_of;
use crate::artists::rendition::RenditionKind;
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{ArtistId, ReleaseId, TrackId};

/// Tracks in a feed.
const MOST: i64 = 300;

/// Of what an artist says of itself.
const LONGEST_ABOUT: usize = 500;

/// What both forms of a feed are written from.
#[derive(Debug, Serialize)]
pub(super) struct Feed {
    pub(super) artist: FeedArtist,
    pub(super) items: Vec<FeedItem>,
}

/// Whose feed it is.
#[derive(Debug, Serialize, QueryableByName)]
pub(super) struct FeedArtist {
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: ArtistId,
    #[diesel(sql_type = Text)]
    pub(super) slug: String,
    #[diesel(sql_type = Text)]
    pub(super) name: String,
    /// In Markdown.
    #[diesel(sql_type = Text)]
    biography: String,
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub(super) avatar: Option<Artwork>,
}

/// A track with its file.
#[derive(Debug, Serialize, QueryableByName)]
pub(super) struct FeedItem {
    #[diesel(sql_type = SqlUuid)]
    pub(super) track_id: TrackId,
    #[diesel(sql_type = Text)]
    pub(super) title: String,
    #[diesel(sql_type = SqlUuid)]
    pub(super) release_id: ReleaseId,
    #[diesel(sql_type = Text)]
    pub(super) release_title: String,
    #[diesel(sql_type = Timestamptz)]
    pub(super) published_at: DateTime<Utc>,
    #[diesel(sql_type = BigInt)]
    pub(super) duration_ms: i64,
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub(super) artwork: Option<Artwork>,
    #[diesel(sql_type = Bool)]
    pub(super) explicit: bool,
    #[diesel(sql_type = Text)]
    pub(super) kind: RenditionKind,
    #[diesel(sql_type = BigInt)]
    pub(super) size_bytes: i64,
}

impl Feed {
    /// The feed of the artist with this id, or with an address that it has or had; `None` where it has none.
    pub(super) async fn find(conn: &mut Conn, id_or_slug: &str) -> Result<Option<Self>> {
        let artist = prepared(
            sql("select a.id, a.slug, a.name, a.biography, artists.picture_of(a.id, 'avatar') as avatar
                 from artists.artists a
                 where a.id = coalesce($1, (select s.artist_id from artists.slugs s where s.slug = $2))
                   and a.has_feed and a.closed_at is null")
            .bind::<Nullable<SqlUuid>, _>(id_or_slug.parse::<ArtistId>().ok())
            .bind::<Text, _>(id_or_slug),
        );
        let artist: Option<FeedArtist> = artist.get_result(conn).await.optional()?;
        let Some(artist) = artist else { return Ok(None) };
        let items = FeedItem::list(conn, artist.id).await?;
        Ok(Some(Self { artist, items }))
    }

    /// Since when the feed says this. It is noted where it is new; two states never share a second, which is all that HTTP's
    /// dates tell apart.
    pub(super) async fn changed_at(&self, conn: &mut Conn) -> Result<DateTime<Utc>> {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = Timestamptz)]
            changed_at: DateTime<Utc>,
        }
        let tag = blake3::hash(&serde_json::to_vec(self).map_err(anyhow::Error::from)?).to_hex().to_string();
        let noted = prepared(
            sql("insert into artists.feeds as f (artist_id, tag, changed_at) values ($1, $2, date_trunc('second', now()))
                 on conflict (artist_id) do update
                 set tag = excluded.tag,
                     changed_at = case when f.tag = excluded.tag then f.changed_at
                                       else greatest(excluded.changed_at, f.changed_at + interval '1 second') end
                 where f.tag <> excluded.tag
                 returning f.changed_at")
            .bind::<SqlUuid, _>(self.artist.id)
            .bind::<Text, _>(&tag),
        );
        if let Some(row) = noted.get_result::<Row>(conn).await.optional()? {
            return Ok(row.changed_at);
        }
        let known = sql("select changed_at from artists.feeds where artist_id = $1").bind::<SqlUuid, _>(self.artist.id);
        Ok(prepared(known).get_result::<Row>(conn).await?.changed_at)
    }
}

impl FeedArtist {
    /// What the feed is about, in a line.
    pub(super) fn about(&self) -> String {
        let words = words_of(&self.biography, LONGEST_ABOUT);
        if words.is_empty() { format!("The music of {}.", self.name) } else { words }
    }
}

impl FeedItem {
    async fn list(conn: &mut Conn, artist: ArtistId) -> Result<Vec<Self>> {
        let list = prepared(
            sql(concat!(
                "select t.track_id, t.title, t.release_id, t.release_title, t.published_at, t.duration_ms,
                        artists.cover_of(t.release_id) as artwork, e.kind, e.size_bytes,
                        coalesce((d.details ->> 'explicit')::boolean, false)
                            or coalesce((r.details ->> 'explicit')::boolean, false) as explicit
                 from artists.visible_tracks t
                 join artists.tracks d on d.id = t.track_id
                 join artists.releases r on r.id = t.release_id
                 cross join ",
                file_of_track!(),
                " where t.artist_id = $1
                 order by t.published_at desc, t.release_id desc, t.position limit $2"
            ))
            .bind::<SqlUuid, _>(artist)
            .bind::<BigInt, _>(MOST),
        );
        Ok(list.load(conn).await?)
    }

    /// Where the track comes from, in a line.
    pub(super) fn about(&self, artist: &FeedArtist) -> String {
        format!("From “{}” by {}.", self.release_title, artist.name)
    }
}
