//! A release of a package, and its tracks: each made once, however often somebody tries.

use serde::Deserialize;
use serde_json::json;

use super::check::MAX_RELEASE_BYTES;
use super::{Bringing, Refusal, no_owner, printable};
use crate::artists::artwork::Wanted as WantedArtwork;
use crate::artists::metadata::{self, By, Languages, TrackChanges, set_details};
use crate::artists::own_artist::OwnArtist;
use crate::artists::own_track::OwnTrack;
use crate::artists::portable::contents;
use crate::artists::portable::document::{PackedRelease, PackedTrack};
use crate::artists::portable::import_line::{ImportLine, ImportOutcome, ImportPublication, NewLine};
use crate::artists::portable::imported::ImportedRelease;
use crate::artists::quotas::{Quota, Wanted};
use crate::artists::release::{OwnRelease, ReleaseState};
use crate::artists::track::TrackState;
use crate::artists::upload_track::MAX_TRACKS;
use crate::artists::{Upload, discard, publication, set_release_artwork, upload_track};
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Result};
use crate::platform::id::{ReleaseId, TrackId};
use crate::platform::pictures::MAX_ARTWORK_BYTES;
use crate::platform::storage::Zone;

/// The name of what is unpacked.
const MASTER: &str = "master";

/// What a release that cannot be read is called.
#[derive(Default, Deserialize)]
struct Titled {
    title: String,
}

/// Makes a release and its tracks, or as much of them as is not here yet.
pub(super) async fn bring_in(bringing: &mut Bringing<'_>, place: i32, document: &[u8]) -> Result<(), Refusal> {
    let mut packed = match read(document) {
        Ok(packed) => packed,
        Err(why) => {
            let Titled { title } = serde_json::from_slice(document).unwrap_or_default();
            return refuse(bringing, place, &printable(&title).chars().take(200).collect::<String>(), &why).await;
        }
    };
    let has_foreign_languages = packed.details.languages.require_registered().is_err();
    if has_foreign_languages {
        packed.details.languages = Languages::default();
    }
    let Some(imported) = begin(bringing, place, &packed).await.map_err(owned)? else { return Ok(()) };
    let line = ImportLine::find(&mut *bringing.platform.db.conn().await?, bringing.import.id, place).await?;
    if line.is_some_and(|line| line.outcome == ImportOutcome::Made) {
        set_artwork(bringing, place, &packed, imported.release_id).await?;
    }
    let done = imported.tracks(&mut *bringing.platform.db.conn().await?).await?;
    for track in packed.tracks.iter().filter(|track| !done.contains(&track.id)) {
        take(bringing, place, &imported, track).await?;
    }
    let mut conn = bringing.platform.db.conn().await?;
    if has_foreign_languages {
        let problem = "Not all of its languages are registered: say them anew.";
        ImportLine::tell(&mut conn, bringing.import.id, place, problem).await?;
    }
    Ok(imported.complete(&mut conn).await?)
}

fn read(document: &[u8]) -> Result<PackedRelease, String> {
    if document.len() > MAX_RELEASE_BYTES {
        return Err("it is longer than 16 MiB".into());
    }
    let text = &mut serde_json::Deserializer::from_slice(document);
    let packed: PackedRelease = serde_path_to_error::deserialize(text).map_err(|cause| cause.to_string())?;
    if packed.tracks.len() > MAX_TRACKS { Err("it has more than 200 tracks".into()) } else { Ok(packed) }
}

async fn refuse(bringing: &Bringing<'_>, place: i32, title: &str, why: &str) -> Result<(), Refusal> {
    let line = NewLine { import: bringing.import.id, place, title, outcome: ImportOutcome::Refused, release: None };
    let mut conn = bringing.platform.db.conn().await?;
    ImportLine::insert(&mut conn, &line).await?;
    let problem = printable(&format!("This release cannot be read: {why}"));
    Ok(ImportLine::tell(&mut conn, bringing.import.id, place, &problem).await?)
}

fn owned(error: Error) -> Refusal {
    if matches!(error, Error::NotFound(_) | Error::Forbidden) { no_owner() } else { Refusal::Error(error) }
}

// The release; none where it is the very one that the package was made of.
async fn begin(bringing: &Bringing<'_>, place: i32, packed: &PackedRelease) -> Result<Option<ImportedRelease>> {
    let (import, artist) = (bringing.import, bringing.import.artist_id);
    let line = |outcome, release| NewLine {
        import: import.id,
        place,
        title: packed.title.as_str(),
        outcome,
        release: Some(release),
    };
    bringing
        .platform
        .db
        .transaction(async |conn| {
            bringing.run.fence(conn).await?;
            OwnArtist::lock_owned(conn, &artist.to_string(), bringing.member).await?;
            if contents::is_of(conn, packed.id, artist).await? {
                ImportLine::insert(conn, &line(ImportOutcome::There, packed.id)).await?;
                return Ok(None);
            }
            if let Some(known) = ImportedRelease::find(conn, artist, packed.id).await? {
                // What an import before this one did not finish is made here: its cover, and its publication.
                let outcome = if known.completed_at.is_some() { ImportOutcome::There } else { ImportOutcome::Made };
                let is_new = ImportLine::insert(conn, &line(outcome, known.release_id)).await?;
                if is_new && outcome == ImportOutcome::Made {
                    plan(conn, bringing, place, packed).await?;
                }
                return Ok(Some(known));
            }
            let id = ReleaseId::new();
            make(conn, id, bringing, packed).await?;
            let made = ImportedRelease { artist_id: artist, source_id: packed.id, release_id: id, completed_at: None };
            made.insert(conn).await?;
            ImportLine::insert(conn, &line(ImportOutcome::Made, id)).await?;
            plan(conn, bringing, place, packed).await?;
            Ok(Some(made))
        })
        .await
}

async fn make(conn: &mut Conn, id: ReleaseId, bringing: &Bringing<'_>, packed: &PackedRelease) -> Result<()> {
    OwnRelease::insert(conn, id, bringing.import.artist_id, &packed.title, packed.kind).await?;
    let mut details = packed.details.clone();
    if let Some(first) = packed.first_published_at {
        details.date_back(first.date_naive());
    }
    set_details(conn, id, &details).await?;
    if packed.without_artwork {
        WantedArtwork::say(conn, id, true).await?;
    }
    // What was out once is no news.
    publication::restore(conn, id, packed.visibility, packed.first_published_at.is_some()).await
}

// What was out, or was to be, may be so here; and what nobody but its owner can say is told.
async fn plan(conn: &mut Conn, bringing: &Bringing<'_>, place: i32, packed: &PackedRelease) -> Result<()> {
    let import = bringing.import;
    if packed.tracks.iter().any(|track| !track.splits.is_empty()) {
        let problem = "Shares in its tracks do not travel, for they are other people's too: offer them again.";
        ImportLine::tell(conn, import.id, place, problem).await?;
    }
    let was_taken_down = packed.tracks.iter().any(|track| track.state == TrackState::TakenDown);
    if was_taken_down {
        let problem = "A track of it was taken down there: look at it before you publish the release.";
        ImportLine::tell(conn, import.id, place, problem).await?;
    }
    let at = match packed.state {
        ReleaseState::Scheduled => packed.published_at.filter(|at| *at > bringing.platform.clock.now()),
        _ => None,
    };
    let is_out = packed.state == ReleaseState::Published || packed.state == ReleaseState::Scheduled;
    if import.publish && is_out && !was_taken_down {
        ImportLine::turn(conn, import.id, place, ImportPublication::Waiting, at).await?;
    }
    Ok(())
}

async fn set_artwork(
    bringing: &mut Bringing<'_>,
    place: i32,
    packed: &PackedRelease,
    release: ReleaseId,
) -> Result<(), Refusal> {
    let Some(name) = packed.artwork.as_deref().filter(|_| !packed.artwork_is_suggested) else { return Ok(()) };
    if bringing.parcel.size_bytes(name).is_some_and(|size| size > MAX_ARTWORK_BYTES as u64) {
        return miss(bringing, place, "The artwork has more than 20 MiB.").await;
    }
    let picture = bringing.parcel.read(name).await?;
    match set_release_artwork(bringing.platform, release, bringing.member, picture).await {
        Ok(_) => Ok(()),
        Err(error) => {
            let why = words(error)?;
            miss(bringing, place, &format!("The artwork: {why}")).await
        }
    }
}

// What could not be taken is told, and does not keep the others out.
async fn take(
    bringing: &mut Bringing<'_>,
    place: i32,
    imported: &ImportedRelease,
    track: &PackedTrack,
) -> Result<(), Refusal> {
    let title = track.title.as_str();
    let found = track.master.as_deref().and_then(|name| Some((name, bringing.parcel.size_bytes(name)?)));
    let Some((name, size)) = found else {
        return miss(bringing, place, &format!("“{title}”: its original is not in the package.")).await;
    };
    let platform = bringing.platform;
    if size > platform.config.upload_max_bytes {
        let problem = format!("“{title}”: {}", Code::UploadTooLarge.title());
        return miss(bringing, place, &problem).await;
    }
    platform.storage.require_space(size)?;
    bringing.parcel.unpack(name, &bringing.scratch, MASTER).await?;
    let stored = platform.storage.keep_file(&bringing.scratch.path().join(MASTER), Zone::Raw).await?;
    let filename = track.filename.clone();
    let upload = Upload { title: Some(track.title.clone()), ..Upload::new(stored, filename) };
    if let Err(error) = add(bringing, place, imported, track, &upload).await {
        discard::let_go(platform, &upload.stored.key).await;
        let why = words(error)?;
        miss(bringing, place, &format!("“{title}”: {why}")).await?;
    }
    Ok(())
}

async fn add(
    bringing: &Bringing<'_>,
    place: i32,
    imported: &ImportedRelease,
    packed: &PackedTrack,
    upload: &Upload,
) -> Result<()> {
    let (platform, member, release) = (bringing.platform, bringing.member, imported.release_id);
    let changes = changes(packed)?;
    platform
        .db
        .transaction(async |conn| {
            bringing.run.fence(conn).await?;
            let artist = OwnRelease::lock(conn, release, member).await?.artist_id;
            let wanted = Wanted { bytes: upload.stored.size_bytes, tracks: 1, uploads: 0 };
            Quota::spend(conn, &platform.config, artist, wanted).await?;
            let id = TrackId::new();
            upload_track::insert(platform, conn, id, release, member, upload).await?;
            let track = OwnTrack::lock_mine(conn, id, member).await?;
            metadata::edit_track(conn, &track, &changes, By { account: member, takes_back: None }).await?;
            imported.add_track(conn, packed.id, id).await?;
            ImportLine::count(conn, bringing.import.id, place).await
        })
        .await
}

// As if the artist had typed it; what is null is nothing, and no file's tags say otherwise.
fn changes(packed: &PackedTrack) -> Result<TrackChanges> {
    let mut changes = json!(packed.details);
    changes["composer"] = json!(packed.composer);
    changes["isrc"] = json!(packed.isrc);
    changes["lyrics"] = json!(packed.lyrics);
    changes["position"] = json!(packed.position);
    serde_path_to_error::deserialize(changes)
        .map_err(|cause| Error::invalid(cause.path().to_string(), cause.inner().to_string()))
}

async fn miss(bringing: &Bringing<'_>, place: i32, problem: &str) -> Result<(), Refusal> {
    let mut conn = bringing.platform.db.conn().await?;
    Ok(ImportLine::miss(&mut conn, bringing.import.id, place, problem).await?)
}

/// What is told of an error that no other attempt would change; the error itself where one may.
pub(super) fn words(error: Error) -> Result<String> {
    match error {
        Error::Refused(Code::StorageFull) => Err(error),
        Error::Refused(_) | Error::NotFound(_) | Error::Forbidden => Ok(error.problem().title),
        Error::Invalid { field, problem } => Ok(format!("{field}: {problem}")),
        error => Err(error),
    }
}
