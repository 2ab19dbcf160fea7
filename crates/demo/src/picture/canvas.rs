//! Colours on a square whose sides are 1, from the upper left corner; shapes are laid on top of each other.

use super::SIDE;

/// Red, green and blue, from 0 to 1, as a screen has them.
pub(super) type Colour = [f32; 3];

/// A square of pixels.
pub(super) struct Canvas {
    pixels: Vec<Colour>,
}

/// Where a shape covers a pixel: its distance from the shape's edge, within the shape below 0.
pub(super) type Distance<'a> = &'a dyn Fn(f32, f32) -> f32;

impl Canvas {
    /// Of what `colour` gives for each place.
    pub(super) fn new(mut colour: impl FnMut(f32, f32) -> Colour) -> Self {
        let place = |at: usize| (at as f32 + 0.5) / SIDE as f32;
        let pixels = (0..SIDE * SIDE).map(|at| colour(place(at % SIDE), place(at / SIDE))).collect();
        Self { pixels }
    }

    /// Lays a shape on top, with soft edges of a pixel. It is looked for in a square around `middle` alone.
    pub(super) fn lay(&mut self, middle: (f32, f32), reach: f32, colour: Colour, opacity: f32, distance: Distance<'_>) {
        self.blend(middle, reach, colour, &|x, y| opacity * (0.5 - distance(x, y) * SIDE as f32).clamp(0.0, 1.0));
    }

    /// Lays a colour on top as thick as `share` says, from 0 to 1.
    pub(super) fn blend(&mut self, middle: (f32, f32), reach: f32, colour: Colour, share: Distance<'_>) {
        self.each(middle, reach, |pixel, x, y| {
            let share = share(x, y);
            for (under, over) in pixel.iter_mut().zip(colour) {
                *under += (over - *under) * share;
            }
        });
    }

    /// Adds light.
    pub(super) fn shine(&mut self, middle: (f32, f32), reach: f32, colour: Colour, strength: Distance<'_>) {
        self.each(middle, reach, |pixel, x, y| {
            let strength = strength(x, y);
            for (under, light) in pixel.iter_mut().zip(colour) {
                // As a screen lays one picture over another: never beyond white.
                *under = 1.0 - (1.0 - *under) * (1.0 - light * strength).clamp(0.0, 1.0);
            }
        });
    }

    fn each(&mut self, (x, y): (f32, f32), reach: f32, mut change: impl FnMut(&mut Colour, f32, f32)) {
        let range = |at: f32| {
            let pixel = |place: f32| ((place * SIDE as f32).max(0.0) as usize).min(SIDE);
            pixel(at - reach)..pixel(at + reach + 1.0 / SIDE as f32)
        };
        for row in range(y) {
            for column in range(x) {
                let place = |at: usize| (at as f32 + 0.5) / SIDE as f32;
                change(&mut self.pixels[row * SIDE + column], place(column), place(row));
            }
        }
    }

    /// Three bytes a pixel, row after row.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        let byte = |value: &f32| (value.clamp(0.0, 1.0) * 255.0 + 0.5) as u8;
        self.pixels.iter().flat_map(|pixel| pixel.iter().map(byte)).collect()
    }
}

/// Between two colours.
pub(super) fn mix(one: Colour, other: Colour, share: f32) -> Colour {
    let share = share.clamp(0.0, 1.0);
    std::array::from_fn(|at| one[at] + (other[at] - one[at]) * share)
}

/// `0xrrggbb`.
pub(super) fn hex(colour: u32) -> Colour {
    [16, 8, 0].map(|shift| (colour >> shift & 0xff) as f32 / 255.0)
}

pub(super) fn length(x: f32, y: f32) -> f32 {
    (x * x + y * y).sqrt()
}

/// From a place to a line between two others.
pub(super) fn from_line((x, y): (f32, f32), (ax, ay): (f32, f32), (bx, by): (f32, f32)) -> f32 {
    let (dx, dy) = (bx - ax, by - ay);
    let along = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy).max(1e-9);
    let along = along.clamp(0.0, 1.0);
    length(x - ax - along * dx, y - ay - along * dy)
}
