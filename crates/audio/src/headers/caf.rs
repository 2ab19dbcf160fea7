use super::{Allowance, Headers, MAX_STEPS, read_at};
use crate::failure::Rejection;
use crate::layout::{Layout, Speaker};
use crate::source::Patch;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

/// No packet of a codec that we read is longer: 8 channels of 4,096 frames of 4 bytes fit in.
const MAX_PACKET: u64 = 256 * 1024;
/// A channel layout names at most 8 channels of 20 bytes that anybody would take.
const MAX_LAYOUT: u64 = 4_096;
/// "To the end of the file", of the sound alone.
const TO_THE_END: i64 = -1;

/// Where a chunk's body lies.
struct Chunk {
    at: u64,
    length: u64,
}

/// Walk over a Core Audio Format file: what claims too much is cut or refused, since the demuxer allocates by it.
pub(super) fn mend<R: Read + Seek>(
    source: &mut R,
    length: u64,
    allowance: &mut Allowance,
    headers: &mut Headers,
) -> io::Result<()> {
    let mut at = 8;
    let mut has_packet_table = false;
    for _ in 0..MAX_STEPS {
        let Some([i0, i1, i2, i3, size @ ..]) = read_at::<12>(source, at)? else { break };
        let (id, claimed, room) = ([i0, i1, i2, i3], i64::from_be_bytes(size), length - (at + 12));
        let chunk = Chunk { at: at + 12, length: u64::try_from(claimed).map_or(room, |claimed| claimed.min(room)) };
        match &id {
            b"desc" => has_packet_table = describe(source, &chunk, headers)?,
            b"chan" if chunk.length > MAX_LAYOUT => headers.patches.push(Patch { at, bytes: b"free".to_vec() }),
            b"chan" => headers.layout = read_at::<4>(source, chunk.at)?.and_then(|tag| layout(u32::from_be_bytes(tag))),
            b"kuki" | b"info" | b"strg" if !allowance.grants(chunk.length) => {
                headers.patches.push(Patch { at, bytes: b"free".to_vec() });
            }
            b"pakt" if has_packet_table && !packets_are_sane(source, &chunk)? => {
                headers.problem = Some(Rejection::damaged("its table of packets is not valid"));
            }
            b"data" if claimed == TO_THE_END || chunk.length < claimed.unsigned_abs() => {
                headers.patches.push(Patch { at: at + 4, bytes: room.to_be_bytes().to_vec() });
                headers.is_cut = claimed != TO_THE_END;
            }
            _ => {}
        }
        at = chunk.at + chunk.length;
    }
    Ok(())
}

/// Whether packets differ in length, so that a table tells.
fn describe<R: Read + Seek>(source: &mut R, chunk: &Chunk, headers: &mut Headers) -> io::Result<bool> {
    let Some(description) = read_at::<32>(source, chunk.at)? else { return Ok(false) };
    let number = |at: usize| description[at..].first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes));
    let (packet_bytes, packet_frames, channels) = (number(16), number(20), number(24));
    headers.channels = Some(u16::try_from(channels).unwrap_or(u16::MAX));
    if u64::from(packet_bytes) > MAX_PACKET {
        headers.problem = Some(Rejection::damaged("its packets are too long"));
    }
    if matches!(&description[8..12], b"aach" | b"aacp") {
        headers.problem = Some(Rejection::HighEfficiencyAac);
    }
    Ok(packet_bytes == 0 || packet_frames == 0)
}

/// Every number of the table is a length of a packet, or its frames; all are small.
fn packets_are_sane<R: Read + Seek>(source: &mut R, chunk: &Chunk) -> io::Result<bool> {
    source.seek(SeekFrom::Start(chunk.at))?;
    let mut number = 0;
    for (index, byte) in BufReader::new(source.by_ref().take(chunk.length)).bytes().enumerate() {
        // Behind the counts of packets and frames, each number stands in groups of seven bits, the last without the mark.
        let byte = byte?;
        if index < 24 {
            continue;
        }
        number = number << 7 | u64::from(byte & 0x7f);
        if number > MAX_PACKET {
            return Ok(false);
        }
        if byte & 0x80 == 0 {
            number = 0;
        }
    }
    Ok(true)
}

/// The orders of channels that have a number (`CoreAudioBaseTypes.h`) and that the demuxer does not know.
fn layout(tag: u32) -> Option<Layout> {
    use Speaker::*;
    let speakers: &[Speaker] = match (tag >> 16, tag & 0xffff) {
        (108 | 132, 4) => &[Left, Right, RearLeft, RearRight],
        (114, 3) => &[Center, Left, Right],
        (115, 4) => &[Left, Right, Center, RearCenter],
        (116, 4) => &[Center, Left, Right, RearCenter],
        (117, 5) => &[Left, Right, Center, RearLeft, RearRight],
        (118, 5) => &[Left, Right, RearLeft, RearRight, Center],
        (119, 5) => &[Left, Center, Right, RearLeft, RearRight],
        (120, 5) => &[Center, Left, Right, RearLeft, RearRight],
        (121, 6) => &[Left, Right, Center, Effects, RearLeft, RearRight],
        (122, 6) => &[Left, Right, RearLeft, RearRight, Center, Effects],
        (123, 6) => &[Left, Center, Right, RearLeft, RearRight, Effects],
        (124, 6) => &[Center, Left, Right, RearLeft, RearRight, Effects],
        (125, 7) => &[Left, Right, Center, Effects, RearLeft, RearRight, RearCenter],
        (128 | 184, 8) => &[Left, Right, Center, Effects, SideLeft, SideRight, RearLeft, RearRight],
        _ => return None,
    };
    Some(Layout::of(speakers))
}

#[cfg(test)]
mod tests {
    use super::super::read_headers;
    use super::*;
    use crate::limits::Limits;
    use std::io::Cursor;

    fn chunk(id: &[u8; 4], claimed: i64, body: &[u8]) -> Vec<u8> {
        [id.as_slice(), &claimed.to_be_bytes(), body].concat()
    }

    fn headers(description: [u32; 6], chunks: &[Vec<u8>]) -> Headers {
        let mut body = 44_100f64.to_be_bytes().to_vec();
        body.extend(description.iter().flat_map(|number| number.to_be_bytes()));
        let file = [b"caff\0\x01\0\0".to_vec(), chunk(b"desc", 32, &body), chunks.concat()].concat();
        let length = file.len() as u64;
        read_headers(&mut Cursor::new(file), length, Allowance::SMALL).expect("memory does not fail")
    }

    const PCM: [u32; 6] = [u32::from_be_bytes(*b"lpcm"), 2, 4, 1, 2, 16];
    const ALAC: [u32; 6] = [u32::from_be_bytes(*b"alac"), 0, 0, 4_096, 2, 0];

    #[test]
    fn sound_to_the_end_becomes_what_is_there() {
        let found = headers(PCM, &[chunk(b"data", -1, &[0; 104])]);
        assert_eq!((found.channels, found.is_cut), (Some(2), false));
        assert_eq!(found.patches, [Patch { at: 56, bytes: 104u64.to_be_bytes().to_vec() }]);
        let found = headers(PCM, &[chunk(b"data", 1 << 40, &[0; 104])]);
        assert!(found.is_cut && found.patches.len() == 1);
    }

    #[test]
    fn what_claims_too_much_is_refused_or_hidden() {
        let huge = [PCM[0], PCM[1], u32::MAX, 1, 2, 16];
        assert!(headers(huge, &[]).check(&Limits::default()).is_err());
        let crowd = [PCM[0], PCM[1], 4, 1, 70_000, 16];
        assert!(matches!(headers(crowd, &[]).check(&Limits::default()), Err(Rejection::TooManyChannels { .. })));
        let table = [&[0; 24][..], &[0x83, 0x10, 0xff, 0xff, 0xff, 0x7f]].concat();
        assert!(headers(ALAC, &[chunk(b"pakt", 30, &table)]).check(&Limits::default()).is_err());
        assert!(headers(ALAC, &[chunk(b"pakt", 26, &table[..26])]).check(&Limits::default()).is_ok());
        let hidden = headers(ALAC, &[chunk(b"kuki", i64::MAX, &[0; 70_000])]);
        assert_eq!(hidden.patches, [Patch { at: 52, bytes: b"free".to_vec() }]);
    }
}
