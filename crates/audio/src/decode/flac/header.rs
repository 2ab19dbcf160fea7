use crate::flac::crc8;

/// What stands in front of a frame (RFC 9639 §9.1).
pub(super) struct Header {
    /// Samples of each channel.
    pub(super) frames: usize,
    pub(super) channels: usize,
    pub(super) stereo: Stereo,
    /// Of a sample; `None`: as the stream's header says.
    pub(super) bits: Option<u32>,
}

/// What the channels of a frame hold.
#[derive(Clone, Copy)]
pub(super) enum Stereo {
    Independent,
    LeftSide,
    SideRight,
    MidSide,
}

impl Header {
    /// With what follows it. `None` if it makes no sense. The rate and the frame's number are not looked at.
    pub(super) fn read(packet: &[u8]) -> Option<(Self, &[u8])> {
        let (&[sync, strategy, sizes, kinds], rest) = packet.split_first_chunk()?;
        if sync != 0xff || strategy & 0xfe != 0xf8 || kinds & 1 != 0 {
            return None;
        }
        let mut rest = rest.get(length_of_number(*rest.first()?)?..)?;
        let mut take = |count: usize| {
            let (taken, behind) = rest.split_at_checked(count)?;
            rest = behind;
            Some(taken.iter().fold(0, |number, byte| number << 8 | usize::from(*byte)))
        };
        let frames = match sizes >> 4 {
            0 => return None,
            1 => 192,
            code @ 2..=5 => 144 << code,
            6 => take(1)? + 1,
            7 => take(2)? + 1,
            code => 1 << code,
        };
        match sizes & 15 {
            12 => drop(take(1)?),
            13 | 14 => drop(take(2)?),
            15 => return None,
            _ => {}
        }
        let (head, tail) = packet.split_at(packet.len() - rest.len());
        let (checksum, body) = tail.split_first()?;
        // A fuzzer does not guess it.
        if *checksum != crc8(head) && cfg!(not(fuzzing)) {
            return None;
        }
        let (channels, stereo) = channels(kinds >> 4)?;
        let bits = match kinds >> 1 & 7 {
            0 => None,
            code => Some(*[8, 12, 0, 16, 20, 24, 32].get(usize::from(code) - 1).filter(|bits| **bits > 0)?),
        };
        Some((Self { frames, channels, stereo, bits }, body))
    }
}

fn channels(code: u8) -> Option<(usize, Stereo)> {
    Some(match code {
        0..=7 => (usize::from(code) + 1, Stereo::Independent),
        8 => (2, Stereo::LeftSide),
        9 => (2, Stereo::SideRight),
        10 => (2, Stereo::MidSide),
        _ => return None,
    })
}

/// Bytes of a number that is coded as UTF-8 codes a character, by its first one.
fn length_of_number(first: u8) -> Option<usize> {
    match first.leading_ones() {
        0 => Some(1),
        ones @ 2..=7 => Some(ones as usize),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 4,096 frames, 44.1 kHz, mid and side, 16 bits, frame 0.
    const USUAL: [u8; 6] = [0xff, 0xf8, 0xc9, 0xa8, 0x00, 0x8b];

    fn sealed(head: &[u8]) -> Vec<u8> {
        [head, &[crc8(head), 1, 2]].concat()
    }

    #[test]
    fn a_header_says_how_its_frame_is_coded() {
        let packet = sealed(&USUAL[..5]);
        let (header, body) = Header::read(&packet).expect("it is a header");
        assert_eq!((header.frames, header.channels, header.bits), (4_096, 2, Some(16)));
        assert!(matches!(header.stereo, Stereo::MidSide));
        assert_eq!(body, [1, 2]);
        // A number of two bytes, 300 frames, a rate in Hz, six channels, bits as in the stream's header.
        let packet = sealed(&[0xff, 0xf9, 0x7d, 0x50, 0xc2, 0xa2, 0x01, 0x2b, 0xac, 0x44]);
        let (header, _) = Header::read(&packet).expect("it is a header");
        assert_eq!((header.frames, header.channels, header.bits), (300, 6, None));
    }

    #[test]
    fn what_is_no_header_is_refused() {
        let mut wrong = sealed(&USUAL[..5]);
        wrong[5] ^= 1;
        assert!(Header::read(&wrong).is_none() || cfg!(fuzzing));
        let kinds = [[0xff, 0xf0, 0xc9, 0xa8], [0xff, 0xf8, 0x09, 0xa8], [0xff, 0xf8, 0xcf, 0xa8]];
        for head in
            kinds.into_iter().chain([[0xff, 0xf8, 0xc9, 0xb8], [0xff, 0xf8, 0xc9, 0xa6], [0xff, 0xf8, 0xc9, 0xa9]])
        {
            assert!(Header::read(&sealed(&[&head[..], &[0]].concat())).is_none(), "{head:x?}");
        }
        let whole = sealed(&USUAL[..5]);
        assert!((0..6).all(|end| Header::read(&whole[..end]).is_none()));
    }
}
