//! Previews: the piece of a track that those hear who are not signed in, where the server is set up so.

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use crate::artists::{Playable, PlayableRendition, SegmentIndex};

/// How much is heard, in ms: from where the nearest segment begins, to the end of the one in which that lies.
const LENGTH_MS: i64 = 30_000;

/// The piece of a track that is heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Preview {
    /// Where in the track it begins.
    start_ms: i64,
    duration_ms: i64,
}

/// The piece of a track, from where its artist wants it to begin.
pub(super) fn of(track: &Playable) -> Preview {
    let start_ms = start_ms(track.preview_start_ms, track.duration_ms);
    Preview { start_ms, duration_ms: LENGTH_MS.min(track.duration_ms - start_ms) }
}

// A start so late that little is left is moved ahead.
fn start_ms(wanted_ms: i64, duration_ms: i64) -> i64 {
    wanted_ms.clamp(0, (duration_ms - LENGTH_MS).max(0))
}

/// Leaves of a track what a preview opens: the segments of the piece.
pub(super) fn cut(track: &mut Playable) {
    let start_ms = start_ms(track.preview_start_ms, track.duration_ms);
    track.renditions = track.renditions.iter().filter_map(|rendition| cut_rendition(rendition, start_ms)).collect();
}

fn cut_rendition(rendition: &PlayableRendition, start_ms: i64) -> Option<PlayableRendition> {
    let index = cut_index(rendition.segments.as_deref()?, start_ms);
    Some(PlayableRendition { segments: Some(Arc::new(index)), ..rendition.clone() })
}

fn cut_index(index: &SegmentIndex, start_ms: i64) -> SegmentIndex {
    let ticks = |ms: i64| ms.unsigned_abs() * u64::from(index.timescale_hz) / 1000;
    // Where each segment begins, in the music: what is skipped before its first sample belongs to the first one.
    let begins = index.segments.iter().scan(0, |at, segment| {
        let begin = u64::saturating_sub(*at, index.pre_skip);
        *at += segment.duration;
        Some(begin)
    });
    let begins: Vec<u64> = begins.collect();
    let wanted = ticks(start_ms);
    let first = (0..begins.len()).min_by_key(|number| begins[*number].abs_diff(wanted)).unwrap_or(0);
    let end = begins.get(first).map_or(0, |begin| begin + ticks(LENGTH_MS));
    let last = begins.partition_point(|begin| *begin < end);
    let pre_skip = if first == 0 { index.pre_skip } else { 0 };
    SegmentIndex { segments: index.segments[first..last].to_vec(), pre_skip, ..index.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artists::Segment;

    fn index(seconds: u64) -> SegmentIndex {
        let segment = |number| Segment { offset: 50 + number * 1000, size: 1000, duration: 96_000, media: None };
        let segments = (0..seconds / 2).map(segment).collect();
        SegmentIndex { init_bytes: 50, timescale_hz: 48_000, segments, pre_skip: 312, ..SegmentIndex::default() }
    }

    fn places(index: &SegmentIndex) -> Vec<u64> {
        index.segments.iter().map(|segment| (segment.offset - 50) / 1000).collect()
    }

    #[test]
    fn a_preview_is_thirty_seconds_from_where_the_artist_wants_it() {
        let whole = index(100);
        // What is skipped before the first sample belongs to the first segment.
        assert_eq!(places(&cut_index(&whole, 0)), (0..16).collect::<Vec<_>>());
        assert_eq!(cut_index(&whole, 0).pre_skip, 312);
        // At the nearest place where a segment begins: 42 s without what is skipped, rather than 40.
        let later = cut_index(&whole, 41_000);
        assert_eq!((places(&later), later.pre_skip), ((21..36).collect::<Vec<_>>(), 0));
        assert_eq!(places(&cut_index(&whole, 40_200)), (20..35).collect::<Vec<_>>());
        assert_eq!(places(&cut_index(&index(10), 0)), (0..5).collect::<Vec<_>>());
        assert!(places(&cut_index(&index(0), 0)).is_empty());
    }

    #[test]
    fn a_preview_lies_in_its_track() {
        assert_eq!((start_ms(5_000, 100_000), start_ms(90_000, 100_000), start_ms(5_000, 20_000)), (5_000, 70_000, 0));
    }
}
