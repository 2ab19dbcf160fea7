//! What a recording sounds like, and where else it is: fingerprints in the table, looked up by some of their items.

use diesel::prelude::*;
use diesel::sql_types::{Array, Binary, Integer, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use legato_audio::{Match, align, fingerprint_keys};

use super::schema::analyses;
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::TrackId;
use crate::platform::task;

/// Another track with the same recording.
#[derive(Debug, Clone)]
pub(super) struct SameRecording {
    pub(super) track: TrackId,
    pub(super) found: Match,
}

#[derive(QueryableByName)]
struct Candidate {
    #[diesel(sql_type = SqlUuid)]
    track_id: TrackId,
    #[diesel(sql_type = Binary)]
    fingerprint: Vec<u8>,
}

/// The items by which a fingerprint is looked up, each once.
pub(super) fn keys(items: &[u32]) -> Vec<i32> {
    fingerprint_keys(items).into_iter().map(u32::cast_signed).collect()
}

/// The fingerprint of an analysed track.
pub(super) async fn find(conn: &mut Conn, track: TrackId) -> Result<Option<Vec<u32>>> {
    let bytes: Option<Option<Vec<u8>>> =
        analyses::table.find(track).select(analyses::fingerprint).first(conn).await.optional()?;
    Ok(bytes.flatten().as_deref().map(items))
}

/// Tracks whose recording is the same as this one, or holds it, or a part of it; the best match first.
///
/// Some 10 s of the same music are found in any encoding and at any volume.
pub(super) async fn same(conn: &mut Conn, sought: Vec<u32>, but: TrackId) -> Result<Vec<SameRecording>> {
    let candidates = prepared(
        sql("select n.track_id, n.fingerprint
             from artists.analyses n
             where n.fingerprint_keys && $1 and n.track_id <> $2
             order by (select count(*) from unnest(n.fingerprint_keys) k where k = any($1)) desc, n.track_id
             limit 20")
        .bind::<Array<Integer>, _>(keys(&sought))
        .bind::<SqlUuid, _>(but),
    );
    let candidates: Vec<Candidate> = candidates.load(conn).await?;
    // Long recordings take their time, which others who ask do not have.
    Ok(task::blocking(move || compare(&sought, &candidates)).await?)
}

fn compare(sought: &[u32], candidates: &[Candidate]) -> Vec<SameRecording> {
    let same = candidates.iter().filter_map(|other| {
        let found = align(sought, &items(&other.fingerprint)).filter(Match::is_same_recording)?;
        Some(SameRecording { track: other.track_id, found })
    });
    let mut same: Vec<SameRecording> = same.collect();
    same.sort_by(|one, other| one.found.bit_error_rate.total_cmp(&other.found.bit_error_rate));
    same
}

/// As they are stored: four bytes each, little-endian.
pub(super) fn items(bytes: &[u8]) -> Vec<u32> {
    bytes.as_chunks::<4>().0.iter().map(|item| u32::from_le_bytes(*item)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_read_as_it_was() {
        assert_eq!(items(&[1, 0, 0, 0, 4, 3, 2, 1, 9]), [1, 0x0102_0304]);
    }
}
