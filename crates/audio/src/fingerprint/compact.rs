use super::Fingerprint;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Chromaprint's number of the algorithm that fpcalc uses unless told otherwise, counted from zero.
const ALGORITHM: u8 = 1;
const HEADER: usize = 4;
/// The bits of an item that differ from the item before are told by their distances. A distance has
/// three bits; this one says that five more stand at the end.
const LONG: u32 = 7;
const SHORT_BITS: usize = 3;
const LONG_BITS: usize = 5;

impl Fingerprint {
    /// Chromaprint's compressed form in base64url, as fpcalc prints it and AcoustID takes it.
    ///
    /// The length has 24 bits: what comes after 16,777,215 items (24 days) is left out.
    pub fn encode(&self) -> String {
        let length = self.items.len().min(0xFF_FFFF);
        let (mut short, mut long) = (Vec::new(), Vec::new());
        let mut before = 0;
        for item in &self.items[..length] {
            for distance in distances(item ^ before) {
                short.push(distance.min(LONG));
                long.extend(distance.checked_sub(LONG));
            }
            short.push(0);
            before = *item;
        }
        let mut bytes = vec![ALGORITHM];
        bytes.extend(&(length as u32).to_be_bytes()[1..]);
        pack(&short, SHORT_BITS, &mut bytes);
        pack(&long, LONG_BITS, &mut bytes);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// What [`Fingerprint::encode`] or fpcalc has written; `None` if it is not that.
    pub fn decode(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()?;
        let (&[algorithm, high, middle, low], packed) = bytes.split_first_chunk::<HEADER>()?;
        if algorithm != ALGORITHM {
            return None;
        }
        let length = u32::from_be_bytes([0, high, middle, low]) as usize;
        let short = short_values(packed, length)?;
        let mut long = unpack(packed.get((short.len() * SHORT_BITS).div_ceil(8)..)?, LONG_BITS);
        let (mut items, mut item, mut bit) = (Vec::new(), 0, 0);
        for value in short {
            if value == 0 {
                items.push(item);
                bit = 0;
                continue;
            }
            bit += if value == LONG { LONG + long.next()? } else { value };
            item ^= 1u32.checked_shl(bit - 1)?;
        }
        Some(Self { items })
    }
}

/// How far each bit that is set is above the one before; the lowest bit of all has the distance 1.
fn distances(mut bits: u32) -> impl Iterator<Item = u32> {
    let mut last = 0;
    std::iter::from_fn(move || {
        let place = (bits != 0).then(|| bits.trailing_zeros() + 1)?;
        bits &= bits - 1;
        let distance = place - last;
        last = place;
        Some(distance)
    })
}

/// The values of three bits up to the end of the last item.
fn short_values(packed: &[u8], items: usize) -> Option<Vec<u32>> {
    let (mut short, mut ends) = (Vec::new(), 0);
    let mut values = unpack(packed, SHORT_BITS);
    while ends < items {
        let value = values.next()?;
        ends += usize::from(value == 0);
        short.push(value);
    }
    Some(short)
}

/// Append values of `width` bits, the lowest bits first, filled up to whole bytes.
fn pack(values: &[u32], width: usize, bytes: &mut Vec<u8>) {
    let (mut held, mut count) = (0, 0);
    for value in values {
        held |= value << count;
        count += width;
        while count >= 8 {
            bytes.push(held as u8);
            held >>= 8;
            count -= 8;
        }
    }
    if count > 0 {
        bytes.push(held as u8);
    }
}

fn unpack(bytes: &[u8], width: usize) -> impl Iterator<Item = u32> {
    let bit = |index: usize| u32::from(bytes[index / 8] >> (index % 8) & 1);
    (0..bytes.len() * 8 / width).map(move |value| {
        let first = value * width;
        (0..width).map(|offset| bit(first + offset) << offset).sum()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        let all_bits = (0..32).map(|bit| 1 << bit).collect();
        let few_bits = vec![0, 0, 1, 0x8000_0000, 0x8000_0001, 0, u32::MAX, u32::MAX, 0x8100_0040];
        for items in [vec![], vec![0], all_bits, few_bits] {
            let fingerprint = Fingerprint { items };
            assert_eq!(Fingerprint::decode(&fingerprint.encode()), Some(fingerprint));
        }
    }

    #[test]
    fn the_form_is_chromaprints() {
        // Silence, as fpcalc prints it: 59 equal items, three bits of zero for each but the first.
        let silence = Fingerprint { items: vec![627_964_279; 59] };
        assert!(silence.encode().starts_with("AQAAO0mUaEkSRZEGAAAA"), "{}", silence.encode());
        assert_eq!(Fingerprint::default().encode(), "AQAAAA");
    }

    #[test]
    fn what_is_not_a_fingerprint_is_refused() {
        // Nothing, not base64, another algorithm, a length without items, a distance beyond 32 bits.
        for text in ["", "AQ", "####", "AAAAAA", "AgAAAA", "AQAAAQ", "AQD__w", "AQAAAT___w"] {
            assert_eq!(Fingerprint::decode(text), None, "{text}");
        }
        let text = Fingerprint { items: vec![0x8100_0040, 7, 0xFFFF_0000, 12] }.encode();
        for end in 0..text.len() {
            assert_eq!(Fingerprint::decode(&text[..end]), None, "cut to {end}");
        }
    }
}
