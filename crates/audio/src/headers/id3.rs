use super::{Allowance, MAX_STEPS, read_at};
use crate::source::Patch;
use std::io::{self, Read, Seek};

/// Mark the large frames of an ID3v2.3 or 2.4 tag at `start` as compressed, which makes the demuxer
/// jump over them. Returns where the tag ends, or `start` if there is none.
pub(super) fn hide_large_frames<R: Read + Seek>(
    source: &mut R,
    start: u64,
    allowance: &mut Allowance,
    patches: &mut Vec<Patch>,
) -> io::Result<u64> {
    let Some([b'I', b'D', b'3', version, _, flags, size @ ..]) = read_at::<10>(source, start)? else {
        return Ok(start);
    };
    let end = start + 10 + syncsafe(size);
    // An unsynchronised tag has other offsets than the file; an extended header is read by nobody else.
    if !matches!(version, 3 | 4) || flags & 0xc0 != 0 {
        return Ok(end);
    }
    let mut at = start + 10;
    for _ in 0..MAX_STEPS {
        let Some([id, _, _, _, s0, s1, s2, s3, _, format]) = read_at::<10>(source, at)? else { break };
        if id == 0 || at >= end {
            break;
        }
        let size = [s0, s1, s2, s3];
        let length = if version == 4 { syncsafe(size) } else { u64::from(u32::from_be_bytes(size)) };
        if !allowance.grants(length) {
            // 2.4 wants a length indicator beside the compression.
            let compressed = if version == 4 { 0x09 } else { 0x80 };
            patches.push(Patch { at: at + 9, bytes: vec![format | compressed] });
        }
        at += 10 + length;
    }
    Ok(end)
}

fn syncsafe(bytes: [u8; 4]) -> u64 {
    bytes.iter().fold(0, |value, byte| value << 7 | u64::from(byte & 0x7f))
}
