//! What a line of a list says of a track, and what that means.

use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use crate::artists::SoughtTrack;

/// Of a name from elsewhere, so much counts.
const MAX_NAME: usize = 300;

/// A list that was read.
#[derive(Debug, Default)]
pub(in crate::streaming::playlists) struct ReadList {
    pub(in crate::streaming::playlists) title: Option<String>,
    pub(in crate::streaming::playlists) description: Option<String>,
    pub(in crate::streaming::playlists) lines: Vec<Line>,
}

/// A line of it, as it says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::streaming::playlists) struct Line {
    /// Where its writer had the track: an address, a path. A name, here.
    pub(super) location: Option<String>,
    /// Other names: addresses at MusicBrainz, codes with their scheme.
    pub(super) identifiers: Vec<String>,
    pub(super) title: Option<String>,
    pub(super) artist: Option<String>,
    pub(super) isrc: Option<String>,
    pub(super) recording_mbid: Option<String>,
    pub(super) duration_ms: Option<i64>,
}

impl Line {
    /// What is looked for.
    pub(in crate::streaming::playlists) fn sought(&self) -> SoughtTrack {
        let names = || self.location.iter().chain(&self.identifiers).map(String::as_str);
        let (mut title, mut artist) = (self.title.as_deref().and_then(clean), self.artist.as_deref().and_then(clean));
        if title.is_none() {
            let (by, name) = self.location.as_deref().map(filename).as_deref().map(split).unwrap_or_default();
            artist = artist.or(by);
            title = name;
        }
        let isrc = self.isrc.as_deref().or_else(|| names().find_map(|name| after(name, &["isrc:", "urn:isrc:"])));
        let mbid = self.recording_mbid.as_deref().and_then(|id| Uuid::try_parse(id.trim()).ok());
        SoughtTrack {
            id: names().find_map(own_id),
            isrc: isrc.and_then(clean),
            recording_mbid: mbid.or_else(|| names().find_map(recording)),
            artist,
            title,
            duration_ms: self.duration_ms.filter(|length| (1..=86_400_000).contains(length)),
        }
    }

    /// How the line is called in a report.
    pub(in crate::streaming::playlists) fn name(&self) -> String {
        let sought = self.sought();
        match (sought.artist, sought.title) {
            (Some(artist), Some(title)) => format!("{artist} - {title}"),
            (None, Some(title)) => title,
            _ => self.location.as_deref().and_then(clean).unwrap_or_default(),
        }
    }
}

/// `Artist - Title`, with or without a number before it.
pub(super) fn split(text: &str) -> (Option<String>, Option<String>) {
    let text = text.trim();
    let unnumbered = text.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let separated = ['.', ')', '-', '_', ' '].iter().any(|mark| unnumbered.starts_with(*mark));
    let begins_with_number = unnumbered.len() < text.len() && text.len() - unnumbered.len() <= 3 && separated;
    let whole = if begins_with_number { unnumbered.trim_start_matches(['.', ')', '-', '_', ' ']) } else { text };
    match whole.split_once(" - ") {
        Some((artist, title)) => (clean(artist), clean(title)),
        // A title may be a number.
        None => (None, clean(if whole.is_empty() { text } else { whole })),
    }
}

/// A text of some length, in one line, without what is no letter; `None` where nothing is left.
pub(super) fn clean(text: &str) -> Option<String> {
    let plain = text.nfc().map(|letter| if letter.is_control() { ' ' } else { letter });
    let short: String = plain.take(4 * MAX_NAME).collect();
    let words = short.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = words.chars().take(MAX_NAME).collect();
    (!short.is_empty()).then_some(short)
}

// The last part of a path or an address, without its ending.
fn filename(location: &str) -> String {
    let is_address = location.contains("://");
    let path = if is_address { location.split(['?', '#']).next().unwrap_or_default() } else { location };
    let last = path.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or_default();
    let name = if is_address { unescaped(last) } else { last.to_owned() };
    let stem = match name.rsplit_once('.') {
        Some((stem, ending)) if (1..=5).contains(&ending.len()) && !ending.contains(' ') => stem,
        _ => &name,
    };
    stem.replace('_', " ")
}

fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, others)) = rest.split_first() {
        let code = others.get(..2).filter(|_| *first == b'%').and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &others[2..];
            }
            None => {
                bytes.push(*first);
                rest = others;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The id in an address of a track's page, or the bare id. Of whichever server: ids are what they are everywhere.
fn own_id(name: &str) -> Option<Uuid> {
    let bare = after(name, &["urn:uuid:"]).unwrap_or(name.trim());
    Uuid::try_parse(bare).ok().or_else(|| id_behind(name, "/tracks/"))
}

fn recording(name: &str) -> Option<Uuid> {
    let is_there = name.contains("musicbrainz.org/recording/");
    is_there.then(|| id_behind(name, "/recording/")).flatten()
}

fn id_behind(name: &str, part: &str) -> Option<Uuid> {
    let (_, rest) = name.rsplit_once(part)?;
    Uuid::try_parse(rest.split(['/', '?', '#', '.']).next()?.trim()).ok()
}

fn after<'a>(name: &'a str, schemes: &[&str]) -> Option<&'a str> {
    let name = name.trim();
    schemes.iter().find_map(|scheme| {
        let is_of_it = name.get(..scheme.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(scheme));
        is_of_it.then(|| &name[scheme.len()..])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(location: &str) -> SoughtTrack {
        Line { location: Some(location.into()), ..Line::default() }.sought()
    }

    #[test]
    fn a_location_is_a_name_and_nothing_else() {
        for (location, artist, title) in [
            ("file:///music/Nina%20-%20Tides.mp3", Some("Nina"), "Tides"),
            ("C:\\Music\\01 - Nina - Tides.flac", Some("Nina"), "Tides"),
            ("../../etc/passwd", None, "passwd"),
            ("/proc/self/environ", None, "environ"),
            ("http://169.254.169.254/latest/meta-data.strm", None, "meta-data"),
            ("Nina_-_Tides_&_Waves.ogg", Some("Nina"), "Tides & Waves"),
            ("07. Ebb.opus", None, "Ebb"),
            ("1999.mp3", None, "1999"),
            ("100%.mp3", None, "100%"),
        ] {
            let sought = at(location);
            assert_eq!((sought.artist.as_deref(), sought.title.as_deref()), (artist, Some(title)), "{location}");
            assert_eq!((sought.id, sought.isrc), (None, None), "{location}");
        }
    }

    #[test]
    fn an_address_of_ours_and_codes_are_known() {
        let id = "0190b2f0-c0de-7000-8000-00000000cafe";
        for location in [
            id.to_owned(),
            format!("urn:uuid:{id}"),
            format!("https://m.example/tracks/{id}"),
            format!("http://localhost:4533/embed/tracks/{id}?t=3"),
        ] {
            assert_eq!(at(&location).id.map(|id| id.to_string()).as_deref(), Some(id), "{location}");
        }
        assert_eq!(at("urn:isrc:US-RC1-76-07839").isrc.as_deref(), Some("US-RC1-76-07839"));
        let recording = format!("https://musicbrainz.org/recording/{id}");
        assert_eq!((at(&recording).recording_mbid.is_some(), at(&recording).id), (true, None));
        assert_eq!(at(&format!("https://musicbrainz.org/release/{id}")).recording_mbid, None);
    }

    #[test]
    fn a_name_is_clean_and_short() {
        assert_eq!(clean(" a\0\n  b\u{7}e\u{301} ").as_deref(), Some("a b é"));
        assert_eq!(clean(" \n\0").as_deref(), None);
        assert_eq!(clean(&"ä".repeat(5000)).map(|text| text.chars().count()), Some(MAX_NAME));
    }
}
