use crate::support::{Renditions, library, open, rejection, try_render};
use legato_audio::{Limits, Warning, probe};
use std::fs;
use std::time::{Duration, Instant};

/// What must happen to each file of the library's `bad` folder.
enum Verdict {
    Refused(&'static str),
    /// The real length, in seconds, and whether there is a warning.
    Accepted(std::ops::Range<f64>, fn(&Warning) -> bool),
}

const VERDICTS: [(&str, Verdict); 16] = [
    ("empty.mp3", Verdict::Refused("empty")),
    ("text_renamed.mp3", Verdict::Refused("not_audio")),
    ("jpeg_renamed.flac", Verdict::Refused("not_audio")),
    ("html_renamed.wav", Verdict::Refused("not_audio")),
    ("zip_renamed.m4a", Verdict::Refused("not_audio")),
    ("truncated_header.flac", Verdict::Refused("damaged")),
    ("truncated_half.m4a", Verdict::Refused("damaged")),
    ("wav_zero_channels.wav", Verdict::Refused("no_channels")),
    ("wav_zero_rate.wav", Verdict::Refused("sample_rate")),
    ("wav_65535_channels.wav", Verdict::Refused("too_many_channels")),
    ("bomb_14h_silence.flac", Verdict::Refused("too_long")),
    ("video_only.mp4", Verdict::Refused("no_audio_stream")),
    ("truncated_half.flac", Verdict::Accepted(12.0..16.0, |warning| matches!(warning, Warning::EndsEarly { .. }))),
    ("truncated_half.mp3", Verdict::Accepted(14.5..15.5, |warning| matches!(warning, Warning::EndsEarly { .. }))),
    ("corrupt_middle.flac", Verdict::Accepted(29.98..29.99, |warning| matches!(warning, Warning::Damaged { .. }))),
    // Writers into a pipe leave such a length: no reason to warn.
    ("wav_claims_2gib.wav", Verdict::Accepted(1.13..1.14, |_| true)),
];

#[test]
fn every_bad_file_gets_what_it_deserves() {
    let Some(library) = library() else { return };
    for (name, verdict) in &VERDICTS {
        let started = Instant::now();
        let result = try_render(open(&library.join("bad").join(name)), &Limits::default());
        assert!(started.elapsed() < Duration::from_secs(30), "{name} took {:?}", started.elapsed());
        match verdict {
            Verdict::Refused(slug) => {
                let rejection = rejection(result);
                assert_eq!(rejection.slug(), *slug, "{name}: {rejection}");
            }
            Verdict::Accepted(seconds, expected) => {
                let Renditions { rendered, .. } = result.unwrap_or_else(|failure| panic!("{name}: {failure}"));
                let length = rendered.analysis.frames as f64 / f64::from(rendered.analysis.sample_rate_hz);
                assert!(seconds.contains(&length), "{name} is {length} s long");
                assert!(rendered.warnings.iter().all(expected), "{name}: {:?}", rendered.warnings);
                let is_silent = *name == "wav_claims_2gib.wav";
                assert_eq!(rendered.warnings.is_empty(), is_silent, "{name}: {:?}", rendered.warnings);
            }
        }
    }
}

#[test]
fn the_table_is_complete() {
    let Some(library) = library() else { return };
    for entry in fs::read_dir(library.join("bad")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let is_listed = VERDICTS.iter().any(|(listed, _)| *listed == name);
        assert!(is_listed || name == "expected.json", "{name} has no verdict");
    }
}

#[test]
fn a_bomb_without_a_claim_is_counted() {
    let Some(library) = library() else { return };
    let mut bytes = fs::read(library.join("bad/bomb_14h_silence.flac")).unwrap();
    // The number of samples lies in the last 36 bits before STREAMINFO's checksum; 0 is "unknown".
    bytes[21] &= 0xf0;
    bytes[22..26].fill(0);
    let limits = Limits { max_duration: Duration::from_secs(60), ..Limits::default() };
    let source = std::io::Cursor::new(bytes);
    assert_eq!(probe(source.clone(), None, &limits).unwrap().claimed_frames, None);
    assert_eq!(rejection(try_render(source, &limits)).slug(), "too_long");
}

#[test]
fn high_efficiency_aac_is_refused_with_its_reason() {
    let Some(library) = library() else { return };
    let mut bytes = fs::read(library.join("good/aac_lc_128k.m4a")).unwrap();
    // ffmpeg writes the backward compatible announcement "no SBR"; one bit makes it "SBR".
    let at = bytes.windows(3).position(|window| window == [0x56, 0xe5, 0x00]).expect("the announcement is there");
    bytes[at + 2] = 0x80;
    let result = try_render(std::io::Cursor::new(bytes), &Limits::default());
    assert_eq!(rejection(result).slug(), "high_efficiency_aac");
}
