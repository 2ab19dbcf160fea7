use crate::isobmff::{Movie, SoundTrack};
use std::ops::Range;

/// The part of the decoded frames that is music: encoders put frames before it and fill up the last
/// packet behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Window {
    /// Frames to drop from the start.
    skip: u64,
    /// Frames to give after that; `None` for all there are.
    keep: Option<u64>,
}

/// No encoder delays by more than this; a greater number is damage, not a gap.
const MAX_SKIP: u64 = 20_000;

impl Window {
    pub(crate) fn skipping(frames: u64) -> Self {
        Self { skip: frames, keep: None }
    }

    /// What an MP4 says: iTunes' tag, which counts frames, before the edit list, whose end may be
    /// rounded to milliseconds.
    pub(crate) fn of_movie(movie: &Movie, track_id: u32, rate_hz: u32) -> Option<Self> {
        let track = movie.tracks.iter().find(|track| track.id == track_id)?;
        let total = scale(track.media_duration, rate_hz, track.timescale);
        let tag = movie.itunes.filter(|tag| tag.delay <= MAX_SKIP && total.is_none_or(|total| tag.frames <= total));
        match tag {
            Some(tag) => Some(Self { skip: tag.delay, keep: Some(tag.frames) }),
            None => Self::of_edit(movie, track, rate_hz),
        }
    }

    fn of_edit(movie: &Movie, track: &SoundTrack, rate_hz: u32) -> Option<Self> {
        // Several edits are a cut of its own; all samples are then played as they come.
        let [edit] = track.edits[..] else { return None };
        let skip = scale(edit.media_time, rate_hz, track.timescale)?;
        if track.media_duration == 0 {
            return Some(Self { skip, keep: None }); // fragmented: the last sample is shortened instead
        }
        let rest = scale(track.media_duration.checked_sub(edit.media_time)?, rate_hz, track.timescale)?;
        let edited = scale(edit.duration, rate_hz, movie.timescale).filter(|frames| *frames > 0).unwrap_or(rest);
        let tick = scale(1, rate_hz, movie.timescale)? + 1;
        let keep = if edited.abs_diff(rest) <= tick { rest } else { edited.min(rest) };
        Some(Self { skip, keep: Some(keep) })
    }

    /// What the packet table of a Core Audio file says; without one it counts all frames that there are.
    pub(crate) fn of_packet_table(priming: Option<u32>, valid: Option<u64>) -> Self {
        Self { skip: priming.map_or(0, u64::from), keep: valid.filter(|frames| *frames > 0) }
    }

    /// Decoded frames that are to be dropped still.
    pub(crate) fn to_skip(&self) -> u64 {
        self.skip
    }

    /// Frames that will come out, if the file says so.
    pub(crate) fn frames(&self) -> Option<u64> {
        self.keep
    }

    /// Frames that will come out of `claimed` decoded ones.
    pub(crate) fn of_claim(&self, claimed: u64) -> u64 {
        claimed.saturating_sub(self.skip)
    }

    /// The part of the next `frames` decoded frames that lies in the window.
    pub(crate) fn advance(&mut self, frames: usize) -> Range<usize> {
        let frames = frames as u64;
        let start = self.skip.min(frames);
        self.skip -= start;
        let inside = self.keep.unwrap_or(u64::MAX).min(frames - start);
        if let Some(keep) = &mut self.keep {
            *keep -= inside;
        }
        start as usize..(start + inside) as usize
    }

    /// Nothing that follows lies in the window.
    pub(crate) fn is_over(&self) -> bool {
        self.keep == Some(0)
    }
}

/// `ticks` of `from` per second, in ticks of `to` per second.
fn scale(ticks: u64, to: u32, from: u32) -> Option<u64> {
    let scaled = (u128::from(ticks) * u128::from(to)).checked_div(u128::from(from))?;
    u64::try_from(scaled).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::isobmff::{Edit, ItunesGapless};

    fn movie(media_duration: u64, edit: Edit) -> Movie {
        let track = SoundTrack { id: 1, timescale: 44_100, media_duration, edits: vec![edit], ..Default::default() };
        Movie { timescale: 1_000, tracks: vec![track], ..Default::default() }
    }

    #[test]
    fn an_end_rounded_to_milliseconds_gives_way_to_the_exact_one() {
        let movie = movie(1_024 + 44_111, Edit { duration: 1_000, media_time: 1_024 });
        assert_eq!(Window::of_movie(&movie, 1, 44_100), Some(Window { skip: 1_024, keep: Some(44_111) }));
    }

    #[test]
    fn an_edit_that_really_cuts_is_obeyed() {
        let movie = movie(1_024 + 88_200, Edit { duration: 1_000, media_time: 1_024 });
        assert_eq!(Window::of_movie(&movie, 1, 44_100), Some(Window { skip: 1_024, keep: Some(44_100) }));
    }

    #[test]
    fn the_itunes_tag_comes_first_unless_it_is_absurd() {
        let mut movie = movie(90_000, Edit { duration: 2_000, media_time: 0 });
        movie.itunes = Some(ItunesGapless { delay: 2_112, frames: 80_000 });
        assert_eq!(Window::of_movie(&movie, 1, 44_100), Some(Window { skip: 2_112, keep: Some(80_000) }));
        movie.itunes = Some(ItunesGapless { delay: 2_112, frames: u64::MAX });
        assert_eq!(Window::of_movie(&movie, 1, 44_100).and_then(|window| window.frames()), Some(88_200));
    }

    #[test]
    fn a_window_may_begin_and_end_inside_packets() {
        let mut window = Window { skip: 1_500, keep: Some(1_000) };
        assert_eq!(window.advance(1_024), 1_024..1_024);
        assert_eq!(window.advance(1_024), 476..1_024);
        assert!(!window.is_over());
        assert_eq!(window.advance(1_024), 0..452);
        assert!(window.is_over());
    }
}
