//! What the engine tells an artist about the sound of a track. Every kind of finding has a sound that
//! must show it and one that must not.

use crate::support::{ffmpeg, library, on_channels, open, sine, wav, wav_f32};
use legato_audio::{Finding, Inspection, Limits, Severity, inspect};
use std::io::Cursor;

const RATE: u32 = 44_100;

/// Of the file with these bytes.
fn report(bytes: Vec<u8>) -> Inspection {
    inspect(Cursor::new(bytes), None, &Limits::default()).unwrap()
}

fn findings(bytes: Vec<u8>) -> Vec<Finding> {
    let inspection = report(bytes);
    for finding in &inspection.findings {
        let sentence = finding.to_string();
        assert!(sentence.len() > 30 && sentence.ends_with('.'), "{finding:?}: {sentence}");
    }
    inspection.findings
}

/// The kinds of the findings, as the database knows them.
fn kinds(bytes: Vec<u8>) -> Vec<String> {
    let kind = |finding: &Finding| serde_json::to_value(finding).unwrap()["kind"].as_str().unwrap().to_owned();
    findings(bytes).iter().map(kind).collect()
}

/// Noise between -1 and 1.
fn noise(length: usize, mut seed: u32) -> Vec<f32> {
    let mut next = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) as f32 / 8_388_608.0 - 1.0
    };
    (0..length).map(|_| next()).collect()
}

/// Mono music of a kind: beats of noise over a chord. `softness` low-passes of 6 dB per octave at 2 kHz
/// take the highs, as distance and wood do.
fn voice(rate_hz: u32, seconds: usize, softness: usize, seed: u32) -> Vec<f32> {
    let frames = rate_hz as usize * seconds;
    let mut hiss = noise(frames, seed);
    let smooth = 1.0 - (-std::f32::consts::TAU * 2_000.0 / rate_hz as f32).exp();
    for _ in 0..softness {
        let mut level = 0.0;
        for sample in &mut hiss {
            level += smooth * (*sample - level);
            *sample = level;
        }
    }
    let beat = rate_hz as usize / 2;
    let envelope = |frame: usize| (-((frame % beat) as f32) / (beat as f32 / 5.0)).exp();
    // In f64: the rounding of a great angle would be noise up to the top.
    let turn = |hz: f64, frame: usize| (std::f64::consts::TAU * hz * (frame as f64 / f64::from(rate_hz))).sin() as f32;
    let chord = |frame: usize| turn(220.0 + f64::from(seed % 7), frame) + turn(277.0, frame) + turn(330.0, frame);
    (0..frames).map(|frame| 0.35 * envelope(frame) * hiss[frame] + 0.06 * chord(frame)).collect()
}

fn stereo(left: &[f32], right: &[f32]) -> Vec<f32> {
    left.iter().zip(right).flat_map(|(left, right)| [*left, *right]).collect()
}

/// Stereo music with nothing wrong about it.
fn music(rate_hz: u32, seconds: usize) -> Vec<f32> {
    let (left, right, mid) =
        (voice(rate_hz, seconds, 1, 11), voice(rate_hz, seconds, 1, 12), voice(rate_hz, seconds, 1, 13));
    let mix = |side: &[f32]| -> Vec<f32> { side.iter().zip(&mid).map(|(side, mid)| 0.5 * side + mid).collect() };
    stereo(&mix(&left), &mix(&right))
}

/// A WAV file of 24 bits.
fn wav_s24(rate_hz: u32, channels: u16, samples: &[f32]) -> Vec<u8> {
    let bytes = |sample: &f32| {
        let integer = (sample * 8_388_607.0).round() as i32;
        integer.to_le_bytes().into_iter().take(3)
    };
    let data: Vec<u8> = samples.iter().flat_map(bytes).collect();
    let mut file = wav(rate_hz, channels, &[]);
    let frame = channels * 3;
    file[4..8].copy_from_slice(&(data.len() as u32 + 36).to_le_bytes());
    file[28..32].copy_from_slice(&(rate_hz * u32::from(frame)).to_le_bytes());
    file[32..34].copy_from_slice(&frame.to_le_bytes());
    file[34..36].copy_from_slice(&24u16.to_le_bytes());
    file[40..44].copy_from_slice(&(data.len() as u32).to_le_bytes());
    file.extend(data);
    file
}

#[test]
fn good_music_has_no_findings() {
    assert_eq!(findings(wav(RATE, 2, &music(RATE, 10))), []);
    assert_eq!(findings(wav(48_000, 2, &music(48_000, 10))), []);
    assert_eq!(findings(wav_s24(96_000, 2, &music(96_000, 10))), []);
    assert_eq!(findings(wav_f32(RATE, 2, &music(RATE, 10))), []);
    assert_eq!(findings(wav(RATE, 1, &voice(RATE, 10, 1, 5))), []);
}

#[test]
fn music_without_highs_is_no_lossy_source() {
    for softness in 2..=6 {
        let dull = stereo(&voice(RATE, 15, softness, 1), &voice(RATE, 15, softness, 2));
        assert_eq!(findings(wav(RATE, 2, &dull)), [], "{softness} low-passes, 16 bits");
        assert_eq!(findings(wav_s24(RATE, 2, &dull)), [], "{softness} low-passes, 24 bits");
        // A recording carries its converter's noise, here -106 dBFS of it, up to the top.
        let hiss =
            |samples: &[f32]| samples.iter().zip(noise(1_440_000, 4)).map(|(a, b)| a + b * 8e-6).collect::<Vec<_>>();
        let dull = stereo(&hiss(&voice(96_000, 15, softness, 1)), &hiss(&voice(96_000, 15, softness, 2)));
        assert_eq!(findings(wav_s24(96_000, 2, &dull)), [], "{softness} low-passes, 96 kHz");
    }
    let tone: Vec<f32> = sine(RATE, 441_000, 15_700.0).iter().zip(music(RATE, 10)).map(|(a, b)| a / 50.0 + b).collect();
    assert_eq!(findings(wav(RATE, 1, &tone)), [], "a screen's whistle");
    let chord: Vec<f32> =
        (0..441_000).map(|n| (1..=20).map(|k| (n as f32 * 0.1 * k as f32).sin()).sum::<f32>() / 40.0).collect();
    assert_eq!(findings(wav(RATE, 1, &chord)), [], "twenty harmonics and nothing above");
}

#[test]
fn silence_is_found_where_it_is_long() {
    let music = music(RATE, 10);
    let padded = |start: usize, end: usize, level: f32| {
        let hum = |seconds: usize| (0..88_200 * seconds).map(move |n| if n % 4 < 2 { level } else { -level });
        hum(start).chain(music.iter().copied()).chain(hum(end)).collect::<Vec<f32>>()
    };
    assert_eq!(findings(wav(RATE, 2, &padded(2, 9, 0.0))), []);
    let found = findings(wav(RATE, 2, &padded(4, 12, 0.0)));
    let [Finding::SilentStart { length_ms, is_digital: true }, end] = &found[..] else { panic!("{found:?}") };
    assert!(length_ms.abs_diff(4_000) < 5, "{found:?}");
    let Finding::SilentEnd { at_ms, length_ms, is_digital: true } = end else { panic!("{found:?}") };
    assert!(at_ms.abs_diff(14_000) < 5 && length_ms.abs_diff(12_000) < 5, "{found:?}");
    let found = findings(wav(RATE, 2, &padded(4, 0, 0.000_2)));
    assert!(matches!(found[..], [Finding::SilentStart { is_digital: false, .. }]), "{found:?}");
    assert!(found[0].to_string().starts_with("The music begins after 4.0 s of silence"), "{}", found[0]);
    assert_eq!(findings(wav(RATE, 2, &padded(4, 0, 0.001))), [], "-60 dBFS is heard");
}

#[test]
fn a_file_without_sound_is_told_and_nothing_else() {
    assert_eq!(findings(wav(RATE, 2, &[0.0; 88_200])), [Finding::NoSound { is_digital: true }]);
    let hum: Vec<f32> = (0..882_000).map(|n| if n % 4 < 2 { 0.000_2 } else { -0.000_2 }).collect();
    assert_eq!(findings(wav(RATE, 2, &hum)), [Finding::NoSound { is_digital: false }]);
}

#[test]
fn short_tracks_and_low_rates_are_told() {
    let found = findings(wav(RATE, 2, &music(RATE, 4)));
    assert_eq!(found, [Finding::VeryShort { duration_ms: 4_000 }]);
    let found = findings(wav(22_050, 2, &music(22_050, 10)));
    assert_eq!(found, [Finding::LowRate { sample_rate_hz: 22_050 }]);
    assert_eq!(found[0].severity(), Severity::Notice);
    assert_eq!(findings(wav(8_000, 2, &music(8_000, 10)))[0].severity(), Severity::Warning);
    assert_eq!(findings(wav(32_000, 2, &music(32_000, 10))), []);
}

#[test]
fn clipping_is_told_with_its_place() {
    let mut samples = music(RATE, 10);
    let loudest = samples.iter().fold(0f32, |peak, sample| peak.max(sample.abs()));
    let normal: Vec<f32> = samples.iter().map(|sample| sample / loudest).collect();
    assert!(!kinds(wav(RATE, 2, &normal)).contains(&"clipped".to_owned()), "one sample at full scale");

    samples[2 * 88_200..2 * 88_200 + 12].fill(0.0);
    samples[2 * 88_200..].chunks_exact_mut(2).take(4).for_each(|frame| frame[0] = 1.0);
    let found = findings(wav(RATE, 2, &samples));
    let expected = Finding::Clipped { at_ms: 2_000, runs: 1, longest_run_samples: 4 };
    assert_eq!(found[0], expected);
    assert_eq!(expected.severity(), Severity::Notice);
    assert!(expected.to_string().contains("first at 0:02.0"), "{expected}");
}

#[test]
fn clipping_is_found_after_a_change_of_volume() {
    let hot: Vec<f32> = sine(RATE, 441_000, 300.0).iter().map(|sample| (sample * 3.0).clamp(-1.0, 1.0)).collect();
    let at_full_scale = findings(wav(RATE, 1, &hot));
    assert!(matches!(at_full_scale[0], Finding::Clipped { runs: 5_999..=6_000, .. }), "{at_full_scale:?}");
    assert_eq!(at_full_scale[0].severity(), Severity::Warning);
    let softer: Vec<f32> = hot.iter().map(|sample| sample * 0.5).collect();
    for bytes in [wav(RATE, 1, &softer), wav_s24(RATE, 1, &softer), wav_f32(RATE, 1, &softer)] {
        let found = findings(bytes);
        let Finding::ClippedBefore { runs, level_dbfs, .. } = found[0] else { panic!("{found:?}") };
        assert!(runs >= 5_999 && (level_dbfs + 6.02).abs() < 0.01, "{found:?}");
    }
    let whole: Vec<f32> = sine(RATE, 441_000, 40.0);
    assert_eq!(findings(wav(RATE, 1, &whole)), [], "the flat top of a slow wave");
}

#[test]
fn an_offset_is_told_with_its_channel() {
    let shifted = |by: f32| -> Vec<f32> {
        music(RATE, 10).as_chunks::<2>().0.iter().flat_map(|[left, right]| [*left, *right + by]).collect()
    };
    let found = findings(wav(RATE, 2, &shifted(-0.01)));
    assert!(matches!(found[..], [Finding::DcOffset { channel: 1, offset: -0.011..-0.009 }]), "{found:?}");
    assert_eq!(findings(wav(RATE, 2, &shifted(0.004))), []);
}

#[test]
fn the_faults_between_two_channels_are_told_apart() {
    let (one, other) = (voice(RATE, 10, 1, 1), voice(RATE, 10, 1, 2));
    let silent = vec![0.0; one.len()];
    let inverted: Vec<f32> = one.iter().map(|sample| -sample * 0.9).collect();
    let nearly: Vec<f32> = one.iter().zip(noise(one.len(), 3)).map(|(a, b)| a + b / 40_000.0).collect();
    let kinds = |left: &[f32], right: &[f32]| kinds(wav(RATE, 2, &stereo(left, right)));
    assert_eq!(kinds(&one, &one), ["mono_as_stereo"]);
    assert_eq!(kinds(&one, &nearly), ["mono_as_stereo"], "to within one step");
    assert_eq!(kinds(&one, &silent), ["silent_channel"]);
    assert_eq!(kinds(&silent, &one), ["silent_channel"]);
    assert_eq!(kinds(&one, &inverted), ["phase_inverted"]);
    assert!(kinds(&one, &other).is_empty(), "unrelated channels");
    let softer: Vec<f32> = one.iter().map(|sample| sample * 0.9).collect();
    assert!(kinds(&one, &softer).is_empty(), "panned");
    let found = findings(wav(RATE, 2, &stereo(&silent, &one)));
    assert!(found[0].to_string().starts_with("The left channel is silent"), "{found:?}");
}

#[test]
fn crushed_dynamics_are_told_and_a_soft_tone_is_not() {
    let crushed: Vec<f32> = music(RATE, 12).iter().map(|sample| (sample * 20.0).tanh() * 0.9).collect();
    let found = kinds(wav(RATE, 2, &crushed));
    assert!(found.contains(&"crushed".to_owned()), "{found:?}");
    let tone = on_channels(&sine(RATE, 441_000, 440.0), 1);
    let soft: Vec<f32> = tone.iter().map(|sample| sample * 0.1).collect();
    assert_eq!(findings(wav(RATE, 1, &soft)), []);
    let dynamics = report(wav(RATE, 2, &music(RATE, 12))).quality.dynamic_range_db.unwrap();
    assert!(dynamics > 9.0, "{dynamics}");
}

#[test]
fn a_true_peak_between_the_samples_is_told() {
    // At a quarter of the rate and 45°, all samples are 3 dB below the wave's peak.
    let wave = |peak: f64| -> Vec<f32> {
        let turn = std::f64::consts::FRAC_PI_2;
        (0..441_000).map(|n| (peak * (turn * f64::from(n) + turn / 2.0).sin()) as f32).collect()
    };
    let found = findings(wav(RATE, 1, &wave(1.1)));
    let Some(Finding::HighTruePeak { true_peak_dbtp }) = found.last() else { panic!("{found:?}") };
    assert!((true_peak_dbtp - 0.83).abs() < 0.2, "{found:?}");
    let kinds = kinds(wav(RATE, 1, &wave(0.95)));
    assert!(!kinds.contains(&"high_true_peak".to_owned()), "{kinds:?}");
}

#[test]
fn padded_bits_are_told() {
    let coarse: Vec<f32> = music(RATE, 10).iter().map(|sample| (sample * 32_767.0).round() / 32_768.0).collect();
    let exact: Vec<f32> = coarse.iter().map(|sample| sample * 8_388_608.0 / 8_388_607.0).collect();
    let found = findings(wav_s24(RATE, 2, &exact));
    assert_eq!(found, [Finding::PaddedBits { bits: 24, effective_bits: 16 }]);
    assert_eq!(findings(wav_s24(RATE, 2, &music(RATE, 10))), []);
    assert_eq!(report(wav(RATE, 2, &music(RATE, 10))).quality.effective_bits, Some(16));
    let eight: Vec<f32> = music(RATE, 10).iter().map(|s| (s * 100.0).round() * 256.0 / 32_767.0).collect();
    assert_eq!(kinds(wav(RATE, 2, &eight)), ["padded_bits"]);
}

#[test]
fn what_a_lossy_codec_left_over_is_known_in_flac() {
    let codecs: [(&str, &[&str]); 5] = [
        ("mp3 128", &["-f", "mp3", "-c:a", "libmp3lame", "-b:a", "128k"]),
        ("mp3 192", &["-f", "mp3", "-c:a", "libmp3lame", "-b:a", "192k"]),
        ("mp3 320", &["-f", "mp3", "-c:a", "libmp3lame", "-b:a", "320k"]),
        ("aac 128", &["-f", "adts", "-c:a", "aac", "-b:a", "128k"]),
        ("opus 96", &["-f", "ogg", "-c:a", "libopus", "-b:a", "96k"]),
    ];
    let original = wav(RATE, 2, &music(RATE, 15));
    for (name, codec) in codecs {
        let encode = [["-i", "-"].as_slice(), codec, &["-"]].concat();
        let Some(lossy) = ffmpeg(&encode, original.clone()) else { return };
        assert!(!kinds(lossy.clone()).contains(&"lossy_source".to_owned()), "{name}: it says so itself");
        let Some(flac) = ffmpeg(&["-i", "-", "-f", "flac", "-sample_fmt", "s16", "-"], lossy) else { return };
        let inspection = report(flac);
        assert!(
            inspection.findings.iter().any(|finding| matches!(finding, Finding::LossySource { .. })),
            "{name}: {inspection:?}"
        );
    }
    let Some(flac) = ffmpeg(&["-i", "-", "-f", "flac", "-"], original) else { return };
    assert_eq!(findings(flac), [], "straight to FLAC");
}

#[test]
fn a_file_that_was_converted_up_is_known() {
    let rates = [(RATE, 96_000), (48_000, 96_000), (RATE, 192_000), (22_050, RATE), (48_000, 88_200)];
    for (from, to) in rates {
        // A steep and a soft low-pass.
        for filter in [64, 32] {
            let resample = format!("aresample={to}:filter_size={filter}");
            let arguments = ["-i", "-", "-af", resample.as_str(), "-f", "flac", "-sample_fmt", "s32", "-"];
            let Some(flac) = ffmpeg(&arguments, wav(from, 2, &music(from, 15))) else { return };
            let inspection = report(flac);
            let estimated = inspection.findings.iter().find_map(|finding| match finding {
                Finding::Upsampled { estimated_rate_hz, .. } => Some(*estimated_rate_hz),
                _ => None,
            });
            assert_eq!(estimated, Some(from), "{from} to {to}, {filter} taps: {inspection:?}");
        }
    }
}

#[test]
fn a_high_rate_that_holds_nothing_high_is_known() {
    let dull = stereo(&voice(96_000, 15, 6, 1), &voice(96_000, 15, 6, 2));
    let found = findings(wav_s24(96_000, 2, &dull));
    assert!(matches!(found[..], [Finding::Upsampled { estimated_rate_hz: 44_100, .. }]), "{found:?}");
}

#[test]
fn sixteen_bits_in_twenty_four_are_known_from_ffmpeg() {
    let arguments = ["-i", "-", "-f", "flac", "-sample_fmt", "s32", "-bits_per_raw_sample", "24", "-"];
    let Some(flac) = ffmpeg(&arguments, wav(RATE, 2, &music(RATE, 10))) else { return };
    assert_eq!(findings(flac), [Finding::PaddedBits { bits: 24, effective_bits: 16 }]);
}

#[test]
fn real_files_are_judged_as_they_were_made() {
    let Some(library) = library() else { return };
    let kinds = |name: &str| {
        let found = inspect(open(&library.join("good").join(name)), None, &Limits::default()).unwrap().findings;
        found.iter().map(|finding| serde_json::to_value(finding).unwrap()["kind"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(kinds("clipped_hot.wav")[0], "clipped");
    assert_eq!(kinds("silence_10s.flac"), ["no_sound"]);
    assert!(kinds("half_second.flac").contains(&"very_short".into()));
    assert!(kinds("wav_u8_22k_mono.wav").contains(&"low_rate".into()));
    // Cut from Vorbis at 44.1 kHz, and converted.
    assert_eq!(kinds("flac_s24_96k.flac"), ["upsampled"]);
    assert_eq!(kinds("wav_f32_96k.wav"), ["upsampled"]);
    for fine in ["flac_s16_44k.flac", "wav_s16_44k.wav", "aiff_s16_44k.aiff", "wav_51_48k.wav", "click_174bpm.flac"] {
        assert!(kinds(fine).is_empty(), "{fine}: {:?}", kinds(fine));
    }
}
