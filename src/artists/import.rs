//! Façade for the command line: bring in what lies in a folder of the server's own machine.

use std::fs::File;
use std::path::Path;

use chrono::TimeDelta;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::artist::{Artist, ArtistLink};
use super::ingest::{self, estimate};
use super::schema::{memberships, releases, tracks};
use super::track::{Suggestions, TrackState};
use super::{NewRelease, ReleaseKind, Title, Upload, create_release, upload_track};
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::id::{AccountId, ArtistId, ReleaseId, TrackId};
use crate::platform::storage::Zone;

/// An artist, and the member in whose name things are brought in.
#[derive(Debug, Clone)]
pub(crate) struct Importer {
    artist: ArtistLink,
    member: AccountId,
}

/// A file to bring in, and what it is to be called.
pub(crate) struct Foreign<'a> {
    pub(crate) path: &'a Path,
    pub(crate) filename: &'a str,
    /// As a tag has it.
    pub(crate) title: Option<&'a str>,
}

/// Where tracks stand that were brought in.
#[derive(Debug, Default)]
pub(crate) struct Arrival {
    pub(crate) ready: usize,
    pub(crate) processing: usize,
    /// Names of files that cannot be used, and why.
    pub(crate) refused: Vec<(String, String)>,
    /// Until the last one will probably be ready; none while nobody can know.
    pub(crate) remaining: Option<TimeDelta>,
}

impl Importer {
    /// Acts for an artist, by its id or slug, in the name of the member who has been there longest.
    pub(crate) async fn of(conn: &mut Conn, artist: &str) -> Result<Self> {
        let artist = Artist::find(conn, artist, None).await?.ok_or(Error::NotFound("artist"))?;
        let first = memberships::table
            .filter(memberships::artist_id.eq(artist.id))
            .order((memberships::created_at, memberships::account_id))
            .select(memberships::account_id);
        let member: Option<AccountId> = first.first(conn).await.optional()?;
        let member = member.ok_or(Error::NotFound("member of this artist"))?;
        Ok(Self { artist: ArtistLink { id: artist.id, slug: artist.slug, name: artist.name }, member })
    }

    pub(crate) fn artist_id(&self) -> ArtistId {
        self.artist.id
    }

    pub(crate) fn member(&self) -> AccountId {
        self.member
    }

    /// The artist's track that was made of the same bytes, by their BLAKE3 hash, and its release.
    pub(crate) async fn find_track(
        &self,
        conn: &mut Conn,
        hash: &blake3::Hash,
    ) -> Result<Option<(TrackId, ReleaseId)>> {
        let keys = [Zone::Raw, Zone::Quarantine].map(|zone| zone.key(hash));
        let same = tracks::table
            .inner_join(releases::table.on(releases::id.eq(tracks::release_id)))
            .filter(releases::artist_id.eq(self.artist.id).and(tracks::source_key.eq_any(keys)))
            .order(tracks::id)
            .select((tracks::id, tracks::release_id));
        Ok(same.first(conn).await.optional()?)
    }

    /// The artist's oldest release of this title; a new draft, of a kind that fits `count` tracks, where there is none.
    pub(crate) async fn release(&self, platform: &Platform, title: &str, count: usize) -> Result<ReleaseId> {
        let title = Title::from_foreign(title).or_else(|| Title::from_foreign("Untitled"));
        let title = title.ok_or_else(|| anyhow::anyhow!("a title for a release"))?;
        let known = releases::table
            .filter(releases::artist_id.eq(self.artist.id).and(releases::title.eq(title.as_str())))
            .order(releases::id)
            .select(releases::id);
        let known: Option<ReleaseId> = known.first(&mut *platform.db.conn().await?).await.optional()?;
        if let Some(known) = known {
            return Ok(known);
        }
        let kind = match count {
            ..=1 => ReleaseKind::Single,
            2..=6 => ReleaseKind::Ep,
            _ => ReleaseKind::Album,
        };
        create_release(&platform.db, self.member, &self.artist.slug, NewRelease { title, kind }).await
    }

    /// Stores a file and starts its chain.
    pub(crate) async fn add(&self, platform: &Platform, to: ReleaseId, foreign: &Foreign<'_>) -> Result<TrackId> {
        let stored = platform.storage.keep_file(foreign.path, Zone::Raw).await?;
        let title = foreign.title.and_then(Title::from_foreign);
        let upload = Upload { stored, filename: Some(foreign.filename.to_owned()), title };
        upload_track(platform, to, self.member, upload).await
    }
}

/// What a file's tags say, read in the sandbox; why it cannot be used, where that is so.
pub(crate) async fn tags(platform: &Platform, file: File, filename: &str) -> Result<Result<Suggestions, String>> {
    ingest::tags(platform, file, filename).await
}

/// Where these tracks stand.
pub(crate) async fn arrival(conn: &mut Conn, of: &[TrackId]) -> Result<Arrival> {
    type Row = (TrackId, TrackState, Option<String>, Option<String>);
    let rows = tracks::table.filter(tracks::id.eq_any(of)).order((tracks::release_id, tracks::position));
    let rows: Vec<Row> =
        rows.select((tracks::id, tracks::state, tracks::filename, tracks::problem_message)).load(conn).await?;
    let estimate = estimate(conn, of).await?;
    let ready = rows.iter().filter(|row| row.1 == TrackState::Ready).count();
    let open = || rows.iter().filter(|row| row.1 == TrackState::Processing).map(|row| row.0);
    let processing = open().count();
    // One that nobody knows of may be the last.
    let ends: Option<Vec<i64>> = open().map(|track| estimate.of_chain(track)).collect();
    let remaining = ends.and_then(|ends| ends.into_iter().max()).map(TimeDelta::milliseconds);
    let refused = rows.into_iter().filter(|row| row.1 == TrackState::Rejected);
    let refused =
        refused.map(|(_, _, filename, why)| (filename.unwrap_or_default(), why.unwrap_or_default())).collect();
    Ok(Arrival { ready, processing, refused, remaining })
}
