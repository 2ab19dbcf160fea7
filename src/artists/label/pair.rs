//! An artist and a label, held together, and for which of them somebody speaks.

use chrono::{DateTime, Utc};

use super::offer::{Offer, OfferSide};
use crate::artists::artist::ArtistLink;
use crate::artists::own_artist::{OwnArtist, acts_for, id_of, is_owner};
use crate::artists::people;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::event::Event;
use crate::platform::id::{AccountId, ArtistId};

/// Both, and which of them the account owns. Nobody else changes either until the transaction ends.
pub(super) struct Pair {
    pub(super) artist: OwnArtist,
    pub(super) label: OwnArtist,
    pub(super) owns_artist: bool,
    pub(super) owns_label: bool,
}

impl Pair {
    /// Holds an artist and a label, by id or slug, if the account owns one of them. Who acts for one otherwise is forbidden,
    /// for others there is nothing.
    pub(super) async fn lock(conn: &mut Conn, artist: &str, label: &str, account: AccountId) -> Result<Self> {
        let artist = id_of(conn, artist).await?;
        let label = id_of(conn, label).await.map_err(|error| match error {
            Error::NotFound(_) => Error::NotFound("label"),
            error => error,
        })?;
        Self::lock_these(conn, artist, label, account).await
    }

    pub(super) async fn lock_these(
        conn: &mut Conn,
        artist: ArtistId,
        label: ArtistId,
        account: AccountId,
    ) -> Result<Self> {
        if artist == label {
            return Err(Error::invalid("label", "An artist is no label of its own."));
        }
        // In one order, so that two who hold the same two do not wait for each other.
        let (first, second) = (artist.min(label), artist.max(label));
        let first = OwnArtist::lock(conn, first).await?.ok_or(Error::NotFound("artist"))?;
        let second = OwnArtist::lock(conn, second).await?.ok_or(Error::NotFound("artist"))?;
        let (artist, label) = if first.id == artist { (first, second) } else { (second, first) };
        let owns_artist = is_owner(conn, artist.id, account).await?;
        let owns_label = is_owner(conn, label.id, account).await?;
        if owns_artist || owns_label {
            return Ok(Self { artist, label, owns_artist, owns_label });
        }
        let acts = acts_for(conn, artist.id, account).await? || acts_for(conn, label.id, account).await?;
        Err(if acts { Error::Forbidden } else { Error::NotFound("artist") })
    }

    /// The offer that stands between them.
    pub(super) async fn offer(&self, conn: &mut Conn, now: DateTime<Utc>) -> Result<Option<Offer>> {
        Offer::find(conn, self.artist.id, self.label.id, now).await
    }

    /// Whether the account owns the side that an offer is for.
    pub(super) fn may_accept(&self, offer: &Offer) -> bool {
        match offer.offered_by {
            OfferSide::Artist => self.owns_label,
            OfferSide::Label => self.owns_artist,
        }
    }

    pub(super) fn artist_link(&self) -> ArtistLink {
        link(&self.artist)
    }

    pub(super) fn label_link(&self) -> ArtistLink {
        link(&self.label)
    }

    /// What the owners of both are told, but for whoever did it.
    pub(super) async fn changed(&self, conn: &mut Conn, managed: bool, by: AccountId) -> Result<Event> {
        let mut tell = people::owners(conn, self.artist.id).await?;
        tell.extend(people::owners(conn, self.label.id).await?);
        tell.sort_unstable();
        tell.dedup();
        tell.retain(|account| *account != by);
        Ok(Event::LabelChanged {
            change: uuid::Uuid::now_v7(),
            artist: self.artist.id,
            artist_name: self.artist.name.clone(),
            label: self.label.id,
            label_name: self.label.name.clone(),
            managed,
            tell,
        })
    }
}

fn link(artist: &OwnArtist) -> ArtistLink {
    ArtistLink { id: artist.id, slug: artist.slug.clone(), name: artist.name.clone() }
}
