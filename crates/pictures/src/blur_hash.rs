//! A picture in some thirty characters: what a page shows while the picture itself is on its way (BlurHash, blurha.sh).

use std::f32::consts::PI;

use image::RgbImage;

/// The alphabet of its numbers.
const DIGITS: &[u8; 83] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";

/// Of `across` times `down` waves, each from 1 to 9. Cheap for a picture of some thousand pixels.
pub(crate) fn blur_hash(picture: &RgbImage, across: u32, down: u32) -> String {
    let pixels = linear(picture);
    let waves: Vec<[f32; 3]> = (0..down)
        .flat_map(|y| (0..across).map(move |x| (x, y)))
        .map(|(x, y)| wave(&pixels, picture.width(), picture.height(), x, y))
        .collect();
    let Some((average, rest)) = waves.split_first() else { return String::new() };
    let largest = rest.iter().flatten().fold(0.0_f32, |largest, value| largest.max(value.abs()));
    let scale = whole(largest * 166.0 - 0.5).min(82);
    let unit = (scale + 1) as f32 / 166.0;
    let mut hash = String::new();
    push(across - 1 + (down - 1) * 9, 1, &mut hash);
    push(scale, 1, &mut hash);
    push(average.iter().fold(0, |number, value| number << 8 | encoded(*value)), 4, &mut hash);
    for wave in rest {
        let quantised = wave.map(|value| quantised(value / unit));
        push(quantised.iter().fold(0, |number, value| number * 19 + value), 2, &mut hash);
    }
    hash
}

fn linear(picture: &RgbImage) -> Vec<[f32; 3]> {
    picture.pixels().map(|pixel| pixel.0.map(decoded)).collect()
}

/// How much of one wave is in the picture, for each colour.
fn wave(pixels: &[[f32; 3]], width: u32, height: u32, across: u32, down: u32) -> [f32; 3] {
    let cosine = |of: u32, at: u32, length: u32| (PI * of as f32 * at as f32 / length as f32).cos();
    let columns: Vec<f32> = (0..width).map(|x| cosine(across, x, width)).collect();
    let mut sum = [0.0_f32; 3];
    for (row, y) in pixels.chunks_exact(width.max(1) as usize).zip(0..height) {
        let of_row = cosine(down, y, height);
        for (pixel, of_column) in row.iter().zip(&columns) {
            for (sum, value) in sum.iter_mut().zip(pixel) {
                *sum += value * of_row * of_column;
            }
        }
    }
    let norm = if across == 0 && down == 0 { 1.0 } else { 2.0 } / (width * height).max(1) as f32;
    sum.map(|sum| sum * norm)
}

/// −1 to 1 in nineteen steps, which are finer around 0.
fn quantised(value: f32) -> u32 {
    whole(value.abs().sqrt().copysign(value) * 9.0 + 9.5).min(18)
}

fn push(number: u32, digits: u32, out: &mut String) {
    for digit in (0..digits).rev() {
        out.push(char::from(DIGITS[(number / 83_u32.pow(digit) % 83) as usize]));
    }
}

/// The whole part, and 0 below 0.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within 0 and a few hundred")]
fn whole(value: f32) -> u32 {
    value.max(0.0) as u32
}

// sRGB (IEC 61966-2-1).
fn decoded(value: u8) -> f32 {
    let value = f32::from(value) / 255.0;
    if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

fn encoded(value: f32) -> u32 {
    let value = value.clamp(0.0, 1.0);
    let value = if value <= 0.003_130_8 { value * 12.92 } else { 1.055 * value.powf(1.0 / 2.4) - 0.055 };
    whole(value * 255.0 + 0.5)
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    #[test]
    fn one_colour_is_its_average() {
        let hash = blur_hash(&RgbImage::from_pixel(16, 16, Rgb([255, 255, 255])), 4, 4);
        assert_eq!(hash.len(), 6 + 2 * 15);
        // 4 by 4; white is 0xffffff in base 83. The samples are not taken in the middle of pixels, so that a little of
        // every wave is left; across and down are alike.
        assert!(hash.starts_with('U') && &hash[2..6] == "TSUA", "{hash}");
        assert_eq!((&hash[6..8], &hash[8..10]), (&hash[12..14], "fQ"), "{hash}");
    }

    #[test]
    fn halves_differ_across_and_not_down() {
        let halves = RgbImage::from_fn(32, 32, |x, _| if x < 16 { Rgb([255, 0, 0]) } else { Rgb([0, 0, 255]) });
        let turned = RgbImage::from_fn(32, 32, |_, y| if y < 16 { Rgb([255, 0, 0]) } else { Rgb([0, 0, 255]) });
        let (across, down) = (blur_hash(&halves, 2, 2), blur_hash(&turned, 2, 2));
        assert_eq!(across.len(), 12);
        assert_eq!(across[..6], down[..6]);
        // The first wave runs across, the second down, the third both ways.
        assert_eq!(across[6..8], down[8..10]);
        assert_ne!(across[6..8], across[8..10]);
    }
}
