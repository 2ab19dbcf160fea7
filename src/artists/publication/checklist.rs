//! What is missing before a release should be published: pure rules over what its artist sees of it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::artists::duplicates::Duplicates;
use crate::artists::metadata::ReleaseDetails;
use crate::artists::release::Release;
use crate::artists::track::{Track, TrackState};
use crate::platform::db::named;
use crate::platform::id::TrackId;

named! {
    /// How much a line of the checklist weighs.
    pub(crate) enum Weight {
        /// Publishing is refused as long as it is so.
        Blocking = "blocking",
        /// Listeners or partners will miss it.
        Advised = "advised",
        /// Good to know; it may well be meant so.
        Notice = "notice",
    }
}

/// What to look at before a release is published.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Checklist {
    /// Whether it can be published: nothing is blocking.
    pub(super) ready: bool,
    /// What weighs most comes first; then in the order of the tracks.
    items: Vec<ChecklistItem>,
}

/// One thing to look at.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct ChecklistItem {
    /// Stable: `no_ready_track`, `no_genre`, `clipped` …
    kind: String,
    weight: Weight,
    /// The track that it is about; null for the release.
    track_id: Option<TrackId>,
    /// The field that would settle it, where there is one.
    field: Option<&'static str>,
    /// Where it is in the track, for what is heard.
    at_ms: Option<u64>,
    /// In words for the artist.
    message: String,
}

/// The checklist of a release, as its members see it, some of whose tracks have shares that nobody has confirmed, and some
/// of which are elsewhere, too.
pub(super) fn of(release: &Release, unsettled: &[TrackId], duplicates: &[(TrackId, Duplicates)]) -> Checklist {
    let mut items = about_tracks(release);
    items.extend(about_details(&release.details));
    items.extend(release.tracks.iter().flat_map(about_track));
    items.extend(unsettled.iter().map(|track| ChecklistItem {
        track_id: Some(*track),
        ..item("shares_not_agreed", Weight::Advised, None, "Not everybody has confirmed their share in this track.")
    }));
    items.extend(duplicates.iter().flat_map(|(track, duplicates)| about_duplicates(*track, duplicates)));
    items.sort_by_key(|item| item.weight as u8);
    Checklist { ready: items.iter().all(|item| item.weight != Weight::Blocking), items }
}

fn about_tracks(release: &Release) -> Vec<ChecklistItem> {
    let has = |state| release.tracks.iter().any(|track| track.state == state);
    let mut items = Vec::new();
    if !has(TrackState::Ready) {
        items.push(item(
            "no_ready_track",
            Weight::Blocking,
            None,
            "No track is ready: upload one, and wait until it was processed.",
        ));
    }
    if has(TrackState::Processing) {
        items.push(item("still_processing", Weight::Blocking, None, "A track is still being processed."));
    }
    items
}

fn about_details(details: &ReleaseDetails) -> Vec<ChecklistItem> {
    let advised =
        |missing: bool, kind, field, message| missing.then(|| item(kind, Weight::Advised, Some(field), message));
    let notice =
        |missing: bool, kind, field, message| missing.then(|| item(kind, Weight::Notice, Some(field), message));
    let items = [
        advised(
            details.genres.is_empty(),
            "no_genre",
            "genres",
            "Without a genre, listeners who browse do not come by.",
        ),
        advised(
            details.languages.is_empty(),
            "no_language",
            "languages",
            "Say in which languages is sung; zxx where nobody sings.",
        ),
        advised(
            details.phonogram_line.is_none(),
            "no_phonogram_line",
            "phonogram_line",
            "Say who owns the recordings (the line behind ℗).",
        ),
        advised(
            details.copyright_line.is_none(),
            "no_copyright_line",
            "copyright_line",
            "Say who owns the rest (the line behind ©).",
        ),
        notice(details.upc.is_none(), "no_upc", "upc", "Shops and charts know a release by its UPC or EAN."),
        notice(
            details.release_date.is_none(),
            "no_release_date",
            "release_date",
            "The day of the release is not told.",
        ),
        notice(details.credits.is_empty(), "no_credits", "credits", "Nobody is credited."),
    ];
    items.into_iter().flatten().collect()
}

fn about_track(track: &Track) -> Vec<ChecklistItem> {
    let mut items = Vec::new();
    match track.state {
        TrackState::Rejected => items.push(item(
            "track_rejected",
            Weight::Advised,
            None,
            "This file could not be used; listeners will not see the track.",
        )),
        TrackState::Cancelled => items.push(item(
            "track_cancelled",
            Weight::Advised,
            None,
            "This track was not processed; listeners will not see it.",
        )),
        TrackState::TakenDown => {
            items.push(item("track_taken_down", Weight::Advised, None, "Moderators took this track away."));
        }
        TrackState::Processing | TrackState::Ready => {}
    }
    if track.isrc.is_none() {
        items.push(item(
            "no_isrc",
            Weight::Notice,
            Some("isrc"),
            "Plays elsewhere are counted by the recording's ISRC.",
        ));
    }
    if track.composer.is_none() && track.details.credits.is_empty() {
        items.push(item("no_composer", Weight::Notice, Some("composer"), "Nobody is told to have written this."));
    }
    items.extend(track.findings.iter().map(|finding| ChecklistItem {
        kind: finding.kind.clone(),
        weight: match finding.severity {
            legato_audio::Severity::Warning => Weight::Advised,
            legato_audio::Severity::Notice => Weight::Notice,
        },
        track_id: None,
        field: None,
        at_ms: finding.at_ms,
        message: finding.message.clone(),
    }));
    items.iter_mut().for_each(|item| item.track_id = Some(track.id));
    items
}

// It may well be meant so, and is asked about all the same: a track that came twice is heard of by its listeners.
fn about_duplicates(track: TrackId, found: &Duplicates) -> Vec<ChecklistItem> {
    let files = found.same_files.iter().map(|same| {
        let message = format!("“{}” on “{}” was made of the very same file.", same.title, same.release_title);
        ("same_file", message)
    });
    let recordings = found.same_recordings.iter().map(|same| {
        let message = format!("“{}” on “{}” has the same recording, or a part of it.", same.title, same.release.title);
        ("same_recording", message)
    });
    let elsewhere = found.elsewhere.then(|| {
        ("recording_elsewhere", "The same recording, or a part of it, exists under another artist.".to_owned())
    });
    let found = files.chain(recordings).chain(elsewhere);
    let line = |(kind, message): (&str, String)| ChecklistItem {
        track_id: Some(track),
        ..item(kind, Weight::Advised, None, &message)
    };
    found.map(line).collect()
}

fn item(kind: &str, weight: Weight, field: Option<&'static str>, message: &str) -> ChecklistItem {
    ChecklistItem { kind: kind.to_owned(), weight, track_id: None, field, at_ms: None, message: message.to_owned() }
}
