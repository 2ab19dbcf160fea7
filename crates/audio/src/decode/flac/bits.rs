/// Reads bits, the most significant first. Behind the last byte there are zeros.
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    /// How many bits are read.
    pub(super) at: usize,
}

/// At least so many bits of a [`window`](Bits::window) are those of the stream, whichever bit it begins with.
pub(super) const WINDOW: u32 = 57;

impl<'a> Bits<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Bits from the one at `at` on, at the top; the lowest seven may be zeros instead.
    #[inline(always)]
    pub(super) fn window(&self, at: usize) -> u64 {
        let rest = self.bytes.get(at / 8..).unwrap_or_default();
        let eight = rest.first_chunk().map_or_else(|| last_bytes(rest), |bytes| u64::from_be_bytes(*bytes));
        eight << (at % 8)
    }

    /// As many as fit.
    #[inline(always)]
    pub(super) fn full_window(&self, at: usize) -> u64 {
        self.window(at) | self.window(at + WINDOW as usize - 1) >> (WINDOW - 1)
    }

    /// `None` if more was read than there is.
    pub(super) fn check(&self) -> Option<()> {
        (self.at <= self.bytes.len() * 8).then_some(())
    }

    /// An unsigned number of at most 32 bits.
    #[inline(always)]
    pub(super) fn read(&mut self, count: u32) -> u32 {
        let window = self.window(self.at);
        self.at += count as usize;
        (window >> 1 >> (63 - count)) as u32
    }

    /// A number of at most 32 bits in two's complement.
    #[inline(always)]
    pub(super) fn read_signed(&mut self, count: u32) -> i32 {
        let above = 32 - count;
        self.read(count).wrapping_shl(above).cast_signed().wrapping_shr(above)
    }

    /// The zeros before the next one, which is read too. `None` if there is none.
    #[inline(always)]
    pub(super) fn read_zeros(&mut self) -> Option<u32> {
        let start = self.at;
        loop {
            let zeros = self.window(self.at).leading_zeros();
            if zeros < WINDOW {
                self.at += zeros as usize + 1;
                return u32::try_from(self.at - start - 1).ok();
            }
            self.at += WINDOW as usize;
            self.check()?;
        }
    }
}

#[cold]
fn last_bytes(bytes: &[u8]) -> u64 {
    let mut eight = [0; 8];
    eight[..bytes.len()].copy_from_slice(bytes);
    u64::from_be_bytes(eight)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_any_width_are_read_from_any_bit() {
        let bytes: Vec<u8> = (0..40_u32).map(|n| (n * 151 + 7) as u8).collect();
        let bit = |at: usize| u64::from(bytes.get(at / 8).map_or(0, |byte| byte >> (7 - at % 8) & 1));
        for at in 0..40 * 8 {
            for count in 0..=32 {
                let expected = (at..at + count).fold(0, |number, at| number << 1 | bit(at));
                let mut bits = Bits { bytes: &bytes, at };
                assert_eq!(u64::from(bits.read(count as u32)), expected, "{count} bits at {at}");
                assert_eq!((bits.at, bits.check().is_some()), (at + count, at + count <= 320));
                let sign = if count > 0 && bit(at) == 1 { -1_i64 << count } else { 0 };
                bits.at = at;
                assert_eq!(i64::from(bits.read_signed(count as u32)), expected as i64 | sign, "{count} bits at {at}");
            }
            let expected = (at..at + 64).fold(0, |number, at| number << 1 | bit(at));
            assert_eq!(Bits { bytes: &bytes, at: 0 }.full_window(at), expected);
        }
    }

    #[test]
    fn zeros_are_counted_up_to_the_end() {
        for zeros in [0, 1, 7, 8, 56, 57, 58, 64, 200] {
            let mut bytes = vec![0; zeros / 8 + 1];
            bytes[zeros / 8] = 0x80 >> (zeros % 8);
            let mut bits = Bits::new(&bytes);
            assert_eq!((bits.read_zeros(), bits.at), (Some(zeros as u32), zeros + 1));
            bytes[zeros / 8] = 0;
            assert_eq!(Bits::new(&bytes).read_zeros(), None);
        }
    }
}
