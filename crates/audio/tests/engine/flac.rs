use crate::support::{ffmpeg, library, open, render_bytes, samples_of};
use legato_audio::{
    Codec, Container, Cover, Decoder, FlacBits, FlacEncoder, FlacFile, FlacFormat, FlacFrames, Labels, Limits, Warning,
    probe,
};
use std::io::{Cursor, ErrorKind, Write};
use std::process::{Command, Stdio};

const BITS: [FlacBits; 2] = [FlacBits::Sixteen, FlacBits::TwentyFour];

#[test]
fn every_length_rate_and_number_of_channels_comes_back_bit_by_bit() {
    for bits in BITS {
        for (rate_hz, channels) in
            [(8_000, 1), (44_100, 2), (96_000, 5), (192_000, 4), (384_000, 3), (44_101, 6), (11_025, 7), (48_000, 8)]
        {
            for frames in [1, 2, 15, 33, 255, 257, 4_095, 4_096, 4_097, 10_000] {
                let format = FlacFormat { channels, rate_hz, bits, source_bits: Some(bits.count()) };
                let samples = melody(bits, frames * usize::from(channels));
                let flac = encode(format, &samples);
                let limits = Limits { max_sample_rate_hz: 384_000, ..Limits::default() };
                let mut decoder = Decoder::open(Cursor::new(flac), None, &limits).unwrap();
                let decoded = all_of(&mut decoder);
                assert!(decoded == samples, "{bits:?}, {rate_hz} Hz, {channels} channels, {frames} frames");
            }
        }
    }
}

#[test]
fn silence_noise_and_square_waves_come_back_bit_by_bit() {
    for bits in BITS {
        let noise = noise(bits, 20_000);
        let square = |period: usize| {
            (0..20_000).map(move |index| if (index / period).is_multiple_of(2) { -1.0 } else { top(bits) })
        };
        let signals: [(&str, Vec<f32>, f64); 6] = [
            ("silence", vec![0.0; 20_000], 0.002),
            ("a constant", vec![-1.0; 20_000], 0.002),
            ("noise", noise.clone(), 1.002),
            ("the same noise on both sides", noise.iter().flat_map(|sample| [*sample; 2]).collect(), 0.503),
            ("a slow square", square(400).collect(), 0.3),
            ("the fastest square", square(1).collect(), 0.2),
        ];
        for (name, samples, share) in signals {
            let format = FlacFormat { channels: 2, rate_hz: 44_100, bits, source_bits: Some(bits.count()) };
            let flac = encode(format, &samples);
            let bytes = samples.len() * bits.count() as usize / 8;
            let size = flac.len() - HEADERS;
            assert!(size as f64 <= bytes as f64 * share + 100.0, "{name}, {bits:?}: {size} of {bytes} bytes");
            check_elsewhere(name, &flac, bits, &samples);
            assert!(samples_of(Cursor::new(flac)) == samples, "{name}, {bits:?}");
        }
    }
}

/// Marker, stream info, seek table and comment without labels.
const HEADERS: usize = 4 + 38 + 4 + 128 * 18 + 4 + 14;

#[test]
fn what_is_coarser_than_it_could_be_takes_less() {
    let coarse = noise(FlacBits::Sixteen, 40_000);
    let sixteen = encode(stereo(FlacBits::Sixteen), &coarse).len();
    let flac = encode(stereo(FlacBits::TwentyFour), &coarse);
    assert!(flac.len() < sixteen + 100, "{} and {sixteen} bytes", flac.len());
    check_elsewhere("wasted bits", &flac, FlacBits::TwentyFour, &coarse);
    assert_eq!(samples_of(Cursor::new(flac)), coarse);
}

#[test]
fn a_reduction_to_sixteen_bits_is_dithered_the_same_way_each_time() {
    let format = FlacFormat { source_bits: Some(24), ..stereo(FlacBits::Sixteen) };
    let quiet: Vec<f32> = vec![0.3 / 32_768.0; 200_000];
    let flac = encode(format, &quiet);
    assert!(flac == encode(format, &quiet));
    let decoded = samples_of(Cursor::new(flac));
    let steps: Vec<f64> = decoded.iter().map(|sample| f64::from(*sample) * 32_768.0).collect();
    let mean = steps.iter().sum::<f64>() / steps.len() as f64;
    let power = steps.iter().map(|step| (step - 0.3).powi(2)).sum::<f64>() / steps.len() as f64;
    assert!((mean - 0.3).abs() < 0.01, "below one step it is still there: {mean}");
    assert!((power - 0.25).abs() < 0.01, "the noise is that of triangular dither: {power}"); // 1/12 + 1/6
    assert!(steps.iter().all(|step| (-1.0..=2.0).contains(step)));

    let undithered = encode(FlacFormat { source_bits: Some(16), ..format }, &quiet);
    assert!(samples_of(Cursor::new(undithered)).iter().all(|sample| *sample == 0.0));
}

#[test]
fn what_is_above_full_scale_is_cut_off() {
    let decoded = samples_of(Cursor::new(encode(stereo(FlacBits::TwentyFour), &[64.0, -64.0, 0.5, -0.5])));
    assert_eq!(decoded, [top(FlacBits::TwentyFour), -1.0, 0.5, -0.5]);
}

#[test]
fn the_bytes_do_not_depend_on_how_the_samples_come() {
    let samples = melody(FlacBits::Sixteen, 60_000);
    let whole = encode(stereo(FlacBits::Sixteen), &samples);
    let mut flac = Cursor::new(Vec::new());
    let mut encoder = FlacEncoder::new(&mut flac, stereo(FlacBits::Sixteen), &Labels::default(), None).unwrap();
    samples.chunks(2 * 777).for_each(|chunk| encoder.push(chunk).unwrap());
    let rendition = encoder.finish().unwrap();
    assert_eq!((rendition.size, rendition.frames), (whole.len() as u64, 30_000));
    assert!(flac.into_inner() == whole);
}

#[test]
fn other_containers_may_have_the_same_frames() {
    let samples = melody(FlacBits::Sixteen, 2 * 10_000);
    let mut frames = FlacFrames::new(stereo(FlacBits::Sixteen)).unwrap();
    assert_eq!(frames.stream_info().frames, 0);
    let mut file = FlacFile::new(Cursor::new(Vec::new()), &frames.stream_info(), &Labels::default(), None).unwrap();
    let (mut bytes, mut lengths) = (Vec::new(), Vec::new());
    let mut take = |frame: legato_audio::FlacFrame<'_>| {
        bytes.extend_from_slice(frame.bytes);
        lengths.push((frame.samples, frame.bytes.len() as u32));
        file.push(&frame)
    };
    frames.push(&samples, &mut take).unwrap();
    let info = frames.finish(&mut take).unwrap();
    file.finish(&info).unwrap();

    assert!(encode(stereo(FlacBits::Sixteen), &samples).ends_with(&bytes));
    assert_eq!(lengths.iter().map(|(samples, _)| *samples).collect::<Vec<_>>(), [4_096, 4_096, 1_808]);
    assert_eq!(lengths.iter().map(|(_, size)| *size).min(), Some(info.min_frame));
    assert_eq!(lengths.iter().map(|(_, size)| *size).max(), Some(info.max_frame));
    let integers = samples.iter().flat_map(|sample| ((sample * 32_768.0) as i16).to_le_bytes()).collect::<Vec<u8>>();
    assert_eq!((info.frames, info.md5), (10_000, <[u8; 16]>::from(<md5::Md5 as md5::Digest>::digest(integers))));
}

#[test]
fn labels_and_cover_are_found_again() {
    let labels = Labels {
        title: "Où est 北?".into(),
        artist: "Anna = Bea".into(),
        album: "Album".into(),
        track_number: Some(7),
        disc_number: Some(2),
        date: "2026-11-28".into(),
        genre: "Folk".into(),
        isrc: "DEAAA2600001".into(),
        ..Labels::default()
    };
    let png = ffmpeg(
        &["-f", "lavfi", "-i", "color=red:s=16x8", "-frames:v", "1", "-f", "image2", "-c:v", "png", "-"],
        Vec::new(),
    );
    let picture = png.clone().unwrap_or_else(|| vec![7; 5_000]);
    let cover = Cover { media_type: "image/png", width: 16, height: 8, bytes: &picture };
    let mut flac = Cursor::new(Vec::new());
    let mut encoder = FlacEncoder::new(&mut flac, stereo(FlacBits::Sixteen), &labels, Some(cover)).unwrap();
    encoder.push(&melody(FlacBits::Sixteen, 20_000)).unwrap();
    encoder.finish().unwrap();
    let flac = flac.into_inner();

    let probe = probe(Cursor::new(flac.clone()), None, &Limits::default()).unwrap();
    assert_eq!((probe.container, probe.codec, probe.claimed_frames), (Container::Flac, Codec::Flac, Some(10_000)));
    assert_eq!((probe.tags.title, probe.tags.artist), (Some(labels.title), Some(labels.artist)));
    assert_eq!((probe.tags.album, probe.tags.track_number), (Some(labels.album), Some(7)));
    assert!(flac.windows(picture.len()).any(|window| window == picture));
    if png.is_some() {
        let pixels =
            ffmpeg(&["-i", "-", "-map", "0:v", "-f", "rawvideo", "-pix_fmt", "gray", "-"], flac.clone()).unwrap();
        assert_eq!(pixels.len(), 16 * 8);
        let text = String::from_utf8(ffmpeg(&["-i", "-", "-f", "ffmetadata", "-"], flac).unwrap()).unwrap();
        for line in ["disc=2", "date=2026-11-28", "genre=folk", "isrc=deaaa2600001", "track=7"] {
            assert!(text.to_lowercase().contains(line), "{line} is not in {text}");
        }
    }
}

#[test]
fn what_flac_cannot_hold_is_refused() {
    let refused = |format: FlacFormat| FlacFrames::new(format).err().map(|error| error.kind());
    for channels in [0, 9] {
        assert_eq!(refused(FlacFormat { channels, ..stereo(FlacBits::Sixteen) }), Some(ErrorKind::InvalidInput));
    }
    for rate_hz in [0, 65_537, 655_360] {
        assert_eq!(refused(FlacFormat { rate_hz, ..stereo(FlacBits::Sixteen) }), Some(ErrorKind::InvalidInput));
    }
    let bytes = vec![0; Cover::MAX_BYTES + 1];
    let cover = Cover { media_type: "image/png", width: 0, height: 0, bytes: &bytes };
    let encoder = FlacEncoder::new(Cursor::new(Vec::new()), stereo(FlacBits::Sixteen), &Labels::default(), Some(cover));
    assert!(encoder.is_err_and(|error| error.kind() == ErrorKind::InvalidInput));
}

#[test]
fn real_music_is_as_small_as_the_reference_encoder_makes_it() {
    let Some(library) = library() else { return };
    let (mut ours, mut theirs) = (0, 0);
    for name in [
        "flac_s16_44k.flac",
        "flac_s24_96k.flac",
        "flac_cover.flac",
        "wav_s24_48k.wav",
        "wav_51_48k.wav",
        "clipped_hot.wav",
    ] {
        let path = library.join("good").join(name);
        let mut decoder = Decoder::open(open(&path), None, &Limits::default()).unwrap();
        let probe = decoder.probe().clone();
        let bits = if probe.bits_per_sample == Some(16) { FlacBits::Sixteen } else { FlacBits::TwentyFour };
        let format = FlacFormat {
            channels: probe.channels,
            rate_hz: probe.sample_rate_hz,
            bits,
            source_bits: probe.bits_per_sample,
        };
        let samples = all_of(&mut decoder);
        let flac = encode(format, &samples);
        check_elsewhere(name, &flac, bits, &samples);
        let arguments = [
            "-s",
            "-5",
            "--force-raw-format",
            "--endian=little",
            "--sign=signed",
            "--no-padding",
            "--no-seektable",
            &format!("--channels={}", probe.channels),
            &format!("--sample-rate={}", probe.sample_rate_hz),
            &format!("--bps={}", bits.count()),
            "-c",
            "-",
        ];
        if let Some(reference) = flac_tool(&arguments, integers(bits, &samples)) {
            eprintln!("{name}: {} bytes, the reference {}", flac.len() - HEADERS, reference.len());
            ours += flac.len() - HEADERS;
            theirs += reference.len();
        }
        assert!(samples_of(Cursor::new(flac)) == samples, "{name}");
    }
    assert!(ours as f64 <= theirs as f64 * 1.015, "{ours} bytes, the reference {theirs}");
}

fn all_of(decoder: &mut Decoder) -> Vec<f32> {
    let mut samples = Vec::new();
    while let Some(block) = decoder.next_block().unwrap() {
        samples.extend_from_slice(block);
    }
    samples
}

fn stereo(bits: FlacBits) -> FlacFormat {
    FlacFormat { channels: 2, rate_hz: 44_100, bits, source_bits: Some(bits.count()) }
}

fn encode(format: FlacFormat, samples: &[f32]) -> Vec<u8> {
    let mut flac = Cursor::new(Vec::new());
    let mut encoder = FlacEncoder::new(&mut flac, format, &Labels::default(), None).unwrap();
    encoder.push(samples).unwrap();
    let rendition = encoder.finish().unwrap();
    let flac = flac.into_inner();
    assert_eq!(rendition.size, flac.len() as u64);
    flac
}

/// The reference decoder checks every checksum; ffmpeg gives the same samples.
fn check_elsewhere(name: &str, flac: &[u8], bits: FlacBits, samples: &[f32]) {
    drop(flac_tool(&["-s", "-t", "-"], flac.to_vec()));
    let format = if bits == FlacBits::Sixteen { "s16le" } else { "s24le" };
    if let Some(pcm) = ffmpeg(&["-i", "-", "-f", format, "-"], flac.to_vec()) {
        assert!(pcm == integers(bits, samples), "{name}: ffmpeg decodes something else");
    }
}

fn flac_tool(arguments: &[&str], input: Vec<u8>) -> Option<Vec<u8>> {
    let child = Command::new("flac").args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut child) = child else {
        eprintln!("SKIPPED: flac is not installed");
        return None;
    };
    let mut stdin = child.stdin.take().expect("it is piped");
    let feeder = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().expect("flac ends");
    drop(feeder.join());
    assert!(output.status.success(), "flac {arguments:?} failed");
    Some(output.stdout)
}

fn integers(bits: FlacBits, samples: &[f32]) -> Vec<u8> {
    let width = bits.count() as usize / 8;
    let integer = |sample: &f32| ((sample * scale(bits)) as i32).to_le_bytes().into_iter().take(width);
    samples.iter().flat_map(integer).collect()
}

fn scale(bits: FlacBits) -> f32 {
    2f32.powi(bits.count() as i32 - 1)
}

/// The highest sample.
fn top(bits: FlacBits) -> f32 {
    1.0 - 1.0 / scale(bits)
}

/// Full scale, from a linear congruential generator.
fn noise(bits: FlacBits, count: usize) -> Vec<f32> {
    let mut state = 1u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state as i32 >> (32 - bits.count())) as f32 / scale(bits)
    };
    (0..count).map(|_| next()).collect()
}

/// Two tones, some noise, and a jump.
fn melody(bits: FlacBits, count: usize) -> Vec<f32> {
    let tone = |index: usize| 0.4 * (index as f32 * 0.05).sin() + 0.2 * (index as f32 * 0.31).sin();
    let jump = |index: usize| if index.is_multiple_of(5_000) { 0.3 } else { 0.0 };
    let music = noise(bits, count).into_iter().enumerate();
    let exact = |value: f32| (value * scale(bits)).round() / scale(bits);
    music.map(|(index, noise)| exact(tone(index) + jump(index) + noise * 0.01)).collect()
}

/// The checksum is compared where a track comes in, and nowhere else: it takes a third of decoding.
#[test]
fn a_file_that_differs_from_its_checksum_is_told_of_when_it_is_rendered() {
    let format = FlacFormat { channels: 2, rate_hz: 44_100, bits: FlacBits::Sixteen, source_bits: Some(16) };
    let mut flac = encode(format, &melody(FlacBits::Sixteen, 88_200));
    let warnings = |flac: &[u8]| render_bytes(flac).rendered.warnings;
    assert_eq!(warnings(&flac), []);
    // STREAMINFO's last byte, behind "fLaC" and the block's header.
    flac[4 + 4 + 33] ^= 1;
    assert_eq!(warnings(&flac), [Warning::ChecksumMismatch]);
    let mut decoder = Decoder::open(Cursor::new(flac), None, &Limits::default()).unwrap();
    while decoder.next_block().unwrap().is_some() {}
    assert_eq!(decoder.warnings(), []);
}

#[test]
fn seek_points_that_make_no_sense_are_not_followed() {
    let format = FlacFormat { channels: 1, rate_hz: 8_000, bits: FlacBits::Sixteen, source_bits: Some(16) };
    let samples = noise(FlacBits::Sixteen, 400_000);
    let flac = encode(format, &samples);
    let (first, length) = (4 + 38 + 4, flac.len() as u64);
    let point = |index: usize| first + 18 * index;
    assert!(flac[point(9)..][..8] != [0xff; 8], "there are ten points");
    let at = |index: usize, offset: u64| {
        let mut flac = flac.clone();
        flac[point(index) + 8..point(index) + 16].copy_from_slice(&offset.to_be_bytes());
        flac
    };
    for flac in [flac.clone(), at(2, length - 10_000), at(5, u64::MAX), at(9, length), at(9, 0)] {
        for wanted in [90_000, 210_000, 390_000] {
            let mut decoder =
                Decoder::open_at(|| Ok(Cursor::new(flac.clone())), None, &Limits::default(), |_| wanted).unwrap();
            assert!(all_of(&mut decoder) == samples[wanted as usize..], "from {wanted} on");
        }
    }
}
