//! A picture of the catalogue: its rows and queries.

use diesel::prelude::*;
use diesel::sql_types::{Binary, Bool, Jsonb, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};

use crate::artists::links::open_by_link;
use crate::artists::publication::open_by_address;
use crate::artists::schema::{artworks, releases, tracks};
use crate::platform::db::{Conn, named, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, ArtistId, ReleaseId};
use crate::platform::pictures::{Encoding, Packed, Shape, Variant};
use crate::platform::secret;

named! {
    /// What a picture is for.
    pub(crate) enum Kind {
        Cover = "cover",
        Avatar = "avatar",
        Banner = "banner",
    }
}

/// The one use of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::artists) enum Use {
    Cover(ReleaseId),
    Avatar(ArtistId),
    Banner(ArtistId),
}

impl Use {
    /// The part of a picture that is kept for it.
    pub(super) fn shape(self) -> Shape {
        match self {
            Self::Cover(_) | Self::Avatar(_) => Shape::Square,
            Self::Banner(_) => Shape::Banner,
        }
    }

    fn kind(self) -> Kind {
        match self {
            Self::Cover(_) => Kind::Cover,
            Self::Avatar(_) => Kind::Avatar,
            Self::Banner(_) => Kind::Banner,
        }
    }

    fn release(self) -> Option<ReleaseId> {
        match self {
            Self::Cover(release) => Some(release),
            Self::Avatar(_) | Self::Banner(_) => None,
        }
    }

    fn artist(self) -> Option<ArtistId> {
        match self {
            Self::Cover(_) => None,
            Self::Avatar(artist) | Self::Banner(artist) => Some(artist),
        }
    }
}

/// A picture that is in use.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = artworks)]
pub(in crate::artists) struct Picture {
    pub(in crate::artists) key: String,
    kind: Kind,
    release_id: Option<ReleaseId>,
    artist_id: Option<ArtistId>,
    pub(super) source_key: String,
    pub(super) object_key: String,
    pub(super) is_suggested: bool,
}

/// A picture that somebody may see.
#[derive(Debug, QueryableByName)]
pub(super) struct Seen {
    #[diesel(sql_type = Text)]
    pub(super) object_key: String,
    #[diesel(sql_type = Jsonb)]
    variants: Value,
    #[diesel(sql_type = Bool)]
    pub(super) is_public: bool,
}

impl Seen {
    /// The largest variant that is at most `width` wide.
    pub(super) fn largest(&self, encoding: Encoding, width: u32) -> Result<Option<Variant>> {
        let variants: Vec<Variant> = serde_json::from_value(self.variants.clone()).map_err(anyhow::Error::from)?;
        let fitting = variants.into_iter().filter(|variant| variant.encoding == encoding && variant.width <= width);
        Ok(fitting.max_by_key(|variant| variant.width))
    }

    /// The artwork of a release, whoever asks.
    pub(super) async fn of_release(conn: &mut Conn, release: ReleaseId) -> Result<Option<Self>> {
        let seen = prepared(
            sql("select object_key, variants, false as is_public from artists.artworks where release_id = $1")
                .bind::<SqlUuid, _>(release),
        );
        Ok(seen.get_result(conn).await.optional()?)
    }
}

impl Picture {
    pub(super) fn r#use(&self) -> Option<Use> {
        match (self.kind, self.release_id, self.artist_id) {
            (Kind::Cover, Some(release), _) => Some(Use::Cover(release)),
            (Kind::Avatar, _, Some(artist)) => Some(Use::Avatar(artist)),
            (Kind::Banner, _, Some(artist)) => Some(Use::Banner(artist)),
            _ => None,
        }
    }

    /// Its objects in the store.
    fn into_keys(self) -> [String; 2] {
        [self.source_key, self.object_key]
    }

    /// Shows a picture, under a new key. What was in use before, the caller has taken away.
    pub(super) async fn insert(
        conn: &mut Conn,
        of: Use,
        source_key: &str,
        packed: &Packed,
        is_suggested: bool,
    ) -> Result<()> {
        let about = &packed.about;
        let side = |side: u32| i32::try_from(side).map_err(anyhow::Error::from);
        let colours: Vec<Option<&str>> = about.colours.iter().map(|colour| Some(colour.as_str())).collect();
        diesel::insert_into(artworks::table)
            .values((
                artworks::key.eq(secret::address_word()?),
                artworks::kind.eq(of.kind()),
                artworks::release_id.eq(of.release()),
                artworks::artist_id.eq(of.artist()),
                artworks::source_key.eq(source_key),
                artworks::object_key.eq(&packed.stored.key),
                artworks::variants.eq(json!(about.variants)),
                artworks::is_suggested.eq(is_suggested),
                artworks::width.eq(side(about.width)?),
                artworks::height.eq(side(about.height)?),
                artworks::colours.eq(colours),
                artworks::blur_hash.eq(&about.blur_hash),
            ))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// The picture in use, locked.
    pub(super) async fn lock(conn: &mut Conn, of: Use) -> Result<Option<Self>> {
        let pictures = artworks::table.filter(artworks::kind.eq(of.kind())).select(Self::as_select()).for_update();
        let found = match of {
            Use::Cover(release) => pictures.filter(artworks::release_id.eq(release)).first(conn).await,
            Use::Avatar(artist) | Use::Banner(artist) => {
                pictures.filter(artworks::artist_id.eq(artist)).first(conn).await
            }
        };
        Ok(found.optional()?)
    }

    /// Shows it no longer; answers with the objects that it let go of.
    pub(super) async fn remove(conn: &mut Conn, of: Use) -> Result<Vec<String>> {
        let Some(picture) = Self::lock(conn, of).await? else { return Ok(Vec::new()) };
        diesel::delete(artworks::table.find(&picture.key)).execute(conn).await?;
        Ok(picture.into_keys().into())
    }

    /// The objects of a release's artwork.
    pub(in crate::artists) async fn keys_of_release(conn: &mut Conn, release: ReleaseId) -> Result<Vec<String>> {
        let picture = Self::lock(conn, Use::Cover(release)).await?;
        Ok(picture.map_or_else(Vec::new, |picture| picture.into_keys().into()))
    }

    /// The objects of an artist's own pictures.
    pub(in crate::artists) async fn keys_of_artist(conn: &mut Conn, artist: ArtistId) -> Result<Vec<String>> {
        let pictures = artworks::table.filter(artworks::artist_id.eq(artist)).select(Self::as_select());
        let pictures: Vec<Self> = pictures.for_update().load(conn).await?;
        Ok(pictures.into_iter().flat_map(Self::into_keys).collect())
    }

    /// Whether an object is one of some picture's.
    pub(in crate::artists) async fn uses(conn: &mut Conn, object: &str) -> Result<bool> {
        let using = artworks::table.filter(artworks::object_key.eq(object).or(artworks::source_key.eq(object)));
        Ok(diesel::select(diesel::dsl::exists(using)).get_result(conn).await?)
    }

    /// The pictures whose sizes are in one of these objects.
    pub(super) async fn list_in(conn: &mut Conn, objects: &[String]) -> Result<Vec<Self>> {
        let pictures = artworks::table.filter(artworks::object_key.eq_any(objects)).select(Self::as_select());
        Ok(pictures.load(conn).await?)
    }

    /// The picture with this key, locked.
    pub(super) async fn lock_key(conn: &mut Conn, key: &str) -> Result<Option<Self>> {
        Ok(artworks::table.find(key).select(Self::as_select()).for_update().first(conn).await.optional()?)
    }

    /// What is behind an address, if `viewer` may see it: pictures of artists, of the releases that this viewer may open,
    /// of the one that the link with this secret opens, and one's own.
    pub(super) async fn find(
        conn: &mut Conn,
        key: &str,
        viewer: Option<AccountId>,
        link: Option<&str>,
    ) -> Result<Option<Seen>> {
        let seen = prepared(
            sql(concat!(
                "select w.object_key, w.variants,
                        w.release_id is null
                            or coalesce(r.published_at <= now() and r.visibility = 'public', false) as is_public
                 from artists.artworks w
                 left join artists.releases r on r.id = w.release_id
                 left join artists.artists a on a.id = w.artist_id
                 where w.key = $2 and ((w.release_id is null and a.closed_at is null) or ",
                open_by_address!(),
                " or ",
                open_by_link!(),
                " or exists (select 1 from artists.acting x where x.artist_id = r.artist_id and x.account_id = $1))"
            ))
            .bind::<Nullable<SqlUuid>, _>(viewer)
            .bind::<Text, _>(key)
            .bind::<Nullable<Binary>, _>(link.map(secret::hash)),
        );
        Ok(seen.get_result(conn).await.optional()?)
    }
}

/// What a release's artist has said of its artwork, and what its tracks' files offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::artists) enum Wanted {
    /// There is one, or is to be none.
    Nothing,
    /// The cover of a file may stand for it.
    Suggestion,
}

impl Wanted {
    /// Of a release whose row the caller may hold.
    pub(super) async fn find(conn: &mut Conn, release: ReleaseId) -> Result<Self> {
        let artworks = artworks::table.filter(artworks::release_id.eq(release));
        let open = releases::table
            .filter(releases::id.eq(release).and(releases::without_artwork.eq(false)))
            .filter(diesel::dsl::not(diesel::dsl::exists(artworks)));
        let is_open: bool = diesel::select(diesel::dsl::exists(open)).get_result(conn).await?;
        Ok(if is_open { Self::Suggestion } else { Self::Nothing })
    }

    /// Whether the artist has set one, or wants none.
    pub(super) async fn is_said(conn: &mut Conn, release: ReleaseId) -> Result<bool> {
        let own = artworks::table.filter(artworks::release_id.eq(release).and(artworks::is_suggested.eq(false)));
        let none = releases::table.filter(releases::id.eq(release).and(releases::without_artwork.eq(true)));
        let said = diesel::dsl::exists(own).or(diesel::dsl::exists(none));
        Ok(diesel::select(said).get_result(conn).await?)
    }

    /// Notes whether the artist wants none.
    pub(in crate::artists) async fn say(conn: &mut Conn, release: ReleaseId, without: bool) -> Result<()> {
        diesel::update(releases::table.find(release)).set(releases::without_artwork.eq(without)).execute(conn).await?;
        Ok(())
    }
}

/// The front cover that a track's file holds.
pub(super) async fn cover_of_file(conn: &mut Conn, track: crate::platform::id::TrackId) -> Result<Option<String>> {
    let cover: Option<Option<String>> =
        tracks::table.find(track).select(tracks::cover_key).first(conn).await.optional()?;
    Ok(cover.flatten())
}

/// Holds a release, whoever asks: a file's cover is offered in nobody's name. False once it is gone.
pub(super) async fn lock_release(conn: &mut Conn, release: ReleaseId) -> Result<bool> {
    let held: Option<ReleaseId> =
        releases::table.find(release).select(releases::id).for_no_key_update().first(conn).await.optional()?;
    Ok(held.is_some())
}

/// Whether a text looks like a key: PostgreSQL takes no NUL, and anything else is no picture's.
pub(super) fn is_key(text: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    text.len() == 22 && text.bytes().all(is_digit)
}
