//! The colours that a picture is mostly made of: for pages that are tinted like their cover.

use image::RgbImage;

/// How many are told at the most.
const MOST: usize = 5;

/// What is so near to a colour is that colour: the squared distance in sRGB.
const NEAR: u32 = 56 * 56;

/// A colour that covers less than one part in so many is not told.
const WORTH: u64 = 50;

/// Alike pixels.
#[derive(Clone, Copy)]
struct Group {
    count: u64,
    sum: [u64; 3],
}

/// As `#rrggbb`, the most frequent first; one at least.
pub(crate) fn colours(picture: &RgbImage) -> Vec<String> {
    let mut found: Vec<Group> = Vec::new();
    for group in groups(picture) {
        let far = |known: &Group| distance(known.mean(), group.mean());
        let nearest =
            (0..found.len()).min_by_key(|place| far(&found[*place])).filter(|place| far(&found[*place]) < NEAR);
        match nearest {
            Some(place) => found[place].add(&group),
            None if found.len() < MOST => found.push(group),
            None => {}
        }
    }
    found.sort_by_key(|group| std::cmp::Reverse(group.count));
    let all = u64::from(picture.width()) * u64::from(picture.height());
    let told = found.iter().enumerate().filter(|(place, group)| *place == 0 || group.count * WORTH >= all);
    told.map(|(_, group)| group.mean()).map(|[red, green, blue]| format!("#{red:02x}{green:02x}{blue:02x}")).collect()
}

/// Pixels that have the upper four bits of each colour in common; the largest group first.
fn groups(picture: &RgbImage) -> Vec<Group> {
    let mut groups = vec![Group { count: 0, sum: [0; 3] }; 1 << 12];
    for pixel in picture.pixels() {
        let [red, green, blue] = pixel.0.map(|value| usize::from(value >> 4));
        let group = &mut groups[red << 8 | green << 4 | blue];
        group.add(&Group { count: 1, sum: pixel.0.map(u64::from) });
    }
    groups.retain(|group| group.count > 0);
    groups.sort_by_key(|group| (std::cmp::Reverse(group.count), group.sum));
    groups
}

impl Group {
    fn add(&mut self, other: &Self) {
        self.count += other.count;
        for (sum, other) in self.sum.iter_mut().zip(other.sum) {
            *sum += other;
        }
    }

    fn mean(&self) -> [u8; 3] {
        self.sum.map(|sum| u8::try_from(sum / self.count.max(1)).unwrap_or(u8::MAX))
    }
}

fn distance(one: [u8; 3], other: [u8; 3]) -> u32 {
    one.iter().zip(other).map(|(one, other)| u32::from(one.abs_diff(other)).pow(2)).sum()
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    #[test]
    fn the_commonest_comes_first_and_specks_do_not_count() {
        let picture = RgbImage::from_fn(100, 100, |x, y| match (x, y) {
            (0, 0) => Rgb([0, 255, 0]),
            (..30, _) => Rgb([250, 10, 10]),
            _ if (x + y) % 2 == 0 => Rgb([10, 10, 200]),
            _ => Rgb([14, 14, 206]),
        });
        assert_eq!(colours(&picture), ["#0c0ccb", "#fa0a0a"]);
    }

    #[test]
    fn a_picture_of_many_colours_tells_five_and_one_of_none_tells_it() {
        let many = RgbImage::from_fn(60, 10, |x, _| {
            let value = |bit: u32| if (x / 8 + 1) >> bit & 1 == 1 { 255 } else { 0 };
            Rgb([value(0), value(1), value(2)])
        });
        assert_eq!(colours(&many).len(), 5);
        assert_eq!(colours(&RgbImage::from_pixel(1, 1, Rgb([1, 2, 3]))), ["#010203"]);
    }
}
