//! A page of the web app that everybody may see: what it shows, for those who read it without running it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::enclosure::file_of_track;
use crate::artists::artwork::Artwork;
use crate::artists::metadata::{ArtistMbid, ReleaseDetails, TrackDetails};
use crate::artists::rendition::RenditionKind;
use crate::artists::schema::tracks;
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{ArtistId, ReleaseId, TrackId};

/// Tracks that a page tells of.
const MOST: i64 = 100;

/// What a path of the web app leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Subject {
    Release(ReleaseId),
    Track(TrackId),
    /// By id or address.
    Artist(String),
}

/// What is there for everybody.
#[derive(Debug, Clone)]
pub(super) struct Page {
    pub(super) subject: Subject,
    /// Of the release or track; the artist's name.
    pub(super) title: String,
    pub(super) artist: PageArtist,
    /// Of a release or track.
    pub(super) release: Option<PageRelease>,
    /// Of a track.
    pub(super) recording: Option<Recording>,
    pub(super) artwork: Option<Artwork>,
    /// What can be heard: the track; a release's in their order; an artist's, the newest first.
    pub(super) tracks: Vec<PageTrack>,
}

#[derive(Debug, Clone, QueryableByName)]
pub(super) struct PageArtist {
    #[diesel(sql_type = SqlUuid)]
    id: ArtistId,
    #[diesel(sql_type = Text)]
    pub(super) slug: String,
    #[diesel(sql_type = Text)]
    pub(super) name: String,
    /// In Markdown.
    #[diesel(sql_type = Text)]
    pub(super) biography: String,
    #[diesel(sql_type = Bool)]
    pub(super) has_feed: bool,
    #[diesel(sql_type = Nullable<Jsonb>)]
    avatar: Option<Artwork>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    mbid: Option<Uuid>,
}

/// What is said of the recording of a track.
#[derive(Debug, Clone)]
pub(super) struct Recording {
    pub(super) isrc: Option<String>,
    pub(super) details: TrackDetails,
}

#[derive(Debug, Clone)]
pub(super) struct PageRelease {
    pub(super) id: ReleaseId,
    pub(super) title: String,
    pub(super) published_at: DateTime<Utc>,
    artwork: Option<Artwork>,
    artist_id: ArtistId,
    pub(super) details: ReleaseDetails,
}

#[derive(QueryableByName)]
struct ReleaseRow {
    #[diesel(sql_type = Text)]
    title: String,
    #[diesel(sql_type = Timestamptz)]
    published_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    artwork: Option<Artwork>,
    #[diesel(sql_type = SqlUuid)]
    artist_id: ArtistId,
    #[diesel(sql_type = Jsonb)]
    details: Value,
}

#[derive(Debug, Clone, QueryableByName)]
pub(super) struct PageTrack {
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: TrackId,
    #[diesel(sql_type = Text)]
    pub(super) title: String,
    #[diesel(sql_type = Integer)]
    pub(super) position: i32,
    #[diesel(sql_type = BigInt)]
    pub(super) duration_ms: i64,
    #[diesel(sql_type = SqlUuid)]
    pub(super) release_id: ReleaseId,
    /// What its file is, as a feed has it.
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) file: Option<RenditionKind>,
}

// `t` is a track that everybody may hear.
macro_rules! select_tracks {
    ($rest:literal) => {
        concat!(
            "select t.track_id as id, t.title, t.position, t.duration_ms, t.release_id, e.kind as file
             from artists.visible_tracks t left join ",
            file_of_track!(),
            " on true ",
            $rest
        )
    };
}

impl Subject {
    /// What a path such as `/releases/0190…` leads to; `None` for every other path.
    pub(super) fn of(path: &str) -> Option<Self> {
        let (kind, id) = path.strip_prefix('/')?.split_once('/')?;
        Self::named(kind, id.strip_suffix('/').unwrap_or(id))
    }

    pub(super) fn named(kind: &str, id: &str) -> Option<Self> {
        match kind {
            "releases" => id.parse().ok().map(Self::Release),
            "tracks" => id.parse().ok().map(Self::Track),
            "artists" => is_plain(id).then(|| Self::Artist(id.to_owned())),
            _ => None,
        }
    }
}

// An id or a slug holds nothing else.
fn is_plain(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

impl Page {
    /// The page, if everybody may see what it shows.
    pub(super) async fn find(conn: &mut Conn, subject: Subject) -> Result<Option<Self>> {
        match &subject {
            Subject::Release(id) => Self::of_release(conn, *id).await,
            Subject::Track(id) => Self::of_track(conn, *id).await,
            Subject::Artist(id) => Self::of_artist(conn, id).await,
        }
    }

    /// The path of the page, as it is today.
    pub(super) fn path(&self) -> String {
        match &self.subject {
            Subject::Release(id) => format!("/releases/{id}"),
            Subject::Track(id) => format!("/tracks/{id}"),
            Subject::Artist(_) => format!("/artists/{}", self.artist.slug),
        }
    }

    async fn of_release(conn: &mut Conn, id: ReleaseId) -> Result<Option<Self>> {
        let Some(release) = PageRelease::find(conn, id).await? else { return Ok(None) };
        let Some(artist) = PageArtist::find(conn, &release.artist_id.to_string()).await? else { return Ok(None) };
        let tracks = prepared(
            sql(select_tracks!("where t.release_id = $1 order by t.position limit $2"))
                .bind::<SqlUuid, _>(id)
                .bind::<BigInt, _>(MOST),
        );
        let tracks = tracks.load(conn).await?;
        Ok(Some(Self::with(Subject::Release(id), release.title.clone(), artist, release, tracks)))
    }

    async fn of_track(conn: &mut Conn, id: TrackId) -> Result<Option<Self>> {
        let track = prepared(sql(select_tracks!("where t.track_id = $1")).bind::<SqlUuid, _>(id));
        let track: Option<PageTrack> = track.get_result(conn).await.optional()?;
        let Some(track) = track else { return Ok(None) };
        let Some(release) = PageRelease::find(conn, track.release_id).await? else { return Ok(None) };
        let Some(artist) = PageArtist::find(conn, &release.artist_id.to_string()).await? else { return Ok(None) };
        let recording = Recording::find(conn, id).await?;
        let page = Self::with(Subject::Track(id), track.title.clone(), artist, release, vec![track]);
        Ok(Some(Self { recording: Some(recording), ..page }))
    }

    async fn of_artist(conn: &mut Conn, id_or_slug: &str) -> Result<Option<Self>> {
        let Some(artist) = PageArtist::find(conn, id_or_slug).await? else { return Ok(None) };
        let tracks = prepared(
            sql(select_tracks!(
                "where t.artist_id = $1 order by t.published_at desc, t.release_id desc, t.position limit $2"
            ))
            .bind::<SqlUuid, _>(artist.id)
            .bind::<BigInt, _>(MOST),
        );
        Ok(Some(Self {
            subject: Subject::Artist(artist.slug.clone()),
            title: artist.name.clone(),
            artwork: artist.avatar.clone(),
            release: None,
            recording: None,
            tracks: tracks.load(conn).await?,
            artist,
        }))
    }

    fn with(subject: Subject, title: String, artist: PageArtist, release: PageRelease, tracks: Vec<PageTrack>) -> Self {
        let artwork = release.artwork.clone();
        Self { subject, title, artist, release: Some(release), recording: None, artwork, tracks }
    }
}

impl PageArtist {
    /// What MusicBrainz calls it.
    pub(super) fn mbid(&self) -> Option<ArtistMbid> {
        self.mbid.map(ArtistMbid::from)
    }

    async fn find(conn: &mut Conn, id_or_slug: &str) -> Result<Option<Self>> {
        let found = prepared(
            sql("select a.id, a.slug, a.name, a.biography, a.has_feed, a.mbid, artists.picture_of(a.id, 'avatar') as avatar
                 from artists.artists a
                 where a.id = coalesce($1, (select s.artist_id from artists.slugs s where s.slug = $2))
                   and a.closed_at is null")
            .bind::<Nullable<SqlUuid>, _>(id_or_slug.parse::<ArtistId>().ok())
            .bind::<Text, _>(id_or_slug),
        );
        Ok(found.get_result(conn).await.optional()?)
    }
}

impl PageRelease {
    async fn find(conn: &mut Conn, id: ReleaseId) -> Result<Option<Self>> {
        let found = prepared(
            sql("select r.title, r.published_at, artists.cover_of(r.id) as artwork, r.artist_id, r.details
                 from artists.releases r
                 where r.id = $1 and r.published_at <= now() and r.visibility = 'public'")
            .bind::<SqlUuid, _>(id),
        );
        let row: Option<ReleaseRow> = found.get_result(conn).await.optional()?;
        let Some(ReleaseRow { title, published_at, artwork, artist_id, details }) = row else { return Ok(None) };
        let details = serde_json::from_value(details).map_err(anyhow::Error::from)?;
        Ok(Some(Self { id, title, published_at, artwork, artist_id, details }))
    }
}

impl Recording {
    async fn find(conn: &mut Conn, track: TrackId) -> Result<Self> {
        let row = tracks::table.find(track).select((tracks::isrc, tracks::details));
        let (isrc, details): (Option<String>, Value) = row.first(conn).await?;
        Ok(Self { isrc, details: serde_json::from_value(details).map_err(anyhow::Error::from)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_to_one_thing_or_to_nothing() {
        let id = "0190b2f0-c0de-7000-8000-00000000cafe";
        assert_eq!(Subject::of(&format!("/releases/{id}")), Some(Subject::Release(id.parse().expect("an id"))));
        assert_eq!(Subject::of(&format!("/tracks/{id}/")), Some(Subject::Track(id.parse().expect("an id"))));
        assert_eq!(Subject::of("/artists/nina"), Some(Subject::Artist("nina".into())));
        for other in ["/", "/artists", "/artists/", "/artists/a/b", "/artists/..", "/releases/nina", "/search/x", ""] {
            assert_eq!(Subject::of(other), None, "{other}");
        }
    }
}
