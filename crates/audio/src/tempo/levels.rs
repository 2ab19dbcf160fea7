use super::beats::{Pulse, pulse, track};
use super::excerpts::{Excerpt, LONGEST_LAG};
use super::onsets::FRAMES_PER_SECOND;
use super::{FASTEST_BPM, SLOWEST_BPM, Tempo};

/// A tempo that could be the one.
struct Level {
    bpm: f32,
    score: f32,
    /// Tempo found in each excerpt, with the excerpt's weight.
    found: Vec<(f32, f32)>,
}

pub(crate) fn choose(excerpts: &[Excerpt]) -> Option<Tempo> {
    let mut levels: Vec<Level> = candidates(excerpts).iter().filter_map(|bpm| level(excerpts, *bpm)).collect();
    levels.sort_by(|a, b| b.score.total_cmp(&a.score));
    let best = levels.first().filter(|best| best.score > 0.0)?;
    Some(Tempo { bpm: best.bpm, confidence: confidence(best, &levels) })
}

/// How far the best is ahead, how clear its beat is, and in how much of the music it is the same. The scales
/// are set low rather than high: of music with soft onsets little can be promised.
fn confidence(best: &Level, levels: &[Level]) -> f32 {
    let is_near = |bpm: f32, percent: f32| (bpm / best.bpm - 1.0).abs() * 100.0 < percent;
    let rival = levels.iter().find(|level| !is_near(level.bpm, 5.0)).map_or(0.0, |rival| rival.score);
    let lead = 1.0 - rival / best.score;
    let clarity = best.score / prior(best.bpm);
    let weight = |found: &[(f32, f32)]| found.iter().map(|(_, weight)| weight).sum::<f32>();
    let same: Vec<(f32, f32)> = best.found.iter().copied().filter(|(bpm, _)| is_near(*bpm, 2.0)).collect();
    (lead * 1.5).min(1.0) * (clarity * 4.0).min(1.0) * weight(&same) / weight(&best.found)
}

const RATIOS: [f32; 9] = [1.0, 0.5, 2.0, 1.0 / 3.0, 3.0, 1.5, 2.0 / 3.0, 0.75, 4.0 / 3.0];

/// The tempi at which most repeats, and their relatives.
fn candidates(excerpts: &[Excerpt]) -> Vec<f32> {
    let repeats = sum(excerpts);
    let steps = ((FASTEST_BPM / SLOWEST_BPM).ln() / 0.01) as usize;
    let grid: Vec<(f32, f32)> = (0..=steps)
        .map(|step| SLOWEST_BPM * (step as f32 * 0.01).exp())
        .map(|bpm| (bpm, comb(&repeats, 60.0 / bpm * FRAMES_PER_SECOND)))
        .collect();
    let mut peaks: Vec<(f32, f32)> =
        grid.windows(3).filter(|w| w[1].1 > w[0].1 && w[1].1 >= w[2].1).map(|w| w[1]).collect();
    peaks.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut candidates: Vec<f32> = Vec::new();
    for (bpm, _) in peaks.iter().take(8) {
        for bpm in RATIOS.map(|ratio| ratio * bpm) {
            let known = candidates.iter().any(|known| (known / bpm).ln().abs() < 0.025);
            if !known && (SLOWEST_BPM..=FASTEST_BPM).contains(&bpm) {
                candidates.push(bpm);
            }
        }
    }
    candidates
}

fn sum(excerpts: &[Excerpt]) -> Vec<f32> {
    let mut sum = vec![0.0; LONGEST_LAG];
    for excerpt in excerpts {
        sum.iter_mut().zip(&excerpt.repeats).for_each(|(sum, repeats)| *sum += repeats * excerpt.weight);
    }
    sum
}

/// How much repeats after one to four periods.
fn comb(repeats: &[f32], period: f32) -> f32 {
    (1..=4).map(|times| at(repeats, times as f32 * period)).sum::<f32>() / 4.0
}

fn at(repeats: &[f32], lag: f32) -> f32 {
    let (below, part) = (lag.floor() as usize, lag.fract());
    let value = |index: usize| repeats.get(index).copied().unwrap_or(0.0);
    value(below) * (1.0 - part) + value(below + 1) * part
}

/// `None` if the beats that are found are too far apart, too near or too few.
fn level(excerpts: &[Excerpt], bpm: f32) -> Option<Level> {
    let (mut score, mut weights, mut found) = (0.0, 0.0, Vec::new());
    for excerpt in excerpts {
        weights += excerpt.weight;
        let beats = track(&excerpt.onsets, 60.0 / bpm * FRAMES_PER_SECOND);
        let Some(pulse) = pulse(&excerpt.onsets, &beats) else { continue };
        score += excerpt.weight * plausibility(&pulse) * comb(&excerpt.repeats, pulse.period).max(0.0);
        found.push((60.0 * FRAMES_PER_SECOND / pulse.period, excerpt.weight));
    }
    let bpm = middle(&mut found).filter(|bpm| (SLOWEST_BPM..=FASTEST_BPM).contains(bpm))?;
    Some(Level { bpm, score: prior(bpm) * score / weights, found })
}

/// 0 to 1. At twice the true tempo every second beat is weak; at half of it what lies between the beats is as
/// strong as they are; at two thirds or four thirds some beats fall on nothing.
fn plausibility(pulse: &Pulse) -> f32 {
    let share = |part: f32| 2.0 * part / (pulse.beats + part).max(f32::MIN_POSITIVE);
    let contrast = 1.0 - share(pulse.between);
    contrast.max(0.0).sqrt() * share(pulse.weaker).powi(3) * share(pulse.weakest)
}

/// People tap near 120 rather than elsewhere.
fn prior(bpm: f32) -> f32 {
    const WIDTH_OCTAVES: f32 = 0.8;
    (-0.5 * ((bpm / 120.0).log2() / WIDTH_OCTAVES).powi(2)).exp()
}

/// The weighted median.
fn middle(found: &mut [(f32, f32)]) -> Option<f32> {
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = found.iter().map(|(_, weight)| weight).sum::<f32>() / 2.0;
    let mut sum = 0.0;
    let middle = found.iter().find(|(_, weight)| {
        sum += weight;
        sum >= half
    });
    middle.map(|(bpm, _)| *bpm)
}
