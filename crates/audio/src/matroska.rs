//! What symphonia reads in Matroska and WebM and does not apply: the silence of encoders at both ends (RFC 9559).

use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

/// What of a file's sound is no music.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Trims {
    /// `CodecDelay` by track number, in nanoseconds.
    pub(crate) delays: Vec<(u64, u64)>,
    /// `DiscardPadding` of the last block, in nanoseconds.
    pub(crate) padding: u64,
}

const SEGMENT: u32 = 0x1853_8067;
const TRACKS: u32 = 0x1654_ae6b;
const TRACK_ENTRY: u32 = 0xae;
const TRACK_NUMBER: u32 = 0xd7;
const CODEC_DELAY: u32 = 0x56aa;
const CLUSTER: u32 = 0x1f43_b675;
const BLOCK_GROUP: u32 = 0xa0;
const SIMPLE_BLOCK: u32 = 0xa3;
const DISCARD_PADDING: u32 = 0x75a2;

/// A hostile file may be all headers. A cluster of a few seconds for each hour of a day is less.
const MAX_ELEMENTS: u32 = 60_000;
const MAX_TRACKS: usize = 16;

/// `None` if the source is no Matroska.
pub(crate) fn read_trims<R: Read + Seek>(source: &mut R, length: u64) -> io::Result<Option<Trims>> {
    source.rewind()?;
    let mut start = [0; 4];
    let is_ebml = length > 16 && source.read_exact(&mut start).is_ok() && start == [0x1a, 0x45, 0xdf, 0xa3];
    let trims = if is_ebml { Some(Walk { source, elements_left: MAX_ELEMENTS }.file(length)?) } else { None };
    source.rewind()?;
    Ok(trims)
}

struct Walk<'a, R> {
    source: &'a mut R,
    elements_left: u32,
}

struct Element {
    id: u32,
    body: Range<u64>,
    /// A live stream does not know how long it will be.
    is_open: bool,
}

impl<R: Read + Seek> Walk<'_, R> {
    fn file(&mut self, length: u64) -> io::Result<Trims> {
        let mut trims = Trims::default();
        let mut last_cluster = None;
        for segment in self.children(0..length)?.into_iter().filter(|element| element.id == SEGMENT) {
            for element in self.children(segment.body)? {
                match element.id {
                    TRACKS => self.tracks(element.body, &mut trims)?,
                    CLUSTER => last_cluster = Some(element),
                    _ => {}
                }
            }
        }
        if let Some(cluster) = last_cluster.filter(|cluster| !cluster.is_open) {
            trims.padding = self.padding(cluster.body)?;
        }
        Ok(trims)
    }

    fn tracks(&mut self, body: Range<u64>, trims: &mut Trims) -> io::Result<()> {
        let entries = self.children(body)?.into_iter().filter(|element| element.id == TRACK_ENTRY);
        for entry in entries.take(MAX_TRACKS) {
            let (mut number, mut delay) = (0, 0);
            for element in self.children(entry.body)? {
                match element.id {
                    TRACK_NUMBER => number = self.unsigned(&element)?,
                    CODEC_DELAY => delay = self.unsigned(&element)?,
                    _ => {}
                }
            }
            trims.delays.push((number, delay));
        }
        Ok(())
    }

    /// Of the last block of a cluster; a block in the middle of the sound discards nothing.
    fn padding(&mut self, cluster: Range<u64>) -> io::Result<u64> {
        let blocks = self.children(cluster)?;
        let last = blocks.into_iter().rfind(|element| matches!(element.id, BLOCK_GROUP | SIMPLE_BLOCK));
        let Some(group) = last.filter(|block| block.id == BLOCK_GROUP) else { return Ok(0) };
        let padding = self.children(group.body)?.into_iter().find(|element| element.id == DISCARD_PADDING);
        let Some(padding) = padding else { return Ok(0) };
        let (value, bits) = (self.unsigned(&padding)?, 8 * (padding.body.end - padding.body.start));
        // Signed: a negative one would discard at the start of its block.
        let is_negative = (1..=64).contains(&bits) && value >> (bits - 1) & 1 == 1;
        Ok(if is_negative { 0 } else { value })
    }

    /// What stands in a master element. One of unknown length is taken to reach to the end of its parent.
    fn children(&mut self, span: Range<u64>) -> io::Result<Vec<Element>> {
        let (mut children, mut at) = (Vec::new(), span.start);
        while at < span.end && self.elements_left > 0 {
            self.elements_left -= 1;
            let Some(element) = self.element(at, span.end)? else { break };
            at = element.body.end;
            children.push(element);
        }
        Ok(children)
    }

    fn element(&mut self, at: u64, end: u64) -> io::Result<Option<Element>> {
        let mut bytes = [0; 12];
        self.source.seek(SeekFrom::Start(at))?;
        let wanted = (end - at).min(12) as usize;
        if self.source.read_exact(&mut bytes[..wanted]).is_err() {
            return Ok(None);
        }
        let id_bytes = bytes[0].leading_zeros() as usize + 1;
        if id_bytes > 4 || id_bytes >= wanted {
            return Ok(None);
        }
        let id = bytes[..id_bytes].iter().fold(0, |id, byte| id << 8 | u32::from(*byte));
        let size_bytes = bytes[id_bytes].leading_zeros() as usize + 1;
        let header = id_bytes + size_bytes;
        if size_bytes > 8 || header > wanted {
            return Ok(None);
        }
        let size = bytes[id_bytes..header].iter().fold(0, |size, byte| size << 8 | u64::from(*byte));
        let most = (1u64 << (7 * size_bytes)) - 1;
        let (size, start) = (size & most, at + header as u64);
        let body_end = if size == most { end } else { start.saturating_add(size).min(end) };
        Ok(Some(Element { id, body: start..body_end, is_open: size == most }))
    }

    fn unsigned(&mut self, element: &Element) -> io::Result<u64> {
        let length = element.body.end - element.body.start;
        if length > 8 {
            return Ok(0);
        }
        let mut bytes = [0; 8];
        self.source.seek(SeekFrom::Start(element.body.start))?;
        self.source.read_exact(&mut bytes[8 - length as usize..])?;
        Ok(u64::from_be_bytes(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn element(id: u32, body: &[u8]) -> Vec<u8> {
        let id: Vec<u8> = id.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
        [id, (body.len() as u64 | 1 << 56).to_be_bytes().to_vec(), body.to_vec()].concat()
    }

    fn read(segment: &[Vec<u8>]) -> Trims {
        let file = [element(0x1a45_dfa3, &[0; 9]), element(SEGMENT, &segment.concat())].concat();
        let length = file.len() as u64;
        read_trims(&mut Cursor::new(file), length).expect("memory does not fail").expect("a Matroska")
    }

    #[test]
    fn both_trims_are_found() {
        let entry = [element(TRACK_NUMBER, &[1]), element(CODEC_DELAY, &6_500_000u32.to_be_bytes())].concat();
        let block = |padding: &[u8]| {
            element(BLOCK_GROUP, &[element(0xa1, &[1; 9]), element(DISCARD_PADDING, padding)].concat())
        };
        let tracks = element(TRACKS, &element(TRACK_ENTRY, &entry));
        let last = |blocks: &[Vec<u8>]| {
            read(&[tracks.clone(), element(CLUSTER, &block(&[9])), element(CLUSTER, &blocks.concat())])
        };
        let found = last(&[element(SIMPLE_BLOCK, &[2; 9]), block(&13_500_000u32.to_be_bytes())]);
        assert_eq!(found, Trims { delays: vec![(1, 6_500_000)], padding: 13_500_000 });
        assert_eq!(last(&[block(&[5]), element(SIMPLE_BLOCK, &[2; 9])]).padding, 0);
        assert_eq!(last(&[block(&[0xff, 0x00])]).padding, 0);
    }

    #[test]
    fn nonsense_is_nothing() {
        assert_eq!(read(&[vec![0; 40], vec![0xff; 40]]), Trims::default());
        assert_eq!(read(&[element(CLUSTER, &[0x1f; 100])]), Trims::default());
        assert_eq!(read_trims(&mut Cursor::new(b"RIFF and so on, no EBML".to_vec()), 23).expect("memory"), None);
    }
}
