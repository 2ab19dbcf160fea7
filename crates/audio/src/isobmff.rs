//! What symphonia reads in an MP4 and does not apply: edit lists and iTunes' gapless tag.

use crate::headers::{Allowance, MAX_METADATA};
use crate::source::Patch;
use mp4_atom::{Atom, Decode, Elst, Hdlr, Mdhd, Mvhd, Stts, Tkhd};
use std::io::{self, Read, Seek, SeekFrom};

/// The timing of a movie's sound tracks.
#[derive(Debug, Default)]
pub(crate) struct Movie {
    /// Ticks per second of edit durations.
    pub(crate) timescale: u32,
    pub(crate) tracks: Vec<SoundTrack>,
    pub(crate) itunes: Option<ItunesGapless>,
    /// Hide pictures, which a demuxer would hold in memory.
    pub(crate) patches: Vec<Patch>,
}

#[derive(Debug, Default)]
pub(crate) struct SoundTrack {
    pub(crate) id: u32,
    pub(crate) is_sound: bool,
    /// Ticks per second of media times.
    pub(crate) timescale: u32,
    /// The sum of all samples' durations, 0 in fragmented files.
    pub(crate) media_duration: u64,
    pub(crate) edits: Vec<Edit>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Edit {
    /// In the movie's ticks; 0 is "to the end".
    pub(crate) duration: u64,
    /// In the track's ticks.
    pub(crate) media_time: u64,
}

/// iTunSMPB: what the encoder put before and after the music, in frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ItunesGapless {
    pub(crate) delay: u64,
    pub(crate) frames: u64,
}

/// Walk to the `moov` box and read its timing. `None` if the source is no MP4; a movie without tracks if
/// its index is missing.
pub(crate) fn read_movie<R: Read + Seek>(
    source: &mut R,
    length: u64,
    allowance: Allowance,
) -> io::Result<Option<Movie>> {
    let mut start = [0; 8];
    source.rewind()?;
    if length < 16 || source.read_exact(&mut start).is_err() || &start[4..] != b"ftyp" {
        return Ok(None);
    }
    let mut walk = Walk { source, boxes_left: MAX_BOXES, depth: 0, allowance };
    let mut movie = Movie::default();
    walk.each(0..length, &mut |walk, found| match &found.kind {
        b"moov" => walk.movie(&found, &mut movie),
        _ => Ok(()),
    })?;
    source.rewind()?;
    Ok(Some(movie))
}

/// A hostile file may be all headers.
const MAX_BOXES: u32 = 20_000;
/// What we look for lies five boxes deep; boxes inside boxes must not exhaust the stack.
const MAX_DEPTH: u32 = 8;
const MAX_TRACKS: usize = 16;

struct Walk<'a, R> {
    source: &'a mut R,
    boxes_left: u32,
    depth: u32,
    allowance: Allowance,
}

struct Found {
    kind: [u8; 4],
    /// With its header.
    whole: std::ops::Range<u64>,
    body: std::ops::Range<u64>,
}

impl<R: Read + Seek> Walk<'_, R> {
    fn movie(&mut self, moov: &Found, movie: &mut Movie) -> io::Result<()> {
        self.each(moov.body.clone(), &mut |walk, found| {
            match &found.kind {
                b"mvhd" => movie.timescale = walk.leaf::<Mvhd>(&found)?.map_or(0, |mvhd| mvhd.timescale),
                b"trak" if movie.tracks.len() < MAX_TRACKS => {
                    let mut track = SoundTrack::default();
                    walk.track(&found, &mut track)?;
                    if track.is_sound {
                        movie.tracks.push(track);
                    }
                }
                b"udta" => walk.user_data(&found, movie)?,
                _ => {}
            }
            Ok(())
        })
    }

    fn track(&mut self, parent: &Found, track: &mut SoundTrack) -> io::Result<()> {
        self.each(parent.body.clone(), &mut |walk, found| {
            match &found.kind {
                b"edts" | b"mdia" | b"minf" | b"stbl" => walk.track(&found, track)?,
                b"tkhd" => track.id = walk.leaf::<Tkhd>(&found)?.map_or(0, |tkhd| tkhd.track_id),
                b"mdhd" => track.timescale = walk.leaf::<Mdhd>(&found)?.map_or(0, |mdhd| mdhd.timescale),
                b"hdlr" => {
                    track.is_sound = walk.leaf::<Hdlr>(&found)?.is_some_and(|hdlr| hdlr.handler == b"soun".into());
                }
                b"elst" => track.edits = walk.leaf::<Elst>(&found)?.map_or_else(Vec::new, |elst| edits(&elst)),
                b"stts" => track.media_duration = walk.leaf::<Stts>(&found)?.map_or(0, |stts| duration(&stts)),
                _ => {}
            }
            Ok(())
        })
    }

    fn user_data(&mut self, parent: &Found, movie: &mut Movie) -> io::Result<()> {
        self.each(parent.body.clone(), &mut |walk, found| {
            match &found.kind {
                // `meta` is a full box: four bytes of version and flags stand before its children.
                b"meta" => {
                    let body = found.body.start.saturating_add(4).min(found.body.end)..found.body.end;
                    walk.user_data(&Found { body, ..found }, movie)?;
                }
                b"ilst" => walk.user_data(&found, movie)?,
                // A large item is renamed to free space.
                _ if &parent.kind == b"ilst" && !walk.allowance.grants(found.whole.end - found.whole.start) => {
                    movie.patches.push(Patch { at: found.whole.start + 4, bytes: b"free".to_vec() });
                }
                b"----" if movie.itunes.is_none() => {
                    movie.itunes = walk.bytes(&found)?.and_then(|bytes| parse_itunes(&bytes));
                }
                _ => {}
            }
            Ok(())
        })
    }

    fn each(
        &mut self,
        span: std::ops::Range<u64>,
        visit: &mut dyn FnMut(&mut Self, Found) -> io::Result<()>,
    ) -> io::Result<()> {
        self.depth += 1;
        let mut at = span.start;
        while at + 8 <= span.end && self.boxes_left > 0 && self.depth <= MAX_DEPTH {
            self.boxes_left -= 1;
            let Some(found) = self.header(at, span.end)? else { break };
            at = found.whole.end;
            visit(self, found)?;
        }
        self.depth -= 1;
        Ok(())
    }

    /// The box at `at`, or `None` if it does not fit into its parent. (The last one may be cut off.)
    fn header(&mut self, at: u64, end: u64) -> io::Result<Option<Found>> {
        let mut bytes = [0; 16];
        self.source.seek(SeekFrom::Start(at))?;
        let wanted = (end - at).min(16) as usize;
        if self.source.read_exact(&mut bytes[..wanted]).is_err() {
            return Ok(None);
        }
        let [s0, s1, s2, s3, k0, k1, k2, k3, large @ ..] = bytes;
        let (header, size) = match u32::from_be_bytes([s0, s1, s2, s3]) {
            0 => (8, end - at),
            1 => (16, u64::from_be_bytes(large)),
            size => (8, u64::from(size)),
        };
        let Some(box_end) = at.checked_add(size).filter(|_| size >= header) else { return Ok(None) };
        let box_end = box_end.min(end);
        Ok(Some(Found { kind: [k0, k1, k2, k3], whole: at..box_end, body: (at + header).min(box_end)..box_end }))
    }

    fn leaf<A: Atom>(&mut self, found: &Found) -> io::Result<Option<A>> {
        Ok(self.bytes(found)?.and_then(|bytes| A::decode(&mut bytes.as_slice()).ok()))
    }

    /// Boxes that are read whole are small; a longer one is not understood.
    fn bytes(&mut self, found: &Found) -> io::Result<Option<Vec<u8>>> {
        let length = found.whole.end - found.whole.start;
        if length > MAX_METADATA {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        self.source.seek(SeekFrom::Start(found.whole.start))?;
        self.source.by_ref().take(length).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }
}

fn edits(elst: &Elst) -> Vec<Edit> {
    let real = |entry: &mp4_atom::ElstEntry| {
        Some(Edit { duration: entry.segment_duration, media_time: entry.media_time? }) // `None` is a pause
    };
    elst.entries.iter().filter_map(real).collect()
}

fn duration(stts: &Stts) -> u64 {
    let ticks = |entry: &mp4_atom::SttsEntry| u64::from(entry.sample_count) * u64::from(entry.sample_delta);
    stts.entries.iter().fold(0, |sum, entry| sum.saturating_add(ticks(entry)))
}

/// A freeform box `mean name data`, its data the text
/// ` 00000000 00000840 000001C0 00000000000A7D00 …`: zero, delay, padding, frames.
fn parse_itunes(bytes: &[u8]) -> Option<ItunesGapless> {
    let after =
        |needle: &[u8]| bytes.windows(needle.len()).position(|window| window == needle).map(|at| at + needle.len());
    after(b"iTunSMPB")?;
    let text = bytes.get(after(b"data")? + 8..)?;
    let text = std::str::from_utf8(text).ok()?;
    let mut numbers = text.split_ascii_whitespace().map(|word| u64::from_str_radix(word, 16).ok());
    let (_, delay, _padding, frames) = (numbers.next()??, numbers.next()??, numbers.next()??, numbers.next()??);
    (frames > 0).then_some(ItunesGapless { delay, frames })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_itunes_tag_is_read() {
        let mut bytes = b"....----....mean....com.apple.iTunes....name....iTunSMPB....data".to_vec();
        bytes.extend([0; 8]);
        bytes.extend(b" 00000000 00000840 000001CA 00000000003F31F6 00000000");
        assert_eq!(parse_itunes(&bytes), Some(ItunesGapless { delay: 0x840, frames: 0x3F31F6 }));
        assert_eq!(parse_itunes(b"iTunSMPBdata"), None);
    }

    #[test]
    fn boxes_in_boxes_do_not_exhaust_the_stack() {
        let mut bytes = b"\0\0\0\x10ftypisom\0\0\0\0\x7f\xff\xff\xffmoov\x7f\xff\xff\xfftrak".to_vec();
        bytes.extend(b"\x7f\xff\xff\xffmdia".repeat(200_000));
        let length = bytes.len() as u64;
        let movie = read_movie(&mut io::Cursor::new(bytes), length, Allowance::SMALL).expect("memory does not fail");
        assert!(movie.expect("there is a moov").tracks.is_empty());
    }

    #[test]
    fn a_box_that_claims_more_than_there_is_ends_with_its_parent() {
        let mut bytes = b"\0\0\0\x10ftypisom\0\0\0\0\xff\xff\xff\xffmoov\xff\xff\xff\xfftrak".to_vec();
        bytes.extend([0; 40]);
        let length = bytes.len() as u64;
        let movie = read_movie(&mut io::Cursor::new(bytes), length, Allowance::SMALL).expect("memory does not fail");
        assert!(movie.expect("there is a moov").tracks.is_empty());
    }
}
