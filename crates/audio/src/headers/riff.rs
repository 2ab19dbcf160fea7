use super::{Allowance, Headers, MAX_STEPS, id3, read_at};
use crate::layout::Layout;
use crate::source::Patch;
use std::io::{self, Read, Seek};

/// The two relatives: chunks of four letters and a length, little-endian in WAV, big-endian in AIFF.
#[derive(Clone, Copy)]
enum Family {
    Riff,
    Iff,
}

/// `WAVE_FORMAT_EXTENSIBLE`.
const EXTENSIBLE: u16 = 0xfffe;

/// Writers that cannot go back, into a pipe for example, say "as long as can be", signed or unsigned.
const UNKNOWN: u64 = 0x7fff_f000;

/// Cut lengths that reach beyond the end of a WAV or AIFF to what is there, and note the channels. The file begins at
/// `base`, behind a tag perhaps, with the bytes `start`, and all of it ends at `length`.
pub(super) fn mend<R: Read + Seek>(
    source: &mut R,
    base: u64,
    start: &[u8; 12],
    length: u64,
    allowance: &mut Allowance,
    headers: &mut Headers,
) -> io::Result<()> {
    let family = match start {
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E'] => Family::Riff,
        [b'F', b'O', b'R', b'M', _, _, _, _, b'A', b'I', b'F', b'F' | b'C'] => Family::Iff,
        _ => return Ok(()),
    };
    headers.patches.push(family.length(base + 4, length - (base + 8)));
    let mut at = base + 12;
    for _ in 0..MAX_STEPS {
        let Some([i0, i1, i2, i3, l0, l1, l2, l3]) = read_at::<8>(source, at)? else { break };
        let (id, claimed) = ([i0, i1, i2, i3], family.number([l0, l1, l2, l3]));
        match &id {
            b"fmt " => {
                if let Some([f0, f1, c0, c1]) = read_at::<4>(source, at + 8)? {
                    let channels = u16::from_le_bytes([c0, c1]);
                    headers.channels = Some(channels);
                    // An extensible header has positions of its own.
                    let is_plain = u16::from_le_bytes([f0, f1]) != EXTENSIBLE;
                    headers.layout = is_plain.then(|| Layout::by_count(usize::from(channels)));
                }
            }
            b"COMM" => {
                headers.channels = read_at::<2>(source, at + 8)?.map(u16::from_be_bytes);
                headers.layout = headers.channels.map(|channels| Layout::by_count(usize::from(channels)));
            }
            b"LIST" if family.is_wave() && claimed > 4 && read_at::<4>(source, at + 8)? == Some(*b"INFO") => {
                headers.wave_tags.info.get_or_insert(at + 12..at + 8 + claimed);
            }
            b"ID3 " | b"id3 " => {
                if family.is_wave() {
                    headers.wave_tags.id3.get_or_insert(at + 8..at + 8 + claimed);
                }
                id3::hide_large_frames(source, at + 8, allowance, &mut headers.patches)?;
            }
            _ => {}
        }
        let room = length - (at + 8);
        if claimed > room {
            headers.patches.push(family.length(at + 4, room));
            headers.is_cut = claimed < UNKNOWN;
            break;
        }
        at += 8 + claimed.next_multiple_of(2);
    }
    Ok(())
}

impl Family {
    fn is_wave(self) -> bool {
        matches!(self, Self::Riff)
    }

    fn number(self, bytes: [u8; 4]) -> u64 {
        u64::from(match self {
            Self::Riff => u32::from_le_bytes(bytes),
            Self::Iff => u32::from_be_bytes(bytes),
        })
    }

    /// A length field at `at`. What does not fit into 32 bits becomes "to the end".
    fn length(self, at: u64, length: u64) -> Patch {
        let length = u32::try_from(length).unwrap_or(u32::MAX);
        let bytes = match self {
            Self::Riff => length.to_le_bytes(),
            Self::Iff => length.to_be_bytes(),
        };
        Patch { at, bytes: bytes.to_vec() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Allowance, read_headers};
    use std::io::Cursor;

    fn wav_without_an_end() -> Vec<u8> {
        let mut wav = b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\x01\0\x02\0".to_vec();
        wav.extend([0; 12]);
        wav.extend(b"data\xff\xff\xff\x7f");
        wav.extend([0; 100]);
        wav
    }

    /// Where the patches of a stereo file lie, and the bytes that they put there.
    fn patches(file: Vec<u8>) -> Vec<(u64, Vec<u8>)> {
        let length = file.len() as u64;
        let headers = read_headers(&mut Cursor::new(file), length, Allowance::SMALL).expect("memory does not fail");
        assert_eq!(headers.channels, Some(2));
        headers.patches.into_iter().map(|patch| (patch.at, patch.bytes)).collect()
    }

    #[test]
    fn a_length_beyond_the_end_becomes_what_is_there() {
        assert_eq!(patches(wav_without_an_end()), [(4, vec![136, 0, 0, 0]), (40, vec![100, 0, 0, 0])]);
    }

    #[test]
    fn a_tag_in_front_is_not_written_over() {
        let tag = b"ID3\x04\0\0\0\0\0\x15TIT2\0\0\0\x0b\0\0\x03North Bays";
        let tagged = [tag.as_slice(), &wav_without_an_end()].concat();
        assert_eq!(patches(tagged), [(35, vec![136, 0, 0, 0]), (71, vec![100, 0, 0, 0])]);
    }
}
