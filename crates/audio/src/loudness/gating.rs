//! From the mean squares of steps of 10 ms to loudness: windows, gates, percentiles (BS.1770-4, EBU Tech 3341 and 3342).

use serde::{Deserialize, Serialize};

/// Steps of 10 ms in 100 ms, after which the next window begins that the gates look at; in 400 ms; in 3 s.
const HOP: usize = 10;
const MOMENTARY: usize = 40;
const SHORT_TERM: usize = 300;

/// What is not louder is silence.
const ABSOLUTE_GATE_LUFS: f64 = -70.0;
/// Below the mean of what passed the absolute gate.
const RELATIVE_GATE_LU: f64 = -10.0;
const RANGE_GATE_LU: f64 = -20.0;

/// Weighted mean squares, all channels summed up (the argument of BS.1770-4 equation 2).
#[derive(Default)]
pub(crate) struct Steps {
    /// Of 10 ms each, the last few seconds.
    recent: Vec<f32>,
    /// Of 100 ms each, all of them.
    hops: Vec<f32>,
    momentary_max: f32,
    short_term_max: f32,
    count: usize,
}

impl Steps {
    pub(crate) fn push(&mut self, step: f32) {
        if self.recent.len() == 2 * SHORT_TERM {
            self.recent.drain(..SHORT_TERM);
        }
        self.recent.push(step);
        self.count += 1;
        self.momentary_max = self.momentary_max.max(last(&self.recent, MOMENTARY));
        self.short_term_max = self.short_term_max.max(last(&self.recent, SHORT_TERM));
        if self.count.is_multiple_of(HOP) {
            self.hops.push(last(&self.recent, HOP));
        }
    }

    /// All windows of 400 ms and of 3 s, each 100 ms after the one before.
    pub(crate) fn blocks(&self) -> (Vec<f32>, Vec<f32>) {
        (windows(&self.hops, MOMENTARY / HOP), windows(&self.hops, SHORT_TERM / HOP))
    }

    pub(crate) fn momentary_max(&self) -> Option<f64> {
        audible(self.momentary_max)
    }

    pub(crate) fn short_term_max(&self) -> Option<f64> {
        audible(self.short_term_max)
    }
}

/// The mean of the last so many steps; 0 where there are fewer.
fn last(steps: &[f32], length: usize) -> f32 {
    let window = steps.len().checked_sub(length).map_or(&[][..], |start| &steps[start..]);
    (window.iter().map(|step| f64::from(*step)).sum::<f64>() / length as f64) as f32
}

fn windows(steps: &[f32], length: usize) -> Vec<f32> {
    steps.windows(length).map(|window| last(window, length)).collect()
}

fn audible(energy: f32) -> Option<f64> {
    Some(lufs(f64::from(energy))).filter(|lufs| *lufs > ABSOLUTE_GATE_LUFS)
}

/// Integrated loudness in LUFS of windows of 400 ms; `None` where nothing passes the absolute gate.
pub(crate) fn integrated(momentary: &[f32]) -> Option<f64> {
    let audible = above(momentary, ABSOLUTE_GATE_LUFS);
    let gate = lufs(mean(&audible)?) + RELATIVE_GATE_LU;
    mean(&above(&audible, gate)).map(lufs)
}

/// Loudness range in LU of windows of 3 s; 0 where there are none.
pub(crate) fn range(short_term: &[f32]) -> f64 {
    let audible = above(short_term, ABSOLUTE_GATE_LUFS);
    let Some(mean) = mean(&audible) else { return 0.0 };
    let mut gated = above(&audible, lufs(mean) + RANGE_GATE_LU);
    gated.sort_by(f32::total_cmp);
    let at = |share: f64| {
        let index = ((gated.len().saturating_sub(1)) as f64 * share).round() as usize;
        gated.get(index).map(|energy| lufs(f64::from(*energy)))
    };
    at(0.95).zip(at(0.10)).map_or(0.0, |(high, low)| high - low)
}

/// How often each loudness occurs in a track: all that the integrated loudness of several tracks together needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoudnessHistogram {
    /// Tenths of LU above -70 LUFS, and the number of windows of 400 ms that are so loud; louder ones behind quieter ones.
    pub bins: Vec<(u16, u32)>,
}

impl LoudnessHistogram {
    pub(crate) fn of(momentary: &[f32]) -> Self {
        let mut counts = std::collections::BTreeMap::new();
        for energy in above(momentary, ABSOLUTE_GATE_LUFS) {
            let tenths = (lufs(f64::from(energy)) - ABSOLUTE_GATE_LUFS) * 10.0;
            *counts.entry(tenths as u16).or_default() += 1;
        }
        Self { bins: counts.into_iter().collect() }
    }

    /// Integrated loudness in LUFS of tracks that are heard one after the other, as of a release (EBU R 128 s1), to a
    /// twentieth of a LU; `None` where all are silent.
    pub fn integrated<'a>(tracks: impl IntoIterator<Item = &'a Self>) -> Option<f64> {
        let bins: Vec<(f64, f64)> = tracks
            .into_iter()
            .flat_map(|track| &track.bins)
            .map(|(tenths, count)| (energy((f64::from(*tenths) + 0.5) / 10.0 + ABSOLUTE_GATE_LUFS), f64::from(*count)))
            .collect();
        let mean = |gate: f64| {
            let gated = bins.iter().filter(|(energy, _)| *energy > gate);
            let (sum, count) =
                gated.fold((0.0, 0.0), |(sum, total), (energy, count)| (sum + energy * count, total + count));
            (count > 0.0).then(|| sum / count)
        };
        let gate = lufs(mean(0.0)?) + RELATIVE_GATE_LU;
        mean(energy(gate)).map(lufs)
    }
}

fn above(energies: &[f32], gate_lufs: f64) -> Vec<f32> {
    let gate = energy(gate_lufs);
    energies.iter().copied().filter(|energy| f64::from(*energy) > gate).collect()
}

fn mean(energies: &[f32]) -> Option<f64> {
    let sum: f64 = energies.iter().map(|energy| f64::from(*energy)).sum();
    (!energies.is_empty()).then(|| sum / energies.len() as f64)
}

/// BS.1770-4 equation 2.
fn lufs(energy: f64) -> f64 {
    -0.691 + 10.0 * energy.log10()
}

fn energy(lufs: f64) -> f64 {
    10f64.powf((lufs + 0.691) / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(parts: &[(f64, usize)]) -> Vec<f32> {
        parts.iter().flat_map(|(lufs, count)| std::iter::repeat_n(energy(*lufs) as f32, *count)).collect()
    }

    #[test]
    fn a_release_is_as_loud_as_its_tracks_in_a_row() {
        for (loud, soft) in [(-10.0, -14.0), (-10.0, -30.0), (-23.0, -23.0)] {
            let (one, two) = (of(&[(loud, 700), (-80.0, 50)]), of(&[(soft, 300)]));
            let together = integrated(&[one.clone(), two.clone()].concat()).unwrap();
            let merged =
                LoudnessHistogram::integrated([&LoudnessHistogram::of(&one), &LoudnessHistogram::of(&two)]).unwrap();
            assert!((together - merged).abs() <= 0.06, "{loud} and {soft}: {together} or {merged}");
        }
        assert_eq!(LoudnessHistogram::integrated([&LoudnessHistogram::default()]), None);
    }

    #[test]
    fn silence_has_no_loudness() {
        assert_eq!(integrated(&of(&[(-71.0, 100)])), None);
        assert_eq!((Steps::default().momentary_max(), Steps::default().blocks().1.len()), (None, 0));
        assert_eq!(range(&of(&[(-90.0, 100)])), 0.0);
    }
}
