use crate::support::{ffmpeg, on_channels, rms, samples_of};
use legato_audio::{Codec, Cover, Labels, Limits, Mp3Encoder, Mp3Format, Mp3Quality, probe};
use std::io::{Cursor, ErrorKind};

const QUALITIES: [Mp3Quality; 2] = [Mp3Quality::Cbr320, Mp3Quality::V0];
const FILE: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/short.mp3");

#[test]
fn every_frame_comes_back_in_its_place() {
    for quality in QUALITIES {
        for (rate_hz, channels) in [(44_100, 2), (44_100, 1), (48_000, 2), (32_000, 2)] {
            for frames in [1, 47, 575, 1_152, 1_153, 40_000, 100_003] {
                let music = music(rate_hz, frames);
                let mp3 = encode(Mp3Format { channels, rate_hz, quality }, &on_channels(&music, channels.into()));
                let what = format!("{quality:?}, {rate_hz} Hz, {channels} channels, {frames} frames");
                let decoded = samples_of(Cursor::new(mp3.clone()));
                assert_eq!(decoded.len(), frames * usize::from(channels), "{what}");
                check_alignment(&music, &decoded, channels.into(), &what);
                // Out of a pipe, ffmpeg does not trim the end of very short files, LAME's own neither.
                std::fs::write(FILE, mp3).unwrap();
                if let Some(pcm) = ffmpeg(&["-i", FILE, "-f", "f32le", "-"], Vec::new()) {
                    let decoded: Vec<f32> = pcm.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
                    assert_eq!(decoded.len(), frames * usize::from(channels), "{what}: ffmpeg");
                    check_alignment(&music, &decoded, channels.into(), &format!("{what}: ffmpeg"));
                }
            }
        }
    }
}

#[test]
fn sizes_are_those_of_the_setting() {
    let noise: Vec<f32> =
        music(44_100, 441_000).iter().enumerate().map(|(index, sample)| sample * hash(index)).collect();
    let [cbr, vbr] = QUALITIES.map(|quality| encode(stereo(quality), &on_channels(&noise, 2)).len());
    assert!((cbr as f64 / 400_000.0 - 1.0).abs() < 0.01, "ten seconds at 320 kbit/s: {cbr} bytes");
    assert!(vbr < cbr, "{vbr} bytes");
    let [cbr, vbr] = QUALITIES.map(|quality| encode(stereo(quality), &[0.0; 882_000]).len());
    assert!(cbr > 395_000 && vbr < 60_000, "silence: {cbr} and {vbr} bytes");
}

#[test]
fn hard_signals_do_no_harm() {
    for quality in QUALITIES {
        let noise: Vec<f32> = (0..100_000).map(hash).collect();
        let square: Vec<f32> =
            (0..100_000).map(|index| if (index / 100_usize).is_multiple_of(2) { 1.0 } else { -1.0 }).collect();
        let loud: Vec<f32> = noise.iter().map(|sample| sample * 64.0).collect();
        for samples in [noise, square, loud] {
            let decoded = samples_of(Cursor::new(encode(stereo(quality), &samples)));
            let clipped: Vec<f32> = samples.iter().map(|sample| sample.clamp(-1.0, 1.0)).collect();
            assert_eq!(decoded.len(), samples.len());
            let (before, after) = (rms(&clipped, 1, 0), rms(&decoded, 1, 0));
            assert!((after / before - 1.0).abs() < 0.15, "{before} became {after}");
        }
    }
}

#[test]
fn the_bytes_do_not_depend_on_how_the_samples_come() {
    for quality in QUALITIES {
        let samples = on_channels(&music(44_100, 50_000), 2);
        let mut mp3 = Cursor::new(Vec::new());
        let mut encoder = Mp3Encoder::new(&mut mp3, stereo(quality), &Labels::default(), None).unwrap();
        samples.chunks(2 * 777).for_each(|chunk| encoder.push(chunk).unwrap());
        let rendition = encoder.finish().unwrap();
        let mp3 = mp3.into_inner();
        assert_eq!((rendition.size, rendition.frames), (mp3.len() as u64, 50_000));
        assert!(mp3 == encode(stereo(quality), &samples));
    }
}

#[test]
fn labels_and_cover_are_found_again() {
    let labels = Labels {
        title: "Où est 北?".into(),
        artist: "Anna & Bea".into(),
        album: "Album".into(),
        track_number: Some(7),
        disc_number: Some(2),
        date: "2026-11-28".into(),
        genre: "Folk".into(),
        isrc: "DEAAA2600001".into(),
        ..Labels::default()
    };
    let still = ["-f", "lavfi", "-i", "color=red:s=16x8", "-frames:v", "1", "-f", "image2", "-c:v", "png", "-"];
    let png = ffmpeg(&still, Vec::new());
    let picture = png.clone().unwrap_or_else(|| vec![7; 5_000]);
    let cover = Cover { media_type: "image/png", width: 16, height: 8, bytes: &picture };
    let mut mp3 = Cursor::new(Vec::new());
    let mut encoder = Mp3Encoder::new(&mut mp3, stereo(Mp3Quality::V0), &labels, Some(cover)).unwrap();
    encoder.push(&on_channels(&music(44_100, 30_000), 2)).unwrap();
    encoder.finish().unwrap();
    let mp3 = mp3.into_inner();

    let probe = probe(Cursor::new(mp3.clone()), None, &Limits::default()).unwrap();
    assert_eq!((probe.codec, probe.sample_rate_hz, probe.channels), (Codec::Mp3, 44_100, 2));
    assert_eq!((probe.tags.title, probe.tags.artist), (Some(labels.title), Some(labels.artist)));
    assert_eq!((probe.tags.album, probe.tags.track_number), (Some(labels.album), Some(7)));
    assert_eq!(samples_of(Cursor::new(mp3.clone())).len(), 60_000);
    if png.is_some() {
        let pixels = ["-i", "-", "-map", "0:v", "-f", "rawvideo", "-pix_fmt", "gray", "-"];
        assert_eq!(ffmpeg(&pixels, mp3.clone()).unwrap().len(), 16 * 8);
        let text = String::from_utf8(ffmpeg(&["-i", "-", "-f", "ffmetadata", "-"], mp3).unwrap()).unwrap();
        for line in ["disc=2", "date=2026-11-28", "genre=Folk", "TSRC=DEAAA2600001", "track=7", "title=Où est 北?"] {
            assert!(text.contains(line), "{line} is not in {text}");
        }
    }
}

#[test]
fn what_mp3_cannot_hold_is_refused() {
    for (channels, rate_hz) in [(0, 44_100), (3, 44_100), (2, 8_000), (2, 96_000), (2, 192_000)] {
        let format = Mp3Format { channels, rate_hz, quality: Mp3Quality::V0 };
        let encoder = Mp3Encoder::new(Cursor::new(Vec::new()), format, &Labels::default(), None);
        assert!(encoder.is_err_and(|error| error.kind() == ErrorKind::InvalidInput));
    }
}

fn stereo(quality: Mp3Quality) -> Mp3Format {
    Mp3Format { channels: 2, rate_hz: 44_100, quality }
}

fn encode(format: Mp3Format, samples: &[f32]) -> Vec<u8> {
    let mut mp3 = Cursor::new(Vec::new());
    let mut encoder = Mp3Encoder::new(&mut mp3, format, &Labels::default(), None).unwrap();
    encoder.push(samples).unwrap();
    encoder.finish().unwrap();
    mp3.into_inner()
}

/// Tones that do not fit to each other, so that no shift but the right one matches.
fn music(rate_hz: u32, frames: usize) -> Vec<f32> {
    let tone = |index: usize, hz: f64| (std::f64::consts::TAU * hz * index as f64 / f64::from(rate_hz)).sin();
    (0..frames)
        .map(|index| [311.0, 1_234.5, 3_777.7].map(|hz| 0.2 * tone(index, hz)).iter().sum::<f64>() as f32)
        .collect()
}

/// Noise of full scale.
fn hash(index: usize) -> f32 {
    ((index as u32).wrapping_mul(2_654_435_761).rotate_left(13).wrapping_mul(2_246_822_519) as i32) as f32
        / 2f32.powi(31)
}

/// A shift by one sample to either side fits worse than none.
fn check_alignment(music: &[f32], decoded: &[f32], channels: usize, what: &str) {
    if music.len() < 10_000 {
        return;
    }
    let error = |shift: usize| {
        let inside = 2_000..music.len() - 2_000;
        let pairs = inside.clone().map(|index| decoded[(index + shift - 1) * channels] - music[index]);
        rms(&pairs.collect::<Vec<f32>>(), 1, 0)
    };
    let errors = [0, 1, 2].map(error);
    assert!(errors[1] < 0.01 && errors[1] < errors[0] && errors[1] < errors[2], "{what}: {errors:?}");
}
