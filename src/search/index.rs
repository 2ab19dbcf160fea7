//! Keeps the documents true to the catalogue. Events come in no order, so each one re-reads what is so now.

use super::document::{Document, DocumentKind};
use super::vocabulary::Change;
use crate::artists::{self, PublicArtist, PublicRelease};
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::event::Event;
use crate::platform::id::{ArtistId, ReleaseId};

/// Follows the catalogue.
pub(crate) async fn on_event(_: &Platform, conn: &mut Conn, event: &Event) -> Result<()> {
    match event {
        Event::ArtistChanged { artist } => index_artist(conn, *artist).await,
        Event::ReleasePublished { release, .. }
        | Event::ReleaseChanged { release, .. }
        | Event::TrackReady { release, .. }
        | Event::TrackChanged { release, .. } => index_release(conn, *release).await,
        Event::AccountRegistered { .. }
        | Event::AccountChanged { .. }
        | Event::AccountClosed { .. }
        | Event::SuspensionChanged { .. }
        | Event::ObjectDamaged { .. }
        | Event::FollowingChanged { .. }
        | Event::MemberInvited { .. }
        | Event::InvitationAnswered { .. }
        | Event::MembershipChanged { .. }
        | Event::LabelOffered { .. }
        | Event::LabelChanged { .. }
        | Event::RoleChanged { .. }
        | Event::QuarantineGrew { .. }
        | Event::PlaysCounted { .. }
        | Event::TrackUploaded { .. }
        | Event::ShareOffered { .. }
        | Event::TrackRejected { .. } => Ok(()),
    }
}

// The artist's name stands in the documents of its releases too, so that those are written anew after a change of name. Their
// turns are taken in the order of their ids.
async fn index_artist(conn: &mut Conn, id: ArtistId) -> Result<()> {
    Document::take_turns(conn, id.uuid()).await?;
    let mut change = Change::default();
    let gone = Document::delete_artist(conn, id).await?;
    let artist = artists::public_artist(conn, id).await?;
    let documents: Vec<Document> = artist.into_iter().map(document_of_artist).collect();
    put(conn, &documents, gone, &mut change).await?;
    for release in artists::public_releases_of(conn, id).await? {
        put_release(conn, release, &mut change).await?;
    }
    change.apply(conn).await
}

async fn index_release(conn: &mut Conn, id: ReleaseId) -> Result<()> {
    let mut change = Change::default();
    put_release(conn, id, &mut change).await?;
    change.apply(conn).await
}

async fn put_release(conn: &mut Conn, id: ReleaseId, change: &mut Change) -> Result<()> {
    Document::take_turns(conn, id.uuid()).await?;
    let gone = Document::delete_release(conn, id).await?;
    let release = artists::public_release(conn, id).await?;
    put(conn, &release.map(documents_of_release).unwrap_or_default(), gone, change).await
}

// The words are applied last and all at once: they are what events about different things wait for each other at.
async fn put(conn: &mut Conn, documents: &[Document], gone: Vec<String>, change: &mut Change) -> Result<()> {
    Document::insert(conn, documents).await?;
    change.less(gone);
    change.more(documents.iter().flat_map(Document::vocabulary));
    Ok(())
}

fn document_of_artist(artist: PublicArtist) -> Document {
    Document {
        kind: DocumentKind::Artist,
        entity: artist.id.uuid(),
        release: None,
        artist: artist.id,
        url: format!("/artists/{}", artist.slug),
        title: artist.name,
        subtitle: String::new(),
        published_at: artist.created_at,
    }
}

fn documents_of_release(release: PublicRelease) -> Vec<Document> {
    let url = format!("/releases/{}", release.id);
    let tracks = release.tracks.into_iter().map(|track| Document {
        kind: DocumentKind::Track,
        entity: track.id.uuid(),
        release: Some(release.id),
        artist: release.artist.id,
        title: track.title,
        subtitle: format!("{} · {}", release.artist.name, release.title),
        url: format!("{url}?track={}", track.id),
        published_at: release.published_at,
    });
    let mut documents: Vec<Document> = tracks.collect();
    documents.push(Document {
        kind: DocumentKind::Release,
        entity: release.id.uuid(),
        release: Some(release.id),
        artist: release.artist.id,
        title: release.title,
        subtitle: release.artist.name,
        url,
        published_at: release.published_at,
    });
    documents
}
