//! What a filter is made of: samples times coefficients, added up.

use pulp::{Simd, bytemuck};

/// Of two channels beside each other, every other sum is the left one's: four suffice for any vectors.
pub(super) type Sums = [f32; 4];

/// Two ways to get them: as any processor can, and on the vectors that this one has. All slices are equally long, a multiple
/// of [`LANES`](Self::LANES).
pub(super) trait Dot: Copy {
    /// Samples at once, at most.
    const LANES: usize = 16;

    fn one(self, window: &[f32], row: &[f32]) -> Sums;

    /// Of four windows, each with its row. Where the rows are one, a coefficient is loaded once for all of them.
    fn four(self, windows: [&[f32]; 4], rows: [&[f32]; 4]) -> [Sums; 4];
}

#[derive(Clone, Copy)]
pub(super) struct Plain;

impl Dot for Plain {
    #[inline(always)]
    fn one(self, window: &[f32], row: &[f32]) -> Sums {
        const LANES: usize = Plain::LANES;
        let mut sums = [0.0; LANES];
        for (samples, weights) in window.as_chunks::<LANES>().0.iter().zip(row.as_chunks::<LANES>().0) {
            for lane in 0..LANES {
                sums[lane] += samples[lane] * weights[lane];
            }
        }
        // Half is folded onto half: one by one takes more time than the filter itself.
        let half: [f32; LANES / 2] = std::array::from_fn(|lane| sums[lane] + sums[lane + LANES / 2]);
        std::array::from_fn(|lane| half[lane] + half[lane + LANES / 4])
    }

    #[inline(always)]
    fn four(self, windows: [&[f32]; 4], rows: [&[f32]; 4]) -> [Sums; 4] {
        std::array::from_fn(|index| self.one(windows[index], rows[index]))
    }
}

#[derive(Clone, Copy)]
pub(super) struct Wide<S>(pub(super) S);

impl<S: Simd> Dot for Wide<S> {
    #[inline(always)]
    fn one(self, window: &[f32], row: &[f32]) -> Sums {
        let Self(simd) = self;
        let mut sums = simd.splat_f32s(0.0);
        for (samples, weights) in S::as_simd_f32s(window).0.iter().zip(S::as_simd_f32s(row).0) {
            sums = simd.mul_add_f32s(*samples, *weights, sums);
        }
        folded::<S>(sums)
    }

    #[inline(always)]
    fn four(self, windows: [&[f32]; 4], rows: [&[f32]; 4]) -> [Sums; 4] {
        let Self(simd) = self;
        let pairs: [_; 4] =
            std::array::from_fn(|index| S::as_simd_f32s(windows[index]).0.iter().zip(S::as_simd_f32s(rows[index]).0));
        let [first, second, third, fourth] = pairs;
        // Not an array: the compiler would keep it in memory.
        let zero = simd.splat_f32s(0.0);
        let (mut one, mut two, mut three, mut four) = (zero, zero, zero, zero);
        for (((first, second), third), fourth) in first.zip(second).zip(third).zip(fourth) {
            one = simd.mul_add_f32s(*first.0, *first.1, one);
            two = simd.mul_add_f32s(*second.0, *second.1, two);
            three = simd.mul_add_f32s(*third.0, *third.1, three);
            four = simd.mul_add_f32s(*fourth.0, *fourth.1, four);
        }
        [one, two, three, four].map(folded::<S>)
    }
}

#[inline(always)]
fn folded<S: Simd>(lanes: S::f32s) -> Sums {
    let mut sums = Sums::default();
    let lanes: &[f32] = bytemuck::cast_slice(std::slice::from_ref(&lanes));
    for four in lanes.as_chunks::<4>().0 {
        sums = std::array::from_fn(|index| sums[index] + four[index]);
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use pulp::{Arch, WithSimd};

    #[test]
    fn both_ways_give_the_same() {
        struct Compared;
        impl WithSimd for Compared {
            type Output = ();

            fn with_simd<S: Simd>(self, simd: S) {
                let samples: Vec<f32> = (0..200_u8).map(|n| f32::from(n).sin()).collect();
                let row: Vec<f32> = (0..160_u8).map(|n| f32::from(n).cos()).collect();
                let windows = [0, 8, 16, 40].map(|at| &samples[at..at + 160]);
                let together = Wide(simd).four(windows, [&row[..]; 4]);
                for (window, sums) in windows.into_iter().zip(together) {
                    assert_eq!(Wide(simd).one(window, &row), sums);
                    let plain = Plain.one(window, &row);
                    assert!(plain.iter().zip(sums).all(|(a, b)| (a - b).abs() < 1e-4), "{plain:?}, {sums:?}");
                }
            }
        }
        Arch::new().dispatch(Compared);
    }
}
