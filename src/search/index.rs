//! Keeps the documents true to the catalogue. Events come in no order, so each one re-reads what is so now.

use diesel::sql_types::{BigInt, Text};
use diesel_async::RunQueryDsl;

use super::document::Document;
use crate::artists::{self, PublicArtist, PublicRelease};
use crate::platform::Platform;
use crate::platform::db::{Conn, prepared, sql};
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
        | Event::FollowingChanged { .. }
        | Event::TrackUploaded { .. }
        | Event::TrackRejected { .. } => Ok(()),
    }
}

async fn index_artist(conn: &mut Conn, id: ArtistId) -> Result<()> {
    take_turns(conn, &id.to_string()).await?;
    Document::delete_artist(conn, id).await?;
    let Some(artist) = artists::public_artist(conn, id).await? else { return Ok(()) };
    document_of_artist(artist).insert(conn).await
}

async fn index_release(conn: &mut Conn, id: ReleaseId) -> Result<()> {
    take_turns(conn, &id.to_string()).await?;
    Document::delete_release(conn, id).await?;
    let Some(release) = artists::public_release(conn, id).await? else { return Ok(()) };
    for document in documents_of_release(release) {
        document.insert(conn).await?;
    }
    Ok(())
}

// Two events about one thing must not write what they read before each other.
async fn take_turns(conn: &mut Conn, name: &str) -> Result<()> {
    let turn = prepared(
        sql("select pg_advisory_xact_lock(hashtextextended($1, $2))").bind::<Text, _>(name).bind::<BigInt, _>(7_i64),
    );
    turn.execute(conn).await?;
    Ok(())
}

fn document_of_artist(artist: PublicArtist) -> Document {
    Document {
        kind: "artist",
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
        kind: "track",
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
        kind: "release",
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
