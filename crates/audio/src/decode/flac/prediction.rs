//! Samples out of those before them (RFC 9639 §9.2.5 and 9.2.6).

/// How a channel goes on: the sum of its last samples, each times a coefficient, without the lowest `shift` bits.
#[derive(Clone, Copy, Default)]
pub(super) struct Prediction {
    pub(super) order: usize,
    /// That of the last sample first.
    pub(super) coefficients: [i32; MAX_ORDER],
    pub(super) shift: u32,
}

pub(super) const MAX_ORDER: usize = 32;

impl Prediction {
    /// `order` is 0 to 4.
    pub(super) fn fixed(order: usize) -> Self {
        const FIXED: [&[i32]; 5] = [&[], &[1], &[2, -1], &[3, -3, 1], &[4, -6, 4, -1]];
        let mut coefficients = [0; MAX_ORDER];
        coefficients[..order].copy_from_slice(FIXED[order]);
        Self { order, coefficients, shift: 0 }
    }

    fn of(&self, before: impl DoubleEndedIterator<Item = i32>) -> i32 {
        let products = self.coefficients.iter().zip(before.rev());
        let sum: i64 = products.map(|(coefficient, sample)| i64::from(*coefficient) * i64::from(sample)).sum();
        (sum >> self.shift) as i32
    }
}

/// Puts the samples in place of what prediction misses them by. Two channels at once: each sample has to wait for the one
/// before it, and meanwhile there is time for another's.
#[inline(always)]
pub(super) fn restore(wide: impl Wide, frames: &mut [[i32; 2]], predictions: &[Prediction; 2]) {
    match predictions[0].order.max(predictions[1].order) {
        0 => {}
        1..=2 => restore_by::<2>(wide, frames, predictions),
        3..=4 => restore_by::<4>(wide, frames, predictions),
        5..=6 => restore_by::<6>(wide, frames, predictions),
        7..=8 => restore_by::<8>(wide, frames, predictions),
        9..=12 => restore_by::<12>(wide, frames, predictions),
        _ => restore_by::<MAX_ORDER>(wide, frames, predictions),
    }
}

/// `TAPS` are as many as the greater order, or a few more.
#[inline(always)]
fn restore_by<const TAPS: usize>(wide: impl Wide, frames: &mut [[i32; 2]], predictions: &[Prediction; 2]) {
    for (lane, prediction) in predictions.iter().enumerate() {
        for at in prediction.order..frames.len().min(TAPS) {
            let predicted = prediction.of(frames[at - prediction.order..at].iter().map(|frame| frame[lane]));
            frames[at][lane] = frames[at][lane].wrapping_add(predicted);
        }
    }
    let [first, second] = predictions;
    let coefficients = std::array::from_fn(|tap| [first.coefficients[tap], second.coefficients[tap]]);
    wide.predict::<TAPS>(frames, coefficients, [first.shift, second.shift]);
}

/// Two ways to do it: as any processor can, and as AVX2 does.
pub(super) trait Wide: Copy {
    /// From the frame on that has `TAPS` before it. A lane's `shift` is below 32.
    fn predict<const TAPS: usize>(self, frames: &mut [[i32; 2]], coefficients: [[i32; 2]; TAPS], shifts: [u32; 2]);
}

#[derive(Clone, Copy)]
pub(super) struct Plain;

impl Wide for Plain {
    #[inline(always)]
    fn predict<const TAPS: usize>(self, frames: &mut [[i32; 2]], coefficients: [[i32; 2]; TAPS], shifts: [u32; 2]) {
        for at in TAPS..frames.len() {
            let mut sums = [0_i64; 2];
            for (coefficients, before) in coefficients.iter().zip(frames[at - TAPS..at].iter().rev()) {
                for lane in 0..2 {
                    sums[lane] += i64::from(coefficients[lane]) * i64::from(before[lane]);
                }
            }
            for lane in 0..2 {
                frames[at][lane] = frames[at][lane].wrapping_add((sums[lane] >> shifts[lane]) as i32);
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
impl Wide for pulp::x86::V3 {
    /// In two lanes of 64 bits, whose multiplication looks at the lower 32 only: what is above may be anything.
    #[inline(always)]
    fn predict<const TAPS: usize>(self, frames: &mut [[i32; 2]], coefficients: [[i32; 2]; TAPS], shifts: [u32; 2]) {
        let pair = |pair: [i32; 2]| self.sse4_1._mm_cvtepi32_epi64(pulp::cast([pair, [0; 2]]));
        let product = |a, b| self.sse4_1._mm_mul_epi32(a, b);
        let sum = |a, b| self.sse2._mm_add_epi64(a, b);
        let coefficients = coefficients.map(pair);
        let shifts = pulp::cast(shifts.map(u64::from));
        let Some(last) = TAPS.checked_sub(1).and_then(|last| frames.get(last)) else { return };
        let mut last = pair(*last);
        for at in TAPS..frames.len() {
            let Some(window) = frames[at - TAPS..].first_chunk_mut::<TAPS>() else { return };
            // The last sample comes last: it is what all wait for.
            let mut predicted = product(coefficients[TAPS - 1], pair(window[0]));
            for tap in (1..TAPS - 1).rev() {
                predicted = sum(predicted, product(coefficients[tap], pair(window[TAPS - 1 - tap])));
            }
            predicted = sum(predicted, product(coefficients[0], last));
            let missed = pair(frames[at]);
            last = self.sse2._mm_add_epi64(missed, self.avx2._mm_srlv_epi64(predicted, shifts));
            let [low, _, high, _]: [i32; 4] = pulp::cast(last);
            frames[at] = [low, high];
        }
    }
}
