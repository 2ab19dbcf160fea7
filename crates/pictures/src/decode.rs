//! From an upload to the part of it that is kept: upright, in sRGB, on white, and not much larger than it will be shown.

use std::fs::File;
use std::io::{BufReader, Read, Seek};

use image::imageops::{self, FilterType};
use image::metadata::Orientation;
use image::{DynamicImage, GenericImageView, ImageDecoder, ImageFormat, ImageReader, Limits, Rgb, RgbImage, RgbaImage};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

use crate::av1::Decoded;
use crate::avif::{Avif, is_avif};
use crate::shape::{Part, Shape};

/// More than so many are refused.
pub const MAX_PIXELS: u32 = 40_000_000;

/// What a decoded picture may take: 40 megapixels of four bytes. One of deeper colours may have half as many.
const MAX_DECODED_BYTES: u64 = MAX_PIXELS as u64 * 4;

/// A colour profile is a few hundred bytes, a table of colours half a megabyte.
const MAX_PROFILE_BYTES: usize = 4 * 1024 * 1024;

/// How many bytes of a file tell what it is.
pub const HEAD_BYTES: usize = 256;

/// What is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    /// Of those that `image` decodes.
    Usual(ImageFormat),
    Avif,
}

/// Why a picture is refused, in words for whoever sent it.
pub type Refusal = &'static str;

const UNREADABLE: Refusal = "This picture cannot be read.";
const TOO_LARGE: Refusal = "A picture has at most 40 megapixels, and 20 with more than 8 bits of a colour.";
const TOO_SMALL: Refusal = "A picture has at least 64 pixels on each side.";

/// Whether a file is of a kind that is taken (JPEG, PNG, WebP, AVIF), by its first [`HEAD_BYTES`].
pub fn is_taken(head: &[u8]) -> bool {
    format(head).is_some()
}

fn format(head: &[u8]) -> Option<Format> {
    match head {
        [0xff, 0xd8, 0xff, ..] => Some(Format::Usual(ImageFormat::Jpeg)),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Format::Usual(ImageFormat::Png)),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Format::Usual(ImageFormat::WebP)),
        head if is_avif(head) => Some(Format::Avif),
        _ => None,
    }
}

/// How a picture is to be cut.
#[derive(Debug, Clone, Copy)]
pub struct Cut {
    pub shape: Shape,
    /// Of less than this on a side nothing is made.
    pub min_side: u32,
}

/// What is kept of a picture, at most twice as wide as its shape is shown.
pub struct Kept {
    pub(crate) picture: RgbImage,
    /// How wide it was in the upload.
    pub(crate) width: u32,
}

/// Decodes `file`, which is at its start.
///
/// # Errors
/// A sentence for whoever sent it.
pub fn decode(mut file: File, cut: Cut) -> Result<Kept, Refusal> {
    let mut head = Vec::new();
    (&file).take(HEAD_BYTES as u64).read_to_end(&mut head).map_err(|_| UNREADABLE)?;
    file.rewind().map_err(|_| UNREADABLE)?;
    match format(&head).ok_or(UNREADABLE)? {
        Format::Usual(format) => usual(file, format, cut),
        Format::Avif => avif(file, cut),
    }
}

fn usual(file: File, format: ImageFormat, cut: Cut) -> Result<Kept, Refusal> {
    let mut reader = ImageReader::with_format(BufReader::new(file), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(2 * MAX_DECODED_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_| UNREADABLE)?;
    let (width, height) = decoder.dimensions();
    if decoder.total_bytes() > MAX_DECODED_BYTES {
        return Err(TOO_LARGE);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let part = cut.part(width, height, lies_down(orientation))?;
    let profile = decoder.icc_profile().ok().flatten().and_then(|profile| icc(&profile));
    let image = DynamicImage::from_decoder(decoder).map_err(|_| UNREADABLE)?;
    let colours = shrunk(&image, part, cut.shape);
    drop(image);
    Ok(cut.finish(colours, profile.as_ref(), orientation, part))
}

fn avif(mut file: File, cut: Cut) -> Result<Kept, Refusal> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(|_| UNREADABLE)?;
    let Avif { picture, alpha, profile, turns, mirror } = Avif::read(&bytes).ok_or(UNREADABLE)?;
    drop(bytes);
    let decoded = Decoded::decode(picture, MAX_PIXELS).ok_or(UNREADABLE)?;
    let (width, height) = (decoded.width(), decoded.height());
    let orientation = turned(turns, mirror);
    let part = cut.part(width, height, lies_down(orientation))?;
    let by = (part.width.max(part.height) / (2 * cut.shape.largest())).max(1);
    let profile = profile.and_then(|profile| icc(&profile)).or_else(|| decoded.profile());
    let colours = decoded.colours(part, by);
    drop(decoded);
    let alpha = alpha.and_then(|alpha| Decoded::decode(alpha, MAX_PIXELS));
    let colours = match alpha.filter(|alpha| (alpha.width(), alpha.height()) == (width, height)) {
        Some(alpha) => alpha.as_alpha_of(&colours, part, by),
        None => DynamicImage::ImageRgb8(colours).into_rgba8(),
    };
    Ok(cut.finish(colours, profile.as_ref(), orientation, part))
}

impl Cut {
    // What is kept of a file of these measures, as it lies in the file.
    fn part(self, width: u32, height: u32, lies_down: bool) -> Result<Part, Refusal> {
        if u64::from(width) * u64::from(height) > u64::from(MAX_PIXELS) {
            return Err(TOO_LARGE);
        }
        if width.min(height) < self.min_side {
            return Err(TOO_SMALL);
        }
        Ok(if lies_down { self.shape.part(height, width).turned() } else { self.shape.part(width, height) })
    }

    fn finish(
        self,
        mut colours: RgbaImage,
        profile: Option<&ColorProfile>,
        orientation: Orientation,
        part: Part,
    ) -> Kept {
        if let Some(profile) = profile {
            into_srgb(&mut colours, profile);
        }
        let mut picture = DynamicImage::ImageRgb8(on_white(&colours));
        picture.apply_orientation(orientation);
        let width = if lies_down(orientation) { part.height } else { part.width };
        Kept { picture: picture.into_rgb8(), width }
    }
}

/// A part of a picture; what is much larger than it will be shown is averaged down.
fn shrunk(image: &DynamicImage, part: Part, shape: Shape) -> RgbaImage {
    let view = image.view(part.x, part.y, part.width, part.height);
    let most = 2 * shape.largest();
    let longer = part.width.max(part.height);
    if longer <= most {
        return view.to_image();
    }
    let scaled =
        |side: u32| u32::try_from(u64::from(side) * u64::from(most) / u64::from(longer)).unwrap_or(most).max(1);
    imageops::thumbnail(&*view, scaled(part.width), scaled(part.height))
}

/// A kept picture at this width.
pub(crate) fn resized(picture: &RgbImage, width: u32, height: u32) -> RgbImage {
    imageops::resize(picture, width, height, FilterType::Lanczos3)
}

fn lies_down(orientation: Orientation) -> bool {
    use Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
    matches!(orientation, Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH)
}

// First the turn, then the mirror (ISO/IEC 23008-12 §6.5.10, §6.5.12).
fn turned(turns: u8, mirror: Option<u8>) -> Orientation {
    use Orientation::{
        FlipHorizontal, FlipVertical, NoTransforms, Rotate90, Rotate90FlipH, Rotate180, Rotate270, Rotate270FlipH,
    };
    match (turns, mirror) {
        (0, None) => NoTransforms,
        (1, None) => Rotate270,
        (2, None) => Rotate180,
        (_, None) => Rotate90,
        (0, Some(0)) | (2, Some(1)) => FlipVertical,
        (0, Some(_)) | (2, Some(_)) => FlipHorizontal,
        (1, Some(0)) | (3, Some(1)) => Rotate90FlipH,
        (_, Some(_)) => Rotate270FlipH,
    }
}

// What cannot be read, and what is about printing inks, is left aside: the colours stay as they are decoded.
fn icc(profile: &[u8]) -> Option<ColorProfile> {
    if profile.len() > MAX_PROFILE_BYTES {
        return None;
    }
    ColorProfile::new_from_slice(profile).ok().filter(|profile| profile.color_space == DataColorSpace::Rgb)
}

fn into_srgb(colours: &mut RgbaImage, profile: &ColorProfile) {
    let srgb = ColorProfile::new_srgb();
    let options = TransformOptions::default();
    let Ok(transform) = profile.create_transform_8bit(Layout::Rgba, &srgb, Layout::Rgba, options) else { return };
    let mut turned = vec![0; colours.as_raw().len()];
    if transform.transform(colours.as_raw(), &mut turned).is_ok()
        && let Some(turned) = RgbaImage::from_raw(colours.width(), colours.height(), turned)
    {
        *colours = turned;
    }
}

/// JPEG knows no transparency, and a cover looks the same everywhere.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_known_by_its_first_bytes_and_not_by_its_name() {
        assert_eq!(format(b"\xff\xd8\xff\xe0"), Some(Format::Usual(ImageFormat::Jpeg)));
        assert_eq!(format(b"\x89PNG\r\n\x1a\n"), Some(Format::Usual(ImageFormat::Png)));
        assert_eq!(format(b"RIFF\x04\0\0\0WEBPVP8L"), Some(Format::Usual(ImageFormat::WebP)));
        assert_eq!(format(b"\0\0\0\x1cftypavif\0\0\0\0mif1miafMA1B"), Some(Format::Avif));
        assert_eq!(format(b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif"), Some(Format::Avif));
        for other in [
            &b""[..],
            b"GIF89a",
            b"<svg",
            b"%PDF-1.7",
            b"%!PS",
            b"push graphic-context",
            b"RIFF\0\0\0\0WAVE",
            b"\0\0\x01\0",
            b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        ] {
            assert_eq!(format(other), None, "{other:?}");
        }
    }

    #[test]
    fn transparency_is_white() {
        assert_eq!([over_white(0, 0), over_white(0, 255), over_white(10, 255), over_white(0, 128)], [255, 0, 10, 127]);
    }

    /// Red, green / blue, white; turned as the file says, by hand.
    #[test]
    fn turns_and_mirrors_are_done_in_their_order() {
        let corners = |turns, mirror| {
            let pixels = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]];
            let mut image = DynamicImage::ImageRgb8(RgbImage::from_fn(2, 2, |x, y| Rgb(pixels[(y * 2 + x) as usize])));
            image.apply_orientation(turned(turns, mirror));
            let name =
                |pixel: [u8; 3]| ["r", "g", "b", "w"][pixels.iter().position(|known| *known == pixel).unwrap_or(3)];
            image.into_rgb8().pixels().map(|pixel| name(pixel.0)).collect::<String>()
        };
        assert_eq!(corners(0, None), "rgbw");
        // A quarter anticlockwise: what was on the right is on top.
        assert_eq!(corners(1, None), "gwrb");
        assert_eq!(corners(2, None), "wbgr");
        assert_eq!(corners(3, None), "brwg");
        assert_eq!(corners(0, Some(0)), "bwrg");
        assert_eq!(corners(0, Some(1)), "grwb");
        assert_eq!(corners(1, Some(0)), "rbgw");
        assert_eq!(corners(1, Some(1)), "wgbr");
        assert_eq!(corners(2, Some(0)), "grwb");
        assert_eq!(corners(2, Some(1)), "bwrg");
        assert_eq!(corners(3, Some(0)), "wgbr");
        assert_eq!(corners(3, Some(1)), "rbgw");
    }
}
