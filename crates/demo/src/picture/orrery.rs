//! Planets of brass, on paper.

use super::canvas::{hex, length, mix};
use super::{Canvas, Random};
use crate::math::{cosine, sine};

const METALS: [(u32, u32); 5] =
    [(0xb8863a, 0xf3d894), (0x8c4a32, 0xe5a57c), (0x5d6d77, 0xc9d6db), (0x2f5d62, 0x9ccfc4), (0x7a2e3a, 0xe0938f)];

pub(super) fn draw(random: &mut Random) -> Canvas {
    let (light, dark) = (hex(0xf3ead6), hex(0xd8c7a2));
    let mut grain = Random::new(random.bits());
    let mut canvas = Canvas::new(|x, y| {
        let edge = length(x - 0.5, y - 0.5);
        let paper = mix(light, dark, edge * edge * 1.3);
        let speck = grain.swing() * 0.016;
        paper.map(|value| value + speck)
    });
    let middle = (0.5 + random.swing() * 0.06, 0.5 + random.swing() * 0.06);
    let ink = hex(0x4a3726);
    rim(&mut canvas, middle, ink);
    let mut radius = 0.105;
    for planet in 0..5 {
        let (x, y) = middle;
        canvas.lay(middle, 0.5, ink, 0.75, &|px, py| (length(px - x, py - y) - radius).abs() - 0.001_2);
        let turn = random.unit();
        let at = (x + radius * cosine(turn), y + radius * sine(turn));
        body(&mut canvas, at, 0.016 + random.unit() * 0.022, METALS[(planet + 1) % METALS.len()]);
        radius += 0.052 + random.unit() * 0.022;
    }
    sun(&mut canvas, middle);
    canvas
}

fn rim(canvas: &mut Canvas, (x, y): (f32, f32), ink: [f32; 3]) {
    for radius in [0.468, 0.44] {
        canvas.lay((x, y), 0.5, ink, 0.85, &|px, py| (length(px - x, py - y) - radius).abs() - 0.001_4);
    }
    for mark in 0..120 {
        let turn = mark as f32 / 120.0;
        let inner = if mark % 10 == 0 { 0.44 } else { 0.455 };
        let end = |radius: f32| (x + radius * cosine(turn), y + radius * sine(turn));
        let (from, to) = (end(inner), end(0.468));
        canvas.lay(to, 0.05, ink, 0.8, &|px, py| super::canvas::from_line((px, py), from, to) - 0.000_9);
    }
}

fn sun(canvas: &mut Canvas, (x, y): (f32, f32)) {
    for ray in 0..16 {
        let turn = (ray as f32 + 0.5) / 16.0;
        let long = if ray % 2 == 0 { 0.085 } else { 0.07 };
        let end = (x + long * cosine(turn), y + long * sine(turn));
        canvas.lay((x, y), 0.1, hex(0xb8863a), 1.0, &|px, py| super::canvas::from_line((px, py), (x, y), end) - 0.003);
    }
    body(canvas, (x, y), 0.052, METALS[0]);
}

/// A ball, lit from the upper left, with its shadow on the paper.
fn body(canvas: &mut Canvas, (x, y): (f32, f32), radius: f32, (dark, light): (u32, u32)) {
    canvas.blend((x + radius * 0.35, y + radius * 0.4), radius * 1.6, hex(0x3a2a1a), &|px, py| {
        let far = length(px - x - radius * 0.35, py - y - radius * 0.4) / radius;
        0.35 * (1.25 - far).clamp(0.0, 1.0)
    });
    canvas.lay((x, y), radius * 1.1, hex(dark), 1.0, &|px, py| length(px - x, py - y) - radius);
    canvas.blend((x, y), radius * 1.1, hex(light), &|px, py| {
        let inside = (0.5 - (length(px - x, py - y) - radius) * super::SIDE as f32).clamp(0.0, 1.0);
        let lit = 1.0 - length(px - x + radius * 0.35, py - y + radius * 0.4) / (radius * 1.25);
        inside * lit.clamp(0.0, 1.0)
    });
}
