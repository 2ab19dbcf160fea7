//! Lights over water, by night.

use super::canvas::{hex, length, mix};
use super::{Canvas, Colour, Random};
use crate::math::{exp, sine};

/// Where the water begins.
const SHORE: f32 = 0.64;

const NIGHTS: [(u32, u32, u32); 3] =
    [(0x0a1028, 0x3a2f5c, 0xd98a5b), (0x071a24, 0x1f4a58, 0xe0b072), (0x160c22, 0x5a2a4e, 0xf0a060)];

pub(super) fn draw(random: &mut Random) -> Canvas {
    let (top, middle, low) = random.pick(&NIGHTS);
    let (top, middle, low) = (hex(top), hex(middle), hex(low));
    let sky = |height: f32| {
        let height = (height / SHORE).clamp(0.0, 1.0);
        let upper = mix(top, middle, height * 1.25);
        mix(upper, low, ((height - 0.72) / 0.28).max(0.0) * 0.75)
    };
    let ripple = random.unit();
    let mut canvas = Canvas::new(|x, y| {
        if y < SHORE {
            return sky(y);
        }
        let depth = y - SHORE;
        let wave = sine(x * 3.0 + ripple + depth * 40.0) * 0.012 * (1.0 + depth * 4.0);
        mix(sky(SHORE - depth * 1.5 + wave), top, 0.25 + depth * 0.9)
    });
    stars(&mut canvas, random);
    for place in 0..11 {
        lantern(&mut canvas, random, place);
    }
    canvas
}

fn stars(canvas: &mut Canvas, random: &mut Random) {
    for _ in 0..140 {
        let (x, y, size) = (random.unit(), random.unit() * SHORE * 0.7, 0.000_6 + random.unit() * 0.001_2);
        canvas.lay((x, y), 0.005, hex(0xfff4e0), 0.25 + random.unit() * 0.5, &|px, py| length(px - x, py - y) - size);
    }
}

fn lantern(canvas: &mut Canvas, random: &mut Random, place: u32) {
    let x = (place as f32 + 0.5 + random.swing() * 0.35) / 11.0;
    let y = 0.14 + random.unit() * 0.42;
    let size = 0.010 + 0.020 * (y / SHORE) * (0.6 + random.unit());
    let warm = mix(hex(0xffb058), hex(0xffe2a0), random.unit());
    let fall = |distance: f32, reach: f32| exp(-f64::from(distance * distance / (reach * reach))) as f32;
    canvas.shine((x, y), size * 9.0, warm, &|px, py| 0.55 * fall(length(px - x, py - y), size * 3.4));
    let mirrored = 2.0 * SHORE - y;
    canvas.shine((x, mirrored), size * 14.0, warm, &|px, py| {
        if py < SHORE {
            return 0.0;
        }
        let torn = 0.6 + 0.4 * sine(py * 55.0 + x * 7.0);
        0.42 * torn * fall((px - x) + 0.006 * sine(py * 31.0), size * 1.3) * fall((py - mirrored) * 0.28, size * 1.6)
    });
    let body: Colour = mix(warm, hex(0xffffff), 0.45);
    canvas.lay((x, y), size * 2.0, body, 0.95, &|px, py| length((px - x) * 1.15, (py - y) * 0.9) - size);
    canvas.lay((x, y), size * 3.0, hex(0x3a2018), 0.8, &|px, py| {
        let (across, down) = ((px - x).abs() - size * 0.45, (py - (y - size * 1.15)).abs() - size * 0.12);
        across.max(down)
    });
}
