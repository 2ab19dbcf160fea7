//! Pictures that people upload, good and bad.

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageEncoder, ImageFormat, Rgb, RgbImage};

/// Red on the left, blue on the right.
pub(crate) fn two_halves(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, _| if x < width / 2 { Rgb([220, 20, 20]) } else { Rgb([20, 20, 220]) })
}

/// The same as a file.
pub(crate) fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(two_halves(width, height)).write_to(&mut file, format).expect("an encoded picture");
    file.into_inner()
}

/// A photograph that was taken with the camera upright, and that tells where.
pub(crate) fn photograph(width: u32, height: u32, secret: &str) -> Vec<u8> {
    // TIFF, little-endian: two entries, orientation 6 (turn clockwise) and a description behind them.
    let text = format!("{secret}\0");
    let mut exif = b"II*\0\x08\0\0\0\x02\0".to_vec();
    exif.extend_from_slice(&[0x0e, 0x01, 2, 0]);
    exif.extend_from_slice(&u32::try_from(text.len()).expect("short").to_le_bytes());
    exif.extend_from_slice(&38u32.to_le_bytes());
    exif.extend_from_slice(&[0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0]);
    exif.extend_from_slice(&[0, 0, 0, 0]);
    exif.extend_from_slice(text.as_bytes());
    let mut file = Vec::new();
    let mut encoder = JpegEncoder::new(&mut file);
    encoder.set_exif_metadata(exif).expect("JPEG holds EXIF");
    encoder.encode_image(&two_halves(width, height)).expect("a JPEG");
    file
}

/// A PNG of these chunks, each a name and its data.
pub(crate) fn png(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (name, data) in chunks {
        file.extend_from_slice(&u32::try_from(data.len()).expect("a chunk").to_be_bytes());
        let body = [&name[..], data].concat();
        let mut sum = flate2::Crc::new();
        sum.update(&body);
        file.extend_from_slice(&body);
        file.extend_from_slice(&sum.sum().to_be_bytes());
    }
    file
}

/// A PNG's first chunk: eight bits of each of three colours.
pub(crate) fn header(width: u32, height: u32) -> Vec<u8> {
    [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat()
}

/// So many zeros, as zlib packs them.
pub(crate) fn zeros(count: usize) -> Vec<u8> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    let block = vec![0; 1 << 20];
    for _ in 0..count >> 20 {
        packed.write_all(&block).expect("packed");
    }
    packed.finish().expect("packed")
}

/// A JPEG that says that it has so many pixels.
pub(crate) fn huge_jpeg(side: u16) -> Vec<u8> {
    let mut file = picture(16, 16, ImageFormat::Jpeg);
    let frame = file.windows(2).position(|bytes| bytes == [0xff, 0xc0]).expect("a frame");
    file[frame + 5..frame + 7].copy_from_slice(&side.to_be_bytes());
    file[frame + 7..frame + 9].copy_from_slice(&side.to_be_bytes());
    file
}

/// An animated WebP of one pixel and many frames.
pub(crate) fn many_frames(count: usize) -> Vec<u8> {
    let still = picture(1, 1, ImageFormat::WebP);
    let frame = &still[12..];
    let mut body = b"WEBP".to_vec();
    chunk(&mut body, *b"VP8X", &[2, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    chunk(&mut body, *b"ANIM", &[0; 6]);
    let one = [&[0; 12][..], &[10, 0, 0, 0], frame].concat();
    for _ in 0..count {
        chunk(&mut body, *b"ANMF", &one);
    }
    let mut file = Vec::new();
    chunk(&mut file, *b"RIFF", &body);
    file
}

fn chunk(file: &mut Vec<u8>, name: [u8; 4], data: &[u8]) {
    file.extend_from_slice(&name);
    file.extend_from_slice(&u32::try_from(data.len()).expect("a chunk").to_le_bytes());
    file.extend_from_slice(data);
    file.resize(file.len() + data.len() % 2, 0);
}
