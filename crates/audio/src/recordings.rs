//! Recordings of the library of test audio, for the tests: mono at 11,025 Hz.

use crate::{Decoder, Limits};
use std::f32::consts::PI;
use std::fs::File;
use std::path::PathBuf;

const RATE: f32 = 11_025.0;

/// A file of the library, or `None` and a loud word if the library is not there.
pub(crate) fn recording(name: &str) -> Option<Vec<f32>> {
    const DEFAULT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/audio");
    let path = std::env::var_os("LEGATO_TEST_AUDIO").map_or_else(|| DEFAULT.into(), PathBuf::from);
    let Ok(file) = File::open(path.join(name)) else {
        eprintln!("SKIPPED: no {name} in the library of test audio at {}; set LEGATO_TEST_AUDIO", path.display());
        return None;
    };
    let mut decoder = Decoder::open(file, None, &Limits::default()).expect("the source is fine");
    let (channels, rate_hz) = (decoder.layout().channels(), decoder.probe().sample_rate_hz);
    let mut mono = Vec::new();
    while let Some(block) = decoder.next_block().expect("the source is fine") {
        mono.extend(block.chunks(channels).map(|frame| frame.iter().sum::<f32>() / channels as f32));
    }
    Some(decimate(&mono, rate_hz as f32 / RATE))
}

/// By a windowed sinc that lets pass what is below 5 kHz.
fn decimate(samples: &[f32], ratio: f32) -> Vec<f32> {
    let reach = (16.0 * ratio).ceil() as i64;
    let frames = (samples.len() as f64 / f64::from(ratio)) as usize;
    let one = |frame: usize| {
        let middle = frame as f64 * f64::from(ratio);
        let first = middle.floor() as i64;
        let tap = |at: i64| {
            let distance = (at as f64 - middle) as f32;
            let window = 0.5 + 0.5 * (PI * distance / (reach + 1) as f32).cos();
            let sample = usize::try_from(at).ok().and_then(|at| samples.get(at)).copied().unwrap_or(0.0);
            sample * window * sinc(0.9 * distance / ratio) * 0.9 / ratio
        };
        (first - reach + 1..=first + reach).map(tap).sum()
    };
    (0..frames).map(one).collect()
}

fn sinc(x: f32) -> f32 {
    if x.abs() < 1e-6 { 1.0 } else { (PI * x).sin() / (PI * x) }
}
