use crate::quality::chunk::Chunk;

/// What does not rise above -70 dBFS is silence to a listener; BS.1770 draws the same line.
pub(crate) const QUIET: f32 = 0.000_316_227_77;

/// Where the sound begins and where it ends.
pub(crate) struct Silence {
    /// Above -70 dBFS.
    audible: Span,
    /// Anything but zero.
    nonzero: Span,
    frames: u64,
}

/// From the first to behind the last frame above a threshold.
struct Span {
    threshold: f32,
    first: Option<u64>,
    end: u64,
}

/// In frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Edges {
    pub(crate) leading: u64,
    pub(crate) trailing: u64,
}

impl Silence {
    pub(crate) fn new() -> Self {
        Self { audible: Span::above(QUIET), nonzero: Span::above(0.0), frames: 0 }
    }

    pub(crate) fn add(&mut self, chunk: &Chunk) {
        self.audible.add(chunk);
        self.nonzero.add(chunk);
        self.frames += chunk.frames() as u64;
    }

    /// Frames up to -70 dBFS at the start and at the end; all of them at the start if there is no more.
    pub(crate) fn quiet(&self) -> Edges {
        self.audible.edges(self.frames)
    }

    /// Frames of zeros at the start and at the end.
    pub(crate) fn digital(&self) -> Edges {
        self.nonzero.edges(self.frames)
    }
}

impl Span {
    fn above(threshold: f32) -> Self {
        Self { threshold, first: None, end: 0 }
    }

    fn add(&mut self, chunk: &Chunk) {
        if chunk.peak() <= self.threshold {
            return;
        }
        let is_above = |sample: &f32| sample.abs() > self.threshold;
        if self.first.is_none() {
            let first = chunk.planes().filter_map(|(samples, _)| samples.iter().position(is_above)).min();
            self.first = first.map(|first| chunk.start + first as u64);
        }
        if let Some(last) = chunk.planes().filter_map(|(samples, _)| samples.iter().rposition(is_above)).max() {
            self.end = chunk.start + last as u64 + 1;
        }
    }

    fn edges(&self, frames: u64) -> Edges {
        match self.first {
            Some(first) => Edges { leading: first, trailing: frames.saturating_sub(self.end) },
            None => Edges { leading: frames, trailing: 0 },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn silence_of(samples: &[f32]) -> Silence {
        let (mut silence, mut chunk) = (Silence::new(), Chunk::new(2));
        let mut rest = samples;
        while !rest.is_empty() {
            rest = chunk.fill(rest);
            chunk.sum_up();
            silence.add(&chunk);
            chunk.clear();
        }
        silence
    }

    #[test]
    fn the_edges_are_exact_to_the_frame_on_either_channel() {
        let mut samples = vec![0.0; 2 * 10_000];
        samples[2 * 1_500] = 0.0001; // not zero, and not heard
        samples[2 * 3_000 + 1] = -0.5;
        samples[2 * 7_999] = 0.2;
        samples[2 * 9_000 + 1] = -0.0002;
        let silence = silence_of(&samples);
        assert_eq!(silence.quiet(), Edges { leading: 3_000, trailing: 2_000 });
        assert_eq!(silence.digital(), Edges { leading: 1_500, trailing: 999 });
    }

    #[test]
    fn where_nothing_is_heard_all_is_leading_silence() {
        assert_eq!(silence_of(&[0.0; 2 * 5_000]).digital(), Edges { leading: 5_000, trailing: 0 });
        assert_eq!(silence_of(&[0.0002; 2 * 5_000]).quiet(), Edges { leading: 5_000, trailing: 0 });
        assert_eq!(silence_of(&[0.0002; 2 * 5_000]).digital(), Edges { leading: 0, trailing: 0 });
    }
}
