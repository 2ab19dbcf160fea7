use crate::flac::integers::SNAP;
use crate::flac::lpc::{MAX_ORDER, Prediction};

/// What a fixed predictor (RFC 9639 §9.2.5) of order 0 to 4 leaves over: the differences of that degree. The
/// first `order` samples have none.
pub(super) fn fixed(samples: &[i32], order: usize, out: &mut Vec<i32>) {
    out.clear();
    match order {
        0 => out.extend_from_slice(samples),
        1 => out.extend(samples.array_windows().map(|[a, b]| b - a)),
        2 => out.extend(samples.array_windows().map(|[a, b, c]| c - 2 * b + a)),
        3 => out.extend(samples.array_windows().map(|[a, b, c, d]| d - 3 * (c - b) - a)),
        _ => out.extend(samples.array_windows().map(|[a, b, c, d, e]| e - 4 * (d + b) + 6 * c + a)),
    }
}

/// The fixed predictor whose residual is the smallest, and the mean of that residual's absolute values: a guess
/// from a quarter of the samples.
pub(super) fn best_fixed(samples: &[i32]) -> (usize, f64) {
    let mut sums = [0u64; 5];
    let mut count = 0;
    let parts = samples.chunks(256).map(|part| &part[..part.len().min(64 + 4)]);
    for [a, b, c, d, e] in parts.flat_map(|part| part.array_windows()) {
        sums[0] += u64::from(e.unsigned_abs());
        sums[1] += u64::from((e - d).unsigned_abs());
        sums[2] += u64::from((e - 2 * d + c).unsigned_abs());
        sums[3] += u64::from((e - 3 * (d - c) - b).unsigned_abs());
        sums[4] += u64::from((e - 4 * (d + b) + 6 * c + a).unsigned_abs());
        count += 1;
    }
    let (order, sum) = sums.into_iter().enumerate().min_by_key(|(_, sum)| *sum).unwrap_or_default();
    (order, sum as f64 / f64::from(count.max(1)))
}

/// What a linear prediction leaves over; the first samples, as many as its order, have no residual.
/// `exact` are the same samples, of at most `peak`. `false` if the residual might not fit into 32 bits.
pub(super) fn linear(samples: &[i32], exact: &[f64], peak: u32, by: &Prediction, out: &mut Vec<i32>) -> bool {
    out.clear();
    let gain: u64 = by.coefficients.iter().map(|value| u64::from(value.unsigned_abs())).sum();
    if ((gain * u64::from(peak)) >> by.shift) + u64::from(peak) >= 1 << 31 {
        return false;
    }
    match by.coefficients.len() {
        1 => linear_of::<1>(samples, exact, by, out),
        2 => linear_of::<2>(samples, exact, by, out),
        3 => linear_of::<3>(samples, exact, by, out),
        4 => linear_of::<4>(samples, exact, by, out),
        5 => linear_of::<5>(samples, exact, by, out),
        6 => linear_of::<6>(samples, exact, by, out),
        7 => linear_of::<7>(samples, exact, by, out),
        _ => linear_of::<MAX_ORDER>(samples, exact, by, out),
    }
    true
}

/// Sums of products below 2⁵³ are exact in `f64`, whose multiplication is faster than that of integers on
/// processors without SSE4.
fn linear_of<const ORDER: usize>(samples: &[i32], exact: &[f64], by: &Prediction, out: &mut Vec<i32>) {
    let step = 1.0 / f64::from(1u32 << by.shift);
    // The oldest sample first.
    let weights: [f64; ORDER] = std::array::from_fn(|index| {
        by.coefficients.get(ORDER - 1 - index).map_or(0.0, |value| f64::from(*value) * step)
    });
    // The standard rounds down: half less a bit, to the nearest; no tie is left.
    let down = 0.5 * step - 0.5;
    let residual = |(actual, before): (&i32, &[f64; ORDER])| {
        let predicted = before.iter().zip(&weights).fold(down, |sum, (sample, weight)| sum + sample * weight);
        actual.wrapping_sub((predicted + SNAP).to_bits() as u32 as i32)
    };
    out.extend(samples.iter().skip(ORDER).zip(exact.array_windows::<ORDER>()).map(residual));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_linear_residual_is_that_of_the_standards_integers() {
        let samples: Vec<i32> =
            (0..1_000i64).map(|index| ((index * index * 7_919) % 16_777_216 - 8_388_608) as i32).collect();
        let exact: Vec<f64> = samples.iter().map(|sample| f64::from(*sample)).collect();
        for order in 1..=MAX_ORDER {
            for shift in [0, 9, 13] {
                let coefficients: Vec<i32> = (0..order as i32).map(|index| (index % 3 - 1) * 37 + 5).collect();
                let by = Prediction { coefficients, precision: 12, shift };
                let mut out = Vec::new();
                if !linear(&samples, &exact, 1 << 23, &by, &mut out) {
                    assert_eq!(shift, 0);
                    continue;
                }
                assert_eq!(out.len(), samples.len() - order);
                for (index, residual) in out.iter().enumerate() {
                    let before = samples[index..index + order].iter().rev();
                    let sum: i64 = before.zip(&by.coefficients).map(|(a, b)| i64::from(*a) * i64::from(*b)).sum();
                    assert_eq!(i64::from(samples[index + order]) - (sum >> shift), i64::from(*residual));
                }
            }
        }
    }

    #[test]
    fn the_fixed_predictor_of_a_polynomial_leaves_a_constant() {
        let cubes: Vec<i32> = (0..100).map(|index: i32| index.pow(3)).collect();
        let mut out = Vec::new();
        fixed(&cubes, 3, &mut out);
        assert!(out.len() == 97 && out.iter().all(|difference| *difference == 6));
        fixed(&cubes, 4, &mut out);
        assert!(out.len() == 96 && out.iter().all(|difference| *difference == 0));
        assert_eq!(best_fixed(&cubes), (4, 0.0));
    }
}
