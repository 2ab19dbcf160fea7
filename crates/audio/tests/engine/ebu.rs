//! The test signals of EBU Tech 3341 and 3342, made here, with the tolerances that stand there.
//!
//! Left out are those made of real programmes (3341: 7 and 8; 3342: 5 and 6), which the EBU does not give away as formulas.

use crate::support::{render_bytes, wav_f32};
use legato_audio::Loudness;
use std::f64::consts::{PI, TAU};

const RATE_HZ: u32 = 48_000;

/// A stretch of a 1 kHz tone: its peak in dBFS, and seconds.
type Part = (f64, f64);

fn measure(channels: u16, samples: &[f32]) -> Loudness {
    render_bytes(&wav_f32(RATE_HZ, channels, samples)).rendered.analysis.loudness
}

/// The same tone in both channels.
fn stereo(parts: &[Part]) -> Loudness {
    let (mut samples, mut frame) = (Vec::new(), 0u64);
    for (dbfs, seconds) in parts {
        let amplitude = if dbfs.is_finite() { 10f64.powf(dbfs / 20.0) } else { 0.0 };
        for _ in 0..(seconds * f64::from(RATE_HZ)).round() as u64 {
            let sample = amplitude * (TAU * 1_000.0 * frame as f64 / f64::from(RATE_HZ)).sin();
            samples.extend([sample as f32; 2]);
            frame += 1;
        }
    }
    measure(2, &samples)
}

const SILENCE: f64 = f64::NEG_INFINITY;

#[track_caller]
fn is(measured: Option<f64>, expected: f64, tolerance: f64) {
    let measured = measured.expect("there is something to measure");
    assert!((measured - expected).abs() <= tolerance, "{measured} instead of {expected}");
}

#[test]
fn integrated_loudness_of_3341_1_to_6() {
    let one = stereo(&[(-23.0, 20.0)]);
    for measured in [one.integrated_lufs, one.momentary_max_lufs, one.short_term_max_lufs] {
        is(measured, -23.0, 0.1);
    }
    let two = stereo(&[(-33.0, 20.0)]);
    for measured in [two.integrated_lufs, two.momentary_max_lufs, two.short_term_max_lufs] {
        is(measured, -33.0, 0.1);
    }
    is(stereo(&[(-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0)]).integrated_lufs, -23.0, 0.1);
    let four = [(-72.0, 10.0), (-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0), (-72.0, 10.0)];
    is(stereo(&four).integrated_lufs, -23.0, 0.1);
    is(stereo(&[(-26.0, 20.0), (-20.0, 20.1), (-26.0, 20.0)]).integrated_lufs, -23.0, 0.1);

    // Left, right, centre, silent effects, left and right surround, in the order that a WAV of six channels has.
    let levels = [-28.0, -28.0, -24.0, SILENCE, -30.0, -30.0].map(|dbfs: f64| 10f64.powf(dbfs / 20.0));
    let tone = (0..20 * RATE_HZ).map(|frame| (TAU * 1_000.0 * f64::from(frame) / f64::from(RATE_HZ)).sin());
    let six: Vec<f32> = tone.flat_map(|value| levels.map(|level| (level * value) as f32)).collect();
    is(measure(6, &six).integrated_lufs, -23.0, 0.1);
}

#[test]
fn short_term_loudness_of_3341_9_and_10() {
    is(stereo(&[(-20.0, 1.34), (-30.0, 1.66)].repeat(5)).short_term_max_lufs, -23.0, 0.1);
    for delay in (1..=20).map(|nth| f64::from(nth) * 0.15) {
        let loudness = stereo(&[(SILENCE, delay), (-23.0, 3.0), (SILENCE, 1.0)]);
        is(loudness.short_term_max_lufs, -23.0, 0.1);
    }
}

#[test]
fn momentary_loudness_of_3341_12_and_13() {
    is(stereo(&[(-20.0, 0.18), (-30.0, 0.22)].repeat(25)).momentary_max_lufs, -23.0, 0.1);
    for delay in (1..=20).map(|nth| f64::from(nth) * 0.02) {
        let loudness = stereo(&[(SILENCE, delay), (-23.0, 0.4), (SILENCE, 1.0)]);
        is(loudness.momentary_max_lufs, -23.0, 0.1);
    }
}

#[track_caller]
fn peaks_at(loudness: &Loudness, dbtp: f64) {
    let measured = loudness.true_peak_dbtp.expect("a peak");
    assert!((dbtp - 0.4..=dbtp + 0.2).contains(&measured), "{measured} dBTP instead of {dbtp}");
}

/// A tone that fades in and out, so that it has no edge, of one part of the rate, in degrees of phase.
fn tone(part: f64, degrees: f64, amplitude: f64) -> Loudness {
    let frames = RATE_HZ as usize;
    let samples = (0..frames).flat_map(|frame| {
        let fade = (frame.min(frames - 1 - frame) as f64 / 4_800.0).min(1.0);
        [(fade * amplitude * (TAU * frame as f64 / part + degrees * PI / 180.0).sin()) as f32; 2]
    });
    measure(2, &samples.collect::<Vec<_>>())
}

#[test]
fn true_peaks_of_3341_15_to_19() {
    peaks_at(&tone(4.0, 0.0, 0.5), -6.0);
    peaks_at(&tone(4.0, 45.0, 0.5), -6.0);
    peaks_at(&tone(6.0, 60.0, 0.5), -6.0);
    peaks_at(&tone(8.0, 67.5, 0.5), -6.0);
    peaks_at(&tone(4.0, 45.0, std::f64::consts::SQRT_2), 3.0);
}

/// A burst of one sixth of the rate around a full-scale cycle, sampled with an offset of so many quarters of a sample.
fn burst(quarters: usize) -> Loudness {
    let length = 4 * 4_800;
    let fine: Vec<f64> = (0..length)
        .map(|n| {
            let place = n as f64 - length as f64 / 2.0;
            let amplitude = 0.5 + 0.5 * (-(place / 400.0).powi(2)).exp();
            amplitude * (TAU * place / 24.0).cos()
        })
        .collect();
    let samples: Vec<f32> = fine.iter().skip(quarters).step_by(4).flat_map(|sample| [*sample as f32; 2]).collect();
    measure(2, &samples)
}

#[test]
fn true_peaks_of_3341_20_to_23_wherever_the_samples_lie() {
    for quarters in 0..4 {
        peaks_at(&burst(quarters), 0.0);
    }
}

#[test]
fn loudness_range_of_3342_1_to_4() {
    is(stereo(&[(-20.0, 20.0), (-30.0, 20.0)]).range_lu, 10.0, 1.0);
    is(stereo(&[(-20.0, 20.0), (-15.0, 20.0)]).range_lu, 5.0, 1.0);
    is(stereo(&[(-40.0, 20.0), (-20.0, 20.0)]).range_lu, 20.0, 1.0);
    let four = [(-50.0, 20.0), (-35.0, 20.0), (-20.0, 20.0), (-35.0, 20.0), (-50.0, 20.0)];
    is(stereo(&four).range_lu, 15.0, 1.0);
}
