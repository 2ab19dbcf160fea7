//! Edit an artist's profile.

use actix_web::patch;
use actix_web::web::{Data, Path};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;
use uuid::Uuid;

use super::artist_profile::{ArtistProfile, Edited};
use super::biography::Markdown;
use super::changes::{Changes, is_of};
use super::link::Link;
use super::profile_change::ProfileChange;
use super::words::{ArtistGenre, Place};
use crate::artists::metadata::{ArtistMbid, By};
use crate::artists::own_artist::OwnArtist;
use crate::artists::show_artist::{self, Shown};
use crate::artists::{Slug, Title, former_slug};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Upload};
use crate::platform::db::{Conn, Db};
use crate::platform::error::{Error, Problem, Result};
use crate::platform::event::Event;
use crate::platform::http::{IfMatch, IfMatchHeader, Json};
use crate::platform::id::{AccountId, ArtistId, ChangeId, ReleaseId};
use crate::platform::outbox;

const MAX_LINKS: usize = 20;
const MAX_PLACES: usize = 10;
const MAX_GENRES: usize = 10;

/// What of a profile may change. What is absent stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ArtistChanges {
    #[serde(default)]
    name: Option<Title>,
    /// Another address. The former ones still lead here, 20 in all, and are nobody else's.
    #[serde(default)]
    slug: Option<Slug>,
    /// In Markdown (CommonMark); an empty text is none.
    #[serde(default)]
    biography: Option<Markdown>,
    #[serde(default)]
    #[schema(max_items = 20)]
    links: Option<Vec<Link>>,
    #[serde(default)]
    #[schema(max_items = 10)]
    places: Option<Vec<Place>>,
    #[serde(default)]
    #[schema(max_items = 10)]
    genres: Option<Vec<ArtistGenre>>,
    /// What MusicBrainz calls the artist: a UUID, or the address of its page there; null is none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<ArtistMbid>)]
    artist_mbid: Option<Option<ArtistMbid>>,
    /// What of the artist's releases is shown first; null is none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<ReleaseId>)]
    pinned_release_id: Option<Option<ReleaseId>>,
    /// Whether what is public goes out as a feed (RSS and JSON Feed), whose files play without an account, in podcast
    /// clients and elsewhere.
    #[serde(default)]
    feed: Option<bool>,
}

// Null is a value, and is not the same as nothing.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(value: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(value).map(Some)
}

/// Change an artist's name, address, or what it says of itself.
#[utoipa::path(tag = "artists", params(("id" = String, Path, description = "Id or slug"), IfMatchHeader), request_body = ArtistChanges, responses(
    (status = 200, body = ArtistProfile, headers(("ETag" = String, description = "Names this state, for `If-Match` and `If-None-Match`"))),
    (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 412, body = Problem), (status = 422, body = Problem)))]
#[patch("/artists/{id}")]
pub(in crate::artists) async fn patch(
    platform: Data<Platform>,
    identity: Identity<Upload>,
    id: Path<String>,
    if_match: IfMatch,
    Json(changes): Json<ArtistChanges>,
) -> Result<Shown> {
    let id = edit(&platform.db, &id, identity.account, &changes, &if_match).await?;
    show_artist::show(&platform.db, &id.to_string(), Some(identity.account)).await
}

/// Changes what of a profile is told; refuses all of it where a part breaks its rule.
async fn edit(
    db: &Db,
    id_or_slug: &str,
    member: AccountId,
    changes: &ArtistChanges,
    if_match: &IfMatch,
) -> Result<ArtistId> {
    db.transaction(async |conn| {
        let artist = OwnArtist::lock_to_edit(conn, id_or_slug, member).await?;
        require(conn, artist.id, member, if_match).await?;
        apply(conn, &artist, changes, By { account: member, takes_back: None }).await?;
        Ok(artist.id)
    })
    .await
}

/// Changes an artist that the caller's transaction holds; the entry of its history, where anything is another than before.
pub(in crate::artists) async fn apply(
    conn: &mut Conn,
    artist: &OwnArtist,
    changes: &ArtistChanges,
    by: By,
) -> Result<Option<ChangeId>> {
    changes.check()?;
    let before = edited(conn, artist.id, by.account).await?;
    if let Some(slug) = &changes.slug {
        former_slug::take(conn, slug, artist.id).await?;
    }
    if let Some(Some(release)) = changes.pinned_release_id
        && !is_of(conn, release, artist.id).await?
    {
        return Err(Error::invalid("pinned_release_id", "This is no release of this artist."));
    }
    let row = changes.row(artist)?;
    row.apply(conn, artist.id).await?;
    if (row.name, row.slug) != (artist.name.as_str(), artist.slug.as_str()) {
        outbox::record(conn, &Event::ArtistChanged { artist: artist.id }).await?;
    }
    let after = edited(conn, artist.id, by.account).await?;
    ProfileChange::insert(conn, artist.id, by, &before, &after).await
}

async fn edited(conn: &mut Conn, id: ArtistId, member: AccountId) -> Result<Edited> {
    let found = ArtistProfile::find(conn, &id.to_string(), Some(member)).await?;
    found.map(|(_, edited)| edited).ok_or(Error::NotFound("artist"))
}

pub(super) async fn require(conn: &mut Conn, id: ArtistId, member: AccountId, if_match: &IfMatch) -> Result<()> {
    if !if_match.asks() {
        return Ok(());
    }
    if_match.require_part(&edited(conn, id, member).await?)
}

impl ArtistChanges {
    /// What MusicBrainz calls an artist.
    pub(in crate::artists) fn identified(mbid: ArtistMbid) -> Self {
        Self { artist_mbid: Some(Some(mbid)), ..Self::default() }
    }

    fn check(&self) -> Result<()> {
        let longer = |length: Option<usize>, max| length.is_some_and(|length| length > max);
        if longer(self.links.as_ref().map(Vec::len), MAX_LINKS) {
            return Err(Error::invalid("links", "An artist has at most 20 links."));
        }
        if longer(self.places.as_ref().map(Vec::len), MAX_PLACES) {
            return Err(Error::invalid("places", "An artist has at most 10 places."));
        }
        if longer(self.genres.as_ref().map(Vec::len), MAX_GENRES) {
            return Err(Error::invalid("genres", "An artist has at most 10 genres."));
        }
        Ok(())
    }

    fn row<'a>(&'a self, artist: &'a OwnArtist) -> Result<Changes<'a>> {
        let links = self.links.as_ref().map(serde_json::to_value).transpose().map_err(anyhow::Error::from)?;
        let places = self.places.as_ref().map(|places| each_once(places.iter().map(Place::as_str)));
        let genres = self.genres.as_ref().map(|genres| each_once(genres.iter().map(ArtistGenre::as_str)));
        Ok(Changes {
            name: self.name.as_ref().map_or(artist.name.as_str(), Title::as_str),
            slug: self.slug.as_ref().map_or(artist.slug.as_str(), Slug::as_str),
            biography: self.biography.as_ref().map(Markdown::as_str),
            links,
            places,
            genres,
            mbid: self.artist_mbid.map(|mbid| mbid.map(Uuid::from)),
            pinned_release_id: self.pinned_release_id,
            has_feed: self.feed,
        })
    }
}

fn each_once<'a>(words: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut once: Vec<&str> = Vec::new();
    for word in words {
        if !once.contains(&word) {
            once.push(word);
        }
    }
    once
}
