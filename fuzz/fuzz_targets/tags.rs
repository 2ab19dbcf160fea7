//! Tags alone: the fuzzer's bytes as an ID3v2 tag before MP3, as an APE tag behind it, and as a block of FLAC, of sound
//! that is fine otherwise.
#![no_main]

use std::io::Cursor;
use std::sync::LazyLock;

use legato_audio::{FlacBits, FlacEncoder, FlacFormat, Labels, Limits, Mp3Encoder, Mp3Format, Mp3Quality, probe};
use libfuzzer_sys::fuzz_target;

static MP3: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut file = Cursor::new(Vec::new());
    let format = Mp3Format { channels: 1, rate_hz: 44_100, quality: Mp3Quality::V0 };
    let mut encoder = Mp3Encoder::new(&mut file, format, &Labels::default(), None).expect("a format");
    encoder.push(&[0.1; 4_608]).expect("memory");
    encoder.finish().expect("memory");
    // Without its own, empty tag.
    file.into_inner().split_off(10)
});

static FLAC: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut file = Cursor::new(Vec::new());
    let format = FlacFormat { channels: 1, rate_hz: 44_100, bits: FlacBits::Sixteen, source_bits: Some(16) };
    let mut encoder = FlacEncoder::new(&mut file, format, &Labels::default(), None).expect("a format");
    encoder.push(&[0.1; 4_608]).expect("memory");
    encoder.finish().expect("memory");
    file.into_inner()
});

/// `fLaC`, and the block STREAMINFO with its head.
const STREAM_INFO_END: usize = 42;

fuzz_target!(|input: &[u8]| {
    let [kind, tag @ ..] = input else { return };
    let file = match kind % 4 {
        0 => [&id3(*kind, tag)[..], &MP3].concat(),
        1 => [&MP3[..], tag, &ape(tag.len())].concat(),
        2 => flac(4, tag),
        _ => flac(6, tag),
    };
    drop(probe(Cursor::new(file), None, &Limits::default()));
});

fn id3(kind: u8, tag: &[u8]) -> Vec<u8> {
    let version = 2 + (kind >> 2) % 3;
    let size = u32::try_from(tag.len()).expect("a short tag");
    let size = [size >> 21, size >> 14, size >> 7, size].map(|bits| (bits & 0x7f) as u8);
    [&b"ID3"[..], &[version, 0, kind & 0xf0], &size, tag].concat()
}

/// The foot of an APEv2 tag.
fn ape(size: usize) -> Vec<u8> {
    let size = u32::try_from(size + 32).expect("a short tag").to_le_bytes();
    [&b"APETAGEX\xd0\x07\0\0"[..], &size, &[3, 0, 0, 0], &[0; 12]].concat()
}

/// With one more metadata block: 4 holds comments, 6 a picture.
fn flac(kind: u8, block: &[u8]) -> Vec<u8> {
    let block = &block[..block.len().min(0xff_ffff)];
    let size = u32::try_from(block.len()).expect("a short block").to_be_bytes();
    [&FLAC[..STREAM_INFO_END], &[kind], &size[1..], block, &FLAC[STREAM_INFO_END..]].concat()
}
