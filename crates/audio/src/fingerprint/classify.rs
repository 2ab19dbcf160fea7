use super::chroma::Chroma;
use std::collections::VecDeque;
use std::ops::Range;

/// Turns a series of chromas into one item of 32 bits for each, beginning with the twentieth.
///
/// A chroma is smoothed over five frames and brought to length 1. Sixteen of them make an image of
/// 16 × 12 points; each of sixteen classifiers compares areas of it and gives two bits.
pub(super) struct Classifiers {
    recent: VecDeque<Chroma>,
    image: VecDeque<Chroma>,
}

const SMOOTHING: [f64; 5] = [0.25, 0.75, 1.0, 0.75, 0.25];
const COLUMNS: usize = 16;
/// What is quieter is silence.
const QUIETEST: f64 = 0.01;

impl Classifiers {
    pub(super) fn new() -> Self {
        Self { recent: VecDeque::new(), image: VecDeque::new() }
    }

    pub(super) fn add(&mut self, chroma: Chroma) -> Option<u32> {
        self.recent.push_back(chroma);
        if self.recent.len() < SMOOTHING.len() {
            return None;
        }
        self.image.push_back(normalised(self.smoothed()));
        self.recent.pop_front();
        if self.image.len() < COLUMNS {
            return None;
        }
        let sums = Sums::of(&self.image);
        self.image.pop_front();
        Some(CLASSIFIERS.iter().fold(0, |item, classifier| item << 2 | classifier.bits(&sums)))
    }

    fn smoothed(&self) -> Chroma {
        let mut sum = Chroma::default();
        for (chroma, weight) in self.recent.iter().zip(SMOOTHING) {
            sum.iter_mut().zip(chroma).for_each(|(sum, value)| *sum += value * weight);
        }
        sum
    }
}

fn normalised(chroma: Chroma) -> Chroma {
    let length = chroma.iter().map(|value| value * value).sum::<f64>().sqrt();
    if length < QUIETEST { Chroma::default() } else { chroma.map(|value| value / length) }
}

/// Of each point of an image, the sum of all points before and below it.
struct Sums([[f64; 13]; COLUMNS + 1]);

impl Sums {
    fn of(image: &VecDeque<Chroma>) -> Self {
        let mut sums = [[0.0; 13]; COLUMNS + 1];
        for (column, chroma) in image.iter().enumerate().take(COLUMNS) {
            let mut below = 0.0;
            for (row, value) in chroma.iter().enumerate() {
                below += value;
                sums[column + 1][row + 1] = sums[column][row + 1] + below;
            }
        }
        Self(sums)
    }

    fn area(&self, columns: Range<usize>, rows: Range<usize>) -> f64 {
        let Self(sums) = self;
        sums[columns.end][rows.end] - sums[columns.start][rows.end] - sums[columns.end][rows.start]
            + sums[columns.start][rows.start]
    }
}

/// Which part of its area a classifier compares with the rest.
#[derive(Clone, Copy)]
enum Shape {
    All,
    Upper,
    Later,
    /// Early and high together with late and low.
    Diagonal,
    MiddleRows,
    MiddleColumns,
}

struct Classifier {
    shape: Shape,
    rows: Range<usize>,
    columns: usize,
    /// Between the four values of two bits.
    bounds: [f64; 3],
}

impl Classifier {
    /// Two bits in Gray code, so that values beside each other differ in one.
    fn bits(&self, sums: &Sums) -> u32 {
        let (part, rest) = self.areas(sums);
        let contrast = (1.0 + part).ln() - (1.0 + rest).ln();
        match self.bounds.iter().filter(|bound| contrast >= **bound).count() {
            0 => 0b00,
            1 => 0b01,
            2 => 0b11,
            _ => 0b10,
        }
    }

    fn areas(&self, sums: &Sums) -> (f64, f64) {
        let (low, high, end) = (self.rows.start, self.rows.end, self.columns);
        let (half_row, third_row) = (low + (high - low) / 2, (high - low) / 3);
        let (half, third) = (end / 2, end / 3);
        let area = |columns: Range<usize>, rows: Range<usize>| sums.area(columns, rows);
        match self.shape {
            Shape::All => (area(0..end, low..high), 0.0),
            Shape::Upper => (area(0..end, half_row..high), area(0..end, low..half_row)),
            Shape::Later => (area(half..end, low..high), area(0..half, low..high)),
            Shape::Diagonal => (
                area(0..half, half_row..high) + area(half..end, low..half_row),
                area(0..half, low..half_row) + area(half..end, half_row..high),
            ),
            Shape::MiddleRows => (
                area(0..end, low + third_row..low + 2 * third_row),
                area(0..end, low..low + third_row) + area(0..end, low + 2 * third_row..high),
            ),
            Shape::MiddleColumns => {
                (area(third..2 * third, low..high), area(0..third, low..high) + area(2 * third..end, low..high))
            }
        }
    }
}

const fn classifier(shape: Shape, rows: Range<usize>, columns: usize, bounds: [f64; 3]) -> Classifier {
    Classifier { shape, rows, columns, bounds }
}

/// The trained parameters of Chromaprint's algorithm 2, the one that AcoustID's database is made of.
const CLASSIFIERS: [Classifier; 16] = [
    classifier(Shape::All, 4..7, 15, [1.98215, 2.35817, 2.63523]),
    classifier(Shape::MiddleRows, 4..10, 15, [-1.03809, -0.651211, -0.282167]),
    classifier(Shape::Upper, 0..4, 16, [-0.298702, 0.119262, 0.558497]),
    classifier(Shape::Diagonal, 8..10, 12, [-0.105439, 0.0153946, 0.135898]),
    classifier(Shape::Diagonal, 4..8, 8, [-0.142891, 0.0258736, 0.200632]),
    classifier(Shape::MiddleRows, 0..3, 5, [-0.826319, -0.590612, -0.368214]),
    classifier(Shape::Upper, 2..4, 9, [-0.557409, -0.233035, 0.0534525]),
    classifier(Shape::Later, 7..10, 4, [-0.0646826, 0.00620476, 0.0784847]),
    classifier(Shape::Later, 6..8, 16, [-0.192387, -0.029699, 0.215855]),
    classifier(Shape::Later, 1..4, 2, [-0.0397818, -0.00568076, 0.0292026]),
    classifier(Shape::MiddleColumns, 10..11, 15, [-0.53823, -0.369934, -0.190235]),
    classifier(Shape::Diagonal, 6..8, 10, [-0.124877, 0.0296483, 0.139239]),
    classifier(Shape::Later, 1..2, 14, [-0.101475, 0.0225617, 0.231971]),
    classifier(Shape::Diagonal, 5..11, 4, [-0.0799915, -0.00729616, 0.063262]),
    classifier(Shape::Upper, 9..11, 12, [-0.272556, 0.019424, 0.302559]),
    classifier(Shape::Diagonal, 4..6, 14, [-0.164292, -0.0321188, 0.0846339]),
];
