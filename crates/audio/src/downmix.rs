use crate::layout::{Layout, Speaker};
use std::f32::consts::FRAC_1_SQRT_2;

/// Brings any layout down to what is streamed: mono stays mono, everything else becomes stereo with
/// the coefficients of ITU-R BS.775-3 Annex 4 (centre and surrounds at -3 dB, effects left out).
///
/// The sum may exceed full scale; the limiter behind it sees to that. Scaling everything down by the
/// worst case would make surround mixes 7.7 dB quieter than they measure.
pub(crate) enum Downmix {
    Untouched { channels: usize },
    Stereo { gains: Vec<[f32; 2]>, mixed: Vec<f32> },
}

impl Downmix {
    pub(crate) fn new(layout: &Layout) -> Self {
        match layout.channels() {
            channels @ 0..=2 => Self::Untouched { channels },
            _ => Self::Stereo {
                gains: layout.speakers().iter().map(|speaker| gains(*speaker)).collect(),
                mixed: Vec::new(),
            },
        }
    }

    /// Channels of what comes out: 1 or 2.
    pub(crate) fn channels(&self) -> usize {
        match self {
            Self::Untouched { channels } => *channels,
            Self::Stereo { .. } => 2,
        }
    }

    /// Interleaved in, interleaved out.
    pub(crate) fn mix<'a>(&'a mut self, block: &'a [f32]) -> &'a [f32] {
        match self {
            Self::Untouched { .. } => block,
            Self::Stereo { gains, mixed } => {
                mixed.clear();
                for frame in block.chunks_exact(gains.len()) {
                    let sum =
                        |side: usize| frame.iter().zip(&*gains).map(|(sample, gain)| sample * gain[side]).sum::<f32>();
                    mixed.extend([sum(0), sum(1)]);
                }
                mixed
            }
        }
    }
}

/// How much of a speaker goes to the left and to the right.
fn gains(speaker: Speaker) -> [f32; 2] {
    match speaker {
        Speaker::Left => [1.0, 0.0],
        Speaker::Right => [0.0, 1.0],
        Speaker::Center => [FRAC_1_SQRT_2, FRAC_1_SQRT_2],
        Speaker::Effects => [0.0, 0.0],
        Speaker::SideLeft | Speaker::RearLeft | Speaker::ElseLeft => [FRAC_1_SQRT_2, 0.0],
        Speaker::SideRight | Speaker::RearRight | Speaker::ElseRight => [0.0, FRAC_1_SQRT_2],
        // One surround at -3 dB, shared by both sides at equal power.
        Speaker::RearCenter | Speaker::ElseCenter => [0.5, 0.5],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_point_one_is_mixed_by_the_standard() {
        let layout = Layout::vorbis(6); // left, centre, right, rear left, rear right, effects
        let mut downmix = Downmix::new(&layout);
        assert_eq!(downmix.channels(), 2);
        let mixed = downmix.mix(&[0.1, 0.2, 0.3, 0.4, -0.4, 0.9]).to_vec();
        assert!((mixed[0] - (0.1 + FRAC_1_SQRT_2 * (0.2 + 0.4))).abs() < 1e-6);
        assert!((mixed[1] - (0.3 + FRAC_1_SQRT_2 * (0.2 - 0.4))).abs() < 1e-6);
    }

    #[test]
    fn mono_and_stereo_pass_untouched() {
        for channels in [1, 2] {
            let mut downmix = Downmix::new(&Layout::vorbis(channels));
            assert_eq!(downmix.channels(), channels);
            assert_eq!(downmix.mix(&[0.1, -0.2]), [0.1, -0.2]);
        }
    }
}
