//! Writes the demo music to a folder, and says how fast: `cargo run --release -p legato-demo --example play -- FOLDER [TITLE]`.

use std::{
    env,
    error::Error,
    fs::File,
    io::{BufWriter, Write, stdout},
    path::Path,
    time::Instant,
};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args().nth(1).ok_or("which folder?")?;
    let wanted = env::args().nth(2);
    for artist in legato_demo::catalogue() {
        for piece in artist.releases.iter().flat_map(|release| &release.tracks) {
            if wanted.as_ref().is_some_and(|title| title != piece.title) {
                continue;
            }
            let before = Instant::now();
            let path = Path::new(&folder).join(format!("{} - {}.wav", artist.name, piece.title));
            piece.write_wav(BufWriter::new(File::create(&path)?))?;
            let seconds = f64::from(piece.frames()) / 44_100.0;
            let speed = seconds / before.elapsed().as_secs_f64();
            writeln!(stdout(), "{seconds:6.1} s, {speed:4.0} × real time: {}", path.display())?;
        }
    }
    Ok(())
}
