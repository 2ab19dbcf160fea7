//! An artist with all that it says of itself, as everybody reads it.

use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Jsonb, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::biography::Biography;
use super::link::Link;
use crate::artists::artist::{Artist, ArtistLink};
use crate::artists::metadata::ArtistMbid;
use crate::artists::release::ReleaseSummary;
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, ArtistId, ReleaseId};

/// An artist with all that it says of itself.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ArtistProfile {
    #[serde(flatten)]
    pub(crate) artist: Artist,
    pub(crate) biography: Biography,
    pub(crate) links: Vec<Link>,
    pub(crate) places: Vec<String>,
    pub(crate) genres: Vec<String>,
    /// What MusicBrainz calls the artist.
    pub(crate) artist_mbid: Option<ArtistMbid>,
    /// What the artist shows first; null where there is none, or none that the viewer may see.
    pub(crate) pinned_release: Option<ReleaseSummary>,
    /// Who manages the artist.
    pub(crate) label: Option<ArtistLink>,
    /// Whether there is a feed of what is public: `/artists/{id}/feed.rss` and `feed.json`.
    pub(crate) feed: bool,
}

/// The part of a profile that its editors change, by the names that a change has for it. Followers come and go; that is no reason to refuse an edit.
#[derive(Debug, Clone, Serialize)]
pub(in crate::artists) struct Edited {
    name: String,
    slug: String,
    biography: String,
    links: Value,
    places: Vec<String>,
    genres: Vec<String>,
    artist_mbid: Option<ArtistMbid>,
    #[serde(rename = "pinned_release_id")]
    pinned_release: Option<ReleaseId>,
    feed: bool,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    biography: String,
    #[diesel(sql_type = Jsonb)]
    links: Value,
    #[diesel(sql_type = Array<Text>)]
    places: Vec<String>,
    #[diesel(sql_type = Array<Text>)]
    genres: Vec<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    mbid: Option<Uuid>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pinned_release_id: Option<ReleaseId>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    label_id: Option<ArtistId>,
    #[diesel(sql_type = Bool)]
    has_feed: bool,
}

impl ArtistProfile {
    /// The artist with this id, or with an address that it has or had, as `viewer` sees it; and what of that is edited.
    pub(in crate::artists) async fn find(
        conn: &mut Conn,
        id_or_slug: &str,
        viewer: Option<AccountId>,
    ) -> Result<Option<(Self, Edited)>> {
        let Some(artist) = Artist::find(conn, id_or_slug, viewer).await? else { return Ok(None) };
        let row = prepared(
            sql("select biography, links, places, genres, mbid, pinned_release_id, label_id, has_feed
                 from artists.artists where id = $1")
            .bind::<SqlUuid, _>(artist.id),
        );
        let row: Option<Row> = row.get_result(conn).await.optional()?;
        match row {
            Some(row) => Self::from_parts(conn, artist, row, viewer).await.map(Some),
            None => Ok(None),
        }
    }

    async fn from_parts(
        conn: &mut Conn,
        artist: Artist,
        row: Row,
        viewer: Option<AccountId>,
    ) -> Result<(Self, Edited)> {
        let pinned_release = match row.pinned_release_id {
            Some(release) => ReleaseSummary::find(conn, release, viewer).await?,
            None => None,
        };
        // What has to be known by its address is not told here.
        let pinned_release = pinned_release.filter(|release| release.mine || release.visibility.is_listed());
        let label = match row.label_id {
            Some(label) => Artist::link(conn, label).await?,
            None => None,
        };
        let links = serde_json::from_value(row.links.clone()).map_err(anyhow::Error::from)?;
        let edited = Edited {
            name: artist.name.clone(),
            slug: artist.slug.clone(),
            biography: row.biography.clone(),
            links: row.links,
            places: row.places.clone(),
            genres: row.genres.clone(),
            artist_mbid: row.mbid.map(ArtistMbid::from),
            pinned_release: row.pinned_release_id,
            feed: row.has_feed,
        };
        let profile = Self {
            artist,
            biography: Biography::of(row.biography),
            links,
            places: row.places,
            genres: row.genres,
            artist_mbid: edited.artist_mbid,
            pinned_release,
            label,
            feed: row.has_feed,
        };
        Ok((profile, edited))
    }
}
