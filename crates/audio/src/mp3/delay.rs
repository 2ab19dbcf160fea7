//! LAME's header for a stream that nobody goes back in: how much to drop at its start, and nothing of its length.

/// Frames in an MPEG-1 frame.
pub(crate) const FRAMES: usize = 1_152;
/// What LAME itself delays by, besides the decoder's 529 frames, which players know of.
const LAME_DELAY: u16 = 576;
/// The field has twelve bits.
const MAX_DELAY: u16 = 4_095;

/// Puts the header into the first frame as it passes by.
pub(crate) struct DelayHeader {
    delay: u16,
    channels: usize,
    is_constant: bool,
    /// The beginning of the first frame.
    held: Vec<u8>,
    is_done: bool,
}

impl DelayHeader {
    /// The most frames that can be dropped beside LAME's own.
    pub(crate) const MOST: usize = (MAX_DELAY - LAME_DELAY) as usize;

    /// Players shall drop `frames` beside LAME's own delay; at most [`Self::MOST`].
    pub(crate) fn dropping(frames: usize, channels: usize, is_constant: bool) -> Self {
        let delay = LAME_DELAY + frames.min(Self::MOST) as u16;
        Self { delay, channels, is_constant, held: Vec::new(), is_done: false }
    }

    /// What may go out once LAME has written `bytes`.
    pub(crate) fn pass(&mut self, bytes: &[u8]) -> Vec<u8> {
        if self.is_done {
            return bytes.to_vec();
        }
        self.held.extend_from_slice(bytes);
        if self.held.len() < self.header_end() {
            return Vec::new();
        }
        self.is_done = true;
        let mut held = std::mem::take(&mut self.held);
        self.write(&mut held);
        held
    }

    /// Of a stream that ended before its first frame was complete.
    pub(crate) fn rest(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.held)
    }

    /// Behind the frame's header and the side information, which is empty.
    fn start(&self) -> usize {
        4 + if self.channels == 1 { 17 } else { 32 }
    }

    fn header_end(&self) -> usize {
        self.start() + 8 + LAME_BYTES
    }

    /// "Xing", flags that announce no field, and LAME's part behind them (gabriel.mp3-tech.org/mp3infotag.html).
    fn write(&self, frame: &mut [u8]) {
        let start = self.start();
        frame[start..start + 4].copy_from_slice(if self.is_constant { b"Info" } else { b"Xing" });
        let lame = start + 8;
        frame[lame..lame + 9].copy_from_slice(b"LAME3.100");
        frame[lame + 9] = if self.is_constant { 1 } else { 4 }; // the method
        let padded = u32::from(self.delay) << 12; // how much the last frame is filled up is not known yet
        frame[lame + 21..lame + 24].copy_from_slice(&padded.to_be_bytes()[1..]);
        let checksum = crc(&frame[..lame + LAME_BYTES - 2]);
        frame[lame + LAME_BYTES - 2..lame + LAME_BYTES].copy_from_slice(&checksum.to_be_bytes());
    }
}

/// From its name to its checksum.
const LAME_BYTES: usize = 36;

/// CRC-16 with the polynomial 0x8005, least significant bit first, from 0.
fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte), |crc, _| crc >> 1 ^ if crc & 1 == 1 { 0xa001 } else { 0 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_stands_where_players_look_for_it() {
        let mut header = DelayHeader::dropping(3 * FRAMES, 2, true);
        let mut out = header.pass(&[0; 50]);
        assert!(out.is_empty(), "not whole yet");
        out.extend(header.pass(&[0; 900]));
        assert_eq!(out.len(), 950);
        assert_eq!(&out[36..40], b"Info");
        assert_eq!(&out[65..68], &[0xfc, 0, 0], "4,032 and no padding");
        assert_eq!(header.pass(&[7]), [7]);
    }

    #[test]
    fn the_checksum_is_that_of_the_standard() {
        assert_eq!(crc(b"123456789"), 0xbb3d); // CRC-16/ARC
    }
}
