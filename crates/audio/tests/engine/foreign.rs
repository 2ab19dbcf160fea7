use crate::support::{ffmpeg, ffmpeg_file, ffmpeg_samples, library, render_bytes, rms, samples_of, sine, wav};
use std::f64::consts::FRAC_1_SQRT_2 as HALF_POWER;
use std::io::Cursor;

/// One speaker of a 5.1 mix sounds at a time: what must come out on the left and on the right
/// (ITU-R BS.775-3).
const SPEAKERS: [(&str, f64, f64); 6] = [
    ("FL", 1.0, 0.0),
    ("FR", 0.0, 1.0),
    ("FC", HALF_POWER, HALF_POWER),
    ("LFE", 0.0, 0.0),
    ("BL", HALF_POWER, 0.0),
    ("BR", 0.0, HALF_POWER),
];

/// Every format that can hold 5.1, as ffmpeg writes it. Each has its own order of channels.
const FORMATS: [(&str, &[&str]); 9] = [
    ("wav", &["-f", "wav", "-c:a", "pcm_s16le"]),
    ("aiff", &["-f", "aiff", "-c:a", "pcm_s16be"]),
    ("caf", &["-f", "caf", "-c:a", "pcm_s16be"]),
    ("flac", &["-f", "flac"]),
    ("ogg", &["-f", "ogg", "-c:a", "libvorbis", "-q:a", "6"]),
    ("opus", &["-f", "ogg", "-c:a", "libopus", "-b:a", "320k", "-mapping_family", "1"]),
    ("mkv", &["-f", "matroska", "-c:a", "flac"]),
    ("m4a", &["-f", "ipod", "-c:a", "alac"]),
    ("caf", &["-f", "caf", "-c:a", "alac"]),
];

#[test]
fn surround_is_mixed_down_by_the_standard_from_every_format() {
    let tone = wav(48_000, 1, &sine(48_000, 96_000, 440.0));
    for (format, arguments) in FORMATS {
        for (speaker, left, right) in SPEAKERS {
            let filter = format!("[0:a]pan=5.1|{speaker}=c0[out]");
            let command = [&["-filter_complex", filter.as_str(), "-map", "[out]"], arguments].concat();
            let Some(source) = ffmpeg_file(&command, tone.clone(), format) else { return };
            let out = render_bytes(&source);
            assert_eq!(out.rendered.analysis.channels, 6, "{format}");
            assert_eq!(out.channels(), 2, "{format}");

            let decoded = samples_of(Cursor::new(out.ogg));
            let inside = &decoded[9_600..decoded.len() - 9_600];
            let full = 0.5 / 2f64.sqrt();
            let (l, r) = (rms(inside, 2, 0) / full, rms(inside, 2, 1) / full);
            assert!((l - left).abs() < 0.04 && (r - right).abs() < 0.04, "{format}, {speaker}: {l:.3} and {r:.3}");
        }
    }
}

/// A plain WAV says how many channels it has, and no more: of five, most writers mean left, right, centre and two surrounds.
#[test]
fn five_channels_without_names_are_what_most_writers_mean() {
    let speakers = [(1.0, 0.0), (0.0, 1.0), (HALF_POWER, HALF_POWER), (HALF_POWER, 0.0), (0.0, HALF_POWER)];
    let tone = sine(48_000, 96_000, 440.0);
    for (index, (left, right)) in speakers.into_iter().enumerate() {
        let five: Vec<f32> = tone.iter().flat_map(|s| (0..5).map(move |n| if n == index { *s } else { 0.0 })).collect();
        let decoded = samples_of(Cursor::new(render_bytes(&wav(48_000, 5, &five)).ogg));
        let inside = &decoded[9_600..decoded.len() - 9_600];
        let full = 0.5 / 2f64.sqrt();
        let (l, r) = (rms(inside, 2, 0) / full, rms(inside, 2, 1) / full);
        assert!((l - left).abs() < 0.04 && (r - right).abs() < 0.04, "channel {index}: {l:.3} and {r:.3}");
    }
}

#[test]
fn old_and_odd_formats_are_refused_by_name() {
    let tone = wav(44_100, 2, &sine(44_100, 88_200, 440.0));
    let formats: [(&[&str], &str); 3] = [
        (&["-f", "matroska", "-c:a", "ac3"], "unsupported_codec"),
        (&["-f", "wav", "-c:a", "adpcm_ima_wav"], "unsupported_codec"),
        (&["-f", "adts", "-c:a", "aac", "-ac", "6"], "unsupported_codec"),
    ];
    for (arguments, slug) in formats {
        let mut command = vec!["-i", "-"];
        command.extend(arguments);
        command.push("-");
        let Some(source) = ffmpeg(&command, tone.clone()) else { return };
        let result = crate::support::try_render(Cursor::new(source), &legato_audio::Limits::default());
        let rejection = crate::support::rejection(result);
        assert_eq!(rejection.slug(), slug, "{arguments:?}: {rejection}");
    }
}

/// What ffmpeg can make of a FLAC or of uncompressed samples, and no other test has.
const LOSSLESS: [(&str, &str); 19] = [
    ("flac", "-compression_level 0"),
    ("flac", "-compression_level 12"),
    ("flac", "-lpc_type cholesky -min_prediction_order 32 -max_prediction_order 32"),
    ("flac", "-lpc_type fixed -prediction_order_method 4level"),
    ("flac", "-lpc_type none -frame_size 192"),
    ("flac", "-exact_rice_parameters 1 -min_partition_order 8 -max_partition_order 8"),
    ("flac", "-ch_mode left_side -frame_size 4608"),
    ("flac", "-ch_mode right_side"),
    ("flac", "-ch_mode mid_side -ac 2"),
    ("flac", "-ac 1 -ar 22050"),
    ("flac", "-ac 3 -sample_fmt s32"),
    ("flac", "-af volume=0.01 -sample_fmt s16"),
    ("mkv", "-c:a flac -compression_level 8"),
    ("wav", "-c:a pcm_s24le"),
    ("wav", "-c:a pcm_s32le"),
    ("aiff", "-c:a pcm_s24be"),
    ("aiff", "-c:a pcm_s32be"),
    ("caf", "-c:a pcm_f32be"),
    ("mkv", "-c:a pcm_s16le"),
];

#[test]
fn lossless_files_of_all_kinds_decode_as_ffmpeg_decodes_them() {
    let Some(library) = library() else { return };
    for name in ["flac_s16_44k.flac", "flac_s24_96k.flac"] {
        let music = std::fs::read(library.join("good").join(name)).expect("it is there");
        for (extension, arguments) in LOSSLESS {
            let arguments: Vec<&str> = ["-map", "0:a", "-t", "7"].into_iter().chain(arguments.split(' ')).collect();
            let Some(file) = ffmpeg_file(&arguments, music.clone(), extension) else { return };
            let expected = ffmpeg_samples(&file, extension).expect("ffmpeg is there");
            assert!(expected.len() > 100_000, "{name}, {arguments:?}");
            assert!(samples_of(Cursor::new(file)) == expected, "{name}, {arguments:?}");
        }
    }
}
