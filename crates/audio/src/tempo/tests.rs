use super::*;
use crate::drums::*;

fn tempo(samples: &[f32]) -> Option<Tempo> {
    let mut meter = TempoMeter::new();
    samples.chunks(1_000).for_each(|block| meter.add(block));
    meter.finish()
}

#[test]
fn the_tempo_of_patterns() {
    let mut all = (0, 0);
    for groove in GROOVES {
        let (mut right, mut wrong) = (0, Vec::new());
        for bpm in (60..=200).step_by(5) {
            let bpm = bpm as f32;
            let found = tempo(&groove.play(bpm, 24.0));
            match found {
                Some(found) if (found.bpm / bpm - 1.0).abs() <= 0.02 => right += 1,
                found => wrong.push((bpm, found.map(|found| (found.bpm, found.confidence)))),
            }
        }
        all.0 += right;
        all.1 += right + wrong.len();
        eprintln!("{groove:?}: {right} right, wrong {wrong:?}");
    }
    eprintln!("{all:?}");
    assert!(all.0 * 100 >= all.1 * 90);
}

/// Not a test: `FILES=… cargo test measure -- --ignored` reads raw f32 files.
#[test]
#[ignore]
fn measure_tempo() {
    for path in std::env::var_os("FILES").unwrap().to_str().unwrap().split(':') {
        let bytes = std::fs::read(path).unwrap();
        let samples: Vec<f32> = bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        println!("{path} {:?}", tempo(&samples));
    }
}
