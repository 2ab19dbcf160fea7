//! Which part of a picture is kept, and in which sizes.

use serde::{Deserialize, Serialize};

/// What a picture is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Covers and avatars: the middle, as a square.
    Square,
    /// The head of a page: the middle, three times as wide as high.
    Banner,
}

/// A part of a picture, in pixels from its upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) x: u32,
    pub(crate) y: u32,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

impl Shape {
    /// The shorter side that a picture has at least.
    pub const MIN_SIDE: u32 = 64;

    /// The widths that are made, as far as the picture goes.
    pub fn widths(self) -> &'static [u32] {
        match self {
            Self::Square => &[64, 128, 256, 512, 1024],
            Self::Banner => &[64, 128, 256, 512, 1024, 2048],
        }
    }

    /// The largest of them.
    pub(crate) fn largest(self) -> u32 {
        self.widths().last().copied().unwrap_or(1)
    }

    /// The height of this shape at a width.
    pub(crate) fn height(self, width: u32) -> u32 {
        match self {
            Self::Square => width,
            Self::Banner => (width / 3).max(1),
        }
    }

    /// The middle of a picture of these measures, as large as fits.
    pub(crate) fn part(self, width: u32, height: u32) -> Part {
        let ratio = match self {
            Self::Square => 1,
            Self::Banner => 3,
        };
        let kept_width = width.min(height.saturating_mul(ratio)).max(1);
        let kept_height = height.min(kept_width.div_ceil(ratio)).max(1);
        let (x, y) = ((width.max(1) - kept_width) / 2, (height.max(1) - kept_height) / 2);
        Part { x, y, width: kept_width, height: kept_height }
    }
}

impl Part {
    /// The same part of the same picture lying on its side.
    pub(crate) fn turned(self) -> Self {
        Self { x: self.y, y: self.x, width: self.height, height: self.width }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_kept() {
        let part = |shape: Shape, width, height| {
            let Part { x, y, width, height } = shape.part(width, height);
            (x, y, width, height)
        };
        assert_eq!(part(Shape::Square, 900, 300), (300, 0, 300, 300));
        assert_eq!(part(Shape::Square, 300, 900), (0, 300, 300, 300));
        assert_eq!(part(Shape::Banner, 900, 300), (0, 0, 900, 300));
        assert_eq!(part(Shape::Banner, 900, 900), (0, 300, 900, 300));
        assert_eq!(part(Shape::Banner, 3000, 500), (750, 0, 1500, 500));
        assert_eq!(part(Shape::Banner, 1, 1), (0, 0, 1, 1));
        assert_eq!(Shape::Banner.part(900, 900).turned(), Part { x: 300, y: 0, width: 300, height: 900 });
    }
}
