use crate::aac_encoder::{AAC_FRAMES, AacFormat};
use crate::flac::{FlacFormat, FlacFrames, FlacStreamInfo};
use crate::opus::PACKET_FRAMES;
use crate::resample::RATE_HZ;
use mp4_atom::esds::{DecoderConfig, DecoderSpecific, EsDescriptor};
use mp4_atom::*;
use serde::{Deserialize, Serialize};
use std::io::{self, Write};

/// A CMAF track file (ISO/IEC 23000-19): an init segment, and media segments behind it in one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CmafRendition {
    /// Bytes in the file.
    pub size: u64,
    /// Bytes of the init segment (`ftyp`, `moov`), from the start of the file.
    pub init_size: u64,
    /// Units of a second in which segments are timed: the sample rate of what is encoded.
    pub timescale_hz: u32,
    /// The media segments in order, without gaps from `init_size` to `size`.
    pub segments: Vec<Segment>,
    /// Frames that a decoder drops from the start of the first segment. The file's `elst` says so too.
    pub pre_skip: u16,
}

/// One media segment (`moof`, `mdat`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// The first byte in the file.
    pub offset: u64,
    /// Bytes in the file.
    pub size: u64,
    /// Its duration on the media timeline, in the file's timescale. The first one includes the pre-skip;
    /// together they are pre-skip and music.
    pub samples: u64,
    /// What follows the segment's bytes in this file, if they are only its head: the content of `mdat`, which is stored
    /// once, in the whole file of the same rung.
    pub media: Option<MediaRange>,
}

/// Bytes in the whole file of a rung.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaRange {
    /// The first one.
    pub offset: u64,
    /// How many.
    pub size: u64,
}

/// What a CMAF file holds.
pub(crate) struct CmafFormat {
    entry: Codec,
    /// The sample rate.
    timescale_hz: u32,
    pre_skip: u16,
    /// Of most packets, in the timescale.
    packet_samples: u32,
    /// Packets that a decoder needs to converge after a seek, negative; `None`: each one is enough.
    roll: Option<i16>,
}

/// Writes one stream as fragmented MP4.
pub(crate) struct CmafWriter<W> {
    out: W,
    format: (u32, u32),
    rendition: CmafRendition,
    /// Samples in all finished segments.
    time: u64,
    open: OpenSegment,
}

/// The packets of the segment that is being collected.
#[derive(Default)]
struct OpenSegment {
    sizes: Vec<u32>,
    /// Samples of all of them.
    samples: u64,
    /// Samples of the last one.
    last_samples: u32,
    /// What goes into `mdat`, but where it is stored elsewhere.
    data: Vec<u8>,
    elsewhere: Option<MediaRange>,
}

const TRACK: u32 = 1;
/// Two seconds, so that the first sound comes quickly.
const FIRST_SECONDS: u64 = 2;
/// As RFC 8216's authors advise.
const SECONDS: u64 = 6;
/// 80 ms, which a decoder of Opus needs to converge after a seek (RFC 7845 §4.6).
const OPUS_ROLL: i16 = -4;
/// A packet of AAC overlaps with the one before (ISO/IEC 14496-12, annex).
const AAC_ROLL: i16 = -1;
/// Every packet can be decoded on its own: `sample_depends_on = 2`.
const INDEPENDENT: u32 = 0x0200_0000;

impl<W: Write> CmafWriter<W> {
    /// Writes the init segment.
    pub(crate) fn new(mut out: W, format: &CmafFormat) -> io::Result<Self> {
        let mut init = Vec::new();
        brands().encode(&mut init).map_err(invalid)?;
        movie(format).encode(&mut init).map_err(invalid)?;
        out.write_all(&init)?;
        let size = init.len() as u64;
        let CmafFormat { timescale_hz, pre_skip, packet_samples, .. } = *format;
        let rendition = CmafRendition { size, init_size: size, timescale_hz, segments: Vec::new(), pre_skip };
        Ok(Self { out, format: (timescale_hz, packet_samples), rendition, time: 0, open: OpenSegment::default() })
    }

    /// The next packet, of so many samples.
    pub(crate) fn push(&mut self, packet: &[u8], samples: u32) -> io::Result<()> {
        self.make_room()?;
        self.open.data.extend_from_slice(packet);
        self.open.add(packet.len() as u32, samples);
        Ok(())
    }

    /// The next packet, stored elsewhere, right behind the one before.
    pub(crate) fn push_elsewhere(&mut self, packet: MediaRange, samples: u32) -> io::Result<()> {
        self.make_room()?;
        self.open.elsewhere.get_or_insert(MediaRange { size: 0, ..packet }).size += packet.size;
        self.open.add(packet.size as u32, samples);
        Ok(())
    }

    /// `end` is the media time after the last frame of music, pre-skip included: the last packet's
    /// duration is shortened to it.
    pub(crate) fn finish(mut self, end: u64) -> io::Result<CmafRendition> {
        let before_last = self.time + self.open.samples - u64::from(self.open.last_samples);
        self.open.shorten_last(end.saturating_sub(before_last) as u32);
        self.flush()?;
        self.out.flush()?;
        Ok(self.rendition)
    }

    /// A full segment waits for the next packet: the last one has to know that it is the last.
    fn make_room(&mut self) -> io::Result<()> {
        let (timescale_hz, _) = self.format;
        let seconds = FIRST_SECONDS + SECONDS * self.rendition.segments.len() as u64;
        // Counted from the start, so that segments of odd packets do not drift away from those of other rungs.
        if self.time + self.open.samples >= seconds * u64::from(timescale_hz) { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        let open = std::mem::take(&mut self.open);
        if open.sizes.is_empty() {
            return Ok(());
        }
        let sequence = self.rendition.segments.len() as u32 + 1;
        let bytes = fragment(sequence, self.time, self.format.1, &open).map_err(invalid)?;
        self.out.write_all(&bytes)?;
        let size = bytes.len() as u64;
        let segment = Segment { offset: self.rendition.size, size, samples: open.samples, media: open.elsewhere };
        self.rendition.segments.push(segment);
        self.rendition.size += size;
        self.time += open.samples;
        Ok(())
    }
}

impl OpenSegment {
    fn add(&mut self, size: u32, samples: u32) {
        self.sizes.push(size);
        self.samples += u64::from(samples);
        self.last_samples = samples;
    }

    fn shorten_last(&mut self, samples: u32) {
        self.samples -= u64::from(self.last_samples.saturating_sub(samples));
        self.last_samples = self.last_samples.min(samples);
    }

    /// Bytes in `mdat`.
    fn media_size(&self) -> u64 {
        self.elsewhere.map_or(self.data.len() as u64, |media| media.size)
    }
}

/// `moof` and `mdat`; of data that is stored elsewhere, the header of `mdat` alone.
fn fragment(sequence: u32, time: u64, packet_samples: u32, open: &OpenSegment) -> Result<Vec<u8>> {
    let mut moof = movie_fragment(sequence, time, packet_samples, open);
    let mut bytes = Vec::with_capacity(open.data.len() + 12 * open.sizes.len() + 256);
    moof.encode(&mut bytes)?;
    // The data begins behind the moof, whose length is only known now, and mdat's header.
    let offset = bytes.len() as i32 + 8;
    moof.traf.iter_mut().flat_map(|traf| &mut traf.trun).for_each(|trun| trun.data_offset = Some(offset));
    bytes.clear();
    moof.encode(&mut bytes)?;
    let size = u32::try_from(open.media_size() + 8).map_err(|_| Error::TooLarge(FourCC::from(b"mdat")))?;
    bytes.extend(size.to_be_bytes());
    bytes.extend(b"mdat");
    bytes.extend_from_slice(&open.data);
    Ok(bytes)
}

fn movie_fragment(sequence_number: u32, time: u64, packet_samples: u32, open: &OpenSegment) -> Moof {
    let last = open.sizes.len() - 1;
    let is_shortened = open.last_samples != packet_samples;
    let entry = |(index, size): (usize, &u32)| TrunEntry {
        size: Some(*size),
        duration: is_shortened.then_some(if index == last { open.last_samples } else { packet_samples }),
        ..Default::default()
    };
    let samples: Vec<TrunEntry> = open.sizes.iter().enumerate().map(entry).collect();
    Moof {
        mfhd: Mfhd { sequence_number },
        traf: vec![Traf {
            tfhd: Tfhd {
                track_id: TRACK,
                default_sample_duration: Some(packet_samples),
                default_sample_flags: Some(INDEPENDENT),
                default_base_is_moof: true,
                ..Default::default()
            },
            tfdt: Some(Tfdt { base_media_decode_time: time }),
            trun: vec![Trun { data_offset: Some(0), samples: samples.into() }],
            ..Default::default()
        }],
    }
}

fn brands() -> Ftyp {
    Ftyp {
        major_brand: b"iso6".into(),
        minor_version: 0,
        compatible_brands: vec![b"iso6".into(), b"mp41".into(), b"cmfc".into()],
    }
}

/// What stands before the music: of a fragmented file, to be completed for another.
pub(crate) fn movie(format: &CmafFormat) -> Moov {
    let trex = Trex {
        track_id: TRACK,
        default_sample_description_index: 1,
        default_sample_duration: format.packet_samples,
        default_sample_size: 0,
        default_sample_flags: INDEPENDENT,
    };
    Moov {
        mvhd: Mvhd {
            timescale: format.timescale_hz,
            rate: 1.into(),
            volume: 1.into(),
            next_track_id: TRACK + 1,
            ..Default::default()
        },
        mvex: Some(Mvex { mehd: None, trex: vec![trex] }),
        trak: vec![track(format)],
        ..Default::default()
    }
}

fn track(format: &CmafFormat) -> Trak {
    // A duration of 0 reaches to the end, which a fragmented file does not know yet.
    let edit = ElstEntry { segment_duration: 0, media_time: Some(u64::from(format.pre_skip)), media_rate: 1.into() };
    Trak {
        tkhd: Tkhd { track_id: TRACK, enabled: true, in_movie: true, volume: 1.into(), ..Default::default() },
        edts: (format.pre_skip > 0).then(|| Edts { elst: Some(Elst { entries: vec![edit] }) }),
        mdia: Mdia {
            mdhd: Mdhd { timescale: format.timescale_hz, language: "und".to_owned(), ..Default::default() },
            hdlr: Hdlr { handler: b"soun".into(), name: "Legato".to_owned() },
            minf: Minf {
                smhd: Some(Smhd::default()),
                dinf: Dinf { dref: Dref { entries: vec![Url { location: String::new() }.into()] } },
                stbl: Stbl {
                    stsd: Stsd { codecs: vec![format.entry.clone()] },
                    stco: Some(Stco::default()),
                    sgpd: format.roll.map(roll).into_iter().collect(),
                    ..Default::default()
                },
                ..Default::default()
            },
        },
        ..Default::default()
    }
}

impl CmafFormat {
    /// Opus in ISOBMFF, 0.6.8.
    pub(crate) fn opus(channels: usize, pre_skip: u16, bitrate_bps: u32) -> Self {
        let entry = Opus {
            audio: Audio {
                data_reference_index: 1,
                channel_count: channels as u16,
                sample_size: 16,
                sample_rate: (RATE_HZ as u16).into(),
            },
            // Chromium refuses any other input rate than 48,000.
            dops: Dops {
                output_channel_count: channels as u8,
                pre_skip,
                input_sample_rate: RATE_HZ,
                output_gain: 0,
                channel_mapping: None,
            },
            btrt: Some(Btrt { buffer_size_db: 0, max_bitrate: bitrate_bps, avg_bitrate: bitrate_bps }),
        };
        let packet_samples = PACKET_FRAMES as u32;
        Self { entry: entry.into(), timescale_hz: RATE_HZ, pre_skip, packet_samples, roll: Some(OPUS_ROLL) }
    }

    /// AAC-LC in MPEG-4 (ISO/IEC 14496-14). `config` is its AudioSpecificConfig, `pre_skip` what a decoder drops.
    pub(crate) fn aac(format: AacFormat, pre_skip: u16, config: &[u8]) -> Self {
        let AacFormat { channels, rate_hz, bitrate_bps } = format;
        let dec_config = DecoderConfig {
            object_type_indication: 0x40, // MPEG-4 audio
            stream_type: 5,               // audio
            up_stream: 0,
            buffer_size_db: u24::from([0, 0x18, 0]),
            max_bitrate: bitrate_bps,
            avg_bitrate: bitrate_bps,
            dec_specific: Some(DecoderSpecific { raw: config.to_vec(), ..Default::default() }),
        };
        let entry = Mp4a {
            audio: Audio {
                data_reference_index: 1,
                channel_count: channels as u16,
                sample_size: 16,
                sample_rate: (rate_hz as u16).into(),
            },
            esds: Esds { es_desc: EsDescriptor { dec_config, ..Default::default() } },
            btrt: Some(Btrt { buffer_size_db: 0, max_bitrate: bitrate_bps, avg_bitrate: bitrate_bps }),
            taic: None,
        };
        let packet_samples = AAC_FRAMES as u32;
        Self { entry: entry.into(), timescale_hz: rate_hz, pre_skip, packet_samples, roll: Some(AAC_ROLL) }
    }

    /// Frames that a decoder drops.
    pub(crate) fn pre_skip(&self) -> u16 {
        self.pre_skip
    }

    /// FLAC in ISOBMFF, 0.0.4 (Xiph.Org).
    pub(crate) fn flac(info: &FlacStreamInfo) -> Self {
        let FlacFormat { channels, rate_hz, bits, .. } = info.format;
        let block = FlacFrames::BLOCK as u16;
        let stream_info = FlacMetadataBlock::StreamInfo {
            minimum_block_size: block,
            maximum_block_size: block,
            minimum_frame_size: u24::from([0; 3]),
            maximum_frame_size: u24::from([0; 3]),
            sample_rate: rate_hz,
            num_channels_minus_one: channels as u8 - 1,
            bits_per_sample_minus_one: bits.count() as u8 - 1,
            // The length and the checksum are not known yet.
            number_of_interchannel_samples: 0,
            md5_checksum: vec![0; 16],
        };
        let entry = Flac {
            audio: Audio {
                data_reference_index: 1,
                channel_count: channels,
                sample_size: bits.count() as u16,
                sample_rate: expressible(rate_hz).into(),
            },
            dfla: Dfla { blocks: vec![stream_info] },
        };
        let packet_samples = FlacFrames::BLOCK as u32;
        Self { entry: entry.into(), timescale_hz: rate_hz, pre_skip: 0, packet_samples, roll: None }
    }
}

/// The greatest whole part of a rate that the box's 16 bits hold.
fn expressible(rate_hz: u32) -> u16 {
    let parts = (1..).map(|part| rate_hz / part);
    parts.filter_map(|rate| u16::try_from(rate).ok()).next().unwrap_or(0)
}

/// The sample group that all packets are in: decode so many before what should be heard.
fn roll(packets: i16) -> Sgpd {
    let grouping_type = FourCC::from(b"roll");
    let distance = AnySampleGroupEntry::UnknownGroupingType(grouping_type, packets.to_be_bytes().to_vec());
    Sgpd {
        grouping_type,
        default_length: Some(2),
        default_group_description_index: Some(1),
        static_group_description: false,
        static_mapping: false,
        essential: false,
        entries: vec![SgpdEntry { description_length: None, entry: distance }],
    }
}

fn invalid(error: Error) -> io::Error {
    io::Error::other(error)
}
