/// Writes numbers of any width, most significant bit first.
#[derive(Default)]
pub(super) struct BitWriter {
    bytes: Vec<u8>,
    /// The last `count` bits, fewer than 32.
    held: u64,
    count: u32,
}

impl BitWriter {
    /// The low `width` bits of `value`; at most 32, and the others are 0.
    #[inline]
    pub(super) fn put(&mut self, value: u32, width: u32) {
        self.held = self.held << width | u64::from(value);
        self.count += width;
        if self.count >= 32 {
            self.count -= 32;
            self.bytes.extend_from_slice(&((self.held >> self.count) as u32).to_be_bytes());
        }
    }

    /// A signed number in two's complement; it fits into `width` bits.
    pub(super) fn put_signed(&mut self, value: i32, width: u32) {
        self.put(value as u32 & (u32::MAX >> (32 - width)), width);
    }

    pub(super) fn put_zeros(&mut self, mut count: u32) {
        while count > 32 {
            self.put(0, 32);
            count -= 32;
        }
        self.put(0, count);
    }

    /// Zeros up to the next byte; then all bytes so far can be read.
    pub(super) fn align(&mut self) -> &mut Vec<u8> {
        let bytes = self.count.div_ceil(8);
        let word = (self.held << (32 - self.count)) as u32;
        self.bytes.extend_from_slice(&word.to_be_bytes()[..bytes as usize]);
        (self.held, self.count) = (0, 0);
        &mut self.bytes
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        (self.held, self.count) = (0, 0);
    }
}

/// Of a frame's header (RFC 9639 §9.1.8): x⁸ + x² + x + 1.
pub(crate) fn crc8(bytes: &[u8]) -> u8 {
    bytes
        .iter()
        .fold(0, |crc, byte| (0..8).fold(crc ^ byte, |crc, _| crc << 1 ^ if crc & 0x80 == 0 { 0 } else { 0x07 }))
}

/// Of a whole frame (RFC 9639 §9.3): x¹⁶ + x¹⁵ + x² + 1, eight bytes at a time.
pub(super) fn crc16(bytes: &[u8]) -> u16 {
    let (words, rest) = bytes.as_chunks::<8>();
    let crc = words.iter().fold(0u16, |crc, word| {
        let [a, b] = crc.to_be_bytes();
        let [w0, w1, w2, w3, w4, w5, w6, w7] = *word;
        let at = |index: usize, byte: u8| CRC16[index][usize::from(byte)];
        at(7, w0 ^ a) ^ at(6, w1 ^ b) ^ at(5, w2) ^ at(4, w3) ^ at(3, w4) ^ at(2, w5) ^ at(1, w6) ^ at(0, w7)
    });
    rest.iter().fold(crc, |crc, byte| crc << 8 ^ CRC16[0][usize::from((crc >> 8) as u8 ^ byte)])
}

/// `CRC16[n][byte]` is what a byte does to the checksum `n` bytes later.
static CRC16: [[u16; 256]; 8] = {
    let mut table = [[0u16; 256]; 8];
    let mut index = 0;
    while index < 256 {
        let mut value = (index as u16) << 8;
        let mut bit = 0;
        while bit < 8 {
            value = value << 1 ^ if value >> 15 == 1 { 0x8005 } else { 0 };
            bit += 1;
        }
        table[0][index] = value;
        index += 1;
    }
    let mut later = 1;
    while later < 8 {
        let mut index = 0;
        while index < 256 {
            let before = table[later - 1][index];
            table[later][index] = before << 8 ^ table[0][(before >> 8) as usize];
            index += 1;
        }
        later += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_those_of_the_standard() {
        assert_eq!(crc8(b"123456789"), 0xf4); // CRC-8/SMBUS
        assert_eq!(crc16(b"123456789"), 0xfee8); // CRC-16/UMTS
    }

    #[test]
    fn bits_come_in_order() {
        let mut bits = BitWriter::default();
        bits.put(0b101, 3);
        bits.put_signed(-2, 5);
        bits.put(0xdead_beef, 32);
        bits.put_zeros(67);
        bits.put(1, 1);
        assert_eq!(*bits.align(), [0xbe, 0xde, 0xad, 0xbe, 0xef, 0, 0, 0, 0, 0, 0, 0, 0, 0x10]);
    }
}
