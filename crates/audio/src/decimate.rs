mod bank;
mod dot;

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

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    fn decimated(samples: &[f32], channels: usize, rate_hz: u32, piece: usize) -> Vec<f32> {
        let (mut decimator, mut out) = (Decimator::new(&Layout::vorbis(channels), rate_hz, Some(16)), Vec::new());
        samples.chunks(piece * channels).for_each(|piece| decimator.push(piece, &mut out));
        decimator.finish(&mut out);
        out
    }

    fn sine(rate_hz: u32, frames: usize, hz: f64) -> Vec<f32> {
        (0..frames).map(|n| (0.5 * (TAU * hz * n as f64 / f64::from(rate_hz)).sin()) as f32).collect()
    }

    #[test]
    fn a_sine_stays_in_place_at_every_rate() {
        for rate_hz in [8_000, 11_025, 16_000, 22_050, 44_056, 44_100, 48_000, 96_000, 192_000, 384_000] {
            let frames = rate_hz as usize + 17;
            let out = decimated(&sine(rate_hz, frames, 440.0), 1, rate_hz, 1_000);
            assert_eq!(out.len(), (frames * 11_025).div_ceil(rate_hz as usize), "{rate_hz} Hz");
            let expected = sine(11_025, out.len(), 440.0);
            let worst =
                out[60..10_900].iter().zip(&expected[60..10_900]).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert!(worst < 0.001, "{rate_hz} Hz is off by {worst}");
        }
    }

    #[test]
    fn what_the_band_cannot_hold_is_gone() {
        let out = decimated(&sine(44_100, 44_100, 6_500.0), 1, 44_100, 1_000);
        let loudest = out[100..10_900].iter().fold(0f32, |peak, sample| peak.max(sample.abs()));
        assert!(loudest < 0.0005, "{loudest}");
    }

    #[test]
    fn blocks_of_any_length_give_the_same() {
        for (rate_hz, channels) in [(44_100, 1), (44_100, 2), (48_000, 2), (8_000, 2), (44_056, 6), (11_025, 2)] {
            let samples = sine(rate_hz, 30_000 * channels, 440.0);
            let whole = decimated(&samples, channels, rate_hz, 30_000);
            for piece in [1, 7, 333] {
                assert!(whole == decimated(&samples, channels, rate_hz, piece), "{rate_hz} Hz, pieces of {piece}");
            }
        }
    }

    #[test]
    fn a_few_samples_do_no_harm() {
        for rate_hz in [1, 999, 8_000, 11_024, 44_100, 383_987] {
            for frames in [0, 1, 2, 19, 39, 40, 41, 200] {
                let out = decimated(&vec![64.0; 2 * frames], 2, rate_hz, 1);
                assert!(out.iter().all(|sample| sample.is_finite()), "{frames} frames at {rate_hz} Hz");
            }
        }
    }

    #[test]
    fn channels_are_weighed_as_ffmpeg_weighs_them() {
        // Left, centre, right, rear left, rear right, effects.
        let out = decimated(&[1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0], 6, 11_025, 2);
        assert!((out[1] / out[0] - 2f32.sqrt()).abs() < 1e-6, "{out:?}");
        assert_eq!(decimated(&[0.0, 0.0, 0.0, 0.0, 0.0, 1.0], 6, 11_025, 1), [0.0]);
        assert!((decimated(&[0.5; 6], 6, 11_025, 1)[0] - 0.5).abs() < 1e-6);
    }

    #[test]
    fn only_short_integers_clip() {
        // A square wave overshoots behind any filter.
        let square: Vec<f32> = (0..44_100).map(|n| if n / 50 % 2 == 0 { 1.0 } else { -1.0 }).collect();
        let stereo: Vec<f32> = square.iter().flat_map(|sample| [*sample, *sample]).collect();
        let loudest = |bits| {
            let (mut decimator, mut out) = (Decimator::new(&Layout::vorbis(2), 44_100, bits), Vec::new());
            decimator.push(&stereo, &mut out);
            out.iter().fold(0f32, |peak, sample| peak.max(sample.abs()))
        };
        assert_eq!(loudest(Some(16)), 1.0);
        assert!(loudest(Some(24)) > 1.05 && loudest(None) > 1.05);
    }
}
