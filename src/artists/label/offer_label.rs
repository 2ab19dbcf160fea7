//! Put an artist under a label's management: one side offers, the other accepts by asking for the same.

use std::time::Duration;

use actix_web::put;
use actix_web::web::{Data, Path};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::offer::{GOOD_FOR, NewOffer, OfferSide, set_label};
use super::pair::Pair;
use crate::artists::artist::{Artist, ArtistLink};
use crate::artists::people;
use crate::platform::auth::{Fresh, Identity};
use crate::platform::db::{Conn, named};
use crate::platform::error::{Code, Error, Problem, Result};
use crate::platform::event::Event;
use crate::platform::http::{Found, Json};
use crate::platform::id::AccountId;
use crate::platform::limits::Rule;
use crate::platform::{Platform, outbox};

const HOUR: Duration = Duration::from_secs(3600);

/// Each offer is a notification to all owners of the other side.
static OFFERS_BY: Rule = Rule::new("label-offers-by", 30, HOUR, HOUR);

/// Which label.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WantedLabel {
    /// The id or slug of the artist that is the label.
    label: String,
}

named! {
    /// How far an artist and a label have come.
    pub(crate) enum ManagementState {
        /// One side wants it, and the other has not answered.
        Offered = "offered",
        /// The label's people act for the artist.
        Managed = "managed",
    }
}

/// An artist, a label, and how far they have come.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Management {
    state: ManagementState,
    artist: ArtistLink,
    label: ArtistLink,
    /// Of an offer: the time until which it can be accepted.
    expires_at: Option<DateTime<Utc>>,
}

/// Offer an artist to a label, or a label to an artist; or accept what the other side has offered. Only owners may, each for
/// their side. Who owns both is asked by nobody.
#[utoipa::path(tag = "people", params(("id" = String, Path, description = "The artist's id or slug")), request_body = WantedLabel, responses(
    (status = 200, body = Management), (status = 401, body = Problem), (status = 403, body = Problem),
    (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem)))]
#[put("/artists/{id}/label")]
pub(in crate::artists) async fn put(
    platform: Data<Platform>,
    identity: Identity<Fresh>,
    artist: Path<String>,
    Json(wanted): Json<WantedLabel>,
) -> Result<Found<Management>> {
    manage(&platform, &artist, &wanted.label, identity.account).await.map(Found)
}

async fn manage(platform: &Platform, artist: &str, label: &str, account: AccountId) -> Result<Management> {
    drop(platform.limits.take(&[(&OFFERS_BY, &account.to_string())]).await?);
    let now = platform.clock.now();
    platform
        .db
        .transaction(async |conn| {
            let pair = Pair::lock(conn, artist, label, account).await?;
            if pair.artist.label_id == Some(pair.label.id) {
                return Ok(Management::of(&pair, ManagementState::Managed, None));
            }
            require_free(conn, &pair).await?;
            let is_accepted = match pair.offer(conn, now).await? {
                Some(offer) => pair.may_accept(&offer),
                None => false,
            };
            if is_accepted || (pair.owns_artist && pair.owns_label) {
                set_label(conn, pair.artist.id, Some(pair.label.id)).await?;
                let changed = pair.changed(conn, true, account).await?;
                outbox::record(conn, &changed).await?;
                return Ok(Management::of(&pair, ManagementState::Managed, None));
            }
            let until = now + GOOD_FOR;
            offer(conn, &pair, account, now, until).await?;
            Ok(Management::of(&pair, ManagementState::Offered, Some(until)))
        })
        .await
}

// A label that is deleted is in nobody's way.
async fn require_free(conn: &mut Conn, pair: &Pair) -> Result<()> {
    match pair.artist.label_id {
        Some(label) if Artist::link(conn, label).await?.is_some() => Err(Error::Refused(Code::LabelExists)),
        _ => Ok(()),
    }
}

async fn offer(
    conn: &mut Conn,
    pair: &Pair,
    account: AccountId,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<()> {
    let (offered_by, other) = match pair.owns_artist {
        true => (OfferSide::Artist, pair.label.id),
        false => (OfferSide::Label, pair.artist.id),
    };
    let offer = NewOffer {
        id: Uuid::now_v7(),
        artist_id: pair.artist.id,
        label_id: pair.label.id,
        offered_by,
        account_id: account,
        created_at: now,
        expires_at: until,
    };
    offer.insert(conn).await?;
    let offered = Event::LabelOffered {
        offer: offer.id,
        artist: pair.artist.id,
        artist_name: pair.artist.name.clone(),
        label: pair.label.id,
        label_name: pair.label.name.clone(),
        ask: people::owners(conn, other).await?,
    };
    outbox::record(conn, &offered).await
}

impl Management {
    fn of(pair: &Pair, state: ManagementState, expires_at: Option<DateTime<Utc>>) -> Self {
        Self { state, artist: pair.artist_link(), label: pair.label_link(), expires_at }
    }
}
