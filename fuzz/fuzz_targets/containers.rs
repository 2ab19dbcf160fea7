//! What our writers write, for sound of any length and labels of any kind, is read back by our reader, frame by frame.
#![no_main]

use std::io::{self, Cursor, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex};

use arbitrary::Arbitrary;
use legato_audio::{
    Cover, Covers, Decoder, FlacBits, FlacEncoder, FlacFormat, FrontCover, Labels, Limits, Mp3Encoder, Mp3Format, Mp3Quality, Output, Plan,
    Rung, Sink, probe, render,
};
use libfuzzer_sys::fuzz_target;

#[derive(Debug, Arbitrary)]
struct Input {
    form: Form,
    frames: u16,
    rate: u8,
    channels: u8,
    pieces: u16,
    title: String,
    artist: String,
    album: String,
    date: String,
    genre: String,
    isrc: String,
    track_number: Option<u32>,
    disc_number: Option<u32>,
    cover: Option<(String, u32, u32, Vec<u8>)>,
    noise: Vec<i8>,
}

#[derive(Debug, Clone, Copy, Arbitrary)]
enum Form {
    Opus,
    Flac16,
    Flac24,
    Mp3,
}

fuzz_target!(|input: Input| {
    let frames = usize::from(input.frames) + 1;
    match input.form {
        Form::Opus => opus(&input, frames),
        Form::Flac16 => flac(&input, FlacBits::Sixteen, frames),
        Form::Flac24 => flac(&input, FlacBits::TwentyFour, frames),
        Form::Mp3 => mp3(&input, frames),
    }
});

fn opus(input: &Input, frames: usize) {
    let channels = 1 + u16::from(input.channels) % 8;
    let rate_hz = [8_000, 22_050, 44_100, 48_000, 96_000][usize::from(input.rate) % 5];
    let wav = wav(rate_hz, channels, &samples(input, frames * usize::from(channels)));
    let (ogg, cmaf) = (Memory::default(), Memory::default());
    let (whole, segments): (Box<dyn Sink>, Box<dyn Sink>) = (Box::new(ogg.clone()), Box::new(cmaf.clone()));
    let outputs = vec![Output { rung: Rung::Opus { kbps: 64 }, whole, segments: Some(segments) }];
    let plan = Plan { outputs, labels: labels(input), ..Plan::default() };
    let rendered = render(Cursor::new(wav), None, &Limits::default(), plan, &mut |_| ()).expect("it is fine");
    let frames = rendered.renditions[0].frames;
    assert_eq!(count(ogg.bytes()), frames, "Ogg");
    // Only players apply the shortened last sample: our reader, like ffmpeg's, gives the whole last packet.
    assert!((frames..frames + 960).contains(&count(cmaf.bytes())), "CMAF");
}

/// A file in memory, read by whoever keeps a copy.
#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Cursor<Vec<u8>>>>);

impl Memory {
    fn bytes(&self) -> Vec<u8> {
        self.0.lock().expect("nobody panicked").get_ref().clone()
    }
}

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("nobody panicked").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for Memory {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.lock().expect("nobody panicked").seek(to)
    }
}

fn flac(input: &Input, bits: FlacBits, frames: usize) {
    let channels = 1 + u16::from(input.channels) % 8;
    let rate_hz = [8_000, 44_100, 96_000, 192_000][usize::from(input.rate) % 4];
    let format = FlacFormat { channels, rate_hz, bits, source_bits: None };
    let mut file = Cursor::new(Vec::new());
    let Ok(mut encoder) = FlacEncoder::new(&mut file, format, &labels(input), cover(input)) else { return };
    push(input, frames, channels, |piece| encoder.push(piece));
    let rendition = encoder.finish().expect("memory");
    let file = file.into_inner();
    assert_eq!((rendition.size, rendition.frames), (file.len() as u64, frames as u64));
    read_back(input, file, frames as u64);
}

fn mp3(input: &Input, frames: usize) {
    let channels = 1 + u16::from(input.channels) % 2;
    let rate_hz = [32_000, 44_100, 48_000][usize::from(input.rate) % 3];
    let quality = if input.rate > 127 { Mp3Quality::V0 } else { Mp3Quality::Cbr320 };
    let mut file = Cursor::new(Vec::new());
    let format = Mp3Format { channels, rate_hz, quality };
    let Ok(mut encoder) = Mp3Encoder::new(&mut file, format, &labels(input), cover(input)) else { return };
    push(input, frames, channels, |piece| encoder.push(piece));
    let rendition = encoder.finish().expect("memory");
    let file = file.into_inner();
    assert_eq!((rendition.size, rendition.frames), (file.len() as u64, frames as u64));
    read_back(input, file, frames as u64);
}

fn read_back(input: &Input, file: Vec<u8>, frames: u64) {
    let probe = probe(Cursor::new(file.clone()), None, &Limits::default()).expect("what we write can be read");
    // What a tag cannot hold is cut or left out; what is plain must come back.
    let is_plain = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric());
    if is_plain(&input.title) {
        assert_eq!(probe.tags.title.as_deref(), Some(input.title.as_str()));
    }
    assert_eq!(count(file), frames);
}

/// The frames of sound in a file of ours.
fn count(file: Vec<u8>) -> u64 {
    let mut decoder = Decoder::open(Cursor::new(file), None, &Limits::default()).expect("what we write can be read");
    while decoder.next_block().expect("and decoded").is_some() {}
    assert!(decoder.warnings().is_empty(), "{:?}", decoder.warnings());
    decoder.frames()
}

fn push(input: &Input, frames: usize, channels: u16, mut push: impl FnMut(&[f32]) -> std::io::Result<()>) {
    let samples = samples(input, frames * usize::from(channels));
    let piece = (usize::from(input.pieces) + 1) * usize::from(channels);
    samples.chunks(piece).for_each(|piece| push(piece).expect("memory"));
}

fn samples(input: &Input, count: usize) -> Vec<f32> {
    let noise = if input.noise.is_empty() { &[0][..] } else { &input.noise };
    noise.iter().cycle().take(count).map(|byte| f32::from(*byte) / 128.0).collect()
}

fn labels(input: &Input) -> Labels {
    Labels {
        title: input.title.clone(),
        artist: input.artist.clone(),
        album: input.album.clone(),
        track_number: input.track_number,
        disc_number: input.disc_number,
        date: input.date.clone(),
        genre: input.genre.clone(),
        isrc: input.isrc.clone(),
        covers: Covers { large: None, small: small_cover(input) },
    }
}

/// The same one, as Ogg takes it.
fn small_cover(input: &Input) -> Option<FrontCover> {
    let Cover { media_type, width, height, bytes } = cover(input)?;
    Some(FrontCover { media_type: media_type.to_owned(), width, height, bytes: bytes.to_vec() })
}

fn cover(input: &Input) -> Option<Cover<'_>> {
    let (media_type, width, height, bytes) = input.cover.as_ref()?;
    Some(Cover { media_type, width: *width, height: *height, bytes })
}

/// Of 32-bit floats.
fn wav(rate_hz: u32, channels: u16, samples: &[f32]) -> Vec<u8> {
    let size = u32::try_from(samples.len() * 4).expect("a short file");
    let mut wav = b"RIFF".to_vec();
    wav.extend((size + 36).to_le_bytes());
    wav.extend(b"WAVEfmt \x10\0\0\0\x03\0");
    wav.extend(channels.to_le_bytes());
    wav.extend(rate_hz.to_le_bytes());
    wav.extend((rate_hz * u32::from(channels) * 4).to_le_bytes());
    wav.extend((channels * 4).to_le_bytes());
    wav.extend(b"\x20\0data");
    wav.extend(size.to_le_bytes());
    wav.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    wav
}
