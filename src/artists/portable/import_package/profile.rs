//! What the artist says of itself: taken where it says nothing here.

use serde_json::{Map, Value, json};

use super::{Bringing, Refusal};
use crate::artists::artwork::{Use, set_any_picture};
use crate::artists::metadata::By;
use crate::artists::own_artist::OwnArtist;
use crate::artists::portable::contents;
use crate::artists::portable::document::PackedArtist;
use crate::artists::portable::import_line::{ImportLine, ImportOutcome, NewLine};
use crate::artists::profile::{self, ArtistChanges};
use crate::platform::error::{Error, Result};
use crate::platform::id::ArtistId;
use crate::platform::pictures::{Arrived, MAX_ARTWORK_BYTES};

/// The place of the profile in the report.
const PLACE: i32 = 0;

/// Fills in biography, links, places, genres and pictures. What does not fit is told, and keeps nothing else out.
pub(super) async fn fill_in(bringing: &mut Bringing<'_>, packed: &PackedArtist) -> Result<(), Refusal> {
    let (platform, artist) = (bringing.platform, bringing.import.artist_id);
    let found = contents::of_artist(&mut *platform.db.conn().await?, artist).await?;
    let here = found.ok_or(Error::NotFound("artist"))?;
    let has_words = !changes(&here.artist, packed).is_empty();
    let wanted = [
        (Use::Avatar as fn(ArtistId) -> Use, packed.avatar.as_deref().filter(|_| here.avatar_key.is_none())),
        (Use::Banner, packed.banner.as_deref().filter(|_| here.banner_key.is_none())),
    ];
    if !has_words && wanted.iter().all(|(_, name)| name.is_none()) {
        return Ok(());
    }
    note(bringing, packed).await?;
    if let Err(error) = change(bringing, packed).await {
        tell(bringing, "The profile", error).await?;
    }
    for (of, name) in wanted {
        let Some(name) = name else { continue };
        if let Err(error) = set(bringing, of(artist), name).await? {
            tell(bringing, &format!("The picture `{name}`"), error).await?;
        }
    }
    Ok(())
}

async fn note(bringing: &Bringing<'_>, packed: &PackedArtist) -> Result<()> {
    let (import, title) = (bringing.import.id, packed.name.as_str());
    let line = NewLine { import, place: PLACE, title, outcome: ImportOutcome::Made, release: None };
    ImportLine::insert(&mut *bringing.platform.db.conn().await?, &line).await.map(drop)
}

fn changes(here: &PackedArtist, packed: &PackedArtist) -> Map<String, Value> {
    let mut changes = Map::new();
    let mut fill = |field: &str, is_empty: bool, value: Value, says_something: bool| {
        if is_empty && says_something {
            changes.insert(field.to_owned(), value);
        }
    };
    fill("biography", here.biography.is_empty(), json!(packed.biography), !packed.biography.is_empty());
    fill("links", here.links.is_empty(), json!(packed.links), !packed.links.is_empty());
    fill("places", here.places.is_empty(), json!(packed.places), !packed.places.is_empty());
    fill("genres", here.genres.is_empty(), json!(packed.genres), !packed.genres.is_empty());
    fill("artist_mbid", here.artist_mbid.is_none(), json!(packed.artist_mbid), packed.artist_mbid.is_some());
    changes
}

// As if the artist had typed it. What somebody wrote since the package was looked at stays.
async fn change(bringing: &Bringing<'_>, packed: &PackedArtist) -> Result<()> {
    let (artist, member) = (bringing.import.artist_id, bringing.member);
    let db = &bringing.platform.db;
    db.transaction(async |conn| {
        let own = OwnArtist::lock_to_edit(conn, &artist.to_string(), member).await?;
        let here = contents::of_artist(conn, artist).await?.ok_or(Error::NotFound("artist"))?;
        let changes = changes(&here.artist, packed);
        if changes.is_empty() {
            return Ok(());
        }
        let changes: ArtistChanges = serde_path_to_error::deserialize(Value::Object(changes))
            .map_err(|cause| Error::invalid(cause.path().to_string(), cause.inner().to_string()))?;
        profile::edit(conn, &own, &changes, By { account: member, takes_back: None }).await.map(drop)
    })
    .await
}

async fn set(bringing: &mut Bringing<'_>, of: Use, name: &str) -> Result<Result<()>, Refusal> {
    if bringing.parcel.size_bytes(name).is_some_and(|size| size > MAX_ARTWORK_BYTES as u64) {
        return Ok(Err(Error::invalid("picture", "A picture may have 20 MiB at most.")));
    }
    let file = bringing.parcel.read(name).await?;
    let (platform, artist) = (bringing.platform, bringing.import.artist_id);
    let setting = async {
        let arrived = Arrived::of(platform, file).await?;
        set_any_picture(platform, artist, bringing.member, of, arrived).await
    };
    Ok(setting.await)
}

// What another attempt may mend is no word for the report.
async fn tell(bringing: &Bringing<'_>, what: &str, error: Error) -> Result<(), Refusal> {
    let why = super::release::words(error)?;
    let mut conn = bringing.platform.db.conn().await?;
    Ok(ImportLine::tell(&mut conn, bringing.import.id, PLACE, &format!("{what}: {why}")).await?)
}
