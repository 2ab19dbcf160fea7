//! Unpack an archive: each audio file in it becomes a track, as if it had been uploaded by itself.

use std::fs::File;

use serde::{Deserialize, Serialize};

use super::transfer::{Transfer, UploadState};
use super::unpacked::Unpacked;
use super::{cover, table};
use crate::artists::quotas::{Quota, Wanted};
use crate::artists::release::OwnRelease;
use crate::artists::tables::MAX_BYTES as MAX_TABLE_BYTES;
use crate::artists::track::TrackProblem;
use crate::artists::{Upload, discard, upload_track};
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Result};
use crate::platform::id::{TrackId, UploadId};
use crate::platform::jobs::{self, Failure, Job, Run};
use crate::platform::pictures::MAX_ARTWORK_BYTES;
use crate::platform::storage::{Scratch, Zone};
use crate::platform::task;
use crate::platform::unpack::{self, Bounds, Entry, Unfit};

/// Files that an archive may hold, and how many times larger it may be inside.
const MAX_ENTRIES: usize = 1000;
const MAX_RATIO: u64 = 100;

/// Endings of files that may be audio; the chain says whether they are.
const AUDIO: &[&str] =
    &["wav", "aif", "aiff", "aifc", "caf", "flac", "m4a", "mp4", "aac", "mp3", "ogg", "oga", "opus", "webm", "mka"];

/// One archive to unpack.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Unpack {
    upload: UploadId,
}

impl Job for Unpack {
    const KIND: &'static str = "artists.unpack";
    const QUEUE: &'static str = "ingest";
}

pub(super) fn key(upload: UploadId) -> String {
    format!("unpack:{upload}")
}

/// In the transaction after which the archive is whole.
pub(super) async fn enqueue(conn: &mut Conn, upload: UploadId) -> Result<()> {
    jobs::new(Unpack { upload }).key(key(upload)).enqueue(conn).await?;
    Ok(())
}

/// Unpacks an archive. May run twice: what is a track already stays one.
pub(crate) async fn run(platform: Platform, job: Unpack, run: Run) -> Result<(), Failure> {
    let found = Transfer::find(&mut *platform.db.conn().await?, job.upload).await?;
    let Some(transfer) = found.filter(|transfer| transfer.state == UploadState::Arrived) else { return Ok(()) };
    match unpack(&platform, &transfer, &run).await {
        Ok(()) => settle(&platform, &transfer, &run, None).await?,
        Err(Refusal::Unfit(unfit)) => settle(&platform, &transfer, &run, Some(&problem(unfit))).await?,
        Err(Refusal::Error(error)) => return Err(error.into()),
    }
    platform.storage.discard_landing(transfer.id.uuid(), &transfer.landing()?).await?;
    Ok(())
}

/// After the last attempt, in the transaction that buries the job.
pub(crate) async fn on_dead(conn: &mut Conn, job: Unpack, _: String) -> Result<()> {
    let problem = TrackProblem {
        slug: "archive_failed".to_owned(),
        message: "The archive could not be unpacked, although we tried several times. Upload its files one by one."
            .into(),
    };
    Transfer::refuse(conn, job.upload, &problem).await
}

enum Refusal {
    Unfit(Unfit),
    Error(Error),
}

impl<E: Into<Error>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}

impl From<unpack::Failure> for Refusal {
    fn from(failure: unpack::Failure) -> Self {
        match failure {
            unpack::Failure::Unfit(unfit) => Self::Unfit(unfit),
            unpack::Failure::Io(cause) => Self::Error(Error::Internal(anyhow::Error::new(cause).context("an archive"))),
        }
    }
}

async fn unpack(platform: &Platform, transfer: &Transfer, run: &Run) -> Result<(), Refusal> {
    let scratch = platform.storage.scratch()?;
    let whole = transfer.whole()?.ok_or_else(|| anyhow::anyhow!("an archive without its hash"))?;
    let mut file = platform.storage.landing_file(transfer.id.uuid(), &whole, &scratch).await?;
    let bounds = Bounds {
        entries: MAX_ENTRIES,
        entry_bytes: platform.config.upload_max_bytes,
        total_bytes: platform.config.upload_max_bytes.saturating_mul(4),
        ratio: MAX_RATIO,
    };
    let (mut file, entries) =
        task::blocking(move || unpack::list(&mut file, bounds).map(|list| (file, list))).await??;
    let (picture, sheets) = (cover::find(&entries), table::find(&entries)?);
    let mut audio: Vec<(usize, Entry)> = entries.into_iter().enumerate().filter(|(_, entry)| is_audio(entry)).collect();
    if audio.is_empty() {
        return Err(Refusal::Unfit(Unfit::Unsupported));
    }
    audio.sort_by_cached_key(|(_, entry)| in_order(&entry.name));
    let done = Unpacked::list(&mut *platform.db.conn().await?, transfer.id).await?;
    for (index, entry) in audio {
        let number = i32::try_from(index).map_err(anyhow::Error::from)?;
        if done.contains(&number) {
            continue;
        }
        file = take(platform, transfer, run, &scratch, (number, entry), file).await?;
    }
    for sheet in sheets.iter().filter(|sheet| !done.contains(&sheet.number)) {
        file = take_table(platform, transfer, run, sheet, file).await?;
    }
    if let Some((index, entry)) = picture {
        let number = i32::try_from(index).map_err(anyhow::Error::from)?;
        if !done.contains(&number) {
            take_cover(platform, transfer, (number, entry), file).await?;
        }
    }
    Ok(())
}

// What cannot be followed is told with the upload, and keeps no track out.
async fn take_table(
    platform: &Platform,
    transfer: &Transfer,
    run: &Run,
    sheet: &table::Found,
    mut file: File,
) -> Result<File, Refusal> {
    let entry = sheet.entry.clone();
    let problem = if entry.size_bytes > MAX_TABLE_BYTES as u64 {
        Some("A table may have 256 KiB at most.".to_owned())
    } else {
        let unpacking = task::blocking(move || {
            let mut text = Vec::new();
            let unpacked = unpack::unpack(&mut file, &entry, &mut text);
            (file, unpacked.map(|()| text))
        });
        let (back, text) = unpacking.await?;
        file = back;
        match text {
            Ok(text) => table::follow(platform, transfer, run, sheet, &text).await?,
            Err(unpack::Failure::Unfit(unfit)) => Some(problem(unfit).message),
            Err(failure) => return Err(failure.into()),
        }
    };
    if let Some(problem) = problem {
        let filename = sheet.entry.name.rsplit('/').next().unwrap_or_default();
        let mut conn = platform.db.conn().await?;
        Unpacked::skip(&mut conn, transfer.id, sheet.number, filename, &problem).await?;
    }
    Ok(file)
}

// What is no picture is told with the upload, and keeps no track out.
async fn take_cover(
    platform: &Platform,
    transfer: &Transfer,
    (number, entry): (i32, Entry),
    mut file: File,
) -> Result<(), Refusal> {
    let filename = entry.name.rsplit('/').next().unwrap_or_default().to_owned();
    let problem = if entry.size_bytes > MAX_ARTWORK_BYTES as u64 {
        Some("A picture may have 20 MiB at most.".to_owned())
    } else {
        let unpacking = task::blocking(move || {
            let mut picture = Vec::new();
            unpack::unpack(&mut file, &entry, &mut picture).map(|()| picture)
        });
        match unpacking.await? {
            Ok(picture) => cover::set(platform, transfer, picture).await,
            Err(unpack::Failure::Unfit(unfit)) => Some(problem(unfit).message),
            Err(failure) => return Err(failure.into()),
        }
    };
    if let Some(problem) = problem {
        let mut conn = platform.db.conn().await?;
        Unpacked::skip(&mut conn, transfer.id, number, &filename, &problem).await?;
    }
    Ok(())
}

// What could not be taken is told with the upload, and does not keep the others out.
async fn take(
    platform: &Platform,
    transfer: &Transfer,
    run: &Run,
    scratch: &Scratch,
    (number, entry): (i32, Entry),
    mut file: File,
) -> Result<File, Refusal> {
    platform.storage.require_space(entry.size_bytes)?;
    let filename = entry.name.rsplit('/').next().unwrap_or_default().to_owned();
    let mut into = scratch.create("entry").await?;
    let unpacked = task::blocking(move || {
        let unpacked = unpack::unpack(&mut file, &entry, &mut into);
        (file, unpacked)
    });
    let (file, unpacked) = unpacked.await?;
    if let Err(unpack::Failure::Unfit(unfit)) = unpacked {
        let mut conn = platform.db.conn().await?;
        Unpacked::skip(&mut conn, transfer.id, number, &filename, &problem(unfit).message).await?;
        return Ok(file);
    }
    unpacked?;
    let stored = platform.storage.keep_file(&scratch.path().join("entry"), Zone::Raw).await?;
    let upload = Upload::new(stored, Some(filename.clone()));
    match add(platform, transfer, run, number, &upload).await {
        Ok(()) => {}
        Err(error @ (Error::Refused(_) | Error::NotFound(_))) if !is_passing(&error) => {
            discard::let_go(platform, &upload.stored.key).await;
            let mut conn = platform.db.conn().await?;
            Unpacked::skip(&mut conn, transfer.id, number, &filename, &error.problem().title).await?;
        }
        Err(error) => {
            discard::let_go(platform, &upload.stored.key).await;
            return Err(error.into());
        }
    }
    Ok(file)
}

// A full disk has room again in the end.
fn is_passing(error: &Error) -> bool {
    matches!(error, Error::Refused(Code::StorageFull))
}

async fn add(platform: &Platform, transfer: &Transfer, run: &Run, entry: i32, upload: &Upload) -> Result<()> {
    let release = transfer.release_id.ok_or_else(|| anyhow::anyhow!("an archive without its release"))?;
    platform
        .db
        .transaction(async |conn| {
            run.fence(conn).await?;
            let artist = OwnRelease::lock(conn, release, transfer.account_id).await?.artist_id;
            let wanted = Wanted { bytes: upload.stored.size_bytes, tracks: 1, uploads: 0 };
            Quota::spend(conn, &platform.config, artist, wanted).await?;
            let track = TrackId::new();
            Unpacked::reserve(conn, transfer.id, entry, upload.filename.as_deref().unwrap_or_default()).await?;
            upload_track::insert(platform, conn, track, release, transfer.account_id, upload).await?;
            Unpacked::fill(conn, transfer.id, entry, track).await
        })
        .await
}

async fn settle(platform: &Platform, transfer: &Transfer, run: &Run, problem: Option<&TrackProblem>) -> Result<()> {
    platform
        .db
        .transaction(async |conn| {
            run.complete(conn).await?;
            match problem {
                Some(problem) => Transfer::refuse(conn, transfer.id, problem).await,
                None => transfer.end(conn).await,
            }
        })
        .await
}

fn is_audio(entry: &Entry) -> bool {
    let name = entry.name.rsplit('/').next().unwrap_or_default();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    // What macOS puts beside each file has its ending, and no sound.
    let is_hidden = name.starts_with('.') || entry.name.split('/').any(|part| part == "__MACOSX");
    !is_hidden && ending.is_some_and(|ending| AUDIO.contains(&ending.as_str()))
}

/// `2 …` comes before `10 …`: text weighs first, then the number behind it.
fn in_order(name: &str) -> Vec<(String, u64)> {
    let mut parts = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let (text, digits) = rest.split_at(rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len()));
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        parts.push((text.to_lowercase(), digits[..end].parse().unwrap_or(u64::MAX)));
        rest = &digits[end..];
    }
    parts
}

fn problem(unfit: Unfit) -> TrackProblem {
    let (slug, message) = match unfit {
        Unfit::Damaged => {
            ("archive_damaged", "The archive is damaged, or is no ZIP archive. Make it anew, and upload that.")
        }
        Unfit::TooManyEntries => ("archive_too_many_files", "An archive may hold 1,000 files. Make several of it."),
        Unfit::TooLarge => {
            ("archive_too_large", "The archive is larger inside than this server takes. Make several of it.")
        }
        Unfit::Unsafe => (
            "archive_unsafe",
            "The archive holds links, or names that lead out of it. Make it anew of the files alone.",
        ),
        Unfit::Encrypted => ("archive_encrypted", "The archive is encrypted. Make it anew without a password."),
        Unfit::Unsupported => (
            "archive_unsupported",
            "Nothing in the archive can be taken: it holds no audio, or is packed in a way that is not known here.",
        ),
    };
    TrackProblem { slug: slug.to_owned(), message: message.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tenth_comes_after_the_second() {
        let mut names = ["CD 2/1 a.wav", "CD 1/10 b.wav", "CD 1/2 c.wav", "cd 1/1 d.wav"];
        names.sort_by_cached_key(|name| in_order(name));
        assert_eq!(names, ["cd 1/1 d.wav", "CD 1/2 c.wav", "CD 1/10 b.wav", "CD 2/1 a.wav"]);
    }
}
