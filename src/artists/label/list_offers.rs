//! List what an artist and labels offer each other.

use actix_web::get;
use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::offer::{Offer, OfferSide};
use crate::artists::artist::ArtistLink;
use crate::artists::own_artist::require_owner;
use crate::platform::Platform;
use crate::platform::auth::{Identity, Read};
use crate::platform::error::{Problem, Result};
use crate::platform::http::{Found, Page, Paging, PagingQuery};
use crate::platform::id::AccountId;

/// An offer that nobody has answered.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LabelOffer {
    id: Uuid,
    artist: ArtistLink,
    label: ArtistLink,
    /// Whose owner made it; the other side may accept.
    offered_by: OfferSide,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

impl From<Offer> for LabelOffer {
    fn from(offer: Offer) -> Self {
        Self {
            id: offer.id,
            artist: ArtistLink { id: offer.artist_id, slug: offer.artist_slug, name: offer.artist_name },
            label: ArtistLink { id: offer.label_id, slug: offer.label_slug, name: offer.label_name },
            offered_by: offer.offered_by,
            created_at: offer.created_at,
            expires_at: offer.expires_at,
        }
    }
}

/// Offers that an artist made or got, as an artist or as a label, newest first. Only its owners see them.
#[utoipa::path(tag = "people", params(("id" = String, Path, description = "The artist's id or slug"), PagingQuery), responses(
    (status = 200, body = Page<LabelOffer>), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 422, body = Problem)))]
#[get("/artists/{id}/label-offers")]
pub(in crate::artists) async fn get(
    platform: Data<Platform>,
    identity: Identity<Read>,
    artist: Path<String>,
    paging: Paging<Uuid>,
) -> Result<Found<Page<LabelOffer>>> {
    list(&platform, &artist, identity.account, &paging).await.map(Found)
}

async fn list(
    platform: &Platform,
    id_or_slug: &str,
    owner: AccountId,
    paging: &Paging<Uuid>,
) -> Result<Page<LabelOffer>> {
    let mut conn = platform.db.conn().await?;
    let artist = require_owner(&mut conn, id_or_slug, owner).await?;
    let offers = Offer::list_of(&mut conn, artist, paging.after, paging.limit, platform.clock.now()).await?;
    Ok(Page::new(offers.into_iter().map(LabelOffer::from).collect(), paging.limit, |offer| offer.id))
}
