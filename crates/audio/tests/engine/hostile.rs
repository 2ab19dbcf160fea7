use crate::support::{library, on_channels, rejection, render_bytes, sine, try_render, wav};
use legato_audio::{Failure, Limits};
use std::fs;
use std::io::Cursor;
use std::time::Duration;

/// A small generator of the same numbers on every run (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

/// Break `original` in many ways; each must end in a result or a rejection, without a panic of ours.
fn mutate(name: &str, original: &[u8], rounds: usize) {
    let limits = Limits { max_duration: Duration::from_secs(60), ..Limits::default() };
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for round in 0..rounds {
        let mut bytes = original.to_vec();
        // Headers are where the numbers are.
        let reach = if round % 2 == 0 { bytes.len().min(600) } else { bytes.len() };
        for _ in 0..=random.below(8) {
            let at = random.below(reach);
            bytes[at] = [0, 0xff, 0x7f, 0x80, random.below(256) as u8][random.below(5)];
        }
        if round % 5 == 0 {
            bytes.truncate(random.below(bytes.len()));
        }
        if let Err(Failure::Io(error)) = try_render(Cursor::new(bytes), &limits) {
            panic!("{name}, round {round}: blamed on the machine: {error}");
        }
    }
}

#[test]
fn mutations_of_our_own_files_do_no_harm() {
    let bytes = wav(44_100, 2, &on_channels(&sine(44_100, 8_000, 440.0), 2));
    let out = render_bytes(&bytes);
    mutate("wav", &bytes, 200);
    mutate("ogg", &out.ogg, 100);
    mutate("mp4", &out.cmaf, 100);
}

/// A header may say what it likes; memory and work must not follow it (case D3).
#[test]
fn a_header_that_claims_a_gigahertz_is_refused() {
    let limits = Limits::default();
    let mut riff = wav(44_100, 2, &on_channels(&sine(44_100, 8_000, 440.0), 2));
    riff[24..28].copy_from_slice(&1_000_000_000_u32.to_le_bytes());
    assert_eq!(rejection(try_render(Cursor::new(riff), &limits)).slug(), "sample_rate");

    // COMM: one channel, four frames of 16 bits, and 1e9 as an extended float.
    let comm = [&b"COMM\0\0\0\x12\0\x01\0\0\0\x04\0\x10"[..], &[0x40, 0x1c, 0xee, 0x6b, 0x28, 0, 0, 0, 0, 0]].concat();
    let sound = b"SSND\0\0\0\x10\0\0\0\0\0\0\0\0\0\x01\0\x02\0\x03\0\x04";
    let size = (4 + comm.len() + sound.len()) as u32;
    let aiff = [&b"FORM"[..], &size.to_be_bytes(), b"AIFF", &comm, sound].concat();
    assert_eq!(rejection(try_render(Cursor::new(aiff), &limits)).slug(), "sample_rate");
}

#[test]
fn mutations_of_real_files_do_no_harm() {
    let Some(library) = library() else { return };
    for name in ["half_second.flac", "aac_adts.aac", "mp3_mono_22k_64k.mp3", "ogg_opus_mono_24k.opus", "webm_opus.webm"]
    {
        let bytes = fs::read(library.join("good").join(name)).unwrap();
        mutate(name, &bytes, 10);
    }
    for name in ["aac_lc_128k.m4a", "ogg_vorbis_q5.ogg", "aiff_s16_44k.aiff", "alac_s16_44k.m4a"] {
        let bytes = fs::read(library.join("good").join(name)).unwrap();
        mutate(name, &bytes, 5);
    }
}
