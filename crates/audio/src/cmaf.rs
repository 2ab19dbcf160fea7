use crate::opus::PACKET_FRAMES;
use crate::resample::RATE_HZ;
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
    /// The media segments in order, without gaps from `init_size` to `size`.
    pub segments: Vec<Segment>,
    /// Samples at 48 kHz that a decoder drops from the start of the first segment. Its `elst` says so too.
    pub pre_skip: u16,
}

/// One media segment (`moof`, `mdat`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// The first byte in the file.
    pub offset: u64,
    /// Bytes.
    pub size: u64,
    /// Its duration on the media timeline, in samples at 48 kHz. The first one includes the pre-skip;
    /// together they are pre-skip and music.
    pub samples: u64,
}

/// Writes one Opus stream as fragmented MP4 (Encapsulation of Opus in ISOBMFF 0.6.8).
pub(crate) struct CmafWriter<'a> {
    out: &'a mut dyn Write,
    rendition: CmafRendition,
    /// Samples at 48 kHz in all finished segments.
    time: u64,
    sizes: Vec<u32>,
    data: Vec<u8>,
}

const TRACK: u32 = 1;
/// Two seconds, so that the first sound comes quickly.
const FIRST_PACKETS: usize = 100;
/// Six seconds, as RFC 8216's authors advise.
const PACKETS: usize = 300;
/// 80 ms, which a decoder needs to converge after a seek (RFC 7845 §4.6).
const ROLL_PACKETS: i16 = -4;
/// Every packet can be decoded on its own: `sample_depends_on = 2`.
const INDEPENDENT: u32 = 0x0200_0000;

impl<'a> CmafWriter<'a> {
    /// Writes the init segment.
    pub(crate) fn new(out: &'a mut dyn Write, channels: usize, pre_skip: u16, bitrate_bps: u32) -> io::Result<Self> {
        let mut init = Vec::new();
        brands().encode(&mut init).map_err(invalid)?;
        movie(channels, pre_skip, bitrate_bps).encode(&mut init).map_err(invalid)?;
        out.write_all(&init)?;
        let size = init.len() as u64;
        let rendition = CmafRendition { size, init_size: size, segments: Vec::new(), pre_skip };
        Ok(Self { out, rendition, time: 0, sizes: Vec::new(), data: Vec::new() })
    }

    pub(crate) fn push(&mut self, packet: &[u8]) -> io::Result<()> {
        // A full segment waits for the next packet: the last one has to know that it is the last.
        let full = if self.rendition.segments.is_empty() { FIRST_PACKETS } else { PACKETS };
        if self.sizes.len() == full {
            self.flush(PACKET_FRAMES as u64)?;
        }
        self.sizes.push(packet.len() as u32);
        self.data.extend_from_slice(packet);
        Ok(())
    }

    /// `end` is the media time after the last frame of music, pre-skip included: the last packet's
    /// duration is shortened to it.
    pub(crate) fn finish(mut self, end: u64) -> io::Result<CmafRendition> {
        let packets = self.sizes.len() as u64;
        let before_last = self.time + packets.saturating_sub(1) * PACKET_FRAMES as u64;
        self.flush(end.saturating_sub(before_last))?;
        self.out.flush()?;
        Ok(self.rendition)
    }

    fn flush(&mut self, last_duration: u64) -> io::Result<()> {
        let sizes = std::mem::take(&mut self.sizes);
        let samples = (sizes.len() as u64 - 1) * PACKET_FRAMES as u64 + last_duration;
        let sequence = self.rendition.segments.len() as u32 + 1;
        let bytes = fragment(sequence, self.time, &sizes, last_duration as u32, &self.data).map_err(invalid)?;
        self.out.write_all(&bytes)?;
        let size = bytes.len() as u64;
        self.rendition.segments.push(Segment { offset: self.rendition.size, size, samples });
        self.rendition.size += size;
        self.time += samples;
        self.data.clear();
        Ok(())
    }
}

/// `moof` and `mdat`.
fn fragment(sequence: u32, time: u64, sizes: &[u32], last_duration: u32, data: &[u8]) -> Result<Vec<u8>> {
    let mut moof = movie_fragment(sequence, time, sizes, last_duration);
    let mut bytes = Vec::with_capacity(data.len() + 12 * sizes.len() + 256);
    moof.encode(&mut bytes)?;
    // The data begins behind the moof, whose length is only known now, and mdat's header.
    let offset = bytes.len() as i32 + 8;
    moof.traf.iter_mut().flat_map(|traf| &mut traf.trun).for_each(|trun| trun.data_offset = Some(offset));
    bytes.clear();
    moof.encode(&mut bytes)?;
    bytes.extend((data.len() as u32 + 8).to_be_bytes());
    bytes.extend(b"mdat");
    bytes.extend_from_slice(data);
    Ok(bytes)
}

fn movie_fragment(sequence_number: u32, time: u64, sizes: &[u32], last_duration: u32) -> Moof {
    let last = sizes.len() - 1;
    let is_shortened = last_duration != PACKET_FRAMES as u32;
    let entry = |(index, size): (usize, &u32)| TrunEntry {
        size: Some(*size),
        duration: is_shortened.then_some(if index == last { last_duration } else { PACKET_FRAMES as u32 }),
        ..Default::default()
    };
    let samples: Vec<TrunEntry> = sizes.iter().enumerate().map(entry).collect();
    Moof {
        mfhd: Mfhd { sequence_number },
        traf: vec![Traf {
            tfhd: Tfhd {
                track_id: TRACK,
                default_sample_duration: Some(PACKET_FRAMES as u32),
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

fn movie(channels: usize, pre_skip: u16, bitrate_bps: u32) -> Moov {
    let trex = Trex {
        track_id: TRACK,
        default_sample_description_index: 1,
        default_sample_duration: PACKET_FRAMES as u32,
        default_sample_size: 0,
        default_sample_flags: INDEPENDENT,
    };
    Moov {
        mvhd: Mvhd {
            timescale: RATE_HZ,
            rate: 1.into(),
            volume: 1.into(),
            next_track_id: TRACK + 1,
            ..Default::default()
        },
        mvex: Some(Mvex { mehd: None, trex: vec![trex] }),
        trak: vec![track(channels, pre_skip, bitrate_bps)],
        ..Default::default()
    }
}

fn track(channels: usize, pre_skip: u16, bitrate_bps: u32) -> Trak {
    // A duration of 0 reaches to the end, which a fragmented file does not know yet.
    let edit = ElstEntry { segment_duration: 0, media_time: Some(u64::from(pre_skip)), media_rate: 1.into() };
    Trak {
        tkhd: Tkhd { track_id: TRACK, enabled: true, in_movie: true, volume: 1.into(), ..Default::default() },
        edts: Some(Edts { elst: Some(Elst { entries: vec![edit] }) }),
        mdia: Mdia {
            mdhd: Mdhd { timescale: RATE_HZ, language: "und".to_owned(), ..Default::default() },
            hdlr: Hdlr { handler: b"soun".into(), name: "Legato".to_owned() },
            minf: Minf {
                smhd: Some(Smhd::default()),
                dinf: Dinf { dref: Dref { entries: vec![Url { location: String::new() }.into()] } },
                stbl: samples(channels, pre_skip, bitrate_bps),
                ..Default::default()
            },
        },
        ..Default::default()
    }
}

fn samples(channels: usize, pre_skip: u16, bitrate_bps: u32) -> Stbl {
    let opus = Opus {
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
    Stbl {
        stsd: Stsd { codecs: vec![opus.into()] },
        stco: Some(Stco::default()),
        sgpd: vec![roll()],
        ..Default::default()
    }
}

/// The sample group that all packets are in: decode 80 ms before what should be heard.
fn roll() -> Sgpd {
    let grouping_type = FourCC::from(b"roll");
    let distance = AnySampleGroupEntry::UnknownGroupingType(grouping_type, ROLL_PACKETS.to_be_bytes().to_vec());
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
