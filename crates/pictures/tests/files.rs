//! Files as other programs write them: what is kept of each.

use std::fs::File;
use std::io::{Seek, Write};
use std::path::Path;

use image::{ExtendedColorType, ImageEncoder, RgbImage};
use legato_pictures::{Cut, Encoding, Kept, Pack, Shape, decode};

const SQUARE: Cut = Cut { shape: Shape::Square, min_side: 1 };

fn open(name: &str) -> File {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files");
    File::open(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// What is shown of a picture at its largest.
fn shown(kept: &Kept) -> RgbImage {
    let pack = Pack::of(kept, Shape::Square).expect("a pack");
    let last = pack.about.variants.iter().rfind(|variant| variant.encoding == Encoding::Jpeg).expect("a JPEG");
    let bytes = &pack.bytes[last.offset as usize..][..last.length as usize];
    image::load_from_memory(bytes).expect("a picture").into_rgb8()
}

fn show(name: &str) -> RgbImage {
    shown(&decode(open(name), SQUARE).unwrap_or_else(|refusal| panic!("{name}: {refusal}")))
}

/// The colours near the four edges: left, right, top, bottom.
fn edges(picture: &RgbImage) -> [[u8; 3]; 4] {
    let (width, height) = picture.dimensions();
    let places = [(4, height / 2), (width - 5, height / 2), (width / 2 + 8, 4), (width / 2 + 8, height - 5)];
    places.map(|(x, y)| picture.get_pixel(x, y).0)
}

fn is_red([red, green, blue]: [u8; 3]) -> bool {
    red > 195 && green < 50 && blue < 50
}

fn is_blue([red, green, blue]: [u8; 3]) -> bool {
    blue > 195 && green < 50 && red < 50
}

#[test]
fn red_is_on_the_left_and_blue_on_the_right_in_files_of_every_kind() {
    for name in ["halves.avif", "halves-444.avif", "ten-bits.avif", "odd.avif", "progressive.jpg"] {
        let [left, right, ..] = edges(&show(name));
        assert!(is_red(left) && is_blue(right), "{name}: {left:?} {right:?}");
    }
}

#[test]
fn inks_become_light() {
    let [left, right, ..] = edges(&show("cmyk.jpg"));
    assert!(left[0] > 150 && left[2] < 90 && right[2] > 150 && right[0] < 90, "{left:?} {right:?}");
}

#[test]
fn a_picture_that_was_taken_upright_is_upright() {
    let [_, _, top, bottom] = edges(&show("turned.avif"));
    assert!(is_red(top) && is_blue(bottom), "{top:?} {bottom:?}");
}

#[test]
fn what_can_be_seen_through_is_on_white() {
    let [.., top, bottom] = edges(&show("alpha.avif"));
    assert!(top.iter().all(|value| *value > 245), "{top:?}");
    assert!(is_blue(bottom), "{bottom:?}");
}

#[test]
fn grey_stays_grey() {
    let [left, right, ..] = edges(&show("grey.avif"));
    for [red, green, blue] in [left, right] {
        assert!(red.abs_diff(green) < 6 && green.abs_diff(blue) < 6, "{left:?} {right:?}");
    }
}

/// Display P3's red reaches further than that of sRGB: the same numbers mean a stronger colour.
#[test]
fn a_colour_profile_is_obeyed() {
    let of = |profile: Option<Vec<u8>>| {
        let mut file = tempfile();
        let mut encoder = image::codecs::png::PngEncoder::new(&mut file);
        if let Some(profile) = profile {
            encoder.set_icc_profile(profile).expect("PNG holds profiles");
        }
        let picture = RgbImage::from_pixel(80, 80, image::Rgb([200, 100, 100]));
        encoder.write_image(picture.as_raw(), 80, 80, ExtendedColorType::Rgb8).expect("a PNG");
        file.rewind().expect("its start");
        shown(&decode(file, SQUARE).expect("a picture")).get_pixel(40, 40).0
    };
    let plain = of(None);
    let wide = of(Some(moxcms::ColorProfile::new_display_p3().encode().expect("a profile")));
    assert!(plain[0].abs_diff(200) < 4 && plain[1].abs_diff(100) < 4, "{plain:?}");
    assert!(wide[0] > 208 && wide[1] < 97, "{wide:?}");
    assert_eq!(of(Some(b"no profile".to_vec())), plain);
}

#[test]
fn a_file_that_was_cut_off_or_changed_is_refused_and_never_believed() {
    use std::io::Read;
    for name in ["halves.avif", "alpha.avif", "turned.avif", "progressive.jpg"] {
        let mut whole = Vec::new();
        open(name).read_to_end(&mut whole).expect("the file");
        for length in (0..whole.len()).step_by(7) {
            let mut file = tempfile();
            file.write_all(&whole[..length]).and_then(|()| file.rewind()).expect("a file");
            // A JPEG of which the end is missing may be shown all the same.
            let kept = decode(file, SQUARE);
            assert!(kept.is_err() || name.ends_with("jpg"), "{name} up to {length}");
        }
        let mut random = 7_u64;
        for _ in 0..400 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let mut changed = whole.clone();
            let at = (random >> 33) as usize % changed.len();
            changed[at] = (random >> 20) as u8;
            let mut file = tempfile();
            file.write_all(&changed).and_then(|()| file.rewind()).expect("a file");
            drop(decode(file, SQUARE));
        }
    }
}

#[test]
fn a_side_that_is_too_short_is_named() {
    let cut = Cut { shape: Shape::Square, min_side: 301 };
    let refusal = decode(open("halves.avif"), cut).err().expect("a refusal");
    assert!(refusal.contains("64 pixels"), "{refusal}");
}

fn tempfile() -> File {
    tempfile::tempfile().expect("a temporary file")
}
