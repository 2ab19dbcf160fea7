use crate::support::{ffmpeg, render_bytes, rms, samples_of, sine, wav};
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
const FORMATS: [(&str, &[&str]); 5] = [
    ("wav", &["-f", "wav", "-c:a", "pcm_s16le"]),
    ("flac", &["-f", "flac"]),
    ("vorbis", &["-f", "ogg", "-c:a", "libvorbis", "-q:a", "6"]),
    ("opus", &["-f", "ogg", "-c:a", "libopus", "-b:a", "320k", "-mapping_family", "1"]),
    ("flac in matroska", &["-f", "matroska", "-c:a", "flac"]),
];

#[test]
fn surround_is_mixed_down_by_the_standard_from_every_format() {
    let tone = wav(48_000, 1, &sine(48_000, 96_000, 440.0));
    for (format, arguments) in FORMATS {
        for (speaker, left, right) in SPEAKERS {
            let filter = format!("[0:a]pan=5.1|{speaker}=c0[out]");
            let mut command = vec!["-i", "-", "-filter_complex", filter.as_str(), "-map", "[out]"];
            command.extend(arguments);
            command.push("-");
            let Some(source) = ffmpeg(&command, tone.clone()) else { return };
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
