//! Writes the pictures of the demo catalogue into a folder: `cargo run -p legato-demo --example draw -- FOLDER`.

use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| ".".to_owned()));
    for artist in legato_demo::catalogue() {
        std::fs::write(folder.join(format!("{}.png", artist.name)), artist.avatar())?;
        for release in &artist.releases {
            std::fs::write(folder.join(format!("{}.png", release.title)), release.cover())?;
        }
    }
    Ok(())
}
