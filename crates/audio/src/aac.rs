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
    use super::is_high_efficiency;

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
}
