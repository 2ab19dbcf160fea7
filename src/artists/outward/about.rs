//! What a page is about, in the terms of schema.org (JSON-LD 1.1): what it is called, whose it is, and who else knows it.

use serde_json::{Map, Value, json};

use super::head::artwork_address;
use super::page::{Page, PageRelease, PageTrack, Recording, Subject};
use crate::artists::metadata::{ReleaseGroupMbid, ReleaseMbid, WorkMbid};

/// Tracks that are named one by one.
const MOST_TRACKS: usize = 100;

/// Where else there is a page about the same: at MusicBrainz.
pub(super) fn same_as(page: &Page) -> Vec<String> {
    match (&page.subject, &page.release, &page.recording) {
        (Subject::Artist(_), ..) => artist_addresses(page),
        (Subject::Track(_), _, Some(recording)) => {
            recording.details.recording_mbid.iter().map(|id| id.address()).collect()
        }
        (Subject::Release(_), Some(release), _) => release_addresses(release),
        _ => Vec::new(),
    }
}

fn artist_addresses(page: &Page) -> Vec<String> {
    page.artist.mbid().iter().map(|id| id.address()).collect()
}

fn release_addresses(release: &PageRelease) -> Vec<String> {
    let edition = release.details.release_mbid.map(ReleaseMbid::address);
    edition.into_iter().chain(release.details.release_group_mbid.map(ReleaseGroupMbid::address)).collect()
}

/// The document of a page whose links begin with `base`.
pub(super) fn document(page: &Page, base: &str) -> Value {
    let mut about = match (&page.subject, &page.release) {
        (Subject::Release(_), Some(release)) => of_release(page, release, base),
        (Subject::Track(_), Some(release)) => of_track(page, release, base),
        _ => thing("MusicGroup", &page.title, &page.path(), base),
    };
    about.insert("@context".to_owned(), json!("https://schema.org"));
    if let Some(picture) = &page.artwork {
        about.insert("image".to_owned(), json!(artwork_address(base, picture)));
    }
    add_same_as(&mut about, &same_as(page));
    Value::Object(about)
}

fn thing(kind: &str, name: &str, path: &str, base: &str) -> Map<String, Value> {
    let thing = [("@type", kind.to_owned()), ("name", name.to_owned()), ("url", format!("{base}{path}"))];
    thing.into_iter().map(|(key, value)| (key.to_owned(), Value::String(value))).collect()
}

fn add_same_as(to: &mut Map<String, Value>, addresses: &[String]) {
    if !addresses.is_empty() {
        to.insert("sameAs".to_owned(), json!(addresses));
    }
}

fn artist(page: &Page, base: &str) -> Value {
    let mut artist = thing("MusicGroup", &page.artist.name, &format!("/artists/{}", page.artist.slug), base);
    add_same_as(&mut artist, &artist_addresses(page));
    Value::Object(artist)
}

fn of_release(page: &Page, release: &PageRelease, base: &str) -> Map<String, Value> {
    let mut album = thing("MusicAlbum", &page.title, &page.path(), base);
    album.insert("byArtist".to_owned(), artist(page, base));
    album.insert("datePublished".to_owned(), json!(release.published_at.date_naive()));
    album.insert("numTracks".to_owned(), json!(page.tracks.len()));
    let track = |track: &PageTrack| thing("MusicRecording", &track.title, &format!("/tracks/{}", track.id), base);
    let tracks: Vec<_> = page.tracks.iter().take(MOST_TRACKS).map(track).collect();
    album.insert("track".to_owned(), json!(tracks));
    album
}

fn of_track(page: &Page, release: &PageRelease, base: &str) -> Map<String, Value> {
    let mut track = thing("MusicRecording", &page.title, &page.path(), base);
    track.insert("byArtist".to_owned(), artist(page, base));
    let mut album = thing("MusicAlbum", &release.title, &format!("/releases/{}", release.id), base);
    add_same_as(&mut album, &release_addresses(release));
    track.insert("inAlbum".to_owned(), Value::Object(album));
    if let Some(one) = page.tracks.first() {
        let ms = one.duration_ms.max(0);
        track.insert("duration".to_owned(), json!(format!("PT{}.{:03}S", ms / 1000, ms % 1000)));
    }
    if let Some(recording) = &page.recording {
        add_codes(&mut track, recording);
    }
    track
}

fn add_codes(track: &mut Map<String, Value>, recording: &Recording) {
    if let Some(code) = recording.isrc.as_ref().filter(|code| !code.is_empty()) {
        track.insert("isrcCode".to_owned(), json!(code));
    }
    let (iswc, work) = (&recording.details.iswc, recording.details.work_mbid);
    if iswc.is_none() && work.is_none() {
        return;
    }
    let mut composition = Map::from_iter([("@type".to_owned(), json!("MusicComposition"))]);
    if let Some(iswc) = iswc {
        composition.insert("iswcCode".to_owned(), json!(iswc));
    }
    add_same_as(&mut composition, work.map(WorkMbid::address).as_slice());
    track.insert("recordingOf".to_owned(), Value::Object(composition));
}
