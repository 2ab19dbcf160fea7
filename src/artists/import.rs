//! Façade for the command line: bring in what lies in a folder of the server's own machine.

use std::fs::File;
use std::path::Path;

use chrono::TimeDelta;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::artist::{Artist, ArtistLink};
use super::ingest::{self, estimate};
use super::membership::MemberRole;
use super::metadata::{ArtistMbid, By, ReleaseChanges, ReleaseDetails, TrackDetails, edit_release};
use super::own_artist::OwnArtist;
use super::profile::ArtistChanges;
use super::release::OwnRelease;
use super::schema::{artists, memberships, releases, tracks};
use super::suggestions::Suggestions;
use super::track::TrackState;
use super::{NewRelease, ReleaseKind, Title, Upload, create_release, profile, set_release_artwork, upload_track};
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
    pub(crate) tags: &'a Suggestions,
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
            .filter(memberships::role.eq_any([MemberRole::Owner, MemberRole::Editor]))
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
        create_release(&platform.db, self.member, &self.artist.slug, NewRelease::new(title, kind)).await
    }

    /// Makes a picture the artwork of a release that has none, or none but a file's; false where it has its own. What is no
    /// picture is refused as an upload would be.
    pub(crate) async fn add_cover(&self, platform: &Platform, to: ReleaseId, picture: Vec<u8>) -> Result<bool> {
        set_release_artwork(platform, to, self.member, picture).await
    }

    /// Notes what MusicBrainz calls a release and its artist, where nobody has said it yet and the tags of all its files
    /// agree; the artist's, where they name the artist as it is called here.
    pub(crate) async fn identify(&self, platform: &Platform, release: ReleaseId, tags: &[&Suggestions]) -> Result<()> {
        let release_mbid = agreed(tags.iter().map(|tags| tags.release_mbid));
        let release_group_mbid = agreed(tags.iter().map(|tags| tags.release_group_mbid));
        let is_ours = |name: &Option<String>| {
            name.as_ref().is_some_and(|name| name.trim().to_lowercase() == self.artist.name.to_lowercase())
        };
        let named = tags
            .iter()
            .flat_map(|tags| [(&tags.album_artist, tags.album_artist_mbid), (&tags.artist, tags.artist_mbid)]);
        let artist_mbid = agreed(named.filter(|(name, _)| is_ours(name)).map(|(_, mbid)| mbid));
        platform
            .db
            .transaction(async |conn| {
                self.name_artist(conn, artist_mbid).await?;
                let release = OwnRelease::lock(conn, release, self.member).await?;
                let said = ReleaseDetails::find(conn, release.id).await?;
                let changes = ReleaseChanges {
                    release_mbid: release_mbid.filter(|_| said.release_mbid.is_none()).map(Some),
                    release_group_mbid: release_group_mbid.filter(|_| said.release_group_mbid.is_none()).map(Some),
                    ..ReleaseChanges::default()
                };
                edit_release(conn, &release, &changes, By { account: self.member, takes_back: None }).await?;
                Ok(())
            })
            .await
    }

    async fn name_artist(&self, conn: &mut Conn, mbid: Option<ArtistMbid>) -> Result<()> {
        let artist = OwnArtist::lock_to_edit(conn, &self.artist.id.to_string(), self.member).await?;
        let known: Option<Uuid> = artists::table.find(artist.id).select(artists::mbid).first(conn).await?;
        if let (None, Some(mbid)) = (known, mbid) {
            let by = By { account: self.member, takes_back: None };
            profile::edit(conn, &artist, &ArtistChanges::identified(mbid), by).await?;
        }
        Ok(())
    }

    /// Stores a file and starts its chain.
    pub(crate) async fn add(&self, platform: &Platform, to: ReleaseId, foreign: &Foreign<'_>) -> Result<TrackId> {
        let stored = platform.storage.keep_file(foreign.path, Zone::Raw).await?;
        let tags = foreign.tags;
        let title = tags.title.as_deref().and_then(Title::from_foreign);
        let details =
            TrackDetails { recording_mbid: tags.recording_mbid, work_mbid: tags.work_mbid, ..TrackDetails::default() };
        let filename = Some(foreign.filename.to_owned());
        let upload = Upload { title, details, is_foreign: true, ..Upload::new(stored, filename) };
        upload_track(platform, to, self.member, upload).await
    }
}

// What all say that say anything.
fn agreed<T: PartialEq>(said: impl Iterator<Item = Option<T>>) -> Option<T> {
    let mut said = said.flatten();
    let first = said.next()?;
    said.all(|other| other == first).then_some(first)
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
