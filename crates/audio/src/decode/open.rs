use super::codec::PacketDecoder;
use super::flac::Flac;
use super::pcm::Pcm;
use super::{Decoder, Gaps, Tail, Timeline, guarded};
use crate::aac;
use crate::failure::{Failure, Rejection};
use crate::gapless::Window;
use crate::headers::{self, Allowance};
use crate::isobmff::{self, Movie};
use crate::layout::Layout;
use crate::limits::Limits;
use crate::matroska::{self, Trims};
use crate::opus_decoder::{self, OpusDecoder, OpusHead};
use crate::probe::{self, Codec, Container, Probe};
use crate::resample;
use crate::source::{Gauge, Source};
use crate::tags::{EmbeddedCover, Tags};
use std::collections::VecDeque;
use std::io::{ErrorKind, Read, Seek};
use symphonia::core::audio::Channels;
use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, Track, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;
use symphonia::default::{get_codecs, get_probe};

/// Packets that may fail before the first one that decodes: a stream cut out of a longer one begins
/// with a few that need what came before.
const MAX_BROKEN_START: u32 = 32;
/// A second of AAC.
const PACKETS_TO_LOOK_AT: usize = 24;

impl Decoder {
    /// Read the headers, check them against the limits, and decode the first packet.
    ///
    /// `extension` (without the dot) is a hint only; the bytes decide.
    ///
    /// # Errors
    /// [`Failure::Rejected`] if the source cannot be used, [`Failure::Io`] if it cannot be read.
    pub fn open(
        source: impl Read + Seek + Send + Sync + 'static,
        extension: Option<&str>,
        limits: &Limits,
    ) -> Result<Self, Failure> {
        Self::open_within(source, extension, limits, Allowance::SMALL, false)
    }

    /// The same, and the checksum that a FLAC carries of its samples is compared: a third of what decoding it takes.
    pub(crate) fn open_checking(
        source: impl Read + Seek + Send + Sync + 'static,
        extension: Option<&str>,
        limits: &Limits,
    ) -> Result<Self, Failure> {
        Self::open_within(source, extension, limits, Allowance::SMALL, true)
    }

    /// The same, with the file's cover.
    pub(crate) fn open_with_cover(
        source: impl Read + Seek + Send + Sync + 'static,
        extension: Option<&str>,
        limits: &Limits,
    ) -> Result<Self, Failure> {
        Self::open_within(source, extension, limits, Allowance::WITH_PICTURES, false)
    }

    fn open_within(
        source: impl Read + Seek + Send + Sync + 'static,
        extension: Option<&str>,
        limits: &Limits,
        allowance: Allowance,
        is_checked: bool,
    ) -> Result<Self, Failure> {
        let mut source = Source::new(source)?;
        let length = source.length();
        if length == 0 {
            return Err(Rejection::Empty.into());
        }
        let gauge = source.gauge();
        let headers = headers::read_headers(&mut source, length, allowance).map_err(|error| gauge.original(error))?;
        headers.check(limits)?;
        source.patch(headers.patches);
        let movie = guarded(|| isobmff::read_movie(&mut source, length, allowance))?;
        let mut movie = movie.map_err(|error| gauge.original(error))?;
        source.patch(movie.iter_mut().flat_map(|movie| movie.patches.drain(..)));
        let trims = matroska::read_trims(&mut source, length).map_err(|error| gauge.original(error))?;
        let with_pictures = allowance.is_for_pictures();
        let (wave_tags, wave_cover) = guarded(|| headers.wave_tags.read(&mut source, with_pictures))?;
        source.rewind().map_err(|error| gauge.original(error))?;
        let mut demuxer = demux(source, extension, &gauge, movie.is_some())?;
        let cover = if with_pictures { EmbeddedCover::find(demuxer.as_mut()) } else { None };
        let mut decoder = Self::of_track(demuxer, movie.as_ref(), trims.as_ref(), gauge, length, (limits, is_checked))?;
        decoder.cover = cover.or(wave_cover);
        if decoder.probe.tags == Tags::default() {
            decoder.probe.tags = wave_tags;
        }
        decoder.is_cut = headers.is_cut;
        decoder.look_for_sbr()?;
        decoder.prime(headers.layout, limits)?;
        Ok(decoder)
    }

    fn of_track(
        mut demuxer: Box<dyn FormatReader>,
        movie: Option<&Movie>,
        trims: Option<&Trims>,
        gauge: Gauge,
        length: u64,
        (limits, is_checked): (&Limits, bool),
    ) -> Result<Self, Failure> {
        let tags = Tags::collect(demuxer.metadata());
        let container = Container::of(demuxer.format_info().format).ok_or(Rejection::NotAudio)?;
        let track = demuxer.default_track(TrackType::Audio).ok_or_else(|| without_audio(container))?.clone();
        let Some(CodecParameters::Audio(params)) = &track.codec_params else {
            return Err(Rejection::NoAudioStream.into());
        };
        let (codec, packets) = make_codec(params, limits, is_checked)?;
        let sample_rate_hz = params.sample_rate.unwrap_or_default();
        let layout = match params.extra_data.as_deref().and_then(OpusHead::parse) {
            Some(head) if codec == Codec::Opus => head.layout(),
            _ => params.channels.as_ref().map_or_else(Layout::unknown, Layout::from),
        };
        let window = window(&track, params, codec, movie, trims, container);
        let claimed_frames = window.frames().or_else(|| Some(window.of_claim(claimed(&track, params, codec, length)?)));
        let probe = Probe {
            container,
            codec,
            sample_rate_hz,
            channels: layout.channels() as u16,
            bits_per_sample: bits_per_sample(params, codec),
            claimed_frames,
            tags,
        };
        Ok(Self {
            demuxer,
            codec: packets,
            probe,
            layout,
            gauge,
            length,
            track_id: track.id,
            time_base: track.time_base,
            window,
            tail: Tail::holding(trims.map_or(0, |trims| frames_of(trims.padding, sample_rate_hz))),
            timeline: Timeline::default(),
            unwanted: 0,
            ahead: VecDeque::new(),
            cover: None,
            max_frames: 0,
            limit_seconds: limits.max_duration.as_secs(),
            block: Vec::new(),
            is_primed: false,
            frames: 0,
            percent: 0,
            is_cut: false,
            gaps: Gaps::default(),
            invalid_samples: 0,
        })
    }

    /// AAC may carry what makes it HE-AAC without a word in any header: a look at the first packets tells.
    fn look_for_sbr(&mut self) -> Result<(), Failure> {
        while self.probe.codec == Codec::Aac && self.ahead.len() < PACKETS_TO_LOOK_AT {
            let Some(packet) = self.demux_packet()? else { break };
            self.ahead.push_back(packet);
        }
        if aac::carry_sbr(self.ahead.iter().map(|packet| &packet.data[..])) {
            return Err(Rejection::HighEfficiencyAac.into());
        }
        Ok(())
    }

    /// Decode up to the first packet that gives samples: their format is the truth.
    fn prime(&mut self, unnamed: Option<Layout>, limits: &Limits) -> Result<(), Failure> {
        let mut broken = 0;
        let first;
        let (rate_hz, channels) = loop {
            let Some(packet) = self.next_packet()? else {
                return Err(self.without_sound(broken).into());
            };
            match guarded(|| self.codec.decode(&packet, &mut self.block))? {
                Ok(Some(spec)) => {
                    self.gaps.next_pts = Some(packet.pts.get().saturating_add_unsigned(packet.block_dur().get()));
                    first = packet;
                    break spec;
                }
                Ok(None) => {}
                Err(_) if broken < MAX_BROKEN_START => broken += 1,
                Err(_) => return Err(self.without_sound(broken).into()),
            }
        };
        check_spec(rate_hz, channels, limits)?;
        if let Some(layout) = self.codec.layout() {
            self.layout = layout;
        }
        // Where the file gives a number of channels and no positions, the demuxer takes the first ones that there are.
        if let Some(layout) = unnamed.filter(|layout| layout.channels() == channels && self.probe.codec == Codec::Pcm) {
            self.layout = layout;
        }
        self.probe.sample_rate_hz = rate_hz;
        self.probe.channels = channels as u16;
        self.note_origin(&first);
        self.max_frames = limits.max_frames(rate_hz);
        // An early word for the artist; what is decoded is counted as well.
        if self.probe.claimed_frames.is_some_and(|claimed| claimed > self.max_frames) {
            return Err(Rejection::TooLong { limit_seconds: self.limit_seconds }.into());
        }
        self.is_primed = true;
        Ok(())
    }

    fn without_sound(&self, broken: u32) -> Rejection {
        match self.probe.container {
            // A bare stream has no header to recognise it by: broken packets are somebody else's bytes.
            Container::Mp3 | Container::Adts => Rejection::NotAudio,
            _ if broken > 0 => Rejection::damaged("not one packet of it can be decoded"),
            _ => Rejection::Empty,
        }
    }
}

fn demux(
    source: Source<impl Read + Seek + Send + Sync + 'static>,
    extension: Option<&str>,
    gauge: &Gauge,
    is_movie: bool,
) -> Result<Box<dyn FormatReader>, Failure> {
    let stream = MediaSourceStream::new(Box::new(source), Default::default());
    let mut hint = Hint::new();
    if let Some(extension) = extension {
        hint.with_extension(extension);
    }
    let open = || get_probe().probe(&hint, stream, FormatOptions::default(), MetadataOptions::default());
    guarded(open)?.map_err(|error| match (gauge.take_failure(), error) {
        (Some(failure), _) => failure.into(),
        (None, Error::Unsupported(_) | Error::LimitError(_)) if !is_movie => Rejection::NotAudio.into(),
        (None, Error::IoError(cut)) if cut.kind() == ErrorKind::UnexpectedEof => {
            Rejection::damaged("it ends in the middle of its headers").into()
        }
        (None, Error::Unsupported(_)) => Rejection::damaged("its index is missing, as if it was cut off").into(),
        (None, error) => Rejection::damaged(&error).into(),
    })
}

fn without_audio(container: Container) -> Rejection {
    match container {
        Container::Mp4 | Container::Matroska | Container::Ogg => Rejection::NoAudioStream,
        _ => Rejection::NotAudio,
    }
}

/// The checks stand before the decoder is made: it allocates by what the header claims.
fn make_codec(
    params: &AudioCodecParameters,
    limits: &Limits,
    is_checked: bool,
) -> Result<(Codec, PacketDecoder), Rejection> {
    let unsupported = || Rejection::UnsupportedCodec { codec: probe::name_of(params.codec).to_owned() };
    let codec = Codec::of(params.codec).ok_or_else(unsupported)?;
    let channels = params.channels.as_ref().map(Channels::count);
    check_spec(params.sample_rate.unwrap_or_default(), channels.unwrap_or(1), limits)?;

    let header = params.extra_data.as_deref().unwrap_or_default();
    if codec == Codec::Aac && aac::is_high_efficiency(header) {
        return Err(Rejection::HighEfficiencyAac);
    }
    if codec == Codec::Opus {
        let head = OpusHead::parse(header).ok_or_else(|| Rejection::damaged("its Opus header is not valid"))?;
        check_spec(opus_decoder::RATE_HZ, head.channels, limits)?;
        let decoder = OpusDecoder::new(&head).ok_or_else(|| Rejection::damaged("its Opus channels are not valid"))?;
        return Ok((codec, PacketDecoder::Opus(Box::new(decoder), head.channels)));
    }
    let options = AudioDecoderOptions::default().verify(is_checked && codec == Codec::Flac);
    match guarded(|| get_codecs().make_audio_decoder(params, &options))? {
        // It has checked what the header claims; what it would do is done faster.
        Ok(decoder) => Ok((codec, faster(decoder, params, codec, is_checked))),
        Err(Error::Unsupported(_)) if codec == Codec::Aac => {
            Err(Rejection::UnsupportedCodec { codec: "AAC that is not stereo AAC-LC".to_owned() })
        }
        Err(Error::Unsupported(what)) => Err(Rejection::UnsupportedCodec { codec: what.to_owned() }),
        Err(error) => Err(Rejection::damaged(&error)),
    }
}

/// Our own decoder, where there is one.
fn faster(
    decoder: Box<dyn AudioDecoder>,
    params: &AudioCodecParameters,
    codec: Codec,
    is_checked: bool,
) -> PacketDecoder {
    let flac = || {
        let flac = Flac::new(decoder.codec_params(), is_checked).filter(|_| codec == Codec::Flac)?;
        Some(PacketDecoder::Flac(Box::new(flac), Layout::from(decoder.last_decoded().spec().channels())))
    };
    let pcm = || Pcm::new(params).map(PacketDecoder::Pcm);
    pcm().or_else(flac).unwrap_or(PacketDecoder::Symphonia(decoder))
}

fn check_spec(rate_hz: u32, channels: usize, limits: &Limits) -> Result<(), Rejection> {
    if channels == 0 {
        return Err(Rejection::NoChannels);
    }
    if channels > usize::from(limits.max_channels) {
        return Err(Rejection::TooManyChannels { channels: channels as u32, limit: limits.max_channels });
    }
    let is_in_range = (Limits::MIN_SAMPLE_RATE_HZ..=limits.max_sample_rate_hz).contains(&rate_hz);
    let is_sane = u64::from(rate_hz) * channels as u64 <= Limits::MAX_SAMPLES_PER_SECOND;
    if !is_in_range || !is_sane || !resample::is_practical(rate_hz) {
        return Err(Rejection::SampleRate { rate_hz });
    }
    Ok(())
}

fn window(
    track: &Track,
    params: &AudioCodecParameters,
    codec: Codec,
    movie: Option<&Movie>,
    trims: Option<&Trims>,
    container: Container,
) -> Window {
    let rate_hz = params.sample_rate.unwrap_or_default();
    if let Some(movie) = movie.and_then(|movie| Window::of_movie(movie, track.id, rate_hz)) {
        return movie;
    }
    let delay = trims.and_then(|trims| trims.delays.iter().find(|(number, _)| *number == u64::from(track.id)));
    if container == Container::Caf {
        return Window::of_packet_table(track.delay, track.num_frames);
    }
    match params.extra_data.as_deref().and_then(OpusHead::parse) {
        Some(head) if codec == Codec::Opus => Window::skipping(u64::from(head.pre_skip)),
        _ => delay.map_or_else(Window::default, |(_, ns)| Window::skipping(frames_of(*ns, rate_hz))),
    }
}

/// The nearest number of frames in so many nanoseconds.
fn frames_of(ns: u64, rate_hz: u32) -> u64 {
    const NS_PER_SECOND: u128 = 1_000_000_000;
    let frames = (u128::from(ns) * u128::from(rate_hz) + NS_PER_SECOND / 2) / NS_PER_SECOND;
    u64::try_from(frames).unwrap_or(u64::MAX)
}

/// What each sample of a lossless source has.
fn bits_per_sample(params: &AudioCodecParameters, codec: Codec) -> Option<u32> {
    // `ALACSpecificConfig`: after the length of a frame and a version; in older files behind two boxes.
    let of_alac = || {
        let config = params.extra_data.as_deref()?;
        let config = if config.get(4..8) == Some(b"frma") { config.get(24..)? } else { config };
        config.get(5).map(|bits| u32::from(*bits)).filter(|bits| (1..=32).contains(bits))
    };
    match codec {
        Codec::Alac => of_alac(),
        _ => params.bits_per_sample.filter(|_| codec.is_lossless()),
    }
}

/// What the headers claim, in frames; of uncompressed sound no more than the file has room for.
fn claimed(track: &Track, params: &AudioCodecParameters, codec: Codec, length: u64) -> Option<u64> {
    let claimed = track.num_frames?;
    let bits = params.bits_per_coded_sample.or(params.bits_per_sample).filter(|_| codec == Codec::Pcm);
    let channels = params.channels.as_ref().map_or(1, Channels::count);
    let room = bits.and_then(|bits| (length * 8).checked_div(u64::from(bits) * channels as u64));
    Some(room.map_or(claimed, |room| claimed.min(room)))
}
