mod bank;

use self::bank::Bank;
use crate::layout::{Layout, Speaker};
use std::f32::consts::FRAC_1_SQRT_2;

/// Brings any source down to one channel at 11,025 Hz, on which fingerprint, tempo and key are measured.
///
/// It does what fpcalc asks of FFmpeg's resampler: a polyphase filter of 16 zero crossings in a Kaiser
/// window (beta 9) that ends at 0.8 of the band, mirrored at the first frame, without delay. The first
/// sample out lies on the first frame in, and ceil(frames × 11025 / rate) come out in all.
pub(crate) struct Decimator {
    /// How much of each channel of a frame goes into the mix.
    gains: Vec<f32>,
    /// `None` if the source has 11,025 Hz already.
    bank: Option<Bank>,
    /// Mixed frames that an output still needs.
    mono: Vec<f32>,
    /// The mirrored beginning is in `mono`.
    is_primed: bool,
}

impl Decimator {
    /// Samples per second that come out.
    pub(crate) const RATE_HZ: u32 = 11_025;

    pub(crate) fn new(layout: &Layout, rate_hz: u32) -> Self {
        let bank = (rate_hz != Self::RATE_HZ).then(|| Bank::new(rate_hz, Self::RATE_HZ));
        Self { gains: gains(layout), bank, mono: Vec::new(), is_primed: false }
    }

    /// Append to `out` what is ready. `interleaved` holds whole frames, as many as there are.
    pub(crate) fn push(&mut self, interleaved: &[f32], out: &mut Vec<f32>) {
        let Some(bank) = &mut self.bank else { return mix(&self.gains, interleaved, out) };
        mix(&self.gains, interleaved, &mut self.mono);
        if !self.is_primed {
            let before = bank.before();
            if self.mono.len() <= before {
                return;
            }
            self.mono.splice(0..0, self.mono[1..=before].iter().rev().copied().collect::<Vec<_>>());
            self.is_primed = true;
        }
        let used = bank.filter(&self.mono, out);
        self.mono.drain(..used);
    }

    /// Append the rest to `out`. A source shorter than half the filter, 2 ms or less, gives nothing.
    pub(crate) fn finish(&mut self, out: &mut Vec<f32>) {
        let Some(bank) = &mut self.bank else { return };
        if !self.is_primed {
            return;
        }
        let mirrored: Vec<f32> = self.mono.iter().rev().take(bank.after()).copied().collect();
        self.mono.extend(mirrored);
        bank.filter(&self.mono, out);
        self.mono.clear();
        self.is_primed = false;
    }
}

/// The weights that FFmpeg gives to the channels of a mono mix: surrounds 3 dB below the front, the
/// centre 3 dB above it, no effects. They add up to 1, so that nothing is clipped.
fn gains(layout: &Layout) -> Vec<f32> {
    let mut gains: Vec<f32> = layout.speakers().iter().map(|speaker| weight(*speaker)).collect();
    if gains.iter().all(|gain| *gain == 0.0) {
        gains.fill(1.0);
    }
    let sum: f32 = gains.iter().sum();
    gains.iter_mut().for_each(|gain| *gain /= sum);
    gains
}

fn weight(speaker: Speaker) -> f32 {
    match speaker {
        Speaker::Center => 1.0,
        Speaker::Left | Speaker::Right => FRAC_1_SQRT_2,
        Speaker::Effects => 0.0,
        _ => 0.5,
    }
}

fn mix(gains: &[f32], interleaved: &[f32], out: &mut Vec<f32>) {
    match gains {
        [] => {}
        [_] => out.extend_from_slice(interleaved),
        [_, _] => out.extend(interleaved.as_chunks().0.iter().map(|[left, right]| 0.5 * (left + right))),
        _ => out.extend(interleaved.chunks_exact(gains.len()).map(|frame| dot(frame, gains))),
    }
}

fn dot(frame: &[f32], gains: &[f32]) -> f32 {
    frame.iter().zip(gains).map(|(sample, gain)| sample * gain).sum()
}
