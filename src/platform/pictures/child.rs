//! The part that touches an upload's bytes. It runs in the sandboxed child, and nowhere else.

use std::io::{Cursor, Read, Write};

use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};
use image::metadata::Orientation;
use image::{
    DynamicImage, GenericImageView, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, Rgb, RgbImage,
    RgbaImage,
};
use serde_json::{Value, json};

use super::{LARGE, MAX_BYTES, SMALL};
use crate::platform::sandbox::{Context, Fault, Task};

/// The task that `main` hands to the sandbox.
pub(crate) const TASK: Task = Task {
    name: "picture",
    outputs: |_| OUTPUTS.map(str::to_owned).into(),
    inputs: &[],
    wants_threads: false,
    run: render,
};

/// The files that it writes, the larger one first.
pub(super) const OUTPUTS: [&str; 2] = ["512.jpg", "128.jpg"];

const MAX_PIXELS: u64 = 40_000_000;

/// What a decoded picture may take: 40 megapixels of four bytes. One of deeper colours may have half as many.
const MAX_DECODED_BYTES: u64 = MAX_PIXELS * 4;

/// Of JPEG, out of 100.
const QUALITY: u8 = 85;

/// What a file is by its first bytes, if it is of a kind that is taken.
pub(super) fn format(file: &[u8]) -> Option<ImageFormat> {
    match file {
        [0xff, 0xd8, 0xff, ..] => Some(ImageFormat::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(ImageFormat::Png),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(ImageFormat::WebP),
        _ => None,
    }
}

fn render(context: Context, _: &mut dyn FnMut(Value)) -> Result<Value, Fault> {
    let mut file = Vec::new();
    context.source.take(MAX_BYTES as u64 + 1).read_to_end(&mut file)?;
    let square = square(&file).map_err(|cause| Fault::Refused(json!(cause.to_string())))?;
    for (mut output, side) in context.outputs.into_iter().zip([LARGE, SMALL]) {
        output.write_all(&encode(&square, side)?)?;
    }
    Ok(Value::Null)
}

pub(super) fn square(file: &[u8]) -> Result<RgbImage, ImageError> {
    let format = format(file).ok_or_else(|| refusal("not a picture"))?;
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(2 * MAX_DECODED_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS || decoder.total_bytes() > MAX_DECODED_BYTES {
        return Err(refusal("too many pixels"));
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let image = DynamicImage::from_decoder(decoder)?;
    let mut square = DynamicImage::ImageRgb8(on_white(&cut(&image)));
    square.apply_orientation(orientation);
    Ok(square.into_rgb8())
}

fn refusal(why: &'static str) -> ImageError {
    ImageError::IoError(std::io::Error::other(why))
}

/// The middle of a picture, as a square of the larger size. What is much larger is first averaged down, which needs no
/// memory for a second picture of that size.
fn cut(image: &DynamicImage) -> RgbaImage {
    let (width, height) = image.dimensions();
    let side = width.min(height);
    let view = image.view((width - side) / 2, (height - side) / 2, side, side);
    if side > 2 * LARGE {
        let rough = imageops::thumbnail(&*view, 2 * LARGE, 2 * LARGE);
        return imageops::resize(&rough, LARGE, LARGE, FilterType::Lanczos3);
    }
    imageops::resize(&*view, LARGE, LARGE, FilterType::CatmullRom)
}

/// JPEG knows no transparency.
fn on_white(image: &RgbaImage) -> RgbImage {
    RgbImage::from_fn(image.width(), image.height(), |x, y| {
        let [red, green, blue, alpha] = image.get_pixel(x, y).0;
        Rgb([red, green, blue].map(|colour| over_white(colour, alpha)))
    })
}

fn over_white(colour: u8, alpha: u8) -> u8 {
    let (colour, alpha) = (u16::from(colour), u16::from(alpha));
    u8::try_from((colour * alpha + 255 * (255 - alpha) + 127) / 255).unwrap_or(u8::MAX)
}

fn encode(square: &RgbImage, side: u32) -> std::io::Result<Vec<u8>> {
    let mut jpeg = Vec::new();
    let sized = imageops::resize(square, side, side, FilterType::Lanczos3);
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(&sized).map_err(std::io::Error::other)?;
    Ok(jpeg)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_known_by_its_first_bytes_and_not_by_its_name() {
        assert_eq!(format(b"\xff\xd8\xff\xe0"), Some(ImageFormat::Jpeg));
        assert_eq!(format(b"\x89PNG\r\n\x1a\n"), Some(ImageFormat::Png));
        assert_eq!(format(b"RIFF\x04\0\0\0WEBPVP8L"), Some(ImageFormat::WebP));
        for other in [
            &b""[..],
            b"GIF89a",
            b"<svg",
            b"%PDF-1.7",
            b"%!PS",
            b"push graphic-context",
            b"RIFF\0\0\0\0WAVE",
            b"\0\0\x01\0",
        ] {
            assert_eq!(format(other), None, "{other:?}");
        }
    }

    #[test]
    fn transparency_is_white() {
        assert_eq!([over_white(0, 0), over_white(0, 255), over_white(10, 255), over_white(0, 128)], [255, 0, 10, 127]);
    }

    #[test]
    fn the_middle_is_kept_whatever_the_shape() {
        let wide =
            RgbImage::from_fn(
                900,
                300,
                |x, _| if (300..600).contains(&x) { Rgb([200, 0, 0]) } else { Rgb([0, 0, 200]) },
            );
        let mut png = Vec::new();
        DynamicImage::ImageRgb8(wide).write_to(&mut Cursor::new(&mut png), ImageFormat::Png).expect("a PNG");
        let square = square(&png).expect("a square");
        assert_eq!(square.dimensions(), (LARGE, LARGE));
        assert!(square.pixels().all(|pixel| pixel.0[0] > 150 && pixel.0[2] < 60));
    }
}
