use serde::{Deserialize, Serialize};
use symphonia::core::meta::StandardTag;

/// What brings a track, or its release, to the loudness that `ReplayGain` 2.0 asks for (−18 LUFS), as somebody measured
/// it. For comparison; the server measures for itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReplayGain {
    /// In dB, for the track.
    pub track_gain_db: Option<f32>,
    /// The highest sample of the track; 1 is full scale.
    pub track_peak: Option<f32>,
    /// In dB, for the release.
    pub album_gain_db: Option<f32>,
    /// The highest sample of the release; 1 is full scale.
    pub album_peak: Option<f32>,
}

/// RFC 7845 §5.2.1 measures against −23 LUFS, `ReplayGain` against −18.
const R128_TO_REPLAY_GAIN_DB: f32 = 5.0;

impl ReplayGain {
    pub(super) fn add(to: &mut Option<Self>, tag: &StandardTag) {
        let mut gain = to.unwrap_or_default();
        match tag {
            StandardTag::ReplayGainTrackGain(text) => fill(&mut gain.track_gain_db, decibels(text)),
            StandardTag::ReplayGainAlbumGain(text) => fill(&mut gain.album_gain_db, decibels(text)),
            StandardTag::ReplayGainTrackPeak(text) => fill(&mut gain.track_peak, peak(text)),
            StandardTag::ReplayGainAlbumPeak(text) => fill(&mut gain.album_peak, peak(text)),
            _ => {}
        }
        gain.keep_in(to);
    }

    /// A whole number of 1/256 dB.
    pub(super) fn add_r128(to: &mut Option<Self>, key: &str, text: &str) {
        let mut gain = to.unwrap_or_default();
        let steps = text.trim().parse::<i16>().ok();
        let db = steps.map(|steps| f32::from(steps) / 256.0 + R128_TO_REPLAY_GAIN_DB);
        fill(if key == "R128_TRACK_GAIN" { &mut gain.track_gain_db } else { &mut gain.album_gain_db }, db);
        gain.keep_in(to);
    }

    fn keep_in(self, to: &mut Option<Self>) {
        if self != Self::default() {
            *to = Some(self);
        }
    }
}

fn fill(field: &mut Option<f32>, value: Option<f32>) {
    *field = field.or(value);
}

/// `-7.43 dB`, with or without the unit.
fn decibels(text: &str) -> Option<f32> {
    let text = text.trim();
    let number = text.get(..text.len().saturating_sub(2)).filter(|_| text.to_ascii_lowercase().ends_with("db"));
    let db: f32 = number.unwrap_or(text).trim().parse().ok()?;
    (-60.0..=60.0).contains(&db).then_some(db)
}

fn peak(text: &str) -> Option<f32> {
    let peak: f32 = text.trim().parse().ok()?;
    (0.0..=100.0).contains(&peak).then_some(peak)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gains_are_numbers_that_can_be() {
        for (text, expected) in [
            ("-7.43 dB", Some(-7.43)),
            ("+2.1dB", Some(2.1)),
            (" 3 DB ", Some(3.0)),
            ("-9", Some(-9.0)),
            ("loud", None),
            ("1e30 dB", None),
            ("NaN", None),
            ("dB", None),
            ("é", None),
        ] {
            assert_eq!(decibels(text), expected, "{text}");
        }
        assert_eq!((peak("0.988"), peak("-1"), peak("inf")), (Some(0.988), None, None));
    }

    #[test]
    fn the_gain_of_opus_is_brought_to_the_other_reference() {
        let mut gain = None;
        ReplayGain::add_r128(&mut gain, "R128_TRACK_GAIN", "-512");
        assert_eq!(gain.and_then(|gain| gain.track_gain_db), Some(3.0));
        let mut none = None;
        ReplayGain::add_r128(&mut none, "R128_ALBUM_GAIN", "99999");
        assert_eq!(none, None);
    }
}
