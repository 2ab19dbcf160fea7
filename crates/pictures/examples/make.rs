//! Makes the sizes of a picture: `cargo run -p legato-pictures --example make -- PICTURE FOLDER`.

use std::fs::File;
use std::path::PathBuf;
use std::time::Instant;

use legato_pictures::{Cut, Pack, Shape, decode};

#[expect(clippy::print_stdout, reason = "an example")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(picture), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err("which picture, and into which folder?".into());
    };
    let started = Instant::now();
    let kept = decode(File::open(picture)?, Cut { shape: Shape::Square, min_side: Shape::MIN_SIDE })?;
    println!("decoded after {} ms", started.elapsed().as_millis());
    let pack = Pack::of(&kept, Shape::Square)?;
    println!("encoded after {} ms", started.elapsed().as_millis());
    println!("{:?} {}", pack.about.colours, pack.about.blur_hash);
    for variant in &pack.about.variants {
        let ending = variant.encoding.media_type().trim_start_matches("image/");
        let path = PathBuf::from(&folder).join(format!("{}.{ending}", variant.width));
        std::fs::write(path, &pack.bytes[variant.offset as usize..][..variant.length as usize])?;
    }
    Ok(())
}
