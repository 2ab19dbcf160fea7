//! The tables of a package, for spreadsheets: CSV after RFC 4180.

use serde_json::{Value, json};

use super::document::PackedRelease;
use crate::artists::MonthlyPlays;
use crate::artists::statements::harmless;
use crate::platform::error::Result;

/// What the details of a track say, as columns.
const DETAILS: [&str; 4] = ["disc", "iswc", "recording_mbid", "work_mbid"];

/// Every track with its release. The first columns, up to those of its details, are those of a release's own table of metadata
/// (`PUT /releases/{id}/metadata`), which passes over the others.
pub(super) fn tracks(releases: &[PackedRelease]) -> Result<Vec<u8>> {
    let own = ["filename", "isrc", "title", "composer", "position"];
    let mut table = Table::new(&[&own[..], &DETAILS, &["release_id", "release", "kind", "upc", "track_id"]].concat())?;
    for release in releases {
        let upc = release.details.upc();
        for track in &release.tracks {
            let details = json!(track.details);
            let [disc, iswc, recording, work] = DETAILS.map(|field| said(&details[field]));
            table.line(&[
                track.filename.as_deref().unwrap_or_default(),
                track.isrc.as_deref().unwrap_or_default(),
                track.title.as_str(),
                track.composer.as_deref().unwrap_or_default(),
                &track.position.to_string(),
                &disc,
                &iswc,
                &recording,
                &work,
                &release.id.to_string(),
                release.title.as_str(),
                release.kind.name(),
                upc.unwrap_or_default(),
                &track.id.to_string(),
            ])?;
        }
    }
    table.end()
}

fn said(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// How often each track was played here, month by month.
pub(super) fn statistics(releases: &[PackedRelease], plays: &[MonthlyPlays]) -> Result<Vec<u8>> {
    let mut table = Table::new(&["month", "track_id", "isrc", "track", "release_id", "release", "plays"])?;
    for release in releases {
        for track in &release.tracks {
            let mut months: Vec<_> = plays.iter().filter(|plays| plays.track == track.id).collect();
            months.sort_by_key(|plays| plays.month);
            for month in months {
                table.line(&[
                    &month.month.format("%Y-%m").to_string(),
                    &track.id.to_string(),
                    track.isrc.as_deref().unwrap_or_default(),
                    track.title.as_str(),
                    &release.id.to_string(),
                    release.title.as_str(),
                    &month.plays.to_string(),
                ])?;
            }
        }
    }
    table.end()
}

struct Table(csv::Writer<Vec<u8>>);

impl Table {
    fn new(header: &[&str]) -> Result<Self> {
        let lines = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        let mut table = Self(lines);
        table.line(header)?;
        Ok(table)
    }

    // A text that a spreadsheet would take for a formula is none.
    fn line(&mut self, cells: &[&str]) -> Result<()> {
        let cells = cells.iter().map(|cell| harmless(cell));
        Ok(self.0.write_record(cells).map_err(anyhow::Error::from)?)
    }

    fn end(self) -> Result<Vec<u8>> {
        Ok(self.0.into_inner().map_err(|cause| anyhow::anyhow!("a table: {cause}"))?)
    }
}
