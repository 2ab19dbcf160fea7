//! AAC, in programs that encode it; in the others, what is said of it.

use crate::support::{ffmpeg, ffmpeg_samples, on_channels, rms, samples_of, sine, try_render_ladder, wav};
use legato_audio::{Codec, ENCODES_AAC, Failure, Limits, MediaRange, Rendition, probe};
use std::io::{Cursor, ErrorKind};

const LADDER: &str = "opus_64,aac_128,aac_256";

/// Two tones that come and go, so that a shift shows.
fn music(rate_hz: u32, frames: usize) -> Vec<f32> {
    let (low, high) = (sine(rate_hz, frames, 440.0), sine(rate_hz, frames, 1_531.0));
    let swell = |at: usize| 0.5 + 0.5 * (at as f32 / 3_000.0).sin();
    low.iter()
        .zip(high)
        .enumerate()
        .map(|(at, (low, high))| 0.6 * low * swell(at) + 0.5 * high * swell(at + 4_000))
        .collect()
}

fn put_together(made: &Rendition, (whole, heads): &(Vec<u8>, Vec<u8>)) -> Vec<u8> {
    let cmaf = made.cmaf.as_ref().expect("it has segments");
    let mut bytes = heads[..cmaf.init_size as usize].to_vec();
    for segment in &cmaf.segments {
        bytes.extend(&heads[segment.offset as usize..(segment.offset + segment.size) as usize]);
        let MediaRange { offset, size } = segment.media.expect("the packets are in the whole file");
        bytes.extend(&whole[offset as usize..(offset + size) as usize]);
    }
    bytes
}

/// How much of the original is something else, in dB.
fn noise_db(original: &[f32], decoded: &[f32]) -> f64 {
    let difference: Vec<f32> = original.iter().zip(decoded).map(|(one, other)| one - other).collect();
    20.0 * (rms(&difference, 1, 0) / rms(original, 1, 0)).log10()
}

#[test]
fn a_program_that_does_not_encode_it_says_so() {
    if ENCODES_AAC {
        return;
    }
    let bytes = wav(44_100, 1, &music(44_100, 10_000));
    let refused = try_render_ladder(Cursor::new(bytes), &Limits::default(), LADDER, &[]);
    assert!(matches!(refused, Err(Failure::Io(error)) if error.kind() == ErrorKind::Unsupported));
}

#[test]
fn every_frame_comes_back_in_its_place_whole_and_in_segments() {
    if !ENCODES_AAC {
        return;
    }
    for (rate_hz, made_hz, channels) in
        [(44_100, 44_100, 2), (48_000, 48_000, 1), (32_000, 32_000, 2), (96_000, 48_000, 2)]
    {
        for frames in [1_usize, 1_000, 100_003, 400_000] {
            let original = on_channels(&music(rate_hz, frames), channels);
            let bytes = wav(rate_hz, channels as u16, &original);
            let (rendered, files) =
                try_render_ladder(Cursor::new(bytes), &Limits::default(), LADDER, &[]).expect("the source is fine");
            for (made, files) in rendered.renditions.iter().zip(&files).skip(1) {
                let what = format!("{}, {rate_hz} Hz, {channels} channels, {frames} frames", made.rung);
                let expected = (frames as u64 * u64::from(made_hz)).div_ceil(rate_hz.into());
                assert_eq!((made.sample_rate_hz, made.channels), (made_hz, channels as u16), "{what}");
                assert!(made.frames.abs_diff(expected) <= 1, "{what}: {}", made.frames);
                assert_eq!(made.size, files.0.len() as u64, "{what}");
                let count = made.frames as usize * channels;
                let ours = samples_of(Cursor::new(files.0.clone()));
                assert_eq!(ours.len(), count, "{what}: our own decoder");
                let segments = put_together(made, files);
                for (form, bytes) in [("whole", &files.0), ("segments", &segments)] {
                    let Some(theirs) = ffmpeg_samples(bytes, "m4a") else { return };
                    // ffmpeg plays the last packet whole, and of fragments what their edit list takes off the start.
                    let before = made.cmaf.as_ref().map_or(0, |cmaf| usize::from(cmaf.pre_skip)) * channels;
                    let theirs = if form == "segments" { theirs[before..].to_vec() } else { theirs };
                    let is_as_long = (count..count + 1_024 * channels).contains(&theirs.len());
                    assert!(is_as_long, "{what}, {form}: {} of {count} samples", theirs.len());
                    if frames > 50_000 && rate_hz == made_hz {
                        let noise = noise_db(&original, &theirs[..count]);
                        assert!(noise < -25.0, "{what}, {form}: {noise:.1} dB");
                    }
                }
            }
        }
    }
}

#[test]
fn a_player_begins_with_the_first_bytes_and_finds_the_labels() {
    if !ENCODES_AAC {
        return;
    }
    let bytes = wav(44_100, 2, &on_channels(&music(44_100, 44_100 * 20), 2));
    let (rendered, files) = try_render_ladder(Cursor::new(bytes), &Limits::default(), LADDER, &[]).expect("it is fine");
    for (made, (whole, _)) in rendered.renditions.iter().zip(&files).skip(1) {
        let place = |name: &[u8]| whole.windows(4).position(|four| four == name).expect("a box");
        assert!(place(b"moov") < place(b"mdat"), "{}", made.rung);
        let found = probe(Cursor::new(whole.clone()), None, &Limits::default()).expect("it is fine");
        assert_eq!((found.codec, found.sample_rate_hz, found.channels), (Codec::Aac, 44_100, 2));
        let bits = made.size as f64 * 8.0 / 20.0;
        let wanted = if made.rung.to_string() == "aac_128" { 128_000.0 } else { 256_000.0 };
        assert!((bits / wanted - 1.0).abs() < 0.06, "{}: {bits:.0} bit/s", made.rung);
    }
    let Some(said) = ffmpeg(&["-i", "-", "-f", "ffmetadata", "-"], files[1].0.clone()) else { return };
    assert!(String::from_utf8_lossy(&said).contains("major_brand=M4A"), "{}", String::from_utf8_lossy(&said));
}
