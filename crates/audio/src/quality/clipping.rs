use crate::quality::chunk::Chunk;

/// Finds where the tops of waves are cut off: three or more samples in a row with the very same value.
///
/// - At full scale: every such run counts.
/// - At another level, as after a later change of the volume: the level must be the channel's extreme.
///
/// The top of a slow wave is flat to within a step of the quantiser too; but there the neighbours of the
/// run are a step away, where a cut wave arrives and leaves with its full slope. So one neighbour at
/// least must be [`SLOPE`] away.
pub(crate) struct Clipping {
    /// Of each channel, above and below zero.
    sides: Vec<[Side; 2]>,
}

/// What was found.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Clipped {
    pub(crate) at_full_scale: Tally,
    /// At an extreme that is not full scale, and the extreme; the one with the most runs.
    pub(crate) at_ceiling: Option<(f64, Tally)>,
}

/// Counts runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) runs: u64,
    /// In samples.
    pub(crate) longest: u64,
    /// The frame where the first run begins.
    pub(crate) first: Option<u64>,
}

struct Side {
    /// 1 above zero, -1 below; samples are multiplied by it.
    sign: f32,
    previous: f32,
    run: Run,
    /// The greatest sample so far, and its runs.
    extreme: f32,
    ceiling: Tally,
    full_scale: Tally,
}

/// Equal samples in a row.
#[derive(Clone, Copy, Default)]
struct Run {
    value: f32,
    length: u64,
    start: u64,
    /// The sample in front of it.
    before: f32,
}

/// A run that is shorter is chance.
const SHORTEST: u64 = 3;
/// Half a step of 16 bits under their greatest sample, 32767/32768.
const FULL_SCALE: f32 = 32_766.5 / 32_768.0;
/// Sixteen steps of 16 bits: 25 times the slope at the top of a full-scale wave of 20 Hz.
const SLOPE: f32 = 0.000_5;
/// Nobody clips at -20 dBFS; what is flat there is made so.
const LOWEST_CEILING: f32 = 0.1;
/// Samples that are looked at together before looking at each.
const PIECE: usize = 32;

impl Clipping {
    pub(crate) fn new(channels: usize) -> Self {
        Self { sides: (0..channels).map(|_| [Side::new(1.0), Side::new(-1.0)]).collect() }
    }

    pub(crate) fn add(&mut self, chunk: &Chunk) {
        for ([above, below], (samples, totals)) in self.sides.iter_mut().zip(chunk.planes()) {
            above.add(samples, chunk.start, totals.highest);
            below.add(samples, chunk.start, -totals.lowest);
        }
    }

    pub(crate) fn finish(mut self) -> Clipped {
        self.sides.iter_mut().flatten().for_each(|side| side.end_run(side.run.before));
        let sides = || self.sides.iter().flatten();
        let at_full_scale = sides().fold(Tally::default(), |all, side| all.with(side.full_scale));
        let strongest = sides().filter(|side| side.has_ceiling()).max_by_key(|side| side.ceiling.runs);
        let at_ceiling = strongest.map(|strongest| {
            // A cut at +a and -a, and on all channels, is one and the same.
            let same = sides().filter(|side| side.has_ceiling() && side.is_level_with(strongest));
            (f64::from(strongest.extreme), same.fold(Tally::default(), |all, side| all.with(side.ceiling)))
        });
        Clipped { at_full_scale, at_ceiling }
    }
}

impl Side {
    fn new(sign: f32) -> Self {
        Self {
            sign,
            previous: 0.0,
            run: Run::default(),
            extreme: LOWEST_CEILING,
            ceiling: Tally::default(),
            full_scale: Tally::default(),
        }
    }

    /// `highest` is the greatest of the samples, signed.
    fn add(&mut self, samples: &[f32], start: u64, highest: f32) {
        let Some(last) = samples.last() else { return };
        if self.run.length == 0 && highest < self.gate() {
            self.previous = last * self.sign;
            return;
        }
        for (piece, start) in samples.chunks(PIECE).zip((start..).step_by(PIECE)) {
            let highest = piece.iter().fold(f32::MIN, |highest, sample| highest.max(sample * self.sign));
            if self.run.length == 0 && highest < self.gate() {
                self.previous = piece.last().map_or(0.0, |last| last * self.sign);
            } else {
                self.add_piece(piece, start);
            }
        }
    }

    fn add_piece(&mut self, piece: &[f32], start: u64) {
        for (sample, frame) in piece.iter().zip(start..) {
            let sample = sample * self.sign;
            if self.run.length > 0 || sample >= self.gate() {
                self.step(sample, frame);
            }
            self.previous = sample;
        }
    }

    /// What is lower belongs to no run.
    fn gate(&self) -> f32 {
        self.extreme.min(FULL_SCALE)
    }

    fn step(&mut self, sample: f32, frame: u64) {
        if self.run.length > 0 && sample == self.run.value {
            self.run.length += 1;
        } else {
            self.end_run(sample);
            let is_run = sample >= self.gate();
            self.run = Run { value: sample, length: u64::from(is_run), start: frame, before: self.previous };
            if sample > self.extreme {
                self.extreme = sample;
                self.ceiling = Tally::default();
            }
        }
    }

    fn end_run(&mut self, after: f32) {
        let Run { value, length, start, before } = self.run;
        if length < SHORTEST || value - before.min(after) < SLOPE {
            return;
        }
        let run = Tally { runs: 1, longest: length, first: Some(start) };
        if value >= FULL_SCALE {
            self.full_scale = self.full_scale.with(run);
        }
        // A square wave is flat too, but it jumps there from the other side.
        if value == self.extreme && before.max(after) >= value / 2.0 {
            self.ceiling = self.ceiling.with(run);
        }
    }

    fn has_ceiling(&self) -> bool {
        self.ceiling.runs > 0 && !(FULL_SCALE..=1.0).contains(&self.extreme)
    }

    /// To within what one step of 16 bits between +a and -a becomes.
    fn is_level_with(&self, other: &Self) -> bool {
        (self.extreme - other.extreme).abs() < 0.001 * other.extreme
    }
}

impl Tally {
    fn with(self, other: Self) -> Self {
        Self {
            runs: self.runs + other.runs,
            longest: self.longest.max(other.longest),
            first: match (self.first, other.first) {
                (Some(first), Some(second)) => Some(first.min(second)),
                (first, second) => first.or(second),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clipped(samples: &[f32]) -> Clipped {
        let (mut clipping, mut chunk) = (Clipping::new(1), Chunk::new(1));
        let mut rest = samples;
        while !rest.is_empty() {
            rest = chunk.fill(rest);
            chunk.sum_up();
            clipping.add(&chunk);
            chunk.clear();
        }
        clipping.finish()
    }

    /// A second of a sine at 48 kHz in 16 bits, cut off at `ceiling`.
    fn sine(hz: f64, peak: f64, ceiling: f64) -> Vec<f32> {
        let wave = |n: u32| peak * (f64::from(n) * hz * std::f64::consts::TAU / 48_000.0).sin();
        let quantise = |sample: f64| (sample.clamp(-ceiling, ceiling) * 32_768.0).round().clamp(-32_768.0, 32_767.0);
        (0..48_000).map(|n| (quantise(wave(n)) / 32_768.0) as f32).collect()
    }

    #[test]
    fn every_cut_wave_counts_on_both_sides() {
        let found = clipped(&sine(100.0, 1.5, 1.0));
        assert_eq!(found.at_full_scale.runs, 200);
        // arcsin(1/1.5) is 41.8°, so that the rest of the half turn, 96.4°, is flat.
        assert!(found.at_full_scale.longest.abs_diff(480 * 964 / 3600) <= 2, "{found:?}");
        assert_eq!(found.at_full_scale.first.map(|first| first / 10), Some(55 / 10));
        assert_eq!(found.at_ceiling, None);
    }

    #[test]
    fn a_cut_below_and_above_full_scale_is_seen_at_its_level() {
        for gain in [0.5, 0.9, 1.7] {
            let samples: Vec<f32> = sine(100.0, 1.5, 1.0).iter().map(|sample| sample * gain).collect();
            let found = clipped(&samples);
            let (level, tally) = found.at_ceiling.unwrap();
            assert!((level - f64::from(gain)).abs() < 0.001 && tally.runs == 200, "{found:?}");
        }
    }

    #[test]
    fn the_tops_of_whole_waves_are_no_clipping() {
        for hz in [20.0, 35.0, 60.0, 1_000.0, 12_000.0] {
            for peak in [0.3, 0.5, 0.9, 0.999_97] {
                assert_eq!(clipped(&sine(hz, peak, 1.0)), Clipped::default(), "{hz} Hz at {peak}");
            }
        }
    }

    #[test]
    fn two_samples_and_square_waves_are_no_clipping() {
        let mut touching = vec![0.0f32; 10_000];
        (0..9_000).step_by(100).for_each(|n| touching[n..n + 2].fill(1.0));
        assert_eq!(clipped(&touching), Clipped::default());
        let square: Vec<f32> = (0..48_000).map(|n| if n / 50 % 2 == 0 { 0.5 } else { -0.5 }).collect();
        assert_eq!(clipped(&square), Clipped::default());
    }

    #[test]
    fn a_run_across_chunks_and_at_the_end_is_one() {
        let mut samples = vec![0.0f32; 1_030];
        samples[1_020..].fill(-1.0);
        let tally = clipped(&samples).at_full_scale;
        assert_eq!(tally, Tally { runs: 1, longest: 10, first: Some(1_020) });
    }
}
