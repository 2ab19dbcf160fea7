use super::onsets::FRAMES_PER_SECOND;

/// A piece of the onset envelope, its slow changes removed and its deviation 1, and what repeats in it.
pub(crate) struct Excerpt {
    pub(crate) onsets: Vec<f32>,
    /// Autocorrelation by lag in frames, 1 at lag 0.
    pub(crate) repeats: Vec<f32>,
    /// How much happens in it, on the scale of the whole envelope.
    pub(crate) weight: f32,
}

/// Sixteen seconds.
const LENGTH: usize = (16.0 * FRAMES_PER_SECOND) as usize;
/// Six seconds, less the frames that would begin in them and end after them.
const SHORTEST: usize = (6.0 * FRAMES_PER_SECOND) as usize - 4;
/// A longer track is heard at so many places, equally far apart.
const MOST: usize = 48;
/// Four beats at the slowest tempo.
pub(crate) const LONGEST_LAG: usize = (4.0 * 60.0 / super::SLOWEST_BPM * FRAMES_PER_SECOND) as usize + 2;

pub(crate) fn excerpts(envelope: &[f32]) -> Vec<Excerpt> {
    if envelope.len() < SHORTEST {
        return Vec::new();
    }
    let length = envelope.len().min(LENGTH);
    let room = envelope.len() - length;
    let steps = (2 * room).div_ceil(LENGTH).min(MOST - 1);
    let starts = (0..=steps).map(|step| (room * step).checked_div(steps).unwrap_or(0));
    starts.filter_map(|start| excerpt(&envelope[start..start + length])).collect()
}

/// `None` if nothing happens.
fn excerpt(envelope: &[f32]) -> Option<Excerpt> {
    let mut onsets = above_mean(&smooth(envelope));
    let power = onsets.iter().map(|onset| onset * onset).sum::<f32>() / onsets.len() as f32;
    if power < f32::MIN_POSITIVE {
        return None;
    }
    let weight = power.sqrt();
    onsets.iter_mut().for_each(|onset| *onset /= weight);
    Some(Excerpt { repeats: autocorrelation(&onsets), onsets, weight })
}

fn smooth(envelope: &[f32]) -> Vec<f32> {
    let at = |index: usize| envelope[index.min(envelope.len() - 1)];
    (0..envelope.len()).map(|n| 0.25 * at(n.saturating_sub(1)) + 0.5 * at(n) + 0.25 * at(n + 1)).collect()
}

/// What rises above the mean of half a second before and after.
fn above_mean(envelope: &[f32]) -> Vec<f32> {
    let reach = (FRAMES_PER_SECOND / 2.0) as usize;
    let mut sums = vec![0f64];
    for onset in envelope {
        sums.push(sums[sums.len() - 1] + f64::from(*onset));
    }
    let above = |(n, onset): (usize, &f32)| {
        let (from, to) = (n.saturating_sub(reach), (n + reach).min(envelope.len()));
        (onset - ((sums[to] - sums[from]) / (to - from) as f64) as f32).max(0.0)
    };
    envelope.iter().enumerate().map(above).collect()
}

/// Pearson's, with the mean taken out.
fn autocorrelation(onsets: &[f32]) -> Vec<f32> {
    let mean = onsets.iter().sum::<f32>() / onsets.len() as f32;
    let centred: Vec<f32> = onsets.iter().map(|onset| onset - mean).collect();
    let lags = 0..LONGEST_LAG.min(onsets.len() * 3 / 4);
    let products = |lag: usize| {
        let sum: f32 = centred[lag..].iter().zip(&centred).map(|(a, b)| a * b).sum();
        sum / (centred.len() - lag) as f32
    };
    let whole = products(0).max(f32::MIN_POSITIVE);
    lags.map(|lag| products(lag) / whole).collect()
}
