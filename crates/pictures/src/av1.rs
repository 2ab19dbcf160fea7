//! Decodes one AV1 picture into colours, averaged down on the way, so that a large one needs no second memory of its size.

use image::{RgbImage, RgbaImage};
use moxcms::{CicpColorPrimaries, CicpProfile, ColorProfile, MatrixCoefficients, TransferCharacteristics};
use re_rav1d::dav1d::pixel::{ColorPrimaries, MatrixCoefficients as Matrix, YUVRange};
use re_rav1d::dav1d::{Decoder, Error, Picture, PixelLayout, PlanarImageComponent, Plane, Settings};

use crate::shape::Part;

/// A decoded picture.
pub(crate) struct Decoded(Picture);

/// A plane of it: luma, or chroma, which may have fewer samples.
struct Samples {
    plane: Plane,
    stride: usize,
    is_deep: bool,
    width: u32,
    height: u32,
    /// How much fewer, as a shift.
    shift: (u32, u32),
}

impl Decoded {
    /// None: it cannot be decoded, or has more pixels than these.
    pub(crate) fn decode(stream: Vec<u8>, max_pixels: u32) -> Option<Self> {
        let mut settings = Settings::new();
        settings.set_n_threads(1);
        settings.set_max_frame_delay(1);
        settings.set_frame_size_limit(max_pixels);
        let mut decoder = Decoder::with_settings(&settings).ok()?;
        let mut sent = decoder.send_data(stream, None, None, None);
        loop {
            match decoder.get_picture() {
                Ok(picture) => return Some(Self(picture)),
                Err(Error::Again) if matches!(sent, Err(Error::Again)) => sent = decoder.send_pending_data(),
                Err(_) => return None,
            }
        }
    }

    pub(crate) fn width(&self) -> u32 {
        self.0.width()
    }

    pub(crate) fn height(&self) -> u32 {
        self.0.height()
    }

    /// What the stream says of its colours, where they are not those of sRGB.
    pub(crate) fn profile(&self) -> Option<ColorProfile> {
        let color_primaries = match self.0.color_primaries() {
            ColorPrimaries::P3Display => CicpColorPrimaries::Smpte432,
            ColorPrimaries::BT2020 => CicpColorPrimaries::Bt2020,
            _ => return None,
        };
        Some(ColorProfile::new_from_cicp(CicpProfile {
            color_primaries,
            transfer_characteristics: TransferCharacteristics::Srgb,
            matrix_coefficients: MatrixCoefficients::Identity,
            full_range: true,
        }))
    }

    /// A part of the picture, each `by` times `by` pixels averaged to one.
    pub(crate) fn colours(&self, part: Part, by: u32) -> RgbImage {
        let luma = self.samples(PlanarImageComponent::Y);
        let chroma = (self.0.pixel_layout() != PixelLayout::I400)
            .then(|| [PlanarImageComponent::U, PlanarImageComponent::V].map(|plane| self.samples(plane)));
        let depth = self.depth();
        let scale =
            Scale { is_full: matches!(self.0.color_range(), YUVRange::Full), max: (1_u32 << depth) as f32 - 1.0 };
        let matrix = self.0.matrix_coefficients();
        RgbImage::from_fn(part.width / by, part.height / by, |x, y| {
            let at = Part { x: part.x + x * by, y: part.y + y * by, width: by, height: by };
            let luma = scale.luma(luma.average(at));
            let chroma = chroma.as_ref().map_or([0.0; 2], |planes| {
                planes.each_ref().map(|plane| {
                    let value = plane.average(at);
                    if matches!(matrix, Matrix::Identity) { scale.luma(value) } else { scale.chroma(value) }
                })
            });
            image::Rgb(rgb(matrix, luma, chroma, self.0.pixel_layout() == PixelLayout::I400).map(byte))
        })
    }

    /// Its luma as the transparency of another picture of the same size.
    pub(crate) fn as_alpha_of(&self, colours: &RgbImage, part: Part, by: u32) -> RgbaImage {
        let alpha = self.samples(PlanarImageComponent::Y);
        let max = (1_u32 << self.depth()) as f32 - 1.0;
        let scale = Scale { is_full: matches!(self.0.color_range(), YUVRange::Full), max };
        RgbaImage::from_fn(colours.width(), colours.height(), |x, y| {
            let at = Part { x: part.x + x * by, y: part.y + y * by, width: by, height: by };
            let [red, green, blue] = colours.get_pixel(x, y).0;
            image::Rgba([red, green, blue, byte(scale.luma(alpha.average(at)))])
        })
    }

    fn depth(&self) -> usize {
        self.0.bits_per_component().map_or(8, |bits| bits.0)
    }

    fn samples(&self, component: PlanarImageComponent) -> Samples {
        let shift = match (component, self.0.pixel_layout()) {
            (PlanarImageComponent::Y, _) | (_, PixelLayout::I444 | PixelLayout::I400) => (0, 0),
            (_, PixelLayout::I422) => (1, 0),
            (_, PixelLayout::I420) => (1, 1),
        };
        let of = |length: u32, shift: u32| (length + (1 << shift) - 1) >> shift;
        Samples {
            stride: self.0.stride(component) as usize,
            is_deep: self.depth() > 8,
            width: of(self.width(), shift.0),
            height: of(self.height(), shift.1),
            plane: self.0.plane(component),
            shift,
        }
    }
}

impl Samples {
    /// Of a part of the picture that this plane belongs to.
    fn average(&self, part: Part) -> f32 {
        let (across, down) = self.shift;
        let range = |at: u32, length: u32, shift: u32, end: u32| {
            let from = (at >> shift).min(end - 1);
            from..((at + length + (1 << shift) - 1) >> shift).clamp(from + 1, end)
        };
        let columns = range(part.x, part.width, across, self.width);
        let rows = range(part.y, part.height, down, self.height);
        let count = (columns.end - columns.start) * (rows.end - rows.start);
        let bytes: &[u8] = &self.plane;
        let mut sum = 0_u64;
        for row in rows {
            let at = row as usize * self.stride;
            let (from, to) = (columns.start as usize, columns.end as usize);
            sum += if self.is_deep {
                let row = &bytes[at + from * 2..at + to * 2];
                row.chunks_exact(2).map(|pair| u64::from(u16::from_le_bytes([pair[0], pair[1]]))).sum::<u64>()
            } else {
                bytes[at + from..at + to].iter().map(|value| u64::from(*value)).sum::<u64>()
            };
        }
        sum as f32 / count as f32
    }
}

/// How samples are numbers (ITU-T H.273 §8.3).
struct Scale {
    is_full: bool,
    /// The largest sample.
    max: f32,
}

impl Scale {
    /// 0 to 1.
    fn luma(&self, value: f32) -> f32 {
        let value = value / self.max;
        if self.is_full { value } else { (value * 255.0 - 16.0) / 219.0 }
    }

    /// −0.5 to 0.5.
    fn chroma(&self, value: f32) -> f32 {
        let value = value - (self.max + 1.0) / 2.0;
        if self.is_full { value / self.max } else { value / self.max * 255.0 / 224.0 }
    }
}

/// Red, green and blue, from 0 to 1 and a little beyond.
fn rgb(matrix: Matrix, luma: f32, [blue, red]: [f32; 2], is_grey: bool) -> [f32; 3] {
    let (of_red, of_blue) = match matrix {
        _ if is_grey => return [luma; 3],
        // Green, blue, red.
        Matrix::Identity => return [red, luma, blue],
        Matrix::YCgCo => return [luma - blue + red, luma + blue, luma - blue - red],
        Matrix::BT709 => (0.2126, 0.0722),
        Matrix::BT2020NonConstantLuminance => (0.2627, 0.0593),
        // What says nothing is meant to be like JPEG.
        _ => (0.299, 0.114),
    };
    let of_green = 1.0 - of_red - of_blue;
    let (r, b) = (luma + 2.0 * (1.0 - of_red) * red, luma + 2.0 * (1.0 - of_blue) * blue);
    [r, (luma - of_red * r - of_blue * b) / of_green, b]
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a byte")]
fn byte(value: f32) -> u8 {
    (value.clamp(0.0, 1.0) * 255.0 + 0.5) as u8
}
