use super::*;
use crate::drums::{Groove, Noise, RATE};
use std::f32::consts::TAU;

fn key_of(samples: &[f32]) -> Option<Key> {
    let mut meter = KeyMeter::new();
    samples.chunks(1_000).for_each(|block| meter.add(block));
    meter.finish()
}

/// How many partials a tone has and how fast they fade: partial n has 1 / n^slope.
#[derive(Clone, Copy, Debug)]
struct Timbre {
    partials: u32,
    slope: f32,
}

const SINE: Timbre = Timbre { partials: 1, slope: 1.0 };
const SAW: Timbre = Timbre { partials: 12, slope: 1.0 };
const SOFT: Timbre = Timbre { partials: 6, slope: 2.0 };

/// Add a tone; `note` counts semitones from the C of 261.6 Hz.
fn tone(out: &mut [f32], timbre: Timbre, note: f32, start: f32, seconds: f32, level: f32) {
    let hz = 261.63 * (note / 12.0).exp2();
    let (first, end) = ((start * RATE) as usize, (((start + seconds) * RATE) as usize).min(out.len()));
    for (n, sample) in out[first.min(end)..end].iter_mut().enumerate() {
        let t = n as f32 / RATE;
        let swell = (t / 0.01).min(1.0) * (-t / 1.5).exp();
        for partial in (1..=timbre.partials).take_while(|partial| hz * (*partial as f32) < 5_000.0) {
            let n = partial as f32;
            *sample += level * swell * (TAU * hz * n * t).sin() / n.powf(timbre.slope);
        }
    }
}

/// I IV V I vi ii V I in major, i iv V i VI iv V i in minor, with a bass, 1.2 s a chord.
fn cadence(tonic: usize, mode: Mode, timbre: Timbre, cents: f32) -> Vec<f32> {
    let chords: [[i32; 3]; 8] = match mode {
        Mode::Major => [[0, 4, 7], [5, 9, 12], [7, 11, 14], [0, 4, 7], [9, 12, 16], [2, 5, 9], [7, 11, 14], [0, 4, 7]],
        Mode::Minor => [[0, 3, 7], [5, 8, 12], [7, 11, 14], [0, 3, 7], [8, 12, 15], [5, 8, 12], [7, 11, 14], [0, 3, 7]],
    };
    let mut out = vec![0f32; (8.0 * 1.2 * RATE) as usize];
    for (index, chord) in chords.iter().enumerate() {
        let start = index as f32 * 1.2;
        let at = |note: i32| (note + (tonic as i32 + 6) % 12 - 6) as f32 + cents / 100.0;
        chord.iter().for_each(|note| tone(&mut out, timbre, at(*note), start, 1.2, 0.15));
        tone(&mut out, timbre, at(chord[0] - 12), start, 1.2, 0.2);
    }
    out
}

/// A tune over the cadence that runs through the scale.
fn with_melody(mut out: Vec<f32>, tonic: usize, mode: Mode) -> Vec<f32> {
    let scale = match mode {
        Mode::Major => [0, 2, 4, 5, 7, 9, 11],
        Mode::Minor => [0, 2, 3, 5, 7, 8, 10],
    };
    for (index, degree) in [0, 1, 2, 4, 3, 2, 1, 0, 4, 5, 4, 3, 2, 1, 6, 0].iter().cycle().take(32).enumerate() {
        let note = (scale[*degree] + tonic as i32) as f32;
        tone(&mut out, SOFT, note, index as f32 * 0.3, 0.3, 0.15);
    }
    out
}

fn with_drums(mut out: Vec<f32>) -> Vec<f32> {
    let drums = Groove::Rock.play(110.0, out.len() as f32 / RATE);
    out.iter_mut().zip(drums).for_each(|(sample, drum)| *sample += 0.7 * drum);
    out
}

/// `make` gives the music of a key; all 24 must be found.
fn check(what: &str, make: impl Fn(usize, Mode) -> Vec<f32>) {
    let mut wrong = Vec::new();
    for mode in [Mode::Major, Mode::Minor] {
        for tonic in 0..12 {
            let found = key_of(&make(tonic, mode));
            match found {
                Some(key) if key.tonic == PitchClass::ALL[tonic] && key.mode == mode => {
                    assert!(key.confidence > 0.5, "{what}: {key:?}");
                }
                _ => wrong.push(format!("{} {mode}: {found:?}", PitchClass::ALL[tonic])),
            }
        }
    }
    assert!(wrong.is_empty(), "{what}: {wrong:#?}");
}

#[test]
fn every_key_is_found_in_every_timbre() {
    for timbre in [SINE, SAW, SOFT] {
        check(&format!("{timbre:?}"), |tonic, mode| cadence(tonic, mode, timbre, 0.0));
    }
}

#[test]
fn every_key_is_found_whatever_the_tuning() {
    for cents in [-31.8, 30.0] {
        check(&format!("{cents} cents"), |tonic, mode| cadence(tonic, mode, SAW, cents));
    }
}

#[test]
fn every_key_is_found_under_a_melody_and_drums() {
    check("melody", |tonic, mode| with_melody(cadence(tonic, mode, SAW, 0.0), tonic, mode));
    check("drums", |tonic, mode| with_drums(cadence(tonic, mode, SOFT, 0.0)));
    check("all", |tonic, mode| with_drums(with_melody(cadence(tonic, mode, SAW, 20.0), tonic, mode)));
}

#[test]
fn what_has_no_key_gets_none() {
    let mut noise = Noise(5);
    let noise: Vec<f32> = (0..220_500).map(|_| noise.next()).collect();
    let sine: Vec<f32> =
        (0..220_500).map(|n| (std::f64::consts::TAU * 1_000.0 * f64::from(n) / 11_025.0).sin() as f32).collect();
    let drums = Groove::Rock.play(120.0, 20.0);
    let (one, silence, constant) = (vec![0.5], vec![0.0; 220_500], vec![64.0; 110_250]);
    for (number, samples) in [vec![], one, silence, constant, noise, sine, drums].iter().enumerate() {
        assert_eq!(key_of(samples), None, "number {number}");
    }
}

#[test]
fn keys_are_spelt_as_their_signatures_are() {
    let spell = |tonic, mode| Key { tonic, mode, confidence: 1.0 }.to_string();
    assert_eq!(spell(PitchClass::FSharp, Mode::Major), "F# major");
    assert_eq!(spell(PitchClass::DSharp, Mode::Major), "Eb major");
    assert_eq!(spell(PitchClass::GSharp, Mode::Minor), "G# minor");
    assert_eq!(PitchClass::ASharp.to_string(), "A#");
}
