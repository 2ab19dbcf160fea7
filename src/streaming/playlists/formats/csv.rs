//! Tables (RFC 4180), with the headers that programs give them.

use super::{Line, MAX_TEXT, ReadList, TOO_LONG, Written, push};

/// What columns are called, in lower case without what is no letter and no digit.
const TITLES: &[&str] = &["title", "trackname", "track", "tracktitle", "name", "song", "songname"];
const ARTISTS: &[&str] = &["artist", "artistname", "artistnames", "artists", "creator", "trackartist"];
const ISRCS: &[&str] = &["isrc"];
const RECORDINGS: &[&str] = &["recordingmbid", "mbid", "musicbrainzrecordingid", "musicbrainztrackid"];
const LENGTHS_MS: &[&str] = &["durationms", "trackdurationms", "lengthms"];
const LENGTHS_S: &[&str] = &["durations", "durationseconds", "lengthseconds"];
const OWN_IDS: &[&str] = &["trackid", "id"];
const LOCATIONS: &[&str] = &["url", "location", "file", "filename", "path", "trackuri", "uri"];

/// What may stand between columns.
const SEPARATORS: [char; 3] = [',', ';', '\t'];

/// Whether this is the first line of such a table.
pub(super) fn is_header(line: &str) -> bool {
    let separator = separator(line);
    let columns: Vec<String> = line.split(separator).map(plain).collect();
    let has = |names: &[&str]| columns.iter().any(|column| names.contains(&column.as_str()));
    columns.len() > 1 && [TITLES, ISRCS, RECORDINGS, OWN_IDS, LOCATIONS].iter().any(|names| has(names))
        || columns.len() == 1 && [ISRCS, RECORDINGS, OWN_IDS].iter().any(|names| has(names))
}

pub(super) fn read(text: &str) -> Result<ReadList, String> {
    let first = text.lines().next().unwrap_or_default();
    if !is_header(first.trim()) {
        return Err(
            "The first line of a table names its columns: title and artist, isrc, recording_mbid or track_id.".into()
        );
    }
    let separator = u8::try_from(separator(first)).unwrap_or(b',');
    let mut table = ::csv::ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(text.as_bytes());
    let columns = Columns::of(table.headers().map_err(|cause| format!("This is no table: {cause}."))?);
    let mut list = ReadList::default();
    for record in table.records() {
        let record = record.map_err(|cause| format!("This is no table: {cause}."))?;
        if record.iter().any(|field| field.len() > MAX_TEXT) {
            return Err(TOO_LONG.into());
        }
        push(&mut list.lines, columns.line(&record))?;
    }
    Ok(list)
}

struct Columns(Vec<String>);

impl Columns {
    fn of(header: &::csv::StringRecord) -> Self {
        Self(header.iter().map(plain).collect())
    }

    fn line(&self, record: &::csv::StringRecord) -> Line {
        let told = |names: &[&str]| {
            let columns = self.0.iter().zip(record).filter(|(column, _)| names.contains(&column.as_str()));
            columns.map(|(_, value)| formula_again(value.trim())).find(|value| !value.is_empty())
        };
        let length = |names: &[&str]| told(names).and_then(|value| value.parse::<f64>().ok());
        let duration = length(LENGTHS_MS).or_else(|| length(LENGTHS_S).map(|seconds| seconds * 1000.0));
        Line {
            location: told(LOCATIONS).map(str::to_owned),
            identifiers: told(OWN_IDS).map(str::to_owned).into_iter().collect(),
            title: told(TITLES).map(str::to_owned),
            artist: told(ARTISTS).map(str::to_owned),
            isrc: told(ISRCS).map(str::to_owned),
            recording_mbid: told(RECORDINGS).map(str::to_owned),
            duration_ms: duration.filter(|length| (0.0..1e9).contains(length)).map(|length| length as i64),
        }
    }
}

fn separator(line: &str) -> char {
    let count = |separator: char| line.matches(separator).count();
    SEPARATORS.into_iter().rev().max_by_key(|separator| count(*separator)).unwrap_or(',')
}

fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

pub(super) fn write(playlist: &Written<'_>) -> anyhow::Result<Vec<u8>> {
    let mut table = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(Vec::new());
    let header = ["position", "title", "artist", "release", "duration_ms", "isrc", "recording_mbid", "track_id", "url"];
    table.write_record(header)?;
    for (position, line) in (1..).zip(playlist.lines) {
        let name = line.named.clone().unwrap_or_default();
        let length = if line.named.is_some() { name.duration_ms.to_string() } else { String::new() };
        table.write_record([
            position.to_string(),
            harmless(name.title),
            harmless(name.artist),
            harmless(name.release),
            length,
            name.isrc.unwrap_or_default(),
            name.recording_mbid.unwrap_or_default(),
            line.track_id.clone(),
            line.url.clone(),
        ])?;
    }
    table.into_inner().map_err(|cause| anyhow::anyhow!("a table: {cause}"))
}

// A text that a spreadsheet would take for a formula is none.
fn harmless(text: String) -> String {
    if is_formula(&text) { format!("'{text}") } else { text }
}

fn formula_again(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(text)
}

fn is_formula(text: &str) -> bool {
    text.trim_start().starts_with(['=', '+', '-', '@', '|', '%', '＝', '＋', '－', '＠'])
        || text.starts_with(['\t', '\r', '\n'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_by_their_names() {
        let text = "Track URI,Track Name,Artist Name(s),Track Duration (ms),ISRC\n\
                    spotify:track:1,\"Tides, again\",Nina,61000,USRC17607839\nx,,,,\n";
        let list = read(text).expect("a list");
        let sought = list.lines[0].sought();
        assert_eq!((sought.title.as_deref(), sought.artist.as_deref()), (Some("Tides, again"), Some("Nina")));
        assert_eq!((sought.duration_ms, sought.isrc.as_deref()), (Some(61_000), Some("USRC17607839")));
        let list = read("title;artist\n'=1+1;Nina\n").expect("a list");
        assert_eq!(list.lines[0].name(), "Nina - =1+1");
        assert!(read("one,two\n1,2\n").is_err());
    }

    #[test]
    fn no_cell_is_a_formula() {
        for (text, safe) in [("=1", "'=1"), (" +1", "' +1"), ("@x", "'@x"), ("\t=1", "'\t=1"), ("a=1", "a=1")] {
            assert_eq!(harmless(text.to_owned()), safe);
            assert_eq!(formula_again(safe), text);
        }
    }
}
