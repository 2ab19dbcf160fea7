//! What prediction misses by, in Rice codes (RFC 9639 §9.2.7).

use super::bits::{Bits, WINDOW};

/// Reads the residual of one channel, the one in `LANE`, behind `order` samples that were given as they are.
#[inline(always)]
pub(super) fn read_residual<const LANE: usize>(
    bits: &mut Bits<'_>,
    order: usize,
    frames: &mut [[i32; 2]],
) -> Option<()> {
    let width = match bits.read(2) {
        0 => 4,
        1 => 5,
        _ => return None,
    };
    let partitions = 1 << bits.read(4);
    let length = frames.len() / partitions;
    if !frames.len().is_multiple_of(partitions) || order > length {
        return None;
    }
    let mut start = order;
    for end in (1..=partitions).map(|partition| partition * length) {
        let parameter = bits.read(width);
        let frames = &mut frames[start..end];
        if parameter == (1 << width) - 1 {
            let width = bits.read(5);
            frames.iter_mut().for_each(|frame| frame[LANE] = bits.read_signed(width));
        } else {
            read_partition::<LANE>(bits, parameter, frames)?;
        }
        bits.check()?;
        start = end;
    }
    Some(())
}

/// A code takes two bits more than its parameter, most often. As many are read from one window as nearly always fit.
#[inline(always)]
fn read_partition<const LANE: usize>(bits: &mut Bits<'_>, parameter: u32, frames: &mut [[i32; 2]]) -> Option<()> {
    match parameter {
        0..=3 => read_groups::<LANE, 8>(bits, parameter, frames),
        4..=8 => read_groups::<LANE, 4>(bits, parameter, frames),
        9..=14 => read_groups::<LANE, 3>(bits, parameter, frames),
        _ => read_codes::<LANE>(bits, parameter, frames),
    }
}

/// Where the next window begins is known only when all codes before it are read. To wait for memory then would take longer
/// than the codes do; so `behind`, what lies behind the window, is fetched while they are read.
#[inline(always)]
fn read_groups<const LANE: usize, const N: usize>(
    bits: &mut Bits<'_>,
    parameter: u32,
    frames: &mut [[i32; 2]],
) -> Option<()> {
    let (groups, rest) = frames.as_chunks_mut::<N>();
    let (mut window, mut behind) = (bits.full_window(bits.at), bits.window(bits.at + 64));
    for group in groups {
        let mut used = 0;
        for frame in group.iter_mut() {
            let zeros = window.leading_zeros();
            // Where 64 are shifted out, `used` is too large.
            let low = window.wrapping_shl(zeros) << 1;
            frame[LANE] = signed(zeros.wrapping_shl(parameter) | (low >> 1 >> (63 - parameter)) as u32);
            window = low << parameter;
            used += zeros + 1 + parameter;
        }
        if used < WINDOW {
            window |= behind >> (64 - used);
            bits.at += used as usize;
        } else {
            read_codes::<LANE>(bits, parameter, group)?;
            window = bits.full_window(bits.at);
        }
        behind = bits.window(bits.at + 64);
    }
    read_codes::<LANE>(bits, parameter, rest)
}

fn read_codes<const LANE: usize>(bits: &mut Bits<'_>, parameter: u32, frames: &mut [[i32; 2]]) -> Option<()> {
    for frame in frames {
        let high = bits.read_zeros()?;
        frame[LANE] = signed(high.wrapping_shl(parameter) | bits.read(parameter));
    }
    Some(())
}

/// 0, -1, 1, -2, 2, …
#[inline(always)]
fn signed(code: u32) -> i32 {
    (code >> 1 ^ (code & 1).wrapping_neg()).cast_signed()
}
