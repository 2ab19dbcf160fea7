//! What a recording sounds like, and where else it is: fingerprints in the table, looked up by some of their items.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use diesel::sql_types::{Array, Uuid as SqlUuid};
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

/// A track, and another one that has items of its fingerprint.
#[derive(QueryableByName)]
struct Pair {
    #[diesel(sql_type = SqlUuid)]
    sought: TrackId,
    #[diesel(sql_type = SqlUuid)]
    other: TrackId,
}

/// Tracks whose recordings are sought by one query, so that none comes near the time that a query may take: each key of each
/// track is a look at the index, and a mix of an hour has some 7,000.
const AT_ONCE: usize = 10;

/// The items by which a fingerprint is looked up, each once.
pub(super) fn keys(items: &[u32]) -> Vec<i32> {
    fingerprint_keys(items).into_iter().map(u32::cast_signed).collect()
}

/// Tracks whose recording is the same as that of one of these, or holds it, or a part of it; for each of them the best match
/// first. None for what is not analysed.
///
/// Some 10 s of the same music are found in any encoding and at any volume.
pub(super) async fn same(conn: &mut Conn, sought: &[TrackId]) -> Result<Vec<(TrackId, SameRecording)>> {
    let mut same = Vec::new();
    for some in sought.chunks(AT_ONCE) {
        // One look at the index for each key: it says which tracks have it, and counting that reads no fingerprint. To look for
        // all keys at once would take one look, and the fingerprints of all that have any of them.
        let pairs = prepared(
            sql("select s.track_id as sought, o.track_id as other
                 from artists.analyses s cross join lateral (
                    select n.track_id from unnest(s.fingerprint_keys) k
                    join artists.analyses n on n.fingerprint_keys @> array[k]
                    where n.track_id <> s.track_id
                    group by n.track_id order by count(*) desc, n.track_id
                    limit 20) o
                 where s.track_id = any($1)")
            .bind::<Array<SqlUuid>, _>(some),
        );
        let pairs: Vec<Pair> = pairs.load(conn).await?;
        let ids: HashSet<TrackId> = pairs.iter().flat_map(|pair| [pair.sought, pair.other]).collect();
        let fingerprints =
            analyses::table.filter(analyses::track_id.eq_any(ids)).select((analyses::track_id, analyses::fingerprint));
        let fingerprints: Vec<(TrackId, Option<Vec<u8>>)> = fingerprints.load(conn).await?;
        // Long recordings take their time, which others who ask do not have.
        same.extend(task::blocking(move || compare(&pairs, &fingerprints)).await?);
    }
    Ok(same)
}

fn compare(pairs: &[Pair], fingerprints: &[(TrackId, Option<Vec<u8>>)]) -> Vec<(TrackId, SameRecording)> {
    let known = fingerprints.iter().filter_map(|(track, bytes)| Some((*track, items(bytes.as_deref()?))));
    let known: HashMap<TrackId, Vec<u32>> = known.collect();
    let same = pairs.iter().filter_map(|pair| {
        let found = align(known.get(&pair.sought)?, known.get(&pair.other)?).filter(Match::is_same_recording)?;
        Some((pair.sought, SameRecording { track: pair.other, found }))
    });
    let mut same: Vec<(TrackId, SameRecording)> = same.collect();
    same.sort_by(|(_, one), (_, other)| one.found.bit_error_rate.total_cmp(&other.found.bit_error_rate));
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
