/// What lies on the beats of an excerpt when they are taken to be a certain time apart, and what between.
/// All strengths are means of the onset envelope.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pulse {
    /// Frames between two beats, as found.
    pub(crate) period: f32,
    /// On all beats.
    pub(crate) beats: f32,
    /// On every second beat: those with the weaker half first.
    pub(crate) weaker: f32,
    /// The weakest of every third beat.
    pub(crate) weakest: f32,
    /// Between the beats, at the strongest of a half, a third and two thirds of the way.
    pub(crate) between: f32,
}

/// How much a beat that comes early or late costs: a beat 5 % off costs a quarter of an onset's deviation.
const STRICTNESS: f32 = 100.0;

/// The best beats that are about `period` frames apart, by dynamic programming (Ellis, "Beat tracking by
/// dynamic programming", 2007).
pub(crate) fn track(envelope: &[f32], period: f32) -> Vec<usize> {
    let costs = costs(period);
    let mut scores = vec![0f32; envelope.len()];
    let mut previous = vec![usize::MAX; envelope.len()];
    for (at, onset) in envelope.iter().enumerate() {
        let mut best = (0.0, usize::MAX);
        for (lag, cost) in &costs {
            let Some(before) = at.checked_sub(*lag) else { break };
            let score = scores[before] - cost;
            if score > best.0 {
                best = (score, before);
            }
        }
        scores[at] = onset + best.0;
        previous[at] = best.1;
    }
    let tail = envelope.len().saturating_sub(period.ceil() as usize);
    let last = (tail..envelope.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b]));
    let mut beats: Vec<usize> =
        std::iter::successors(last, |at| Some(previous[*at]).filter(|at| *at != usize::MAX)).collect();
    beats.reverse();
    beats
}

/// Lags around a period, ascending, each with what it costs.
fn costs(period: f32) -> Vec<(usize, f32)> {
    let lags = (period * 0.88).floor().max(1.0) as usize..=(period * 1.14).ceil() as usize;
    lags.map(|lag| (lag, STRICTNESS * (lag as f32 / period).ln().powi(2))).collect()
}

/// `None` if there are too few beats to say anything.
pub(crate) fn pulse(envelope: &[f32], beats: &[usize]) -> Option<Pulse> {
    if beats.len() < 5 {
        return None;
    }
    let strengths: Vec<f32> = beats.iter().map(|beat| strength(envelope, *beat as f32)).collect();
    let every =
        |step: usize| (0..step).map(|from| mean(strengths.iter().skip(from).step_by(step))).fold(f32::MAX, f32::min);
    let at = |part: f32| {
        let strengths: Vec<f32> = beats
            .windows(2)
            .map(|pair| strength(envelope, pair[0] as f32 + part * (pair[1] - pair[0]) as f32))
            .collect();
        mean(strengths.iter())
    };
    Some(Pulse {
        period: period(beats),
        beats: mean(strengths.iter()),
        weaker: every(2),
        weakest: every(3),
        between: at(1.0 / 2.0).max(at(1.0 / 3.0)).max(at(2.0 / 3.0)),
    })
}

fn strength(envelope: &[f32], at: f32) -> f32 {
    let at = at.round() as usize;
    let around = at.saturating_sub(1)..(at + 2).min(envelope.len());
    envelope.get(around).unwrap_or_default().iter().copied().fold(0.0, f32::max)
}

/// The slope of a straight line through the beats.
fn period(beats: &[usize]) -> f32 {
    let middle = (beats.len() - 1) as f64 / 2.0;
    let centre = beats.iter().sum::<usize>() as f64 / beats.len() as f64;
    let (mut rise, mut run) = (0.0, 0.0);
    for (number, beat) in beats.iter().enumerate() {
        rise += (number as f64 - middle) * (*beat as f64 - centre);
        run += (number as f64 - middle).powi(2);
    }
    (rise / run) as f32
}

fn mean<'a>(values: impl Iterator<Item = &'a f32>) -> f32 {
    let (sum, count) = values.fold((0.0, 0u32), |(sum, count), value| (sum + value, count + 1));
    sum / count.max(1) as f32
}
