use super::*;
use crate::drums::{GROOVES, Noise, RATE};
use std::f64::consts::TAU;

fn tempo_of(samples: &[f32]) -> Option<Tempo> {
    let mut meter = TempoMeter::new();
    samples.chunks(1_000).for_each(|block| meter.add(block));
    meter.finish()
}

fn is_right(found: Option<Tempo>, bpm: f32) -> bool {
    found.is_some_and(|found| (found.bpm / bpm - 1.0).abs() <= 0.02)
}

#[test]
fn nine_of_ten_patterns_are_read_at_their_beat() {
    let tempi: Vec<f32> = (60..=200).step_by(5).map(|bpm| bpm as f32).collect();
    for groove in GROOVES {
        let found: Vec<(f32, Option<Tempo>)> =
            tempi.iter().map(|bpm| (*bpm, tempo_of(&groove.play(*bpm, 24.0)))).collect();
        let wrong: Vec<_> = found.iter().filter(|(bpm, found)| !is_right(*found, *bpm)).collect();
        assert!(wrong.len() * 10 <= tempi.len(), "{groove:?}: {wrong:?}");
    }
}

#[test]
fn what_has_no_beat_gets_none_or_little_confidence() {
    let seconds = |seconds: f32| (seconds * RATE) as usize;
    let sine: Vec<f32> = (0..seconds(20.0)).map(|n| (TAU * 1_000.0 * n as f64 / 11_025.0).sin() as f32).collect();
    let short = GROOVES[0].play(120.0, 5.9);
    for (number, samples) in
        [vec![], vec![1.0], vec![0.0; seconds(20.0)], vec![64.0; seconds(20.0)], sine, short].iter().enumerate()
    {
        assert_eq!(tempo_of(samples), None, "number {number}");
    }
    assert!(tempo_of(&GROOVES[0].play(120.0, 6.1)).is_some());
    for seed in 1..6 {
        let mut noise = Noise(seed);
        let noise: Vec<f32> = (0..seconds(30.0)).map(|_| 64.0 * noise.next()).collect();
        let found = tempo_of(&noise);
        assert!(found.is_none_or(|found| found.confidence < 0.3), "{found:?}");
    }
}

#[test]
fn a_track_that_changes_its_tempo_gets_little_confidence() {
    let changing: Vec<f32> = [70.0, 97.0, 121.0, 166.0].iter().flat_map(|bpm| GROOVES[0].play(*bpm, 30.0)).collect();
    let found = tempo_of(&changing);
    assert!(found.is_none_or(|found| found.confidence < 0.5), "{found:?}");
}
