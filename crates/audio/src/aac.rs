/// Whether an AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1) announces spectral band replication:
/// HE-AAC, with or without parametric stereo.
///
/// A decoder that knows AAC-LC only plays such a file without its upper octave, and says nothing.
pub(crate) fn is_high_efficiency(config: &[u8]) -> bool {
    let mut bits = Bits { bytes: config, at: 0 };
    announces_sbr(&mut bits).unwrap_or(false)
}

const SBR: u32 = 5;
const PARAMETRIC_STEREO: u32 = 29;
const SYNC_EXTENSION: u32 = 0x2b7;

fn announces_sbr(bits: &mut Bits<'_>) -> Option<bool> {
    let object_type = bits.object_type()?;
    if object_type == SBR || object_type == PARAMETRIC_STEREO {
        return Some(true);
    }
    bits.sample_rate()?;
    bits.take(4)?; // channel configuration
    bits.take(1)?; // frame length
    if bits.take(1)? == 1 {
        bits.take(14)?; // core coder delay
    }
    bits.take(1)?; // extension flag

    // The backward compatible announcement hangs behind what older decoders read.
    if bits.take(11)? != SYNC_EXTENSION {
        return Some(false);
    }
    Some(bits.object_type()? == SBR && bits.take(1)? == 1)
}

/// Whether most of a few packets (raw data blocks, ISO/IEC 14496-3 §4.4.2.1) carry spectral band replication that no
/// header announces.
///
/// It stands in a fill element behind the channels, which are coded in variable lengths: only decoding tells where they end.
/// But the packet's end is known, and a fill element says how long it is, so that it is found from behind. In one packet of
/// a hundred that may be chance.
pub(crate) fn carry_sbr<'a>(packets: impl IntoIterator<Item = &'a [u8]>) -> bool {
    let (mut all, mut with_sbr) = (0, 0);
    for packet in packets {
        all += 1;
        with_sbr += u32::from(ends_with_sbr(packet));
    }
    all >= 2 && with_sbr * 4 >= all * 3
}

const FILL: u32 = 0b110;
const END: u32 = 0b111;
/// Extensions of a fill element (Table 4.121): two kinds of padding, and SBR without and with a checksum.
const PADDINGS: [u32; 2] = [0, 1];
const SBR_EXTENSIONS: [u32; 2] = [13, 14];
/// A fill element holds up to 15 + 254 bytes; 14 are told in four bits.
const MAX_FILL: usize = 269;

fn ends_with_sbr(packet: &[u8]) -> bool {
    let Some(last) = packet.iter().rposition(|byte| *byte != 0) else { return false };
    // Zeros up to the next byte follow the three ones of the end.
    let end = 8 * last + 8 - packet[last].trailing_zeros() as usize;
    let is_end = end >= 3 && bits_at(packet, end - 3, 3) == Some(END);
    is_end && last + 1 == packet.len() && has_sbr_before(packet, end - 3, 2)
}

/// Whether an SBR fill element ends at bit `end`, or `more` paddings stand between.
fn has_sbr_before(packet: &[u8], end: usize, more: u32) -> bool {
    (1..=MAX_FILL).any(|count| {
        let head = if count < 15 { 7 } else { 15 };
        let Some(start) = end.checked_sub(8 * count + head) else { return false };
        let told = if count < 15 {
            bits_at(packet, start + 3, 4) == Some(count as u32)
        } else {
            bits_at(packet, start + 3, 12) == Some(15 << 8 | (count - 14) as u32)
        };
        if !told || bits_at(packet, start, 3) != Some(FILL) {
            return false;
        }
        let extension = bits_at(packet, start + head, 4).unwrap_or(0);
        SBR_EXTENSIONS.contains(&extension)
            || (more > 0 && PADDINGS.contains(&extension) && has_sbr_before(packet, start, more - 1))
    })
}

fn bits_at(bytes: &[u8], at: usize, count: usize) -> Option<u32> {
    Bits { bytes, at }.take(count)
}

struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn take(&mut self, count: usize) -> Option<u32> {
        let mut value = 0;
        for _ in 0..count {
            let byte = self.bytes.get(self.at / 8)?;
            value = value << 1 | u32::from(byte >> (7 - self.at % 8) & 1);
            self.at += 1;
        }
        Some(value)
    }

    fn object_type(&mut self) -> Option<u32> {
        match self.take(5)? {
            31 => Some(32 + self.take(6)?),
            object_type => Some(object_type),
        }
    }

    fn sample_rate(&mut self) -> Option<()> {
        if self.take(4)? == 15 {
            self.take(24)?;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aac_lc_is_not_high_efficiency() {
        assert!(!is_high_efficiency(&[0x12, 0x10])); // AOT 2, 44.1 kHz, stereo
        assert!(!is_high_efficiency(&[0x12, 0x10, 0x56, 0xe5, 0x00])); // announces that there is no SBR
        assert!(!is_high_efficiency(&[]));
    }

    #[test]
    fn both_ways_to_announce_sbr_are_seen() {
        assert!(is_high_efficiency(&[0x2b, 0x92, 0x08, 0x00])); // AOT 5
        assert!(is_high_efficiency(&[0xeb, 0x8a, 0x08, 0x00])); // AOT 29, parametric stereo
        assert!(is_high_efficiency(&[0x13, 0x90, 0x56, 0xe5, 0xa5, 0x48])); // AOT 2 and the sync extension
    }
    /// A packet of noise, fill elements of so many bytes and extension, and the end.
    fn packet(noise: u32, fills: &[(usize, u32)]) -> Vec<u8> {
        let mut bits: Vec<bool> =
            (0..1_003u32).map(|n| (n.wrapping_mul(n ^ noise).wrapping_mul(0x9e37_79b1)) >> 31 == 1).collect();
        let mut put = |value: u32, count: u32| bits.extend((0..count).rev().map(|bit| value >> bit & 1 == 1));
        for (bytes, extension) in fills {
            put(FILL, 3);
            match u32::try_from(*bytes).unwrap() {
                few @ ..15 => put(few, 4),
                many => put(15 << 8 | (many - 14), 12),
            }
            put(*extension, 4);
            put(0b1010, 4);
            (1..*bytes).for_each(|byte| put(byte as u32 ^ noise, 8));
        }
        put(END, 3);
        bits.chunks(8)
            .map(|byte| byte.iter().enumerate().fold(0, |sum, (bit, on)| sum | u8::from(*on) << (7 - bit)))
            .collect()
    }

    fn carries(fills: &[(usize, u32)]) -> bool {
        let packets: Vec<_> = (1..40).map(|noise| packet(noise * 77, fills)).collect();
        carry_sbr(packets.iter().map(Vec::as_slice))
    }

    #[test]
    fn sbr_that_nobody_announces_is_found_from_behind() {
        for bytes in [6, 14, 15, 40, 269] {
            assert!(carries(&[(bytes, 13)]) && carries(&[(bytes, 14)]), "{bytes}");
            assert!(carries(&[(bytes, 13), (20, 0)]) && carries(&[(bytes, 13), (20, 0), (3, 1)]), "{bytes}");
        }
        for fills in [&[][..], &[(20, 0)], &[(20, 0), (20, 0)], &[(40, 11)]] {
            assert!(!carries(fills), "{fills:?}");
        }
        assert!(!carry_sbr([&[][..], &[0; 10], &[0xff; 10]]));
    }
}
