use super::*;
use crate::drums::{GROOVES, Noise, RATE};
use crate::recordings::recording;
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
    let mut rights = 0;
    let tempi: Vec<f32> = (60..=200).step_by(5).map(|bpm| bpm as f32).collect();
    for groove in GROOVES {
        let found: Vec<(f32, Option<Tempo>)> =
            tempi.iter().map(|bpm| (*bpm, tempo_of(&groove.play(*bpm, 24.0)))).collect();
        let wrong: Vec<_> = found.iter().filter(|(bpm, found)| !is_right(*found, *bpm)).collect();
        rights += tempi.len() - wrong.len();
        println!("{groove:?}: {} of {}", tempi.len() - wrong.len(), tempi.len());
        assert!(wrong.len() * 10 <= tempi.len(), "{groove:?}: {wrong:?}");
    }
    println!("{rights} of {}", tempi.len() * GROOVES.len());
}

#[test]
fn the_tempi_of_the_library_are_found() {
    for bpm in [90, 128, 174] {
        let Some(samples) = recording(&format!("good/click_{bpm}bpm.flac")) else { return };
        let found = tempo_of(&samples);
        assert!(is_right(found, bpm as f32), "{bpm}: {found:?}");
        assert!(found.is_some_and(|found| found.confidence > 0.5), "{bpm}: {found:?}");
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

/// The least of three times. To see it: `-- --ignored --nocapture`.
#[test]
#[ignore = "it measures"]
fn the_cost_of_an_hour_of_tempo_and_key() {
    let mut bars = GROOVES[3].play(97.0, 60.0);
    for hz in [131.0, 196.0, 262.0, 330.0, 392.0, 524.0, 660.0, 784.0, 990.0, 1_176.0] {
        bars.iter_mut().enumerate().for_each(|(n, bar)| *bar += 0.1 * (TAU * hz * n as f64 / 11_025.0).sin() as f32);
    }
    let on_cpu = || {
        let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux counts");
        text.split(' ').next().and_then(|nanoseconds| nanoseconds.parse::<f64>().ok()).expect("a number") / 1e9
    };
    let times = (0..3).map(|_| {
        let (mut tempo, mut key, before) = (TempoMeter::new(), crate::key::KeyMeter::new(), on_cpu());
        for block in (0..60).flat_map(|_| bars.chunks(1_024)) {
            tempo.add(block);
            key.add(block);
        }
        println!("{:?} {:?}", tempo.finish(), key.finish());
        on_cpu() - before
    });
    println!("{:.2} s of CPU", times.fold(f64::MAX, f64::min));
}
