use crate::flac::bits::BitWriter;

/// How a residual is written: in 2^`order` partitions, each with Rice's codes of its own parameter
/// (RFC 9639 §9.2.7).
#[derive(Default)]
pub(super) struct Partitions {
    order: u32,
    parameters: Vec<u32>,
    /// About the bits of the whole residual.
    pub(super) bits: u64,
}

/// 128 samples of 4,096 are the shortest partition.
const MAX_ORDER: u32 = 5;
/// Above it, parameters take five bits instead of four.
const MAX_SHORT: u32 = 14;
const MAX_PARAMETER: u32 = 30;

impl Partitions {
    /// The best ones for a residual of a block of `length` samples, of which the first have no residual.
    pub(super) fn find(&mut self, residual: &[i32], length: usize, sums: &mut Vec<u64>) {
        let warm_up = length - residual.len();
        let order = finest(length, warm_up);
        let part = length >> order;
        sums.clear();
        sums.push(sum(&residual[..part - warm_up]));
        sums.extend(residual[part - warm_up..].chunks_exact(part).map(sum));

        self.bits = u64::MAX;
        for order in (0..=order).rev() {
            self.consider(order, length, warm_up, sums);
            // Two neighbours become one partition of the next order.
            for index in 0..sums.len() / 2 {
                sums[index] = sums[2 * index] + sums[2 * index + 1];
            }
            sums.truncate(sums.len() / 2);
        }
    }

    fn consider(&mut self, order: u32, length: usize, warm_up: usize, sums: &[u64]) {
        let part = (length >> order) as u64;
        let lengths = std::iter::once(part - warm_up as u64).chain(std::iter::repeat(part));
        let (mut bits, mut highest) = (0, 0);
        for (sum, length) in sums.iter().zip(lengths.clone()) {
            let (parameter, cost) = cheapest(*sum, length);
            bits += cost;
            highest = highest.max(parameter);
        }
        bits += HEADER + ((sums.len() as u64) << 2) + if highest > MAX_SHORT { sums.len() as u64 } else { 0 };
        if bits < self.bits {
            self.bits = bits;
            self.order = order;
            self.parameters.clear();
            self.parameters.extend(sums.iter().zip(lengths).map(|(sum, length)| cheapest(*sum, length).0));
        }
    }

    /// The residual that they were found for.
    pub(super) fn write(&self, residual: &[i32], length: usize, out: &mut BitWriter) {
        let is_long = self.parameters.iter().any(|parameter| *parameter > MAX_SHORT);
        out.put(u32::from(is_long), 2);
        out.put(self.order, 4);
        let part = length >> self.order;
        let mut rest = residual;
        for (index, parameter) in self.parameters.iter().enumerate() {
            let count = if index == 0 { part - (length - residual.len()) } else { part };
            let (now, later) = rest.split_at(count);
            rest = later;
            out.put(*parameter, if is_long { 5 } else { 4 });
            now.iter().for_each(|value| put(zigzag(*value), *parameter, out));
        }
    }
}

/// Coding method and partition order.
const HEADER: u64 = 6;

/// The highest partition order for which all are of equal length and the first is longer than the warm-up.
fn finest(length: usize, warm_up: usize) -> u32 {
    length.trailing_zeros().min(MAX_ORDER).min((length / (warm_up + 1)).max(1).ilog2())
}

/// The sign becomes the lowest bit.
#[inline]
fn zigzag(value: i32) -> u32 {
    (value << 1 ^ value >> 31) as u32
}

/// At most a block: the sums of both halves of its numbers fit into 32 bits.
fn sum(residual: &[i32]) -> u64 {
    let halves = |(low, high): (u32, u32), value: &i32| {
        let value = zigzag(*value);
        (low + (value & 0xffff), high + (value >> 16))
    };
    let (low, high) = residual.iter().fold((0, 0), halves);
    u64::from(low) + (u64::from(high) << 16)
}

/// The parameter for `length` numbers of this sum, and its bits. A number's quotient is rounded down, by half
/// a step on average.
fn cheapest(sum: u64, length: u64) -> (u32, u64) {
    let cost = |parameter: u32| {
        let quotients = (sum >> parameter).saturating_sub(if parameter == 0 { 0 } else { length / 2 });
        length * u64::from(parameter + 1) + quotients
    };
    let mean = sum / length.max(1);
    let guess = (mean + 1).ilog2().min(MAX_PARAMETER);
    let near = guess.saturating_sub(1)..=guess;
    near.map(|parameter| (parameter, cost(parameter))).min_by_key(|(_, bits)| *bits).unwrap_or_default()
}

#[inline]
fn put(value: u32, parameter: u32, out: &mut BitWriter) {
    let quotient = value >> parameter;
    let low = value & ((1 << parameter) - 1) | 1 << parameter;
    match quotient + parameter + 1 {
        width @ ..=32 => out.put(low, width),
        _ => {
            out.put_zeros(quotient);
            out.put(low, parameter + 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spike_does_not_become_a_million_zeros() {
        let mut residual = vec![0; 4_096];
        residual[2_000] = -(1 << 28);
        let mut partitions = Partitions::default();
        partitions.find(&residual, 4_096, &mut Vec::new());
        let mut out = BitWriter::default();
        partitions.write(&residual, 4_096, &mut out);
        assert!(out.align().len() < 4_000);
    }

    #[test]
    fn the_bits_are_what_is_written() {
        let noise: Vec<i32> = (0..4_090i64).map(|index| ((index * index * 7_919 % 8_192) - 4_096) as i32 / 7).collect();
        let mut partitions = Partitions::default();
        partitions.find(&noise, 4_096, &mut Vec::new());
        let mut out = BitWriter::default();
        partitions.write(&noise, 4_096, &mut out);
        let written = out.align().len() as f64 * 8.0;
        assert!((written / partitions.bits as f64 - 1.0).abs() < 0.02, "{written} for {}", partitions.bits);
    }

    #[test]
    fn partitions_are_of_equal_length_and_outlast_the_warm_up() {
        assert_eq!(finest(4_096, 8), 5);
        assert_eq!(finest(4_095, 8), 0);
        assert_eq!(finest(16, 8), 0);
        assert_eq!(finest(1, 0), 0);
    }
}
