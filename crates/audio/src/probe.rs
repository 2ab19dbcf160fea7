use crate::decode::Decoder;
use crate::failure::Failure;
use crate::limits::Limits;
use crate::tags::{EmbeddedCover, Tags};
use serde::{Deserialize, Serialize};
use std::io::{Read, Seek};
use symphonia::core::codecs::audio::AudioCodecId;
use symphonia::core::codecs::audio::well_known as codecs;
use symphonia::core::formats::FormatId;
use symphonia::core::formats::well_known as formats;

/// What a source is, by its headers and its first packet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Probe {
    /// The file format.
    pub container: Container,
    /// How the sound is stored in it.
    pub codec: Codec,
    /// Frames per second.
    pub sample_rate_hz: u32,
    /// Samples per frame.
    pub channels: u16,
    /// Of lossless sources.
    pub bits_per_sample: Option<u32>,
    /// The length that the headers give, in frames. A claim: only decoding tells.
    pub claimed_frames: Option<u64>,
    /// Suggestions.
    pub tags: Tags,
}

/// Read the headers and decode the first packet.
///
/// `extension` (without the dot) is a hint only; the bytes decide.
///
/// # Errors
/// [`Failure::Rejected`] if the source cannot be used, [`Failure::Io`] if it cannot be read.
pub fn probe(
    source: impl Read + Seek + Send + Sync + 'static,
    extension: Option<&str>,
    limits: &Limits,
) -> Result<Probe, Failure> {
    Ok(Decoder::open(source, extension, limits)?.into_probe().0)
}

/// The same, with the front cover that the file holds, if there is one of 16 MiB or less.
///
/// # Errors
/// As [`probe`].
pub fn probe_with_cover(
    source: impl Read + Seek + Send + Sync + 'static,
    extension: Option<&str>,
    limits: &Limits,
) -> Result<(Probe, Option<EmbeddedCover>), Failure> {
    Ok(Decoder::open_with_cover(source, extension, limits)?.into_probe())
}

/// The file formats that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Container {
    /// RIFF WAVE.
    Wav,
    /// AIFF and AIFF-C.
    Aiff,
    /// Native FLAC.
    Flac,
    /// ISO base media: m4a, mp4, mov.
    Mp4,
    /// AAC in a bare ADTS stream.
    Adts,
    /// A bare stream of MPEG audio frames.
    Mp3,
    /// Ogg.
    Ogg,
    /// Matroska and WebM.
    Matroska,
    /// Apple's Core Audio Format.
    Caf,
}

impl Container {
    pub(crate) fn of(format: FormatId) -> Option<Self> {
        Some(match format {
            formats::FORMAT_ID_WAVE => Self::Wav,
            formats::FORMAT_ID_AIFF => Self::Aiff,
            formats::FORMAT_ID_FLAC => Self::Flac,
            formats::FORMAT_ID_ISOMP4 => Self::Mp4,
            formats::FORMAT_ID_ADTS => Self::Adts,
            formats::FORMAT_ID_MP3 => Self::Mp3,
            formats::FORMAT_ID_OGG => Self::Ogg,
            formats::FORMAT_ID_MKV => Self::Matroska,
            formats::FORMAT_ID_CAF => Self::Caf,
            _ => return None,
        })
    }
}

/// The codecs that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Codec {
    /// Uncompressed, integer or float.
    Pcm,
    /// Free Lossless Audio Codec.
    Flac,
    /// Apple Lossless.
    Alac,
    /// AAC, low complexity.
    Aac,
    /// MPEG audio layer III.
    Mp3,
    /// Vorbis.
    Vorbis,
    /// Opus.
    Opus,
}

impl Codec {
    pub(crate) fn of(codec: AudioCodecId) -> Option<Self> {
        Some(match codec {
            codecs::CODEC_ID_FLAC => Self::Flac,
            codecs::CODEC_ID_ALAC => Self::Alac,
            codecs::CODEC_ID_AAC => Self::Aac,
            codecs::CODEC_ID_MP3 => Self::Mp3,
            codecs::CODEC_ID_VORBIS => Self::Vorbis,
            codecs::CODEC_ID_OPUS => Self::Opus,
            _ if is_pcm(codec) => Self::Pcm,
            _ => return None,
        })
    }

    /// Decoding gives what was encoded, sample by sample.
    pub fn is_lossless(self) -> bool {
        matches!(self, Self::Pcm | Self::Flac | Self::Alac)
    }
}

fn is_pcm(codec: AudioCodecId) -> bool {
    (codecs::CODEC_ID_PCM_S32LE..=codecs::CODEC_ID_PCM_MULAW).contains(&codec)
}

/// A name for a codec that is not read, for the artist.
pub(crate) fn name_of(codec: AudioCodecId) -> &'static str {
    match codec {
        codecs::CODEC_ID_AC3 | codecs::CODEC_ID_EAC3 | codecs::CODEC_ID_AC4 => "Dolby Digital",
        codecs::CODEC_ID_DCA => "DTS",
        codecs::CODEC_ID_MP1 | codecs::CODEC_ID_MP2 => "MPEG audio layer I or II",
        codecs::CODEC_ID_SPEEX => "Speex",
        codecs::CODEC_ID_WMA => "Windows Media Audio",
        codecs::CODEC_ID_ADPCM_MS | codecs::CODEC_ID_ADPCM_IMA_WAV | codecs::CODEC_ID_ADPCM_IMA_QT => "ADPCM",
        _ => "an unknown codec",
    }
}
