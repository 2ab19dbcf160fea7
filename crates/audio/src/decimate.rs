mod bank;

use self::bank::Bank;
use crate::layout::{Layout, Speaker};
use std::f32::consts::FRAC_1_SQRT_2;

/// Brings any source down to one channel at 11,025 Hz, on which fingerprint, tempo and key are measured.
///
/// It does what fpcalc asks of FFmpeg's resampler: a polyphase filter of 16 zero crossings in a Kaiser
/// window (beta 9) that ends at 0.8 of the band, mirrored at both ends, without delay. The first sample
/// out lies on the first frame in, and ceil(frames × 11025 / rate) come out in all.
pub(crate) struct Decimator {
    mix: Mix,
    /// `None` if the source has 11,025 Hz already.
    bank: Option<Bank>,
    /// Frames, mixed or not, that an output still needs.
    input: Vec<f32>,
    /// The mirrored beginning is in `input`.
    is_primed: bool,
}

/// What happens to the channels before the filter.
enum Mix {
    Mono,
    Stereo,
    /// Two channels go through the filter by themselves and are mixed behind it.
    Later,
    /// How much of each channel goes into the mix.
    Gains(Vec<f32>),
}

impl Decimator {
    /// Samples per second that come out.
    pub(crate) const RATE_HZ: u32 = 11_025;

    /// `bits_per_sample` of an integer source, if it is one. FFmpeg filters each channel of one of 16 bits
    /// or less in integers, where what the filter adds to a loud passage is clipped; nothing else clips.
    pub(crate) fn new(layout: &Layout, rate_hz: u32, bits_per_sample: Option<u32>) -> Self {
        let needs_filter = rate_hz != Self::RATE_HZ;
        let mix = match layout.channels() {
            1 => Mix::Mono,
            2 if needs_filter && bits_per_sample.is_some_and(|bits| bits <= 16) => Mix::Later,
            2 => Mix::Stereo,
            _ => Mix::Gains(gains(layout)),
        };
        let bank = needs_filter.then(|| Bank::new(rate_hz, Self::RATE_HZ, mix.channels()));
        Self { mix, bank, input: Vec::new(), is_primed: false }
    }

    /// Append to `out` what is ready. `interleaved` holds whole frames, as many as there are.
    pub(crate) fn push(&mut self, interleaved: &[f32], out: &mut Vec<f32>) {
        let Some(bank) = &mut self.bank else { return self.mix.apply(interleaved, out) };
        self.mix.apply(interleaved, &mut self.input);
        let channels = self.mix.channels();
        if !self.is_primed {
            let mirrored = (bank.before() + 1) * channels;
            if self.input.len() < mirrored {
                return;
            }
            self.input.splice(0..0, backwards(&self.input[channels..mirrored], channels));
            self.is_primed = true;
        }
        let used = bank.filter(&self.input, out);
        self.input.drain(..used * channels);
    }

    /// Append the rest to `out`. A source shorter than half the filter, 1 ms, gives nothing.
    pub(crate) fn finish(&mut self, out: &mut Vec<f32>) {
        let Some(bank) = self.bank.as_mut().filter(|_| self.is_primed) else { return };
        let channels = self.mix.channels();
        let mirrored = self.input.len().saturating_sub(bank.after() * channels);
        self.input.extend(backwards(&self.input[mirrored..], channels));
        self.input.resize(self.input.len() + bank.padding() * channels, 0.0);
        bank.filter(&self.input, out);
        self.input.clear();
        self.is_primed = false;
    }
}

impl Mix {
    /// Channels that are left.
    fn channels(&self) -> usize {
        if matches!(self, Self::Later) { 2 } else { 1 }
    }

    fn apply(&self, interleaved: &[f32], out: &mut Vec<f32>) {
        match self {
            Self::Mono | Self::Later => out.extend_from_slice(interleaved),
            Self::Stereo => out.extend(interleaved.as_chunks().0.iter().map(|[left, right]| 0.5 * (left + right))),
            Self::Gains(gains) => {
                let mixed = |frame: &[f32]| frame.iter().zip(gains).map(|(sample, gain)| sample * gain).sum::<f32>();
                out.extend(interleaved.chunks_exact(gains.len().max(1)).map(mixed));
            }
        }
    }
}

/// The same frames in reverse order.
fn backwards(frames: &[f32], channels: usize) -> Vec<f32> {
    frames.chunks_exact(channels).rev().flatten().copied().collect()
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
