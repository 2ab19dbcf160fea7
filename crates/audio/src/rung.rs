//! The ladder: what a track can be turned into, and what of it is worth making.

use crate::aac_encoder::ENCODES_AAC;
use crate::flac::FlacFrames;
use crate::opus::bitrate_bps;
use crate::probe::Probe;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// One rung of the ladder. Its name is what `Display` and `FromStr` say: `opus_128`, `aac_256`, `flac_16`, `flac`, `mp3_320`,
/// `mp3_v0`. In JSON it stands by its name.
///
/// In their order a listener hears more of the music: what is further down costs more, and AAC, for those who play no Opus,
/// stands behind that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Rung {
    /// Opus (RFC 6716), whole in Ogg and in segments.
    Opus {
        /// Bits per second of a stereo stream, in thousands; mono gets five eighths.
        kbps: u16,
    },
    /// AAC-LC (ISO/IEC 14496-3), whole in MPEG-4 and in segments; where the program encodes it
    /// ([`ENCODES_AAC`]).
    Aac {
        /// Bits per second of a stereo stream, in thousands; mono gets five eighths.
        kbps: u16,
    },
    /// MP3, `-V 0`, whole.
    Mp3V0,
    /// MP3, 320 kbit/s throughout, whole.
    Mp3Cbr320,
    /// FLAC (RFC 9639) of 16 bits, stereo, at 48 kHz or less: as on a CD. Whole and in segments.
    Flac16,
    /// FLAC of all that a lossless original holds: its rate, its channels, up to 24 bits. Whole and in segments.
    Flac,
}

/// The bit rates of Opus that are encoded, in kbit/s of stereo.
const OPUS_KBPS: std::ops::RangeInclusive<u16> = 16..=510;

/// The bit rates of AAC that are encoded, in kbit/s of stereo.
const AAC_KBPS: std::ops::RangeInclusive<u16> = 96..=320;

/// What `-V 0` spends on most music, in bits per second of stereo.
const V0_BPS: u32 = 245_000;

impl Rung {
    /// Whether this program encodes it.
    pub fn is_encoded(self) -> bool {
        ENCODES_AAC || !matches!(self, Self::Aac { .. })
    }
}

impl fmt::Display for Rung {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Opus { kbps } => write!(f, "opus_{kbps}"),
            Self::Aac { kbps } => write!(f, "aac_{kbps}"),
            Self::Mp3V0 => f.write_str("mp3_v0"),
            Self::Mp3Cbr320 => f.write_str("mp3_320"),
            Self::Flac16 => f.write_str("flac_16"),
            Self::Flac => f.write_str("flac"),
        }
    }
}

impl FromStr for Rung {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let unknown =
            || format!("{name:?} must be opus_16 to opus_510, aac_96 to aac_320, mp3_v0, mp3_320, flac_16 or flac");
        match name {
            "mp3_v0" => Ok(Self::Mp3V0),
            "mp3_320" => Ok(Self::Mp3Cbr320),
            "flac_16" => Ok(Self::Flac16),
            "flac" => Ok(Self::Flac),
            _ => {
                let (codec, kbps) = name.split_once('_').ok_or_else(unknown)?;
                let kbps = kbps.parse().map_err(|_| unknown())?;
                match codec {
                    "opus" if OPUS_KBPS.contains(&kbps) => Ok(Self::Opus { kbps }),
                    "aac" if AAC_KBPS.contains(&kbps) => Ok(Self::Aac { kbps }),
                    _ => Err(unknown()),
                }
            }
        }
    }
}

impl From<Rung> for String {
    fn from(rung: Rung) -> Self {
        rung.to_string()
    }
}

impl TryFrom<String> for Rung {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        name.parse()
    }
}

/// Of `rungs`, those that a source is worth, in the order given: what a lossy file has lost, no bit rate brings back.
///
/// - The lowest rung of Opus is always worth it, and so is the lowest of all where there is no Opus.
/// - No rung spends more than a lossy source did (with a tenth of tolerance: 128 kbit/s are seldom 128 kbit/s), and
///   none of them is lossless.
/// - `flac` is left out at a rate that FLAC cannot hold; `flac_16` has a rate of its own then.
/// - A source that `flac_16` holds completely gets it, and not the same again as `flac`.
///
/// `channels` are those of the renditions, `worth_bps` is the bit rate of a lossy source if it is known.
pub(crate) fn worthwhile(rungs: &[Rung], probe: &Probe, channels: usize, worth_bps: Option<u32>) -> Vec<Rung> {
    let lowest = rungs.iter().filter(|rung| matches!(rung, Rung::Opus { .. })).min().or(rungs.iter().min());
    let is_lossless = probe.codec.is_lossless();
    let is_filled = |bps: u32| worth_bps.is_none_or(|worth| bps <= worth.saturating_add(worth / 10));
    let is_worth = |rung: &Rung| match *rung {
        Rung::Opus { kbps } => is_filled(bitrate_bps(channels, u32::from(kbps) * 1000)),
        Rung::Aac { kbps } => is_filled(bitrate_bps(channels, u32::from(kbps) * 1000)),
        Rung::Mp3V0 => is_filled(bitrate_bps(channels, V0_BPS)),
        Rung::Mp3Cbr320 => is_filled(320_000),
        Rung::Flac16 => is_lossless && !(is_compact(probe) && rungs.contains(&Rung::Flac)),
        Rung::Flac => is_lossless && FlacFrames::holds(probe.sample_rate_hz),
    };
    rungs.iter().filter(|rung| Some(*rung) == lowest || is_worth(rung)).copied().collect()
}

/// Whether 16 bits, two channels and 48 kHz hold all of it.
fn is_compact(probe: &Probe) -> bool {
    probe.bits_per_sample.is_some_and(|bits| bits <= 16) && probe.channels <= 2 && probe.sample_rate_hz <= 48_000
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::{Codec, Container};

    fn probe(codec: Codec, bits_per_sample: Option<u32>, sample_rate_hz: u32) -> Probe {
        Probe {
            container: Container::Wav,
            codec,
            sample_rate_hz,
            channels: 2,
            bits_per_sample,
            claimed_frames: None,
            tags: crate::Tags::default(),
        }
    }

    fn kept(names: &str, probe: &Probe, channels: usize, worth_bps: Option<u32>) -> String {
        let rungs: Vec<Rung> = names.split(',').map(|name| name.parse().expect("a rung")).collect();
        let kept = worthwhile(&rungs, probe, channels, worth_bps);
        kept.iter().map(Rung::to_string).collect::<Vec<_>>().join(",")
    }

    #[test]
    fn a_rung_is_called_by_its_name() {
        for name in ["opus_16", "opus_128", "opus_510", "aac_96", "aac_256", "mp3_v0", "mp3_320", "flac_16", "flac"] {
            assert_eq!(name.parse::<Rung>().map(|rung| rung.to_string()).as_deref(), Ok(name));
        }
        for name in ["opus_8", "opus_511", "opus_", "opus", "aac_64", "aac_321", "vorbis_128", "FLAC", ""] {
            assert!(name.parse::<Rung>().is_err(), "{name}");
        }
    }

    #[test]
    fn no_rung_is_higher_than_a_lossy_source_but_the_lowest() {
        let lossy = probe(Codec::Mp3, None, 44_100);
        let all = "opus_64,opus_96,opus_128,opus_160,mp3_v0,mp3_320,flac_16,flac";
        assert_eq!(kept(all, &lossy, 2, None), "opus_64,opus_96,opus_128,opus_160,mp3_v0,mp3_320");
        assert_eq!(kept(all, &lossy, 2, Some(256_000)), "opus_64,opus_96,opus_128,opus_160,mp3_v0");
        assert_eq!(kept(all, &lossy, 2, Some(127_000)), "opus_64,opus_96,opus_128");
        assert_eq!(kept(all, &lossy, 2, Some(24_000)), "opus_64");
        assert_eq!(kept(all, &lossy, 1, Some(64_000)), "opus_64,opus_96", "40 and 60 kbit/s");
        assert_eq!(kept("opus_64,aac_128,aac_256", &lossy, 2, Some(127_000)), "opus_64,aac_128");
        assert_eq!(kept("mp3_320,flac", &lossy, 2, Some(24_000)), "mp3_320", "something must be heard");
    }

    #[test]
    fn what_a_cd_can_hold_is_stored_once() {
        let flacs = "opus_64,flac_16,flac";
        assert_eq!(kept(flacs, &probe(Codec::Flac, Some(16), 44_100), 2, None), "opus_64,flac");
        assert_eq!(kept(flacs, &probe(Codec::Pcm, Some(24), 44_100), 2, None), flacs);
        assert_eq!(kept(flacs, &probe(Codec::Pcm, Some(16), 96_000), 2, None), flacs);
        assert_eq!(kept(flacs, &probe(Codec::Pcm, Some(16), 79_616), 2, None), "opus_64,flac_16", "no rate of FLAC's");
        assert_eq!(kept("flac_16", &probe(Codec::Pcm, Some(16), 44_100), 2, None), "flac_16");
    }
}
