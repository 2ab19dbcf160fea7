//! What is shown of a picture: the same in several sizes, each as WebP and as JPEG, one behind the other.

use image::codecs::jpeg::JpegEncoder;
use image::{ImageError, RgbImage};
use serde::{Deserialize, Serialize};

use crate::blur_hash::blur_hash;
use crate::colours::colours;
use crate::decode::{Kept, resized};
use crate::shape::Shape;

/// Out of 100: where differences are hard to see at twice the size.
const JPEG_QUALITY: u8 = 85;
const WEBP_QUALITY: f32 = 82.0;

/// How wide the picture is that colours and the hash are taken of.
const GLANCE: u32 = 64;

/// How a variant is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    Webp,
    Jpeg,
}

impl Encoding {
    /// `image/webp` …
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Webp => "image/webp",
            Self::Jpeg => "image/jpeg",
        }
    }
}

/// One size and encoding, and where it lies in the pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    pub width: u32,
    pub height: u32,
    pub encoding: Encoding,
    pub offset: u64,
    pub length: u64,
}

/// What is told of a picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Of the largest variant.
    pub width: u32,
    pub height: u32,
    /// What it is mostly made of, as `#rrggbb`, the most frequent first; one to five.
    pub colours: Vec<String>,
    /// A blurred glance at it (blurha.sh).
    pub blur_hash: String,
    /// From small to large.
    pub variants: Vec<Variant>,
}

/// The variants, one behind the other, and what is told of them.
pub struct Pack {
    pub bytes: Vec<u8>,
    pub about: About,
}

impl Pack {
    /// In the widths of `shape`, as far as the picture goes: nothing is enlarged.
    ///
    /// # Errors
    /// If an encoder fails, which it does not.
    pub fn of(kept: &Kept, shape: Shape) -> Result<Self, ImageError> {
        // Each size of the next larger one: of the whole picture it would take several times as long.
        let mut sizes: Vec<RgbImage> = Vec::new();
        for width in widths(shape, kept.width.min(kept.picture.width())).into_iter().rev() {
            sizes.push(resized(sizes.last().unwrap_or(&kept.picture), width, shape.height(width)));
        }
        let mut pack = Self { bytes: Vec::new(), about: glance(sizes.last().unwrap_or(&kept.picture), shape) };
        for sized in sizes.iter().rev() {
            for encoding in [Encoding::Webp, Encoding::Jpeg] {
                pack.push(sized, encoding)?;
            }
            (pack.about.width, pack.about.height) = sized.dimensions();
        }
        Ok(pack)
    }

    fn push(&mut self, picture: &RgbImage, encoding: Encoding) -> Result<(), ImageError> {
        let encoded = match encoding {
            Encoding::Webp => webp(picture)?,
            Encoding::Jpeg => jpeg(picture)?,
        };
        let (width, height) = picture.dimensions();
        let (offset, length) = (self.bytes.len() as u64, encoded.len() as u64);
        self.about.variants.push(Variant { width, height, encoding, offset, length });
        self.bytes.extend_from_slice(&encoded);
        Ok(())
    }
}

impl Kept {
    /// As a JPEG of this width, and as high as `shape` is then; enlarged where need be.
    ///
    /// # Errors
    /// If the encoder fails, which it does not.
    pub fn jpeg(&self, shape: Shape, width: u32) -> Result<Vec<u8>, ImageError> {
        jpeg(&resized(&self.picture, width, shape.height(width)))
    }
}

// What is smaller than the largest size has its own as the last one.
fn widths(shape: Shape, width: u32) -> Vec<u32> {
    let largest = width.min(shape.largest()).max(1);
    let mut widths: Vec<u32> = shape.widths().iter().copied().filter(|smaller| *smaller < largest).collect();
    widths.push(largest);
    widths
}

fn glance(picture: &RgbImage, shape: Shape) -> About {
    let small = resized(picture, GLANCE, shape.height(GLANCE));
    let (across, down) = match shape {
        Shape::Square => (4, 4),
        Shape::Banner => (6, 2),
    };
    About {
        width: 0,
        height: 0,
        colours: colours(&small),
        blur_hash: blur_hash(&small, across, down),
        variants: Vec::new(),
    }
}

fn jpeg(picture: &RgbImage) -> Result<Vec<u8>, ImageError> {
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, JPEG_QUALITY).encode_image(picture)?;
    Ok(jpeg)
}

fn webp(picture: &RgbImage) -> Result<Vec<u8>, ImageError> {
    let encoder = webp::Encoder::from_rgb(picture.as_raw(), picture.width(), picture.height());
    let encoded = encoder.encode_simple(false, WEBP_QUALITY);
    encoded
        .map(|webp| webp.to_vec())
        .map_err(|cause| ImageError::IoError(std::io::Error::other(format!("libwebp: {cause:?}"))))
}

#[cfg(test)]
mod tests {
    use image::{ImageFormat, Rgb};

    use super::*;

    fn kept(side: u32) -> Kept {
        let picture =
            RgbImage::from_fn(side, side, |x, _| if x * 2 < side { Rgb([200, 0, 0]) } else { Rgb([0, 0, 200]) });
        Kept { width: side, picture }
    }

    #[test]
    fn every_size_is_there_in_both_encodings_and_nothing_is_enlarged() {
        for (side, widths) in [(2048, &[64, 128, 256, 512, 1024][..]), (300, &[64, 128, 256, 300]), (64, &[64])] {
            let pack = Pack::of(&kept(side), Shape::Square).expect("a pack");
            let of = |encoding| pack.about.variants.iter().filter(move |variant| variant.encoding == encoding);
            for encoding in [Encoding::Webp, Encoding::Jpeg] {
                assert_eq!(of(encoding).map(|variant| variant.width).collect::<Vec<_>>(), widths);
            }
            assert_eq!(pack.about.width, *widths.last().expect("one"));
            for variant in &pack.about.variants {
                let bytes = &pack.bytes[variant.offset as usize..][..variant.length as usize];
                let format = match variant.encoding {
                    Encoding::Webp => ImageFormat::WebP,
                    Encoding::Jpeg => ImageFormat::Jpeg,
                };
                let image = image::load_from_memory_with_format(bytes, format).expect("a picture").into_rgb8();
                assert_eq!(image.dimensions(), (variant.width, variant.height));
                let (left, right) = (image.get_pixel(3, 3).0, image.get_pixel(variant.width - 4, 3).0);
                assert!(left[0] > 170 && right[2] > 170, "{left:?} {right:?}");
            }
        }
    }

    #[test]
    fn a_banner_is_three_times_as_wide_as_high() {
        let picture = RgbImage::from_pixel(1500, 500, Rgb([9, 9, 9]));
        let pack = Pack::of(&Kept { picture, width: 1500 }, Shape::Banner).expect("a pack");
        let about = &pack.about;
        assert_eq!((about.width, about.height, about.variants.len()), (1500, 500, 12));
        assert_eq!(about.colours, ["#090909"]);
        assert_eq!(about.blur_hash.len(), 6 + 2 * 11);
    }
}
