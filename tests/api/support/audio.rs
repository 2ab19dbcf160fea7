//! Sound to upload: made here, or real music where the library is at hand; and ffmpeg as a second opinion.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::{skipped, variable};

const RATE_HZ: u32 = 48_000;

/// A sine of half of full scale on two channels, as a WAV file of 16 bits at 48 kHz.
pub(crate) fn tone(hz: f64, seconds: f64) -> Vec<u8> {
    let turn = std::f64::consts::TAU * hz / f64::from(RATE_HZ);
    wav(seconds, |frame| (16_384.0 * (turn * f64::from(frame)).sin()) as i16)
}

/// A sound behind an ID3v2.4 tag. A text with `\0` in it is a `TXXX`: its name and what it says.
pub(crate) fn tagged(frames: &[(&[u8; 4], &str)], sound: &[u8]) -> Vec<u8> {
    let syncsafe = |length: usize| [21, 14, 7, 0].map(|shift| (length >> shift & 0x7f) as u8);
    let frame = |(id, text): &(&[u8; 4], &str)| {
        // A unique identifier is bytes; every other frame has its encoding first, which is UTF-8.
        let content = [if *id == b"UFID" { &[][..] } else { &[3][..] }, text.as_bytes()].concat();
        [&id[..], &syncsafe(content.len()), &[0, 0], &content].concat()
    };
    let body: Vec<u8> = frames.iter().flat_map(frame).collect();
    [b"ID3\x04\0\0".as_slice(), &syncsafe(body.len()), &body, sound].concat()
}

/// Nothing, as a WAV file.
pub(crate) fn silence(seconds: f64) -> Vec<u8> {
    wav(seconds, |_| 0)
}

/// Noise, of which no encoder makes little, as a WAV file of 44.1 kHz.
pub(crate) fn noise(seconds: u32) -> Vec<u8> {
    let mut seed = 1_u32;
    let samples = (0..44_100 * seconds as usize).map(|_| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 18) as i16
    });
    wav_at(44_100, samples)
}

/// Samples, the same on both sides, as a WAV file.
pub(crate) fn wav_at(rate_hz: u32, samples: impl ExactSizeIterator<Item = i16>) -> Vec<u8> {
    let mut wav = header(rate_hz, u32::try_from(samples.len()).expect("a short file") * 4);
    wav.extend(samples.flat_map(|sample| [sample.to_le_bytes(); 2]).flatten());
    wav
}

/// A part of a 16-bit stereo WAV file of 44.1 kHz, as the demo catalogue's are, at another volume.
pub(crate) fn wav_part(wav: &[u8], from_seconds: f64, seconds: f64, gain: f32) -> Vec<u8> {
    const RATE_HZ: u32 = 44_100;
    let start = wav.windows(4).position(|name| name == b"data").expect("samples") + 8;
    let byte = |seconds: f64| start + (seconds * f64::from(RATE_HZ)).round() as usize * 4;
    let samples = &wav[byte(from_seconds)..byte(from_seconds + seconds)];
    let mut part = header(RATE_HZ, u32::try_from(samples.len()).expect("small"));
    let turned = samples.as_chunks::<2>().0.iter().map(|sample| (f32::from(i16::from_le_bytes(*sample)) * gain) as i16);
    part.extend(turned.flat_map(i16::to_le_bytes));
    part
}

fn wav(seconds: f64, sample: impl Fn(u32) -> i16) -> Vec<u8> {
    let frames = (seconds * f64::from(RATE_HZ)).round() as u32;
    let mut wav = header(RATE_HZ, frames * 4);
    for frame in 0..frames {
        let bytes = sample(frame).to_le_bytes();
        wav.extend(bytes.iter().chain(&bytes));
    }
    wav
}

fn header(rate_hz: u32, size: u32) -> Vec<u8> {
    let mut wav = b"RIFF".to_vec();
    wav.extend((size + 36).to_le_bytes());
    wav.extend(b"WAVEfmt \x10\0\0\0\x01\0\x02\0");
    wav.extend(rate_hz.to_le_bytes());
    wav.extend((rate_hz * 4).to_le_bytes());
    wav.extend(b"\x04\0\x10\0data");
    wav.extend(size.to_le_bytes());
    wav
}

/// The folder of real music, or `None` and a loud word.
pub(crate) fn library() -> Option<PathBuf> {
    const DEFAULT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/audio");
    let folder = variable("LEGATO_TEST_AUDIO").map_or_else(|| DEFAULT.into(), PathBuf::from);
    if folder.join("reference.json").exists() {
        return Some(folder);
    }
    skipped(&format!("no library of test audio at {}; set LEGATO_TEST_AUDIO", folder.display()));
    None
}

/// How many frames ffmpeg decodes at 48 kHz, or `None` and a loud word where it is not installed.
pub(crate) fn ffmpeg_frames(encoded: &[u8]) -> Option<u64> {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-nostdin", "-i", "-", "-f", "s16le", "-ac", "1", "-ar", "48000", "-"]);
    let Ok(mut child) = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn() else {
        skipped("ffmpeg is not installed");
        return None;
    };
    let (mut input, encoded) = (child.stdin.take().expect("it is piped"), encoded.to_vec());
    let feeder = std::thread::spawn(move || input.write_all(&encoded));
    let output = child.wait_with_output().expect("ffmpeg ends");
    // It may stop reading before the end; what it made of it is what counts.
    drop(feeder.join());
    assert!(output.status.success(), "ffmpeg failed");
    Some(output.stdout.len() as u64 / 2)
}
