//! `legato import`: what lies in a folder becomes an artist's releases.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use clap::Args;

use super::administer::on_platform;
use super::{Options, say};
use crate::artists::{self, Foreign, Importer, Suggestions};
use crate::platform::Platform;
use crate::platform::error::{Code, Error};
use crate::platform::id::{ReleaseId, TrackId};
use crate::platform::task;

/// How often somebody looks how far it is, and how often that is said where nothing became ready meanwhile.
const EVERY: Duration = Duration::from_secs(1);
const PATIENCE: Duration = Duration::from_secs(10);

/// Endings of files that are looked at. What a file is, its bytes decide.
const ENDINGS: &[&str] =
    &["aac", "aif", "aifc", "aiff", "caf", "flac", "m4a", "mka", "mp3", "mp4", "oga", "ogg", "opus", "wav", "webm"];

/// What a folder's cover is called, the likeliest first; the endings are those of pictures that are taken.
const COVERS: &[&str] = &["cover", "folder", "front", "album"];
const PICTURES: &[&str] = &["jpg", "jpeg", "png", "webp", "avif"];

/// A larger picture is none that is taken.
const MAX_COVER_BYTES: u64 = 20 * 1024 * 1024;

/// What to bring in, and for whom.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    options: Options,
    /// The folder; the folders in it too
    folder: PathBuf,
    /// The artist's address
    #[arg(long)]
    artist: String,
    /// The release that all files go to, rather than by the album that their tags name
    #[arg(long)]
    release: Option<String>,
    /// Publish the releases once their tracks are ready
    #[arg(long, conflicts_with = "no_wait")]
    publish: bool,
    /// End when everything is stored, while the server works on it
    #[arg(long)]
    no_wait: bool,
}

/// A file that is new to the artist.
struct Found {
    path: PathBuf,
    filename: String,
    tags: Suggestions,
}

/// What a run did.
#[derive(Default)]
struct Done {
    known: usize,
    refused: Vec<(String, String)>,
    releases: BTreeSet<ReleaseId>,
    tracks: Vec<TrackId>,
}

pub(super) async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let files = files(&arguments.folder).with_context(|| format!("reading {}", arguments.folder.display()))?;
    if files.is_empty() {
        bail!("{} holds no audio files ({})", arguments.folder.display(), ENDINGS.join(", "));
    }
    on_platform(&arguments.options, async |platform| bring_in(platform, &arguments, files).await).await
}

/// Audio files by their endings, of the folder and of those in it, in the order of their paths; hidden ones are not.
fn files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    entries.retain(|path| !name(path).starts_with('.'));
    entries.sort();
    for path in entries {
        if path.is_dir() && !path.is_symlink() {
            found.extend(files(&path)?);
        } else if path.is_file() && is_audio(&path) {
            found.push(path);
        }
    }
    Ok(found)
}

fn is_audio(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
    ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

async fn bring_in(platform: &Platform, arguments: &Arguments, files: Vec<PathBuf>) -> anyhow::Result<()> {
    let (started, count) = (Instant::now(), files.len());
    let importer = Importer::of(&mut *platform.db.conn().await?, &arguments.artist)
        .await
        .with_context(|| format!("--artist {}", arguments.artist))?;
    let mut done = Done::default();
    let albums = survey(platform, &importer, arguments, files, &mut done).await?;
    for (album, files) in albums {
        store(platform, &importer, &album, files, &mut done).await?;
    }
    let seconds = started.elapsed().as_secs_f64();
    say(&format!(
        "{count} files: {} new, {} were there, {seconds:.1} s.",
        count - done.known - done.refused.len(),
        done.known
    ));
    for (file, why) in &done.refused {
        say(&format!("  not brought in: {file}: {why}"));
    }
    if !arguments.no_wait {
        wait(platform, &done.tracks, started).await?;
    }
    if arguments.publish {
        publish(platform, &importer, &done.releases).await?;
    }
    Ok(())
}

/// What is new, by the release that it goes to.
async fn survey(
    platform: &Platform,
    importer: &Importer,
    arguments: &Arguments,
    files: Vec<PathBuf>,
    done: &mut Done,
) -> anyhow::Result<BTreeMap<String, Vec<Found>>> {
    let mut albums: BTreeMap<String, Vec<Found>> = BTreeMap::new();
    let mut seen = HashSet::new();
    for path in files {
        let (filename, hash) = (name(&path), hash(path.clone()).await?);
        if !seen.insert(hash) {
            // The same file lies in the folder twice.
            done.known += 1;
            continue;
        }
        if let Some((track, release)) = importer.find_track(&mut *platform.db.conn().await?, &hash).await? {
            done.known += 1;
            done.tracks.push(track);
            done.releases.insert(release);
            continue;
        }
        let file = File::open(&path).with_context(|| format!("opening {}", path.display()))?;
        match artists::tags(platform, file, &filename).await? {
            Ok(tags) => {
                let album =
                    arguments.release.clone().or_else(|| tags.album.clone()).unwrap_or_else(|| folder_name(&path));
                albums.entry(album).or_default().push(Found { path, filename, tags });
            }
            Err(why) => done.refused.push((filename, why)),
        }
    }
    Ok(albums)
}

async fn hash(path: PathBuf) -> anyhow::Result<blake3::Hash> {
    let hashed = task::blocking(move || {
        let mut hasher = blake3::Hasher::new();
        let file = File::open(&path).with_context(|| format!("opening {}", path.display()))?;
        hasher.update_reader(file).with_context(|| format!("reading {}", path.display()))?;
        Ok(hasher.finalize())
    });
    hashed.await?
}

fn folder_name(path: &Path) -> String {
    let folder = path.canonicalize().ok().and_then(|path| path.parent().map(name));
    folder.filter(|name| !name.is_empty()).unwrap_or_else(|| "Untitled".to_owned())
}

async fn store(
    platform: &Platform,
    importer: &Importer,
    album: &str,
    mut files: Vec<Found>,
    done: &mut Done,
) -> anyhow::Result<()> {
    files.sort_by(|one, other| {
        (one.tags.track_number.unwrap_or(u32::MAX), &one.path)
            .cmp(&(other.tags.track_number.unwrap_or(u32::MAX), &other.path))
    });
    let release = importer.release(platform, album, files.len()).await?;
    done.releases.insert(release);
    say(&format!("{album}: {} files", files.len()));
    if let Some(cover) = files.first().and_then(|found| cover_beside(&found.path)) {
        add_cover(platform, importer, release, &cover).await?;
    }
    let tags: Vec<&Suggestions> = files.iter().map(|found| &found.tags).collect();
    importer.identify(platform, release, &tags).await?;
    for found in &files {
        let foreign = Foreign { path: &found.path, filename: &found.filename, tags: &found.tags };
        let track = importer.add(platform, release, &foreign).await;
        done.tracks.push(track.with_context(|| format!("storing {}", found.path.display()))?);
    }
    Ok(())
}

/// The picture that stands for the folder of a file.
fn cover_beside(file: &Path) -> Option<PathBuf> {
    let entries: Vec<PathBuf> = std::fs::read_dir(file.parent()?).ok()?.flatten().map(|entry| entry.path()).collect();
    let lower =
        |part: Option<&std::ffi::OsStr>| part.map(|part| part.to_string_lossy().to_lowercase()).unwrap_or_default();
    let is_picture = |path: &&PathBuf| PICTURES.contains(&lower(path.extension()).as_str());
    let rank = |path: &PathBuf| COVERS.iter().position(|name| *name == lower(path.file_stem()));
    let mut covers: Vec<(usize, &PathBuf)> =
        entries.iter().filter(is_picture).filter_map(|path| Some((rank(path)?, path))).collect();
    covers.sort();
    covers.first().map(|(_, path)| (*path).clone())
}

async fn add_cover(platform: &Platform, importer: &Importer, release: ReleaseId, cover: &Path) -> anyhow::Result<()> {
    let path = cover.to_owned();
    let read = task::blocking(move || -> std::io::Result<Option<Vec<u8>>> {
        let fits = std::fs::metadata(&path)?.len() <= MAX_COVER_BYTES;
        fits.then(|| std::fs::read(&path)).transpose()
    });
    let added = match read.await?.with_context(|| format!("reading {}", cover.display()))? {
        Some(picture) => importer.add_cover(platform, release, picture).await,
        None => Err(Error::Refused(Code::UploadTooLarge)),
    };
    match added {
        Ok(true) => say(&format!("  artwork: {}", name(cover))),
        Ok(false) => {}
        Err(Error::Invalid { problem, .. }) => say(&format!("  no artwork: {}: {problem}", name(cover))),
        Err(Error::Refused(code)) => say(&format!("  no artwork: {}: {}", name(cover), code.title())),
        Err(error) => return Err(error).with_context(|| format!("storing {}", cover.display())),
    }
    Ok(())
}

async fn wait(platform: &Platform, tracks: &[TrackId], started: Instant) -> anyhow::Result<()> {
    let mut told: Option<(usize, Instant)> = None;
    loop {
        let arrival = artists::arrival(&mut *platform.db.conn().await?, tracks).await?;
        if arrival.processing == 0 {
            for (file, why) in &arrival.refused {
                say(&format!("  rejected: {file}: {why}"));
            }
            say(&format!(
                "{} of {} ready after {:.1} s.",
                arrival.ready,
                tracks.len(),
                started.elapsed().as_secs_f64()
            ));
            return Ok(());
        }
        if told.is_none_or(|(ready, at)| ready != arrival.ready || at.elapsed() > PATIENCE) {
            let left = arrival.remaining.map(|left| format!(", about {} s left", left.num_seconds().max(1)));
            say(&format!("{} of {} ready{}", arrival.ready, tracks.len(), left.unwrap_or_default()));
            told = Some((arrival.ready, Instant::now()));
        }
        tokio::time::sleep(EVERY).await;
    }
}

async fn publish(platform: &Platform, importer: &Importer, releases: &BTreeSet<ReleaseId>) -> anyhow::Result<()> {
    for release in releases {
        artists::publish_release(platform, *release, importer.member()).await?;
    }
    say(&format!(
        "{} published.",
        if releases.len() == 1 { "1 release".to_owned() } else { format!("{} releases", releases.len()) }
    ));
    Ok(())
}
