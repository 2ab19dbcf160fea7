//! Whole AAC files: MPEG-4 (ISO/IEC 14496-14) with the tags that iTunes made usual.
//!
//! ```text
//! ftyp   moov or free   mdat   [moov]
//! ```
//! What stands in `moov` is only known at the end. Where the length of the music is known at the start, there is room for it
//! before the music, and a player begins with the first bytes; else it comes last.

use crate::aac_encoder::AAC_FRAMES;
use crate::cmaf::{CmafFormat, MediaRange, movie};
use crate::labels::{Cover, Labels};
use mp4_atom::{Co64, Encode, Ftyp, Moov, Stco, Stsc, StscEntry, Stsz, StszSamples, Stts, SttsEntry};
use std::io::{self, Seek, SeekFrom, Write};

/// Packets to a chunk: a second and a half.
const CHUNK: usize = 64;
/// What `moov` takes beside its tables and tags, and some more.
const FIXED: u64 = 2_048;

/// Writes packets of AAC to a file.
pub(crate) struct M4aFile<W> {
    out: W,
    start: u64,
    format: CmafFormat,
    tags: Vec<u8>,
    /// Where there is room for `moov`, from `start`, and how much.
    room: (u64, u64),
    /// The first byte of music, from `start`.
    media_at: u64,
    size: u64,
    sizes: Vec<u32>,
}

impl<W: Write + Seek> M4aFile<W> {
    /// `frames` is how long the music will be, as far as that is known, at its rate.
    pub(crate) fn new(
        mut out: W,
        format: CmafFormat,
        labels: &Labels,
        cover: Option<Cover<'_>>,
        frames: Option<u64>,
    ) -> io::Result<Self> {
        let start = out.stream_position()?;
        let tags = tags(labels, cover)?;
        let mut head = Vec::new();
        brands().encode(&mut head).map_err(io::Error::other)?;
        let at = head.len() as u64;
        let room = frames.map_or(0, |frames| room(frames, tags.len() as u64));
        if room > 0 {
            head.extend((room as u32).to_be_bytes());
            head.extend(b"free");
            head.resize((at + room) as usize, 0);
        }
        // The length of `mdat` is in 64 bits, and completed at the end.
        head.extend(1_u32.to_be_bytes());
        head.extend(b"mdat");
        head.extend([0; 8]);
        out.write_all(&head)?;
        let media_at = head.len() as u64;
        Ok(Self { out, start, format, tags, room: (at, room), media_at, size: media_at, sizes: Vec::new() })
    }

    /// The next packet; where it lies.
    pub(crate) fn push(&mut self, packet: &[u8]) -> io::Result<MediaRange> {
        let lies = MediaRange { offset: self.size, size: packet.len() as u64 };
        self.out.write_all(packet)?;
        self.sizes.push(packet.len() as u32);
        self.size += lies.size;
        Ok(lies)
    }

    /// `end` is the media time after the last frame of music, what a decoder drops included. The size of the file.
    pub(crate) fn finish(mut self, end: u64) -> io::Result<u64> {
        let movie = self.movie(end)?;
        let media = self.size - self.media_at + 16;
        self.write_at(self.media_at - 8, &media.to_be_bytes())?;
        let (at, room) = self.room;
        let size = movie.len() as u64;
        // What is left has to be a box itself.
        if size == room || size + 8 <= room {
            self.write_at(at, &movie)?;
            let left = (room - size) as u32;
            if left > 0 {
                self.write_at(at + size, &[&left.to_be_bytes()[..], b"free"].concat())?;
            }
        } else {
            self.write_at(self.size, &movie)?;
            self.size += size;
        }
        self.out.seek(SeekFrom::Start(self.start + self.size))?;
        self.out.flush()?;
        Ok(self.size)
    }

    fn write_at(&mut self, at: u64, bytes: &[u8]) -> io::Result<()> {
        self.out.seek(SeekFrom::Start(self.start + at))?;
        self.out.write_all(bytes)
    }

    fn movie(&self, end: u64) -> io::Result<Vec<u8>> {
        let mut moov: Moov = movie(&self.format);
        moov.mvex = None;
        let heard = end.saturating_sub(u64::from(self.format.pre_skip()));
        moov.mvhd.duration = heard;
        for track in &mut moov.trak {
            track.tkhd.duration = heard;
            track.mdia.mdhd.duration = end;
            let edits = track.edts.iter_mut().flat_map(|edts| &mut edts.elst).flat_map(|elst| &mut elst.entries);
            edits.for_each(|edit| edit.segment_duration = heard);
            let stbl = &mut track.mdia.minf.stbl;
            let count = self.sizes.len() as u32;
            let last = end.saturating_sub(u64::from(count.saturating_sub(1)) * AAC_FRAMES as u64) as u32;
            let times = [(count.saturating_sub(1), AAC_FRAMES as u32), (1, last)];
            let times = times.into_iter().filter(|(count, _)| *count > 0);
            stbl.stts = Stts {
                entries: times.map(|(sample_count, sample_delta)| SttsEntry { sample_count, sample_delta }).collect(),
            };
            stbl.stsc = Stsc { entries: chunks(self.sizes.len()) };
            stbl.stsz = Stsz { samples: StszSamples::Different { sizes: self.sizes.clone() } };
            (stbl.stco, stbl.co64) = self.offsets();
        }
        let mut bytes = Vec::new();
        moov.encode(&mut bytes).map_err(io::Error::other)?;
        bytes.extend_from_slice(&self.tags);
        let size = bytes.len() as u32;
        bytes[..4].copy_from_slice(&size.to_be_bytes());
        Ok(bytes)
    }

    fn offsets(&self) -> (Option<Stco>, Option<Co64>) {
        let mut at = self.start + self.media_at;
        let mut entries = Vec::new();
        for chunk in self.sizes.chunks(CHUNK) {
            entries.push(at);
            at += chunk.iter().map(|size| u64::from(*size)).sum::<u64>();
        }
        match entries.iter().map(|at| u32::try_from(*at)).collect() {
            Ok(entries) => (Some(Stco { entries }), None),
            Err(_) => (None, Some(Co64 { entries })),
        }
    }
}

fn chunks(packets: usize) -> Vec<StscEntry> {
    let entry = |first_chunk: usize, samples_per_chunk: usize| StscEntry {
        first_chunk: first_chunk as u32,
        samples_per_chunk: samples_per_chunk as u32,
        sample_description_index: 1,
    };
    let (full, rest) = (packets / CHUNK, packets % CHUNK);
    let full_ones = (full > 0).then(|| entry(1, CHUNK));
    full_ones.into_iter().chain((rest > 0).then(|| entry(full + 1, rest))).collect()
}

/// Enough for the tables of so much music.
fn room(frames: u64, tags: u64) -> u64 {
    let packets = frames / AAC_FRAMES as u64 + 8;
    // A size for each packet, an offset for each chunk.
    let room = FIXED + tags + 4 * packets + 8 * packets.div_ceil(CHUNK as u64);
    // A claim may be a lie.
    if room <= 64 << 20 { room } else { 0 }
}

fn brands() -> Ftyp {
    Ftyp {
        major_brand: b"M4A ".into(),
        minor_version: 512,
        compatible_brands: vec![b"M4A ".into(), b"mp42".into(), b"isom".into()],
    }
}

const BINARY: u32 = 0;
const UTF_8: u32 = 1;
const JPEG: u32 = 13;
const PNG: u32 = 14;

/// `udta` with all that is told of the music.
fn tags(labels: &Labels, cover: Option<Cover<'_>>) -> io::Result<Vec<u8>> {
    let mut list = Vec::new();
    let Labels { title, artist, album, date, genre, isrc, track_number, disc_number, .. } = labels;
    for (name, text) in
        [(b"\xa9nam", title), (b"\xa9ART", artist), (b"\xa9alb", album), (b"\xa9day", date), (b"\xa9gen", genre)]
    {
        if !text.is_empty() {
            list.extend(item(name, UTF_8, text.as_bytes()));
        }
    }
    let number = |number: u32| (number.min(u32::from(u16::MAX)) as u16).to_be_bytes();
    if let Some([high, low]) = track_number.map(number) {
        list.extend(item(b"trkn", BINARY, &[0, 0, high, low, 0, 0, 0, 0]));
    }
    if let Some([high, low]) = disc_number.map(number) {
        list.extend(item(b"disk", BINARY, &[0, 0, high, low, 0, 0]));
    }
    if !isrc.is_empty() {
        let words =
            [full_atom(b"mean", b"com.apple.iTunes"), full_atom(b"name", b"ISRC"), data(UTF_8, isrc.as_bytes())];
        list.extend(atom(b"----", &words.concat()));
    }
    if let Some(cover) = cover {
        cover.check()?;
        let kind = if cover.media_type == "image/png" { PNG } else { JPEG };
        list.extend(item(b"covr", kind, cover.bytes));
    }
    let handler = full_atom(b"hdlr", b"\0\0\0\0mdirappl\0\0\0\0\0\0\0\0\0");
    let meta = [handler, atom(b"ilst", &list)].concat();
    Ok(atom(b"udta", &full_atom(b"meta", &meta)))
}

fn item(name: &[u8; 4], kind: u32, value: &[u8]) -> Vec<u8> {
    atom(name, &data(kind, value))
}

fn data(kind: u32, value: &[u8]) -> Vec<u8> {
    atom(b"data", &[&kind.to_be_bytes()[..], &[0; 4], value].concat())
}

/// With a version and flags of 0.
fn full_atom(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    atom(name, &[&[0; 4][..], content].concat())
}

fn atom(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    [&(content.len() as u32 + 8).to_be_bytes()[..], name, content].concat()
}
