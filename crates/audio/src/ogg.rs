use crate::labels::{FrontCover, Labels};
use crate::opus::PACKET_FRAMES;
use crate::vorbis_comment::vorbis_comment;
use std::io::{self, Write};

/// Writes one Opus stream into Ogg pages (RFC 3533) of about one second, as RFC 7845 has it.
pub(crate) struct OggWriter<W> {
    out: W,
    size: u64,
    sequence: u32,
    page: Page,
    /// Frames at 48 kHz in all packets so far, pre-skip included.
    granule: u64,
}

#[derive(Default)]
struct Page {
    lacing: Vec<u8>,
    body: Vec<u8>,
    packets: usize,
}

/// One stream to a file, so any number does; a fixed one keeps the bytes the same on every run.
const SERIAL: u32 = u32::from_le_bytes(*b"LGTO");
const PACKETS_PER_PAGE: usize = 50;
const MAX_LACING: usize = 255;
const FIRST: u8 = 2;
const LAST: u8 = 4;

impl<W: Write> OggWriter<W> {
    /// Writes both header pages. `input_rate_hz` is for display only.
    pub(crate) fn new(out: W, channels: usize, pre_skip: u16, input_rate_hz: u32, labels: &Labels) -> io::Result<Self> {
        let mut writer = Self { out, size: 0, sequence: 0, page: Page::default(), granule: 0 };
        writer.page.push(&head(channels as u8, pre_skip, input_rate_hz));
        writer.flush(FIRST, 0)?;
        // RFC 7845 §5.2.
        let cover = labels.covers.small.as_ref().map(FrontCover::as_cover);
        writer.page.push(&[b"OpusTags", &*vorbis_comment(labels, cover)?].concat());
        writer.flush(0, 0)?;
        Ok(writer)
    }

    pub(crate) fn push(&mut self, packet: &[u8]) -> io::Result<()> {
        // A full page waits for the next packet: the last page has to know that it is the last.
        if self.page.packets == PACKETS_PER_PAGE || self.page.lacing.len() + packet.len() / 255 + 1 > MAX_LACING {
            self.flush(0, self.granule)?;
        }
        self.page.push(packet);
        self.granule += PACKET_FRAMES as u64;
        Ok(())
    }

    /// `end` is the granule position after the last frame of music, pre-skip included: what the last
    /// packet holds beyond it is not played. Gives the bytes in the file.
    pub(crate) fn finish(mut self, end: u64) -> io::Result<u64> {
        self.flush(LAST, end)?;
        self.out.flush()?;
        Ok(self.size)
    }

    fn flush(&mut self, flags: u8, granule: u64) -> io::Result<()> {
        let page = std::mem::take(&mut self.page);
        let mut bytes = Vec::with_capacity(27 + page.lacing.len() + page.body.len());
        bytes.extend(b"OggS\0");
        bytes.push(flags);
        bytes.extend(granule.to_le_bytes());
        bytes.extend(SERIAL.to_le_bytes());
        bytes.extend(self.sequence.to_le_bytes());
        bytes.extend([0; 4]);
        bytes.push(page.lacing.len() as u8);
        bytes.extend(&page.lacing);
        bytes.extend(&page.body);
        let checksum = crc(&bytes);
        bytes[22..26].copy_from_slice(&checksum.to_le_bytes());
        self.out.write_all(&bytes)?;
        self.size += bytes.len() as u64;
        self.sequence += 1;
        Ok(())
    }
}

impl Page {
    fn push(&mut self, packet: &[u8]) {
        self.lacing.extend(std::iter::repeat_n(255, packet.len() / 255));
        self.lacing.push((packet.len() % 255) as u8);
        self.body.extend_from_slice(packet);
        self.packets += 1;
    }
}

/// RFC 7845 §5.1, channel mapping family 0.
fn head(channels: u8, pre_skip: u16, input_rate_hz: u32) -> Vec<u8> {
    let mut head = b"OpusHead\x01".to_vec();
    head.push(channels);
    head.extend(pre_skip.to_le_bytes());
    head.extend(input_rate_hz.to_le_bytes());
    head.extend([0; 3]); // no gain, family 0
    head
}

/// RFC 3533's checksum: polynomial 0x04c11db7, most significant bit first, starting from 0.
fn crc(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |crc, byte| crc << 8 ^ CRC[(crc >> 24) as usize ^ usize::from(*byte)])
}

const CRC: [u32; 256] = {
    let mut table = [0; 256];
    let mut index = 0;
    while index < 256 {
        let mut value = (index as u32) << 24;
        let mut bit = 0;
        while bit < 8 {
            value = value << 1 ^ if value >> 31 == 1 { 0x04c1_1db7 } else { 0 };
            bit += 1;
        }
        table[index] = value;
        index += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_closed_before_they_overflow() {
        let mut bytes = Vec::new();
        let mut writer =
            OggWriter::new(&mut bytes, 2, 312, 44_100, &Labels::default()).expect("memory takes everything");
        for _ in 0..120 {
            writer.push(&[7; 1_275]).expect("memory takes everything");
        }
        let size = writer.finish(115_000).expect("memory takes everything");
        assert_eq!(size, bytes.len() as u64);
        let pages = bytes.windows(5).filter(|window| window == b"OggS\0").count();
        assert_eq!(pages, 2 + 120usize.div_ceil(42));
        assert_eq!(bytes[5], FIRST);
    }

    #[test]
    fn the_checksum_is_that_of_the_standard() {
        assert_eq!(crc(b"123456789"), 0x89a1_897f); // CRC-32/MPEG-2 with a start of 0
    }
}
