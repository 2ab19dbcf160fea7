//! Lists of tracks, as other programs keep them: read and written.
//!
//! What stands in such a file is somebody's words. A location is a name, and nothing is ever opened by it.

mod csv;
mod decode;
mod jspf;
mod line;
mod m3u;
mod pls;
mod xspf;

pub(super) use line::{Line, ReadList};

use crate::platform::db::named;

/// Entries of a playlist.
pub(super) const MOST: usize = 10_000;

/// The longest line, or text between two marks, in bytes.
const MAX_TEXT: usize = 8192;

const TOO_MANY: &str = "A playlist holds at most 10,000 entries, and this file names more.";
const TOO_LONG: &str = "A line or a text of this file has more than 8,192 bytes.";

named! {
    /// A way to write a list of tracks down.
    pub(crate) enum ListFormat {
        /// Extended M3U in UTF-8.
        M3u8 = "m3u8",
        /// XSPF version 1.
        Xspf = "xspf",
        /// The same in JSON, as ListenBrainz and others write it.
        Jspf = "jspf",
        /// As Winamp wrote it.
        Pls = "pls",
        /// A table (RFC 4180).
        Csv = "csv",
    }
}

impl ListFormat {
    /// Its MIME type.
    pub(super) fn mime(self) -> &'static str {
        match self {
            // The one for lists of music; HLS has another.
            Self::M3u8 => "audio/x-mpegurl; charset=utf-8",
            Self::Xspf => "application/xspf+xml",
            Self::Jspf => "application/jspf+json",
            Self::Pls => "audio/x-scpls; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }

    // By its beginning; what has none of its own is a list of lines.
    fn of(text: &str) -> Self {
        let begin = text.trim_start();
        let first = begin.lines().next().unwrap_or_default().trim();
        if first.eq_ignore_ascii_case("[playlist]") {
            Self::Pls
        } else if begin.starts_with('<') {
            Self::Xspf
        } else if begin.starts_with('{') {
            Self::Jspf
        } else if csv::is_header(first) {
            Self::Csv
        } else {
            Self::M3u8
        }
    }
}

/// A playlist to be written.
pub(super) struct Written<'a> {
    pub(super) title: &'a str,
    pub(super) description: &'a str,
    pub(super) lines: &'a [WrittenLine],
}

/// A line of it.
#[derive(Debug, Clone, Default)]
pub(super) struct WrittenLine {
    /// The page of the track.
    pub(super) url: String,
    pub(super) track_id: String,
    /// What may not be heard has no more than its address.
    pub(super) named: Option<WrittenName>,
}

/// What is said of a track.
#[derive(Debug, Clone, Default)]
pub(super) struct WrittenName {
    pub(super) title: String,
    pub(super) artist: String,
    pub(super) release: String,
    pub(super) duration_ms: i64,
    pub(super) isrc: Option<String>,
    pub(super) recording_mbid: Option<String>,
}

/// Reads a file, in the format that its sender or its beginning tells. What is wrong with it stands in a sentence.
pub(super) fn read(bytes: &[u8], format: Option<ListFormat>) -> Result<ReadList, String> {
    let text = decode::text(bytes)?;
    let list = match format.unwrap_or_else(|| ListFormat::of(&text)) {
        ListFormat::M3u8 => m3u::read(&text),
        ListFormat::Xspf => xspf::read(&text),
        ListFormat::Jspf => jspf::read(&text),
        ListFormat::Pls => pls::read(&text),
        ListFormat::Csv => csv::read(&text),
    }?;
    if list.lines.is_empty() {
        return Err("This file names no track.".into());
    }
    Ok(list)
}

/// Writes a playlist.
pub(super) fn write(playlist: &Written<'_>, format: ListFormat) -> anyhow::Result<Vec<u8>> {
    match format {
        ListFormat::M3u8 => Ok(m3u::write(playlist).into_bytes()),
        ListFormat::Xspf => xspf::write(playlist),
        ListFormat::Jspf => jspf::write(playlist),
        ListFormat::Pls => Ok(pls::write(playlist).into_bytes()),
        ListFormat::Csv => csv::write(playlist),
    }
}

/// The lines of a text, none of them too long.
fn lines(text: &str) -> impl Iterator<Item = Result<&str, String>> {
    text.lines().map(|line| if line.len() > MAX_TEXT { Err(TOO_LONG.into()) } else { Ok(line.trim()) })
}

fn push(lines: &mut Vec<Line>, line: Line) -> Result<(), String> {
    if lines.len() == MOST {
        return Err(TOO_MANY.into());
    }
    lines.push(line);
    Ok(())
}

/// A text in one line.
fn flat(text: &str) -> String {
    text.split(|letter: char| letter.is_control()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(title: &str, artist: &str) -> Option<WrittenName> {
        Some(WrittenName {
            title: title.into(),
            artist: artist.into(),
            release: "Sea, \"deep\"".into(),
            duration_ms: 61_400,
            isrc: Some("USRC17607839".into()),
            recording_mbid: Some("5b11f4ce-a62d-471e-81fc-a69a8278c7da".into()),
        })
    }

    #[test]
    fn what_is_written_is_read_again_in_every_format() {
        let id = "0190b2f0-c0de-7000-8000-00000000cafe";
        let line = |named| WrittenLine { url: format!("https://m.example/tracks/{id}"), track_id: id.into(), named };
        let lines = [line(name("Tides & <Waves>", "Nina")), line(name("=Formula", "Ümläut")), line(None)];
        let written = Written { title: "Morning \"run\"", description: "", lines: &lines };
        for format in ListFormat::ALL {
            let bytes = write(&written, *format).expect("written");
            for told in [None, Some(*format)] {
                let list = read(&bytes, told).unwrap_or_else(|fault| panic!("{format:?}: {fault}"));
                let sought: Vec<_> = list.lines.iter().map(Line::sought).collect();
                assert_eq!(sought.len(), 3, "{format:?}");
                assert!(sought.iter().all(|one| one.id.is_some_and(|found| found.to_string() == id)), "{format:?}");
                let told = |at: usize| (sought[at].title.as_deref(), sought[at].artist.as_deref());
                assert_eq!(told(0), (Some("Tides & <Waves>"), Some("Nina")), "{format:?}");
                assert_eq!(told(1), (Some("=Formula"), Some("Ümläut")), "{format:?}");
                if matches!(format, ListFormat::Xspf | ListFormat::Jspf | ListFormat::Csv) {
                    assert_eq!(sought[0].isrc.as_deref(), Some("USRC17607839"), "{format:?}");
                    assert!(sought[0].recording_mbid.is_some(), "{format:?}");
                }
                assert!(sought[0].duration_ms.is_some_and(|ms| (ms - 61_400).abs() <= 600), "{format:?}");
            }
        }
    }

    #[test]
    fn a_file_without_a_format_tells_its_own() {
        for (text, format) in [
            ("#EXTM3U\n", ListFormat::M3u8),
            ("/music/a.mp3\n", ListFormat::M3u8),
            ("[Playlist]\r\n", ListFormat::Pls),
            ("\n<?xml version='1.0'?><playlist/>", ListFormat::Xspf),
            ("{\"playlist\": {}}", ListFormat::Jspf),
            ("Track Name,Artist Name(s)\n", ListFormat::Csv),
            ("title;artist\n", ListFormat::Csv),
        ] {
            assert_eq!(ListFormat::of(text), format, "{text}");
        }
    }

    #[test]
    fn what_is_too_much_or_nothing_says_so() {
        let many = "a.mp3\n".repeat(MOST + 1);
        let rows = format!("title,artist\n{}", "a,b\n".repeat(MOST + 1));
        let tracks = format!("<playlist><trackList>{}</trackList></playlist>", "<track/>".repeat(MOST + 1));
        let json = format!("{{\"playlist\":{{\"track\":[{}{{}}]}}}}", "{},".repeat(MOST));
        let files: String = (1..=MOST + 1).map(|number| format!("File{number}=a\n")).collect();
        for text in [many, rows, tracks, json, format!("[playlist]\n{files}")] {
            assert_eq!(read(text.as_bytes(), None).expect_err("too many"), TOO_MANY, "{}", &text[..30]);
        }
        for text in ["", "#EXTM3U\n", "<playlist/>", "{\"playlist\":{}}", "title,artist\n", "[playlist]\n"] {
            assert_eq!(read(text.as_bytes(), None).expect_err(text), "This file names no track.", "{text}");
        }
        let long = "x".repeat(MAX_TEXT + 1);
        for text in [
            long.clone(),
            format!("title,artist\n{long},b\n"),
            format!("<playlist><trackList><track><title>{long}</title></track></trackList></playlist>"),
            format!("{{\"playlist\":{{\"track\":[{{\"title\":\"{long}\"}}]}}}}"),
            format!("[playlist]\nFile1={long}\n"),
        ] {
            assert_eq!(read(text.as_bytes(), None).expect_err("too long"), TOO_LONG, "{}", &text[..20]);
        }
    }
}
