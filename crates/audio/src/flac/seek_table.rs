/// Where frames begin, for players that jump (RFC 9639 §8.5): in constant memory, of a stream whose length is
/// not known. When the table is full, every second point goes, and the distance doubles.
pub(super) struct SeekTable {
    points: Vec<Point>,
    /// Frames from one point to the next.
    distance: u64,
    frames: u64,
    next: Point,
}

#[derive(Clone, Copy, Default)]
struct Point {
    sample: u64,
    /// Bytes from the first frame on.
    offset: u64,
    samples: u16,
}

/// The table's place in the file is taken before its points are known.
const POINTS: usize = 128;
/// About a second.
const DISTANCE: u64 = 10;

impl SeekTable {
    /// Bytes of the block without its header.
    pub(super) const SIZE: usize = POINTS * 18;

    pub(super) fn new() -> Self {
        Self { points: Vec::new(), distance: DISTANCE, frames: 0, next: Point::default() }
    }

    /// One frame more, of so many samples and bytes.
    pub(super) fn add(&mut self, samples: u32, bytes: u64) {
        if self.frames.is_multiple_of(self.distance) {
            if self.points.len() == POINTS {
                let mut index = 0;
                self.points.retain(|_| {
                    index += 1;
                    index % 2 == 1
                });
                self.distance *= 2;
            }
            self.points.push(Point { samples: samples as u16, ..self.next });
        }
        self.frames += 1;
        self.next.sample += u64::from(samples);
        self.next.offset += bytes;
    }

    /// [`SIZE`](Self::SIZE) bytes; points that are not used say so.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        const UNUSED: Point = Point { sample: u64::MAX, offset: 0, samples: 0 };
        let points = self.points.iter().chain(std::iter::repeat(&UNUSED)).take(POINTS);
        let mut bytes = Vec::with_capacity(Self::SIZE);
        for point in points {
            bytes.extend(point.sample.to_be_bytes());
            bytes.extend(point.offset.to_be_bytes());
            bytes.extend(point.samples.to_be_bytes());
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_stay_evenly_spread_however_long_it_is() {
        let mut table = SeekTable::new();
        for _ in 0..50_000 {
            table.add(4_096, 9_000);
        }
        assert!((POINTS / 2..=POINTS).contains(&table.points.len()));
        let distance = table.points[1].sample;
        let is_even = |pair: &[Point; 2]| pair[1].sample - pair[0].sample == distance;
        assert!(table.points.array_windows().all(is_even));
        assert!(table.points.iter().all(|point| point.offset / 9_000 == point.sample / 4_096));
        assert_eq!(table.to_bytes().len(), SeekTable::SIZE);
    }
}
