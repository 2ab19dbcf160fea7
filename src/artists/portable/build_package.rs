//! Make a package: every original, all that is said of them, and a signed list of it. May run twice.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::contents::{self, ReleaseContents};
use super::document::{self, Manifest, PackedFile, PackedName, PackedRelease, PackedTrack};
use super::package::Package;
use super::tables;
use crate::artists::OwnPlays;
use crate::artists::own_track::OwnTrack;
use crate::platform::Platform;
use crate::platform::archive::{Archive, Written};
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::id::{ArtistId, PackageId, TrackId};
use crate::platform::jobs::{Failure, Job, Run};

/// Looked up together.
const RELEASES: i64 = 50;
const TRACKS: usize = 1000;

/// The README's beginning.
const INTRODUCTION: &str = "\
This package holds everything that is this artist's, as of the day it was made: bring it to any Legato server (Studio,
Profile, Import), or take out of it what you need. Text is UTF-8, times are RFC 3339 in UTC. There is nothing of other
people in it but the names that the music is credited to.";

/// One package.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct BuildPackage {
    pub(super) package: PackageId,
}

impl Job for BuildPackage {
    const KIND: &'static str = "artists.build_package";
    const QUEUE: &'static str = "exports";
}

/// Who it is made for, and by.
struct Making<'a> {
    platform: &'a Platform,
    artist: ArtistId,
    server: String,
    plays: OwnPlays,
    run: &'a Run,
}

/// Makes the package in a scratch folder and stores it. `plays` counts what was played here.
pub(crate) async fn run(platform: Platform, job: BuildPackage, run: Run, plays: OwnPlays) -> Result<(), Failure> {
    let waiting = Package::waits_for(&mut *platform.db.conn().await?, job.package).await?;
    let Some((artist, server)) = waiting else { return Ok(()) };
    let scratch = platform.storage.scratch()?;
    let path = scratch.path().join("package.zip");
    let making = Making { platform: &platform, artist, server, plays, run: &run };
    Box::pin(write(&making, &path)).await?;
    let (key, size_bytes) = platform.storage.keep_private(&path, &format!("{}.zip", job.package)).await?;
    for old in finish(&making, job.package, &key, size_bytes).await? {
        platform.storage.discard_private(&old).await?;
    }
    Ok(())
}

/// After the last attempt, in the transaction that buries the job.
pub(crate) async fn on_dead(conn: &mut Conn, job: BuildPackage, _: String) -> Result<()> {
    Package::fail(conn, job.package).await
}

async fn write(making: &Making<'_>, path: &Path) -> Result<()> {
    let mut archive = Archive::create(path, making.platform.clock.now()).await?;
    let artist = add_artist(making, &mut archive).await?;
    let releases = add_releases(making, &mut archive).await?;
    let mut list =
        archive.list(document::RELEASES, "The releases and their tracks, with all that is said of them.").await?;
    for release in &releases {
        list.add(std::slice::from_ref(release)).await?;
    }
    list.end().await?;
    let about = "The tracks as a table, for spreadsheets.";
    archive.text("tracks.csv", about, tables::tracks(&releases)?).await?;
    let plays = count_plays(making, &releases).await?;
    archive.text("statistics.csv", "How often each track was played here, by month.", plays).await?;
    archive.explain("masters/", "The originals, byte for byte as they were uploaded, by release.");
    archive.explain("artwork/", "The pictures of the artist and of the releases, as they were uploaded.");
    archive.explain(document::MANIFEST, "Every file above with its SHA-256, and the key that signed this list.");
    archive.explain(document::SIGNATURE, "The signature of manifest.json (Ed25519, 64 bytes).");
    archive.readme(INTRODUCTION).await?;
    sign(making, archive, artist).await
}

async fn sign(making: &Making<'_>, mut archive: Archive, artist: PackedName) -> Result<()> {
    let platform = making.platform;
    let manifest = Manifest {
        format: document::FORMAT.to_owned(),
        version: document::VERSION,
        server: making.server.clone(),
        artist,
        created_at: platform.clock.now(),
        key: platform.signer.key(),
        files: archive.written()?.iter().map(PackedFile::from).collect(),
    };
    let manifest = serde_json::to_vec_pretty(&manifest).map_err(anyhow::Error::from)?;
    let signature = platform.signer.sign(&manifest);
    archive.text(document::MANIFEST, "", manifest).await?;
    archive.text(document::SIGNATURE, "", signature).await?;
    archive.close().await
}

impl From<&Written> for PackedFile {
    fn from(file: &Written) -> Self {
        let sha256 = file.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
        Self { name: file.name.clone(), size_bytes: file.size_bytes, sha256 }
    }
}

async fn add_artist(making: &Making<'_>, archive: &mut Archive) -> Result<PackedName> {
    let found = contents::of_artist(&mut *making.platform.db.conn().await?, making.artist).await?;
    let contents = found.ok_or(Error::NotFound("artist"))?;
    let mut artist = contents.artist;
    artist.avatar = add_picture(making, archive, contents.avatar_key.as_deref(), "artist avatar").await?;
    artist.banner = add_picture(making, archive, contents.banner_key.as_deref(), "artist banner").await?;
    archive.document(document::ARTIST, "What the artist says of itself.", &artist).await?;
    Ok(PackedName { id: artist.id, slug: artist.slug.as_str().to_owned(), name: artist.name })
}

async fn add_releases(making: &Making<'_>, archive: &mut Archive) -> Result<Vec<PackedRelease>> {
    let (mut releases, mut after): (Vec<PackedRelease>, _) = (Vec::new(), None);
    loop {
        let mut conn = making.platform.db.conn().await?;
        let page = contents::of_releases(&mut conn, making.artist, after, RELEASES).await?;
        drop(conn);
        let Some(last) = page.last() else { return Ok(releases) };
        after = Some(last.release.id);
        for contents in page {
            releases.push(add_release(making, archive, contents).await?);
        }
    }
}

async fn add_release(making: &Making<'_>, archive: &mut Archive, contents: ReleaseContents) -> Result<PackedRelease> {
    let ReleaseContents { mut release, artwork_key, source_keys } = contents;
    let title = release.title.as_str().to_owned();
    release.artwork = add_picture(making, archive, artwork_key.as_deref(), &title).await?;
    for (track, key) in release.tracks.iter_mut().zip(&source_keys) {
        track.master = add_master(making, archive, &title, track, key).await?;
    }
    Ok(release)
}

async fn add_master(
    making: &Making<'_>,
    archive: &mut Archive,
    release: &str,
    track: &PackedTrack,
    key: &str,
) -> Result<Option<String>> {
    let filename = track.filename.as_deref().unwrap_or(track.title.as_str());
    let name = format!("{:02} {filename}", track.position);
    let name = ["masters", release, name.as_str()];
    if let Some(name) = add(making, archive, &name, key).await? {
        return Ok(Some(name));
    }
    // It may have moved a moment ago, to quarantine or out of it.
    let found = match moved(making, track.id, key).await? {
        Some(key) => add(making, archive, &name, &key).await?,
        None => None,
    };
    if found.is_none() {
        archive.explain(&name.join("/"), "Missing: the server's store did not have this original.");
    }
    Ok(found)
}

async fn moved(making: &Making<'_>, track: TrackId, key: &str) -> Result<Option<String>> {
    let track = OwnTrack::find(&mut *making.platform.db.conn().await?, track).await?;
    Ok(track.map(|track| track.source_key).filter(|other| other != key))
}

async fn add_picture(
    making: &Making<'_>,
    archive: &mut Archive,
    key: Option<&str>,
    name: &str,
) -> Result<Option<String>> {
    let Some(key) = key else { return Ok(None) };
    match making.platform.storage.open(key).await {
        Ok(picture) => {
            let name = format!("{name}.{}", ending(&picture.read(0, 12).await?));
            archive.object(&["artwork", &name], &picture).await.map(Some)
        }
        Err(Error::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What a picture's file is usually called after, by its first bytes.
fn ending(head: &[u8]) -> &'static str {
    match head {
        [0xff, 0xd8, ..] => "jpg",
        [0x89, b'P', b'N', b'G', ..] => "png",
        [b'R', b'I', b'F', b'F', ..] => "webp",
        _ => "avif",
    }
}

// The name that it has in the package; none where the store does not have it.
async fn add(making: &Making<'_>, archive: &mut Archive, name: &[&str], key: &str) -> Result<Option<String>> {
    match making.platform.storage.open(key).await {
        Ok(object) => archive.object(name, &object).await.map(Some),
        Err(Error::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn count_plays(making: &Making<'_>, releases: &[PackedRelease]) -> Result<Vec<u8>> {
    let ids: Vec<TrackId> = releases.iter().flat_map(|release| &release.tracks).map(|track| track.id).collect();
    let mut plays = Vec::new();
    for some in ids.chunks(TRACKS) {
        plays.extend((making.plays)(&mut *making.platform.db.conn().await?, some).await?);
    }
    tables::statistics(releases, &plays)
}

/// Lets the owners fetch it; answers with the keys of what nobody can fetch any more: older packages, or this one, when the
/// artist was deleted meanwhile.
async fn finish(making: &Making<'_>, id: PackageId, key: &str, size_bytes: u64) -> Result<Vec<String>> {
    making
        .platform
        .db
        .transaction(async |conn| {
            making.run.fence(conn).await?;
            if !Package::finish(conn, id, key, size_bytes, making.platform.clock.now()).await? {
                return Ok(vec![key.to_owned()]);
            }
            Package::delete_older(conn, making.artist, id).await
        })
        .await
}
