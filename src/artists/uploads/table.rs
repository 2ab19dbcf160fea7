//! A table of metadata in an archive: once the archive's files are tracks, it says what they are called. Lines that fit are
//! followed, the others are told with the upload; whatever is wrong with a table, it keeps no track out.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::transfer::Transfer;
use super::unpacked::Unpacked;
use crate::artists::ingest;
use crate::artists::own_track::OwnTrack;
use crate::artists::release::OwnRelease;
use crate::artists::suggestions::Suggestions;
use crate::artists::tables::{self, Known, Line, LineReport};
use crate::artists::track::Track;
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::id::{ReleaseId, TrackId};
use crate::platform::jobs::Run;
use crate::platform::unpack::Entry;

/// Tables that an archive may bring, one a folder and some to spare.
const MOST: usize = 20;

/// What became of a table in an archive.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct TableReport {
    /// Lines that fitted: their tracks are as they say.
    applied: usize,
    /// Lines that did not, and why.
    left: Vec<LineReport>,
}

/// A table in an archive: its place, and the files that it is about, which are those of its folder and of the folders in it.
pub(super) struct Found {
    pub(super) number: i32,
    pub(super) entry: Entry,
    about: Vec<i32>,
}

/// The tables of an archive.
pub(super) fn find(entries: &[Entry]) -> Result<Vec<Found>> {
    let mut found = Vec::new();
    for (index, entry) in entries.iter().enumerate().filter(|(_, entry)| is_table(&entry.name)).take(MOST) {
        let folder = entry.name.rfind('/').map_or("", |end| &entry.name[..=end]);
        let within = entries.iter().enumerate().filter(|(_, other)| other.name.starts_with(folder));
        let about: std::result::Result<Vec<i32>, _> = within.map(|(index, _)| i32::try_from(index)).collect();
        let about = about.map_err(anyhow::Error::from)?;
        found.push(Found { number: i32::try_from(index).map_err(anyhow::Error::from)?, entry: entry.clone(), about });
    }
    Ok(found)
}

fn is_table(path: &str) -> bool {
    let is_hidden = path.split('/').any(|part| part.starts_with('.') || part == "__MACOSX");
    !is_hidden && path.to_ascii_lowercase().ends_with(".csv")
}

/// Reads a table and follows it; in words, why nothing of it could be. What another attempt would change is an error.
pub(super) async fn follow(
    platform: &Platform,
    transfer: &Transfer,
    run: &Run,
    found: &Found,
    text: &[u8],
) -> Result<Option<String>> {
    let lines = match tables::read(text) {
        Ok(lines) => lines,
        Err(error) => return Ok(Some(error.to_string())),
    };
    let lines = match of_one_release(lines, transfer.release_id) {
        Ok(lines) => lines,
        Err(problem) => return Ok(Some(problem.to_owned())),
    };
    let learned = learn(platform, transfer, found, &lines).await?;
    match apply(platform, transfer, run, found, &lines, &learned).await {
        Ok(()) => Ok(None),
        Err(Error::Invalid { field, problem }) => Ok(Some(format!("{field}: {problem}"))),
        Err(error @ (Error::Refused(_) | Error::NotFound(_))) => Ok(Some(error.problem().title)),
        Err(error) => Err(error),
    }
}

// A table of several releases, as packages have, says nothing of another one than this; where it comes from elsewhere, its ids
// are others, and of one release alone it is clear which is meant.
fn of_one_release(mut lines: Vec<Line>, release: Option<ReleaseId>) -> std::result::Result<Vec<Line>, &'static str> {
    let is_named = |line: &Line| line.release().is_some() && release.is_some_and(|release| line.is_of(release));
    if lines.iter().any(is_named) {
        lines.retain(|line| release.is_some_and(|release| line.is_of(release)));
        return Ok(lines);
    }
    let named: HashSet<&str> = lines.iter().filter_map(Line::release).collect();
    if named.len() > 1 {
        return Err("The table is of several releases, and does not say which of its lines are of this one.");
    }
    Ok(lines)
}

/// What the tags of the files say that their chains have not looked at yet, where lines need it to find their tracks.
async fn learn(
    platform: &Platform,
    transfer: &Transfer,
    found: &Found,
    lines: &[Line],
) -> Result<HashMap<TrackId, Suggestions>> {
    let mut learned = HashMap::new();
    let tracks = known(&mut *platform.db.conn().await?, transfer, found).await?;
    if tables::all_found(lines, &tracks) {
        return Ok(learned);
    }
    for track in tracks.iter().filter(|track| !track.is_read) {
        let own = OwnTrack::find(&mut *platform.db.conn().await?, track.id).await?;
        // Deleted, or moved to quarantine, a moment ago: it is known by its name alone.
        let Some(own) = own else { continue };
        let Ok(file) = platform.storage.file(&own.source_key).await else { continue };
        let tags = ingest::tags(platform, file, own.filename.as_deref().unwrap_or_default()).await?;
        learned.extend(tags.ok().map(|tags| (track.id, tags)));
    }
    Ok(learned)
}

/// The tracks that were made of the files that a table is about.
async fn known(conn: &mut Conn, transfer: &Transfer, found: &Found) -> Result<Vec<Known>> {
    let Some(release) = transfer.release_id else { return Ok(Vec::new()) };
    let made = Unpacked::tracks(conn, transfer.id, &found.about).await?;
    let tracks = Track::list_of(conn, release, Some(transfer.account_id)).await?;
    Ok(tracks.into_iter().filter(|track| made.contains(&track.id)).map(Known::from).collect())
}

async fn apply(
    platform: &Platform,
    transfer: &Transfer,
    run: &Run,
    found: &Found,
    lines: &[Line],
    learned: &HashMap<TrackId, Suggestions>,
) -> Result<()> {
    let release = transfer.release_id.ok_or_else(|| anyhow::anyhow!("an archive without its release"))?;
    platform
        .db
        .transaction(async |conn| {
            run.fence(conn).await?;
            OwnRelease::lock(conn, release, transfer.account_id).await?;
            let places = OwnTrack::count(conn, release).await?.all;
            let mut tracks = known(conn, transfer, found).await?;
            for track in &mut tracks {
                if let Some(tags) = learned.get(&track.id) {
                    track.read(tags.clone());
                }
            }
            let fitted = tables::fit(lines, &tracks, places);
            tables::change(conn, transfer.account_id, &fitted).await?;
            let left: Vec<LineReport> =
                fitted.into_iter().map(|(line, _)| line).filter(|line| line.problem.is_some()).collect();
            let report = TableReport { applied: lines.len() - left.len(), left };
            let filename = found.entry.name.rsplit('/').next().unwrap_or_default();
            Unpacked::note_table(conn, transfer.id, (found.number, filename), &json!(report)).await
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_other_releases_say_nothing_of_this_one() {
        let (own, other) = (ReleaseId::new(), ReleaseId::new());
        let table = format!("title,release_id\nA,{other}\nB,{own}\nC,\n");
        let lines = || tables::read(table.as_bytes()).expect("a table");
        let kept = |release| of_one_release(lines(), Some(release)).map(|lines| lines.len());
        assert_eq!(kept(own), Ok(2));
        assert!(kept(ReleaseId::new()).is_err());
        let of_one = tables::read(format!("title,release_id\nA,{other}\n").as_bytes()).expect("a table");
        assert_eq!(of_one_release(of_one, Some(own)).map(|lines| lines.len()), Ok(1));
    }

    #[test]
    fn a_table_is_known_by_its_ending() {
        for name in ["tracks.csv", "Tides/Tracks.CSV", "a.b/c.csv"] {
            assert!(is_table(name), "{name}");
        }
        for name in ["tracks.txt", "csv", "__MACOSX/._tracks.csv", ".tracks.csv", ".git/tracks.csv", "tracks.csv/a.wav"]
        {
            assert!(!is_table(name), "{name}");
        }
    }
}
