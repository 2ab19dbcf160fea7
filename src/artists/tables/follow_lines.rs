//! Follow what a table says of a file that came after it.

use serde::{Deserialize, Serialize};

use super::awaiting::AwaitingLine;
use super::fitting::{self, Known};
use super::put_metadata::change;
use super::sheet::Line;
use crate::artists::own_track::OwnTrack;
use crate::artists::release::OwnRelease;
use crate::artists::track::Track;
use crate::platform::Platform;
use crate::platform::db::Conn;
use crate::platform::error::{Error, Result};
use crate::platform::id::{AccountId, ReleaseId, TrackId};
use crate::platform::jobs::{self, Failure, Job, Run};

/// The lines that may be about a track, now that its file's tags are known.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct FollowLines {
    track: TrackId,
}

impl Job for FollowLines {
    const KIND: &'static str = "artists.follow_lines";
    const QUEUE: &'static str = "ingest";
}

/// In the transaction that notes a file's tags: where lines wait for files, one may be about this.
pub(in crate::artists) async fn expect(conn: &mut Conn, track: &OwnTrack) -> Result<()> {
    if AwaitingLine::is_any(conn, track.release).await? { enqueue(conn, track.id).await } else { Ok(()) }
}

/// In the transaction in which lines begin to wait: the file of a track may be read at the same moment.
pub(super) async fn enqueue(conn: &mut Conn, track: TrackId) -> Result<()> {
    jobs::new(FollowLines { track }).priority(5).enqueue(conn).await.map(drop)
}

/// Makes the track what its line says. May run twice.
pub(crate) async fn run(platform: Platform, job: FollowLines, run: Run) -> Result<(), Failure> {
    let followed = platform.db.transaction(async |conn| {
        run.fence(conn).await?;
        if let Some(found) = find(conn, job.track).await? {
            follow(conn, found, job.track).await?;
        }
        run.complete(conn).await
    });
    Ok(followed.await?)
}

/// A line that waited for a file, and what it was found among.
struct Found {
    release: ReleaseId,
    /// In whose name it is followed.
    member: AccountId,
    line: Line,
    lines: Vec<AwaitingLine>,
    tracks: Vec<Known>,
}

/// The line that waits for the file of this track. The release and the track stay locked, in this order.
async fn find(conn: &mut Conn, id: TrackId) -> Result<Option<Found>> {
    let Some(OwnTrack { release, .. }) = OwnTrack::find(conn, id).await? else { return Ok(None) };
    let lines = AwaitingLine::list(conn, release).await?;
    let Some(member) = lines.first().map(|line| line.account) else { return Ok(None) };
    match OwnRelease::lock(conn, release, member).await {
        Ok(_) => {}
        // Who sent the table has no say here any more.
        Err(Error::NotFound(_)) => return Ok(None),
        Err(error) => return Err(error),
    }
    // Who notes what the tags of its file say holds the track meanwhile.
    if OwnTrack::lock(conn, id).await?.is_none() {
        return Ok(None);
    }
    // As they are now that nobody changes them.
    let lines = AwaitingLine::list(conn, release).await?;
    let tracks = Track::list_of(conn, release, Some(member)).await?;
    let tracks: Vec<Known> = tracks.into_iter().map(Known::from).collect();
    if lines.iter().any(|line| line.track == Some(id)) {
        return Ok(None);
    }
    let waiting = lines.iter().filter(|line| line.track.is_none()).map(AwaitingLine::line);
    let line = fitting::about(id, waiting, &tracks);
    Ok(line.map(|line| Found { release, member, line, lines, tracks }))
}

async fn follow(conn: &mut Conn, found: Found, id: TrackId) -> Result<()> {
    let Found { release, member, line, lines, tracks } = found;
    let last = i32::try_from(tracks.len()).unwrap_or(i32::MAX);
    let own = tracks.iter().find(|track| track.id == id).and_then(Known::place).unwrap_or(last);
    let mut fitted = fitting::fit(std::slice::from_ref(&line), &tracks, tracks.len());
    for changes in fitted.iter_mut().filter_map(|(_, changes)| changes.as_mut()) {
        changes.position = changes.position.map(|wanted| place(wanted, own, &lines).min(last));
    }
    change(conn, member, &fitted).await?;
    AwaitingLine::follow(conn, release, line.number, id).await?;
    // It was the last that waited.
    if lines.iter().filter(|other| other.track.is_none()).count() == 1 {
        AwaitingLine::forget(conn, release).await?;
    }
    Ok(())
}

/// The place of a track that has the place `own`, and whose line wants it at `wanted`, while others are still to come: behind
/// those that go before it, wherever their artist has put them, else before those that go behind it.
fn place(wanted: i32, own: i32, lines: &[AwaitingLine]) -> i32 {
    // Where it was is closed up before it is put anywhere.
    let without_it = |place: i32| if place > own { place - 1 } else { place };
    let placed = || lines.iter().filter_map(|other| Some((other.line().position().ok()??, without_it(other.place?))));
    let before = placed().filter(|(theirs, _)| *theirs < wanted).map(|(_, place)| place + 1).max();
    let behind = placed().filter(|(theirs, _)| *theirs > wanted).map(|(_, place)| place).min();
    before.or(behind).unwrap_or(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_track_goes_behind_those_that_come_before_it_and_before_the_others() {
        let placed = |wanted: i32, place| AwaitingLine::placed(wanted, place);
        // The third and the fifth are there, with a bonus track before them and another behind.
        let lines = [placed(3, Some(2)), placed(5, Some(3)), placed(1, None), placed(4, None), placed(9, None)];
        assert_eq!([1, 4, 9].map(|wanted| place(wanted, 5, &lines)), [2, 3, 4]);
        // The one that is placed is the first itself.
        assert_eq!([1, 4, 9].map(|wanted| place(wanted, 1, &lines)), [1, 2, 3]);
        assert_eq!(place(7, 5, &[]), 7);
    }
}
