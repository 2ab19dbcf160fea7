use crate::layout::{Layout, Speaker};
use ebur128::{Channel, EbuR128, Mode};
use serde::{Deserialize, Serialize};

/// Loudness after EBU R 128. A field is `None` where there is nothing to measure: silence, or less
/// than one block of 400 ms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Loudness {
    /// Integrated loudness in LUFS, gated (ITU-R BS.1770-4); `None` at -70 or less.
    pub integrated_lufs: Option<f64>,
    /// Loudness range in LU (EBU Tech 3342).
    pub range_lu: Option<f64>,
    /// The highest true peak of all channels in dBTP (BS.1770-4 Annex 2).
    pub true_peak_dbtp: Option<f64>,
}

/// Measures the original channels.
pub(crate) struct Meter {
    inner: EbuR128,
}

/// The absolute gate of BS.1770: what is not louder is silence.
const GATE_LUFS: f64 = -70.0;

impl Meter {
    pub(crate) fn new(layout: &Layout, rate_hz: u32) -> Result<Self, ebur128::Error> {
        let modes = Mode::I | Mode::LRA | Mode::TRUE_PEAK;
        let mut inner = EbuR128::new(layout.channels() as u32, rate_hz, modes)?;
        let map: Vec<Channel> = layout.speakers().iter().map(|speaker| weight(*speaker, layout)).collect();
        inner.set_channel_map(&map)?;
        Ok(Self { inner })
    }

    /// `block` is interleaved.
    pub(crate) fn add(&mut self, block: &[f32]) -> Result<(), ebur128::Error> {
        self.inner.add_frames_f32(block)
    }

    pub(crate) fn finish(self) -> Result<Loudness, ebur128::Error> {
        let integrated_lufs = Some(self.inner.loudness_global()?).filter(|lufs| *lufs > GATE_LUFS);
        let range_lu = match integrated_lufs {
            Some(_) => Some(self.inner.loudness_range()?),
            None => None,
        };
        let mut peak = 0f64;
        for channel in 0..self.inner.channels() {
            peak = peak.max(self.inner.true_peak(channel)?);
        }
        let true_peak_dbtp = (peak > 0.0).then(|| 20.0 * peak.log10());
        Ok(Loudness { integrated_lufs, range_lu, true_peak_dbtp })
    }
}

/// BS.1770-4 Table 3: the surrounds (60° to 120° to the side) weigh 1.41, all others 1, the effects 0.
fn weight(speaker: Speaker, layout: &Layout) -> Channel {
    match speaker {
        Speaker::Left | Speaker::ElseLeft => Channel::Left,
        Speaker::Right | Speaker::ElseRight => Channel::Right,
        Speaker::Center | Speaker::ElseCenter => Channel::Center,
        Speaker::Effects => Channel::Unused,
        Speaker::SideLeft => Channel::LeftSurround,
        Speaker::SideRight => Channel::RightSurround,
        Speaker::RearLeft if layout.has_sides() => Channel::Mp135,
        Speaker::RearRight if layout.has_sides() => Channel::Mm135,
        Speaker::RearLeft => Channel::LeftSurround,
        Speaker::RearRight => Channel::RightSurround,
        Speaker::RearCenter => Channel::Mp180,
    }
}
