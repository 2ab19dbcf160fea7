//! The lines of a city's buses, by night.

use super::canvas::{from_line, hex, length, mix};
use super::{Canvas, Colour, Random};

/// The crossings of the grid that routes turn at, on each side.
const BLOCKS: i32 = 12;

const LINES: [u32; 6] = [0xffb42e, 0x2ed0c4, 0xff4f79, 0x7d8bff, 0xf2f2ea, 0x9be564];

/// Eight ways, as wide a turn as a bus can take.
const WAYS: [(i32, i32); 8] = [(1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1)];

pub(super) fn draw(random: &mut Random) -> Canvas {
    let (upper, lower) = (hex(0x0d121c), hex(0x181f33));
    let mut canvas = Canvas::new(|x, y| mix(upper, lower, (x * 0.4 + y) * 0.8));
    streets(&mut canvas, random);
    let first = (random.bits() % LINES.len() as u64) as usize;
    for line in 0..5 {
        route(&mut canvas, random, hex(LINES[(first + line) % LINES.len()]), line as i32);
    }
    canvas
}

fn place(block: i32) -> f32 {
    block as f32 / BLOCKS as f32
}

fn streets(canvas: &mut Canvas, random: &mut Random) {
    for street in 0..=BLOCKS {
        let at = place(street);
        let strength = 0.25 + random.unit() * 0.5;
        canvas.lay((0.5, at), 0.51, hex(0x2b3550), strength, &|_, y| (y - at).abs() - 0.001);
        canvas.lay((at, 0.5), 0.51, hex(0x2b3550), strength, &|x, _| (x - at).abs() - 0.001);
    }
    for _ in 0..26 {
        let (column, row) = ((random.bits() % 12) as i32, (random.bits() % 12) as i32);
        let (x, y) = (place(column) + 0.5 / BLOCKS as f32, place(row) + 0.5 / BLOCKS as f32);
        canvas.lay((x, y), 0.06, hex(0x222c44), 0.9, &|px, py| (px - x).abs().max((py - y).abs()) - 0.033);
    }
}

fn route(canvas: &mut Canvas, random: &mut Random, colour: Colour, line: i32) {
    let (mut at, mut way) = ((0, 2 + line * 2), 0_usize);
    let mut stops = vec![at];
    while at.0 < BLOCKS && stops.len() < 12 {
        way = match (random.bits() % 3, way) {
            (0, 0) if at.1 > 2 => 7,
            (1, 0) if at.1 < BLOCKS - 2 => 1,
            (2, _) => way,
            _ => 0,
        };
        let steps = 1 + (random.bits() % 2) as i32;
        for _ in 0..steps {
            at = (at.0 + WAYS[way].0, (at.1 + WAYS[way].1).clamp(1, BLOCKS - 1));
        }
        stops.push(at);
    }
    let places: Vec<(f32, f32)> = stops.iter().map(|(column, row)| (place(*column), place(*row))).collect();
    for pair in places.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let middle = ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0);
        canvas.shine(middle, 0.22, colour, &|x, y| {
            let near = (1.0 - from_line((x, y), from, to) / 0.045).max(0.0);
            0.16 * near * near
        });
        canvas.lay(middle, 0.2, colour, 1.0, &|x, y| from_line((x, y), from, to) - 0.009);
    }
    for stop in places {
        canvas.lay(stop, 0.03, hex(0x0d121c), 1.0, &|x, y| length(x - stop.0, y - stop.1) - 0.015);
        canvas.lay(stop, 0.03, hex(0xffffff), 1.0, &|x, y| length(x - stop.0, y - stop.1) - 0.010);
    }
}
