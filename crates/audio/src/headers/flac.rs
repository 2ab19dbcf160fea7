use super::{Allowance, MAX_STEPS, read_at};
use crate::source::Patch;
use std::io::{self, Read, Seek};

const PADDING: u8 = 1;
const SEEK_TABLE: u8 = 3;
/// The highest bit of a block's kind: none follows.
const LAST: u8 = 0x80;

/// FLAC (RFC 9639 §8): a large metadata block becomes padding of the same length, and so does a table of seek points that
/// makes no sense. The demuxer believes it, and looks for ever between an end and a start that lies behind it.
pub(super) fn mend<R: Read + Seek>(
    source: &mut R,
    mut at: u64,
    length: u64,
    allowance: &mut Allowance,
    patches: &mut Vec<Patch>,
) -> io::Result<()> {
    let mut hide = |at, kind: u8| patches.push(Patch { at, bytes: vec![kind & LAST | PADDING] });
    let mut table = None;
    for _ in 0..MAX_STEPS {
        let Some([kind, high, middle, low]) = read_at::<4>(source, at)? else { break };
        let block = u64::from(u32::from_be_bytes([0, high, middle, low]));
        if !allowance.grants(block) {
            hide(at, kind);
        } else if kind & !LAST == SEEK_TABLE {
            match last_point(source, at + 4, block)? {
                Some(offset) if table.is_none() => table = Some((at, kind, offset)),
                _ => hide(at, kind),
            }
        }
        at += 4 + block;
        if kind & LAST != 0 {
            break;
        }
    }
    // Offsets are counted from the first frame on.
    if let Some((table, kind, _)) = table.filter(|(_, _, offset)| at.saturating_add(*offset) > length) {
        hide(table, kind);
    }
    Ok(())
}

/// The offset of the last seek point (§8.5), if both their samples and their offsets ascend.
fn last_point<R: Read + Seek>(source: &mut R, at: u64, length: u64) -> io::Result<Option<u64>> {
    const PLACEHOLDER: u64 = u64::MAX;
    const POINT: u64 = 18;
    let mut last = (0, 0);
    for index in 0..length / POINT {
        let Some(point) = read_at::<16>(source, at + index * POINT)? else { return Ok(None) };
        let (sample, offset) = ((u128::from_be_bytes(point) >> 64) as u64, u128::from_be_bytes(point) as u64);
        if sample == PLACEHOLDER {
            continue;
        }
        if sample < last.0 || offset < last.1 {
            return Ok(None);
        }
        last = (sample, offset);
    }
    Ok(Some(last.1))
}
