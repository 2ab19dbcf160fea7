//! Create an artist.

use actix_web::post;
use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::artist::Artist;
use super::profile::ArtistProfile;
use super::{Slug, Title};
use crate::platform::Platform;
use crate::platform::auth::{Identity, Upload};
use crate::platform::db::{Conn, Db};
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::event::Event;
use crate::platform::http::{Created, IdempotencyHeader, IdempotencyKey, Json};
use crate::platform::id::{AccountId, ArtistId};
use crate::platform::outbox;

/// A name to release music under.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewArtist {
    pub(crate) name: Title,
    /// The artist's address; made from the name where absent.
    #[serde(default)]
    pub(crate) slug: Option<Slug>,
}

/// Create an artist; who does is its owner.
#[utoipa::path(tag = "artists", params(IdempotencyHeader), request_body = NewArtist, responses(
    (status = 201, body = ArtistProfile), (status = 401, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
#[post("/artists")]
pub(super) async fn post(
    platform: Data<Platform>,
    identity: Identity<Upload>,
    key: IdempotencyKey,
    Json(new): Json<NewArtist>,
) -> Result<Created<ArtistProfile>> {
    create_once(&platform.db, identity.account, &new, &key).await.map(Created)
}

/// Façade: creates an artist for an account.
pub(crate) async fn create(db: &Db, member: AccountId, new: NewArtist) -> Result<Artist> {
    create_once(db, member, &new, &IdempotencyKey::default()).await.map(|profile| profile.artist)
}

async fn create_once(db: &Db, member: AccountId, new: &NewArtist, key: &IdempotencyKey) -> Result<ArtistProfile> {
    db.transaction(async |conn| {
        let id = ArtistId::new();
        let id = match key.claim(conn, member, new, id.uuid()).await? {
            Some(earlier) => earlier.into(),
            None => add(conn, id, member, new).await?,
        };
        let found = ArtistProfile::find(conn, &id.to_string(), Some(member)).await?;
        found.map(|(profile, _)| profile).ok_or(Error::NotFound("artist"))
    })
    .await
}

async fn add(conn: &mut Conn, id: ArtistId, member: AccountId, new: &NewArtist) -> Result<ArtistId> {
    for slug in slugs(new) {
        if Artist::insert(conn, id, &slug, &new.name, member).await? {
            outbox::record(conn, &Event::ArtistChanged { artist: id }).await?;
            return Ok(id);
        }
    }
    Err(Error::Refused(Code::SlugTaken))
}

// The one that was asked for and no other; or one made of the name, with an end of its own where that is taken.
fn slugs(new: &NewArtist) -> Vec<Slug> {
    match &new.slug {
        Some(slug) => vec![slug.clone()],
        None => {
            let slug = Slug::from_name(new.name.as_str());
            vec![slug.clone(), slug.with_suffix()]
        }
    }
}
