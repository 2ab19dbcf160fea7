use super::beats::{pulse, track};
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
    #[cfg(test)]
    if std::env::var_os("TEMPO_DEBUG").is_some() {
        for l in levels.iter().take(6) {
            eprintln!("    {:.2} {:.4}", l.bpm, l.score);
        }
    }
    let best = levels.first()?;
    let bpm = best.bpm;
    let rival = levels.iter().find(|level| (level.bpm / bpm).ln().abs() > 0.05).map_or(0.0, |rival| rival.score);
    let confidence = 1.0 - rival / best.score.max(f32::MIN_POSITIVE);
    Some(Tempo { bpm, confidence: confidence.clamp(0.0, 1.0) })
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

fn level(excerpts: &[Excerpt], bpm: f32) -> Option<Level> {
    let (mut score, mut weights, mut found) = (0.0, 0.0, Vec::new());
    for excerpt in excerpts {
        weights += excerpt.weight;
        let beats = track(&excerpt.onsets, 60.0 / bpm * FRAMES_PER_SECOND);
        let Some(pulse) = pulse(&excerpt.onsets, &beats) else { continue };
        let contrast = ((pulse.beats - pulse.between) / (pulse.beats + pulse.between)).max(0.0);
        let even = 2.0 * pulse.weaker / (pulse.beats + pulse.weaker).max(f32::MIN_POSITIVE);
        let even3 = 2.0 * pulse.weakest / (pulse.beats + pulse.weakest).max(f32::MIN_POSITIVE);
        let comb = comb(&excerpt.repeats, pulse.period).max(0.0);
        score += excerpt.weight * contrast.sqrt() * even.powi(3) * even3 * comb;
        found.push((60.0 * FRAMES_PER_SECOND / pulse.period, excerpt.weight));
    }
    let bpm = middle(&mut found)?;
    Some(Level { bpm, score: prior(bpm) * score / weights, found })
}

/// People tap near 120 rather than elsewhere.
fn prior(bpm: f32) -> f32 {
    (-0.5 * (bpm / 120.0).log2().powi(2)).exp()
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
