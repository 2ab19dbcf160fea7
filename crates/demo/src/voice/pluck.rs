//! Plucked strings: a delay line that feeds itself (Karplus and Strong 1983, with Jaffe and Smith's tuning and pluck position).

use super::{Touch, Voice, filter::Filter};
use crate::{
    math::{RATE, decay, exp, hertz},
    random::Noise,
};

pub(crate) struct Strung {
    /// Ring to -60 dB at middle C, in seconds.
    ring: f32,
    /// 0 is a bright string, 0.5 the dullest.
    damping: f32,
    /// Where along the string it is plucked, 0..0.5.
    position: f32,
    /// Softness of the fingertip: the pluck's cutoff in hertz at full strength.
    touch: f32,
    /// Seconds to -60 dB once it is let go.
    release: f32,
}

pub(crate) const HARP: Strung = Strung { ring: 5.0, damping: 0.26, position: 0.38, touch: 4_200.0, release: 2.2 };
pub(crate) const GUITAR: Strung = Strung { ring: 3.6, damping: 0.25, position: 0.21, touch: 4_400.0, release: 0.5 };
pub(crate) const PIZZICATO: Strung = Strung { ring: 0.8, damping: 0.45, position: 0.3, touch: 2_100.0, release: 0.5 };

pub(super) struct Pluck {
    line: Vec<f32>,
    at: usize,
    damping: f32,
    loss: f32,
    previous: f32,
    /// The all-pass that tunes the fraction of a sample: its coefficient and memory.
    tuning: f32,
    tuned: [f32; 2],
    gate: u32,
    level: f32,
    fade: f32,
}

impl Pluck {
    pub(super) fn new(strung: &Strung, touch: &Touch) -> Self {
        let frequency = hertz(touch.pitch);
        let ring = strung.ring * (262.0 / frequency).clamp(0.3, 2.0);
        let period = RATE / frequency - strung.damping;
        // The all-pass is most even for delays between 0.3 and 1.3 samples.
        let length = ((period - 0.3) as usize).max(2);
        let fraction = period - length as f32;
        Self {
            line: excite(strung, touch, length),
            at: 0,
            damping: strung.damping,
            loss: exp(-6.907_755 / f64::from(frequency * ring)) as f32,
            previous: 0.0,
            tuning: (1.0 - fraction) / (1.0 + fraction),
            tuned: [0.0; 2],
            gate: touch.gate,
            level: 1.0,
            fade: decay(strung.release),
        }
    }
}

impl Voice for Pluck {
    fn sound(&mut self, out: &mut [f32]) -> bool {
        let mut peak = 0.0_f32;
        for sample in out {
            let x = self.line[self.at];
            let dulled = self.loss * ((1.0 - self.damping) * x + self.damping * self.previous);
            self.previous = x;
            let y = self.tuning * (dulled - self.tuned[1]) + self.tuned[0];
            self.tuned = [dulled, y];
            self.line[self.at] = y;
            self.at += 1;
            if self.at == self.line.len() {
                self.at = 0;
            }
            if self.gate == 0 {
                self.level *= self.fade;
            }
            self.gate = self.gate.saturating_sub(1);
            *sample += self.level * x;
            peak = peak.max((self.level * x).abs());
        }
        peak > 2e-5
    }
}

/// One period of noise, as soft as the stroke, with the notches of the place where it is plucked, at an even loudness.
fn excite(strung: &Strung, touch: &Touch, length: usize) -> Vec<f32> {
    let mut noise = Noise::new(touch.seed);
    let cutoff = strung.touch * (0.25 + touch.strength) * (0.5 + touch.bright);
    let mut filter = Filter::new(cutoff, 0.0);
    // A second time round, so that the filter's beginning meets its end.
    let burst: Vec<f32> = (0..length).map(|_| noise.next()).collect();
    burst.iter().for_each(|&x| _ = filter.low(x));
    let soft: Vec<f32> = burst.iter().map(|&x| filter.low(x)).collect();
    let distance = ((length as f32 * strung.position) as usize).max(1);
    let mut line: Vec<f32> = (0..length).map(|i| soft[i] - soft[(i + length - distance) % length]).collect();
    let mean = line.iter().sum::<f32>() / length as f32;
    line.iter_mut().for_each(|x| *x -= mean);
    let power = line.iter().map(|x| x * x).sum::<f32>() / length as f32;
    let gain = 0.3 * touch.strength / (power.sqrt() + 1e-6);
    line.iter_mut().for_each(|x| *x *= gain);
    line
}
