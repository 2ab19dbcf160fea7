use super::pitches::{Histogram, STEPS};
use std::f32::consts::TAU;

/// How much each of the twelve pitch classes sounds, from C on, relative to the tuning of the music.
pub(crate) type Chroma = [f32; 12];

/// How often each degree of the scale sounds in major and in minor: Temperley's counts in the Kostka-Payne
/// corpus ("Music and Probability", 2007).
const MAJOR: Chroma = [0.748, 0.060, 0.488, 0.082, 0.670, 0.460, 0.096, 0.715, 0.104, 0.366, 0.057, 0.400];
const MINOR: Chroma = [0.712, 0.084, 0.474, 0.618, 0.049, 0.460, 0.105, 0.747, 0.404, 0.067, 0.133, 0.330];

/// Cents, in steps of the histogram (-5 to 5), by which the music is tuned above 440 Hz.
pub(crate) fn tuning(pitches: &Histogram) -> f32 {
    const STEPS_IN_SEMITONE: f32 = STEPS as f32 / 12.0;
    let (mut x, mut y) = (0.0, 0.0);
    for (step, weight) in pitches.iter().enumerate() {
        let (sin, cos) = (TAU * step as f32 / STEPS_IN_SEMITONE).sin_cos();
        (x, y) = (x + weight * cos, y + weight * sin);
    }
    y.atan2(x) / TAU * STEPS_IN_SEMITONE
}

/// What lies near the middle of each semitone counts most.
pub(crate) fn chroma(pitches: &Histogram, tuning: f32) -> Chroma {
    std::array::from_fn(|class| {
        let middle = class as f32 * STEPS as f32 / 12.0 + tuning;
        let around = -5..=5;
        around
            .map(|offset| {
                let step = middle.round() as i32 + offset;
                let distance = step as f32 - middle;
                pitches[step.rem_euclid(STEPS as i32) as usize] * (-0.5 * (distance / 2.0).powi(2)).exp()
            })
            .sum()
    })
}

/// Pearson's correlation with the 24 keys: C major to B major, C minor to B minor.
pub(crate) fn correlations(chroma: &Chroma) -> [f32; 24] {
    let [major, minor] = [MAJOR, MINOR].map(|profile| centred(&profile));
    let chroma = centred(chroma);
    std::array::from_fn(|key| {
        let profile = if key < 12 { &major } else { &minor };
        (0..12).map(|degree| chroma[(key + degree) % 12] * profile[degree]).sum()
    })
}

/// Mean 0, length 1; zeros where nothing stands out.
fn centred(values: &Chroma) -> Chroma {
    let mean = values.iter().sum::<f32>() / 12.0;
    let length = values.iter().map(|value| (value - mean).powi(2)).sum::<f32>().sqrt();
    values.map(|value| if length > 0.0 { (value - mean) / length } else { 0.0 })
}
