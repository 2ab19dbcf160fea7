use std::collections::HashMap;

/// How two fingerprints lie on each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Match {
    /// Where the query's first item lies in the stored fingerprint, in items of 1365 / 11025 s; less than
    /// zero if the query begins earlier.
    pub offset_items: i64,
    /// How many items lie on one another.
    pub overlap: usize,
    /// The share of differing bits in the overlap: 0 is the same, 0.5 what two unrelated items have.
    pub bit_error_rate: f32,
}

impl Match {
    /// The highest bit error rate of the same recording.
    pub const SAME_RECORDING: f32 = 0.35;
    /// The shortest overlap that proves anything: 8 s.
    pub const SHORTEST_OVERLAP: usize = 65;

    /// Whether both are the same recording, in whatever format, loudness and quality.
    pub fn is_same_recording(&self) -> bool {
        self.overlap >= Self::SHORTEST_OVERLAP && self.bit_error_rate <= Self::SAME_RECORDING
    }

    /// How far from chance, which comes nearer to 0.5 the longer the overlap is.
    fn significance(&self) -> f32 {
        (0.5 - self.bit_error_rate) * (self.overlap as f32).sqrt()
    }
}

/// The bits by which items are looked up: enough that unrelated items seldom agree, few enough that
/// related ones often do.
const KEY: u32 = 0xFFFF_0000;
/// A key that comes more often than this in a fingerprint (silence, a steady tone) says nothing about
/// time, and would cost the product of both numbers.
const MAX_PLACES: usize = 32;
/// How many offsets are measured. The most frequent one is nearly always the best.
const CANDIDATES: usize = 8;
/// Overlaps shorter than this, 2.6 s, agree by chance.
const MIN_OVERLAP: usize = 21;

/// The best alignment of two fingerprints, or `None` if nothing suggests one.
///
/// Offsets are counted at which items agree in their masked keys; the most frequent ones, and those beside
/// them, are measured by the bits that differ. Whether it is a good one is for
/// [`Match::is_same_recording`] to say.
pub fn align(query: &[u32], stored: &[u32]) -> Option<Match> {
    let around = |offset: i64| [offset - 1, offset, offset + 1];
    let offsets = frequent_offsets(query, stored).into_iter().flat_map(around);
    let measured = offsets.filter_map(|offset| measure(query, stored, offset));
    measured.max_by(|a, b| a.significance().total_cmp(&b.significance()))
}

fn frequent_offsets(query: &[u32], stored: &[u32]) -> Vec<i64> {
    let (query, stored) = (places(query), places(stored));
    let mut counts: HashMap<i64, u32> = HashMap::new();
    for (key, in_query) in &query {
        let in_stored = stored.get(key).map_or(&[][..], Vec::as_slice);
        if in_query.len() <= MAX_PLACES && in_stored.len() <= MAX_PLACES {
            for (from, to) in in_query.iter().flat_map(|from| in_stored.iter().map(move |to| (from, to))) {
                *counts.entry(i64::from(*to) - i64::from(*from)).or_default() += 1;
            }
        }
    }
    let mut counts: Vec<(i64, u32)> = counts.into_iter().collect();
    // By number, and of equal numbers in a fixed order.
    counts.sort_unstable_by_key(|(offset, count)| (std::cmp::Reverse(*count), *offset));
    counts.truncate(CANDIDATES);
    counts.into_iter().map(|(offset, _)| offset).collect()
}

/// Where each key is found.
fn places(items: &[u32]) -> HashMap<u32, Vec<u32>> {
    let mut places: HashMap<u32, Vec<u32>> = HashMap::new();
    for (place, item) in (0..).zip(items) {
        places.entry(item & KEY).or_default().push(place);
    }
    places
}

fn measure(query: &[u32], stored: &[u32], offset: i64) -> Option<Match> {
    let skipped = usize::try_from(offset.unsigned_abs()).ok()?;
    let (query, stored) = if offset < 0 { (query.get(skipped..)?, stored) } else { (query, stored.get(skipped..)?) };
    let overlap = query.len().min(stored.len());
    if overlap < MIN_OVERLAP {
        return None;
    }
    let differing: u64 = query.iter().zip(stored).map(|(a, b)| u64::from((a ^ b).count_ones())).sum();
    let bit_error_rate = (differing as f64 / (32 * overlap) as f64) as f32;
    Some(Match { offset_items: offset, overlap, bit_error_rate })
}
