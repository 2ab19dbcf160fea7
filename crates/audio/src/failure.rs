use serde::{Deserialize, Serialize};
use std::io;

/// Why there is no result: the file's fault, or the machine's.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The file cannot be used. The artist is told why; trying again does not help.
    #[error("{0}")]
    Rejected(#[from] Rejection),
    /// Reading the source or writing an output failed (a full disk, say). Trying again may help.
    #[error("input or output failed: {0}")]
    Io(#[from] io::Error),
}

/// Why a file cannot be used. `Display` is a sentence for the artist that says what to do;
/// [`slug`](Rejection::slug) is the stable name for programs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Rejection {
    /// Nothing in the file looks like a format that we read.
    #[error(
        "This is not an audio file that we can read. Please upload WAV, AIFF, CAF, FLAC, ALAC, AAC, MP3, Ogg Vorbis or Opus."
    )]
    NotAudio,
    /// No bytes, or a header without a single sample.
    #[error("The file holds no sound at all. Please check the export and upload it again.")]
    Empty,
    /// A film without sound, a playlist, a subtitle.
    #[error("The file has no audio track. Please upload the sound itself, as WAV or FLAC if you can.")]
    NoAudioStream,
    /// The container is known, the codec in it is not.
    #[error("The sound is stored as {codec}, which we cannot read. Please export it as WAV or FLAC.")]
    UnsupportedCodec {
        /// The codec's name, as far as it is known.
        codec: String,
    },
    /// HE-AAC (SBR, with or without parametric stereo): only its lower half could be decoded.
    #[error(
        "The sound is HE-AAC, which keeps only a sketch of the high notes. Please upload the original, or AAC-LC at 128 kbit/s or more."
    )]
    HighEfficiencyAac,
    /// Longer than the configured limit.
    #[error("The sound is longer than {} minutes, the longest that we take. Please split it into tracks.", limit_seconds / 60)]
    TooLong {
        /// The limit in seconds.
        limit_seconds: u64,
    },
    /// More channels than the configured limit.
    #[error("The file claims {channels} channels; we take up to {limit}. Please export it in stereo.")]
    TooManyChannels {
        /// What the file claims.
        channels: u32,
        /// What is accepted.
        limit: u16,
    },
    /// A header that says zero channels.
    #[error("The file says that it has no channels. It is probably damaged; please export it again.")]
    NoChannels,
    /// A sample rate outside what is accepted.
    #[error("The file claims a sample rate of {rate_hz} Hz. Please export it at 44,100 or 48,000 Hz.")]
    SampleRate {
        /// What the file claims, in Hz.
        rate_hz: u32,
    },
    /// Sample rate or channels change in the middle, or several streams are chained.
    #[error(
        "The format of the sound changes in the middle, as if two files were joined. Please export it in one piece."
    )]
    FormatChanges,
    /// Too little of the file can be decoded.
    #[error("The file is damaged ({detail}). Please export it again, or check that the upload was complete.")]
    Damaged {
        /// What is broken, and where as far as it is known.
        detail: String,
    },
}

impl Rejection {
    /// The stable name of the reason.
    pub fn slug(&self) -> &'static str {
        match self {
            Self::NotAudio => "not_audio",
            Self::Empty => "empty",
            Self::NoAudioStream => "no_audio_stream",
            Self::UnsupportedCodec { .. } => "unsupported_codec",
            Self::HighEfficiencyAac => "high_efficiency_aac",
            Self::TooLong { .. } => "too_long",
            Self::TooManyChannels { .. } => "too_many_channels",
            Self::NoChannels => "no_channels",
            Self::SampleRate { .. } => "sample_rate",
            Self::FormatChanges => "format_changes",
            Self::Damaged { .. } => "damaged",
        }
    }

    pub(crate) fn damaged(detail: &(impl ToString + ?Sized)) -> Self {
        Self::Damaged { detail: detail.to_string() }
    }
}
