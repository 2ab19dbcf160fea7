//! Sound files to break: real ones, cut to two seconds; without a library, a few of our own making.

use std::f64::consts::TAU;
use std::path::Path;
use std::process::Command;

/// A file, and its name with the ending.
pub(crate) struct Sound {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// What is in the folder of test audio, cut where ffmpeg is at hand. A short tone is always there.
pub(crate) fn sounds(library: Option<String>, scratch: &Path) -> Vec<Sound> {
    const DEFAULT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/audio");
    let library = library.unwrap_or_else(|| DEFAULT.to_owned());
    let mut paths: Vec<_> =
        std::fs::read_dir(Path::new(&library).join("good")).into_iter().flatten().flatten().map(|e| e.path()).collect();
    paths.sort();
    let mut sounds: Vec<Sound> = paths.iter().filter_map(|path| cut(path, scratch)).collect();
    sounds.push(Sound { name: "tone.wav".to_owned(), bytes: tone() });
    sounds
}

/// The first two seconds, without decoding; the whole file where that cannot be done.
fn cut(path: &Path, scratch: &Path) -> Option<Sound> {
    let name = path.file_name()?.to_str()?.to_owned();
    let short = scratch.join(&name);
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-nostdin", "-v", "error", "-y", "-i"]).arg(path).args(["-map", "0", "-c", "copy", "-t", "2"]);
    let is_cut = ffmpeg.arg(&short).output().is_ok_and(|output| output.status.success());
    let bytes = std::fs::read(if is_cut { &short } else { path }).ok()?;
    (bytes.len() < 4 << 20).then_some(Sound { name, bytes })
}

/// A second of two tones on two channels, as 16-bit WAV.
fn tone() -> Vec<u8> {
    const RATE_HZ: u32 = 44_100;
    let mut wav = b"RIFF".to_vec();
    wav.extend((RATE_HZ * 4 + 36).to_le_bytes());
    wav.extend(b"WAVEfmt \x10\0\0\0\x01\0\x02\0");
    wav.extend(RATE_HZ.to_le_bytes());
    wav.extend((RATE_HZ * 4).to_le_bytes());
    wav.extend(b"\x04\0\x10\0data");
    wav.extend((RATE_HZ * 4).to_le_bytes());
    for frame in 0..RATE_HZ {
        for hz in [440.0, 660.0] {
            let sample = (TAU * hz * f64::from(frame) / f64::from(RATE_HZ)).sin() * 8000.0;
            wav.extend((sample as i16).to_le_bytes());
        }
    }
    wav
}
