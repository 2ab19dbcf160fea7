//! JSPF: XSPF in JSON.

use std::fmt;

use serde::de::{self, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::{Line, MAX_TEXT, MOST, ReadList, TOO_LONG, TOO_MANY, Written};

#[derive(Deserialize)]
struct Document {
    playlist: Playlist,
}

#[derive(Deserialize)]
struct Playlist {
    title: Option<String>,
    annotation: Option<String>,
    #[serde(default, deserialize_with = "few")]
    track: Vec<Track>,
}

// Stops at the first that is too many: a small file names a great many of nothing.
fn few<'de, D: Deserializer<'de>>(list: D) -> Result<Vec<Track>, D::Error> {
    struct Few;
    impl<'de> Visitor<'de> for Few {
        type Value = Vec<Track>;

        fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
            to.write_str("a list of tracks")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<Track>, A::Error> {
            let mut tracks = Vec::new();
            while let Some(track) = list.next_element()? {
                if tracks.len() == MOST {
                    return Err(de::Error::custom(TOO_MANY));
                }
                tracks.push(track);
            }
            Ok(tracks)
        }
    }
    list.deserialize_seq(Few)
}

#[derive(Deserialize)]
struct Track {
    #[serde(default)]
    location: Names,
    #[serde(default)]
    identifier: Names,
    title: Option<String>,
    creator: Option<String>,
    /// In ms.
    duration: Option<f64>,
}

/// One or several: programs write either.
#[derive(Default, Deserialize)]
#[serde(untagged)]
enum Names {
    #[default]
    None,
    One(String),
    Several(Vec<String>),
}

impl Names {
    fn all(self) -> Vec<String> {
        match self {
            Self::None => Vec::new(),
            Self::One(name) => vec![name],
            Self::Several(names) => names,
        }
    }
}

pub(super) fn read(text: &str) -> Result<ReadList, String> {
    let document: Document = serde_json::from_str(text).map_err(|cause| match cause.to_string() {
        cause if cause.starts_with(TOO_MANY) => TOO_MANY.to_owned(),
        cause => format!("This is no JSPF: {cause}."),
    })?;
    let Playlist { title, annotation, track } = document.playlist;
    let lines = track.into_iter().map(line).collect::<Result<_, _>>()?;
    Ok(ReadList { title, description: annotation, lines })
}

fn line(track: Track) -> Result<Line, String> {
    let Track { location, identifier, title, creator, duration } = track;
    let (mut locations, mut identifiers) = (location.all(), identifier.all());
    let location = if locations.is_empty() { None } else { Some(locations.remove(0)) };
    identifiers.append(&mut locations);
    let texts = location.iter().chain(&identifiers).chain(&title).chain(&creator);
    if texts.map(String::len).max().unwrap_or(0) > MAX_TEXT {
        return Err(TOO_LONG.into());
    }
    let duration_ms = duration.filter(|length| (0.0..1e9).contains(length)).map(|length| length as i64);
    Ok(Line { location, identifiers, title, artist: creator, duration_ms, ..Line::default() })
}

#[derive(Serialize)]
struct WrittenDocument<'a> {
    playlist: WrittenPlaylist<'a>,
}

#[derive(Serialize)]
struct WrittenPlaylist<'a> {
    title: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    annotation: &'a str,
    track: Vec<WrittenTrack<'a>>,
}

#[derive(Default, Serialize)]
struct WrittenTrack<'a> {
    location: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    identifier: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    creator: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    album: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration: Option<i64>,
}

pub(super) fn write(playlist: &Written<'_>) -> anyhow::Result<Vec<u8>> {
    let track = playlist.lines.iter().map(|line| {
        let location = vec![line.url.as_str()];
        let Some(name) = &line.named else { return WrittenTrack { location, ..WrittenTrack::default() } };
        WrittenTrack {
            location,
            identifier: super::xspf::identifiers(name),
            title: Some(&name.title),
            creator: Some(&name.artist),
            album: Some(&name.release),
            duration: Some(name.duration_ms),
        }
    });
    let playlist = WrittenPlaylist { title: playlist.title, annotation: playlist.description, track: track.collect() };
    Ok(serde_json::to_vec_pretty(&WrittenDocument { playlist })?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_is_as_good_as_several() {
        let text = r#"{"playlist": {"title": "Mine", "extension": {"https://x": {"a": 1}}, "track": [
            {"location": "file:///etc/passwd", "title": "Tides", "creator": "Nina", "duration": 61000},
            {"identifier": ["https://musicbrainz.org/recording/5b11f4ce-a62d-471e-81fc-a69a8278c7da"]}, {}]}}"#;
        let list = read(text).expect("a list");
        assert_eq!((list.title.as_deref(), list.lines[0].name().as_str()), (Some("Mine"), "Nina - Tides"));
        assert!(list.lines[1].sought().recording_mbid.is_some());
        assert_eq!(list.lines.len(), 3);
    }

    #[test]
    fn too_many_tracks_are_told_as_such() {
        let list = |count| format!(r#"{{"playlist": {{"track": [{}]}}}}"#, vec!["{}"; count].join(","));
        assert_eq!(read(&list(MOST)).expect("a list").lines.len(), MOST);
        assert_eq!(read(&list(MOST + 1)).err().as_deref(), Some(TOO_MANY));
    }

    #[test]
    fn what_is_no_list_says_so() {
        for bad in ["{", "{}", "[]", r#"{"playlist": {"track": 7}}"#, &"{\"playlist\":".repeat(5000)] {
            assert!(read(bad).is_err_and(|fault| fault.starts_with("This is no JSPF: ")), "{bad:.40}");
        }
    }
}
