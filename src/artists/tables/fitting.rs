//! Which track each line of a table is about, and what it would change of it.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::sheet::Line;
use crate::artists::metadata::{FieldChange, TrackChanges, differences};
use crate::artists::suggestions::Suggestions;
use crate::artists::track::Track;
use crate::platform::id::TrackId;

/// By what a line found its track.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FoundBy {
    Filename,
    Isrc,
    Title,
}

/// What became of a line, or would.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct LineReport {
    /// Its number in the file; the header is 1.
    line: u64,
    pub(super) track_id: Option<TrackId>,
    matched_by: Option<FoundBy>,
    /// What becomes another by it; nothing where it does not fit.
    changes: Vec<FieldChange>,
    /// Why it does not fit, in a word.
    fault: Option<LineFault>,
    /// Why it does not fit.
    pub(in crate::artists) problem: Option<String>,
    /// Whether it waits for a file that is still to come.
    #[serde(default)]
    pub(super) awaits: bool,
}

/// Why a line does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LineFault {
    /// It is about no track, or about none alone.
    NoTrack,
    /// Another line is about the same track.
    Twice,
    /// What it says of a field cannot be.
    Value,
}

/// A track that a line can be about.
#[derive(Debug, Clone)]
pub(in crate::artists) struct Known {
    pub(in crate::artists) id: TrackId,
    filename: Option<String>,
    isrc: Option<String>,
    /// Its own, and the one that its file's tags say.
    titles: Vec<String>,
    /// What it has of the fields that a table may change.
    now: Map<String, Value>,
    /// Whether its file's tags are known.
    pub(in crate::artists) is_read: bool,
}

impl From<Track> for Known {
    fn from(track: Track) -> Self {
        let now = json!({
            "title": track.title, "position": track.position, "composer": track.composer, "isrc": track.isrc,
            "disc": track.details.disc, "iswc": track.details.iswc, "recording_mbid": track.details.recording_mbid,
            "work_mbid": track.details.work_mbid,
        });
        let now = now.as_object().cloned().unwrap_or_default();
        let mut known = Self {
            id: track.id,
            filename: track.filename,
            isrc: track.isrc,
            titles: vec![track.title],
            now,
            is_read: track.suggestions.is_some(),
        };
        if let Some(suggestions) = track.suggestions {
            known.read(suggestions);
        }
        known
    }
}

impl Known {
    /// Its place in the release.
    pub(super) fn place(&self) -> Option<i32> {
        self.now.get("position").and_then(Value::as_i64).and_then(|place| i32::try_from(place).ok())
    }

    /// Knows what its file's tags say. Its own code comes first: the artist may have said another.
    pub(in crate::artists) fn read(&mut self, tags: Suggestions) {
        self.isrc = self.isrc.take().or(tags.isrc);
        self.titles.extend(tags.title);
        self.is_read = true;
    }
}

/// Which track has a name; none where several have it.
type Names<'a> = HashMap<String, Option<&'a Known>>;

/// The tracks by what lines may call them.
struct Catalogue<'a> {
    by_filename: Names<'a>,
    by_isrc: Names<'a>,
    by_title: Names<'a>,
}

impl<'a> Catalogue<'a> {
    fn of(tracks: &'a [Known]) -> Self {
        let mut catalogue =
            Self { by_filename: Names::default(), by_isrc: Names::default(), by_title: Names::default() };
        for track in tracks {
            note(&mut catalogue.by_filename, track, track.filename.as_deref().map(plain));
            note(&mut catalogue.by_isrc, track, track.isrc.as_deref().map(code));
            for title in &track.titles {
                note(&mut catalogue.by_title, track, Some(plain(title)));
            }
        }
        catalogue
    }

    /// The track that a line is about: by its file's name, else its ISRC, else its title; the first of these that the line has
    /// and that fits exactly one track.
    fn find(&self, line: &Line) -> Option<(&'a Known, FoundBy)> {
        let found = |by: &Names<'a>, name: Option<String>| by.get(&name?).copied().flatten();
        found(&self.by_filename, line.get("filename").map(plain))
            .map(|track| (track, FoundBy::Filename))
            .or_else(|| found(&self.by_isrc, line.get("isrc").map(code)).map(|track| (track, FoundBy::Isrc)))
            .or_else(|| found(&self.by_title, line.get("title").map(plain)).map(|track| (track, FoundBy::Title)))
    }
}

fn note<'a>(names: &mut Names<'a>, track: &'a Known, name: Option<String>) {
    let Some(name) = name else { return };
    let only = names.entry(name).or_insert(Some(track));
    if only.is_none_or(|other| other.id != track.id) {
        *only = None;
    }
}

/// What becomes of each line, in the order of the lines, and what it changes where it fits. The release of the tracks has so
/// many places.
pub(in crate::artists) fn fit(
    lines: &[Line],
    tracks: &[Known],
    places: usize,
) -> Vec<(LineReport, Option<TrackChanges>)> {
    let (catalogue, mut taken) = (Catalogue::of(tracks), HashSet::new());
    lines.iter().map(|line| fit_line(line, &catalogue, places, &mut taken)).collect()
}

/// Whether every line finds its track by what is known of the tracks now.
pub(in crate::artists) fn all_found(lines: &[Line], tracks: &[Known]) -> bool {
    let catalogue = Catalogue::of(tracks);
    lines.iter().all(|line| catalogue.find(line).is_some())
}

/// The first of these lines that is about a track, by what is known of the tracks now.
pub(super) fn about(id: TrackId, mut lines: impl Iterator<Item = Line>, tracks: &[Known]) -> Option<Line> {
    let catalogue = Catalogue::of(tracks);
    lines.find(|line| catalogue.find(line).is_some_and(|(track, _)| track.id == id))
}

/// Lets the lines wait that found no track, where a file may still be what they are about: they name it, no other names the same,
/// and what they say can be.
pub(super) fn let_wait(lines: &[Line], fitted: &mut [(LineReport, Option<TrackChanges>)]) {
    let mut names = HashSet::new();
    for (line, (report, _)) in lines.iter().zip(fitted) {
        let Some(name) = name(line).filter(|_| report.fault == Some(LineFault::NoTrack)) else { continue };
        let problem = if names.insert(name) {
            line.changes().err().map(|problem| (LineFault::Value, problem))
        } else {
            Some((LineFault::Twice, "Another line is about the same file.".to_owned()))
        };
        report.awaits = problem.is_none();
        (report.fault, report.problem) = problem.unzip();
    }
}

/// What a line calls its track first.
fn name(line: &Line) -> Option<(FoundBy, String)> {
    let filename = line.get("filename").map(|name| (FoundBy::Filename, plain(name)));
    let isrc = || line.get("isrc").map(|isrc| (FoundBy::Isrc, code(isrc)));
    filename.or_else(isrc).or_else(|| line.get("title").map(|title| (FoundBy::Title, plain(title))))
}

fn fit_line(
    line: &Line,
    tracks: &Catalogue<'_>,
    places: usize,
    taken: &mut HashSet<TrackId>,
) -> (LineReport, Option<TrackChanges>) {
    let found = tracks.find(line);
    let fitted = match &found {
        None => Err((LineFault::NoTrack, "No track of this release fits, or more than one does.".to_owned())),
        Some((track, _)) if !taken.insert(track.id) => {
            Err((LineFault::Twice, "Another line is about the same track.".to_owned()))
        }
        Some((track, _)) => {
            let changes = line.changes().map_err(|problem| (LineFault::Value, problem));
            changes.map(|changes| (becomes(&changes, track, places), changes))
        }
    };
    let (track_id, matched_by) = (found.as_ref().map(|(track, _)| track.id), found.map(|(_, by)| by));
    let (changes, fits, why) = match fitted {
        Ok((fields, changes)) => (fields, Some(changes), None),
        Err(why) => (Vec::new(), None, Some(why)),
    };
    let (fault, problem) = why.unzip();
    (LineReport { line: line.number, track_id, matched_by, changes, fault, problem, awaits: false }, fits)
}

fn becomes(changes: &TrackChanges, track: &Known, places: usize) -> Vec<FieldChange> {
    let last = i32::try_from(places).unwrap_or(i32::MAX);
    let after = json!({
        "title": changes.title, "position": changes.position.map(|place| place.min(last)),
        "composer": changes.composer, "isrc": changes.isrc, "disc": changes.disc, "iswc": changes.iswc,
        "recording_mbid": changes.recording_mbid, "work_mbid": changes.work_mbid,
    });
    let said = after.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
    let said: Map<String, Value> = said.map(|(field, value)| (field.clone(), value.clone())).collect();
    differences(&track.now, &said)
}

// As people write it.
fn plain(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn code(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::super::sheet::read;
    use super::*;

    fn known(filename: &str, isrc: Option<&str>, title: &str) -> Known {
        let titles = vec![title.to_owned()];
        let now = json!({ "title": title, "isrc": isrc, "position": 1, "composer": null });
        let now = now.as_object().cloned().expect("fields");
        let (filename, isrc) = (Some(filename.to_owned()), isrc.map(str::to_owned));
        Known { id: TrackId::new(), filename, isrc, titles, now, is_read: false }
    }

    fn tracks() -> [Known; 3] {
        [known("01.wav", Some("DEA123456789"), "Ebb"), known("02.wav", None, "Flow"), known("03.wav", None, "Flow")]
    }

    #[test]
    fn a_line_finds_its_track() {
        let tracks = tracks();
        let table = "\u{feff}Filename,ISRC,Title\n01.WAV,,New\n,de-a12-34-56789,\n,, ebb \n,,Flow\n9.wav,,Ebb\n,,\n";
        let lines = read(table.as_bytes()).expect("a table");
        let catalogue = Catalogue::of(&tracks);
        let found: Vec<Option<FoundBy>> = lines.iter().map(|line| catalogue.find(line).map(|found| found.1)).collect();
        use FoundBy::{Filename, Isrc, Title};
        assert_eq!(found, [Some(Filename), Some(Isrc), Some(Title), None, Some(Title), None]);
        assert_eq!(lines[3].number, 5);
    }

    #[test]
    fn tags_make_a_track_known_by_more_and_take_nothing_away() {
        let mut tracks = tracks();
        let lines = read(b"isrc,title\nUSRC17607839,\n,tide\nDEA123456789,\n").expect("a table");
        assert!(!all_found(&lines, &tracks));
        let tags = |isrc: &str, title: &str| Suggestions {
            isrc: Some(isrc.to_owned()),
            title: Some(title.to_owned()),
            ..Suggestions::default()
        };
        tracks[0].read(tags("USAAA0000001", "Other"));
        tracks[1].read(tags("USRC17607839", "Tide"));
        assert!(all_found(&lines, &tracks));
    }

    #[test]
    fn a_report_says_what_becomes_another() {
        let tracks = tracks();
        let table =
            "filename,title,isrc,composer,position\n01.wav,Ebb,DE-A12-34-56789,Ada,9\n02.wav,Flow,,,\n02.wav,x,,,\n";
        let fitted = fit(&read(table.as_bytes()).expect("a table"), &tracks, 3);
        let changes: Vec<Value> = fitted.iter().map(|(report, _)| json!(report.changes)).collect();
        let expected = json!([
            { "field": "composer", "before": null, "after": "Ada" },
            { "field": "position", "before": 1, "after": 3 },
        ]);
        assert_eq!(changes, [expected, json!([]), json!([])]);
        assert_eq!(fitted[2].0.fault, Some(LineFault::Twice));
        assert!(fitted[1].1.is_some() && fitted[2].1.is_none());
    }
}
