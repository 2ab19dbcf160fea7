//! Drums and clicks for the tests: mono at 11,025 Hz.

use std::f32::consts::TAU;

pub(crate) const RATE: f32 = 11_025.0;

/// Reproducible noise.
pub(crate) struct Noise(pub(crate) u32);

impl Noise {
    /// -1 to 1.
    pub(crate) fn next(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0 as f32 / u32::MAX as f32 * 2.0 - 1.0
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Groove {
    Clicks,
    AccentedClicks,
    WaltzClicks,
    Rock,
    House,
    SixEight,
    Waltz,
    Swing,
    NoisyClicks,
    NoisyRock,
    DriftingClicks,
    DriftingRock,
}

pub(crate) const GROOVES: [Groove; 12] = [
    Groove::Clicks,
    Groove::AccentedClicks,
    Groove::WaltzClicks,
    Groove::Rock,
    Groove::House,
    Groove::SixEight,
    Groove::Waltz,
    Groove::Swing,
    Groove::NoisyClicks,
    Groove::NoisyRock,
    Groove::DriftingClicks,
    Groove::DriftingRock,
];

impl Groove {
    pub(crate) fn play(self, bpm: f32, seconds: f32) -> Vec<f32> {
        let mut out = vec![0f32; (seconds * RATE) as usize];
        let mut noise = Noise(bpm as u32 + 77);
        if matches!(self, Self::NoisyClicks | Self::NoisyRock) {
            out.iter_mut().for_each(|sample| *sample = 0.05 * noise.next());
        }
        let drifts = matches!(self, Self::DriftingClicks | Self::DriftingRock);
        let (mut time, mut beat) = (0.137, 0);
        while time < seconds {
            let drift = if drifts { 1.0 + 0.01 * (TAU * time / seconds).sin() } else { 1.0 };
            let length = 60.0 / bpm / drift;
            self.beat(&mut out, &mut noise, beat, time, length);
            time += length;
            beat += 1;
        }
        out
    }

    /// What sounds from one beat to the next.
    fn beat(self, out: &mut [f32], noise: &mut Noise, beat: usize, time: f32, length: f32) {
        match self {
            Self::Clicks | Self::NoisyClicks | Self::DriftingClicks => click(out, time, 0.5),
            Self::AccentedClicks => click(out, time, if beat.is_multiple_of(4) { 0.9 } else { 0.45 }),
            Self::WaltzClicks => click(out, time, if beat.is_multiple_of(3) { 0.9 } else { 0.45 }),
            Self::Rock | Self::NoisyRock | Self::DriftingRock => {
                if beat.is_multiple_of(2) {
                    kick(out, time);
                } else {
                    snare(out, noise, time, 0.5);
                }
                hat(out, noise, time);
                hat(out, noise, time + length / 2.0);
            }
            Self::House => {
                kick(out, time);
                if beat % 2 == 1 {
                    snare(out, noise, time, 0.4);
                }
                hat(out, noise, time + length / 2.0);
            }
            Self::SixEight => {
                if beat.is_multiple_of(2) {
                    kick(out, time);
                } else {
                    snare(out, noise, time, 0.5);
                }
                (0..3).for_each(|third| hat(out, noise, time + length * third as f32 / 3.0));
            }
            Self::Waltz => match beat % 3 {
                0 => kick(out, time),
                _ => snare(out, noise, time, 0.25),
            },
            Self::Swing => {
                if beat.is_multiple_of(2) {
                    kick(out, time);
                } else {
                    snare(out, noise, time, 0.5);
                }
                hat(out, noise, time);
                hat(out, noise, time + length * 2.0 / 3.0);
            }
        }
    }
}

fn click(out: &mut [f32], time: f32, level: f32) {
    add(out, time, 0.03, |t| level * (TAU * 1_000.0 * t).sin() * (-t / 0.005).exp());
}

fn kick(out: &mut [f32], time: f32) {
    add(out, time, 0.25, |t| 0.8 * (TAU * (50.0 * t + 2.0 * (1.0 - (-t / 0.03).exp()))).sin() * (-t / 0.07).exp());
}

fn snare(out: &mut [f32], noise: &mut Noise, time: f32, level: f32) {
    add(out, time, 0.2, |t| level * (0.7 * noise.next() + 0.5 * (TAU * 185.0 * t).sin()) * (-t / 0.05).exp());
}

fn hat(out: &mut [f32], noise: &mut Noise, time: f32) {
    let mut last = 0.0;
    add(out, time, 0.08, |t| {
        let now = noise.next();
        let high = now - last;
        last = now;
        0.12 * high * (-t / 0.02).exp()
    });
}

/// Add a sound that begins at a time.
fn add(out: &mut [f32], time: f32, seconds: f32, mut sound: impl FnMut(f32) -> f32) {
    let first = (time * RATE).ceil() as usize;
    let end = ((time + seconds) * RATE) as usize;
    for (n, sample) in out.iter_mut().enumerate().take(end).skip(first) {
        *sample += sound(n as f32 / RATE - time);
    }
}
