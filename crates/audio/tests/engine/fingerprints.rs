use crate::support::{ffmpeg, library, on_channels, open, sine, wav};
use legato_audio::{Fingerprint, Limits, Match, align, fingerprint};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Cursor;

#[test]
fn every_good_file_has_the_fingerprint_of_fpcalc() {
    let (mut equal_items, mut all_items) = (0, 0);
    for (name, reference) in references() {
        let Some(ours) = of_good_file(&name) else { return };
        let theirs = reference["chromaprint"].as_str().map_or_else(Vec::new, |text| items(text).items);
        // The last packet of a codec may be longer by a few milliseconds.
        assert!(ours.items.len().abs_diff(theirs.len()) <= 1, "{name}: {} items", ours.items.len());
        let equal = ours.items.iter().zip(&theirs).filter(|(ours, theirs)| ours == theirs).count();
        assert!(equal * 100 >= theirs.len() * 97, "{name}: {equal} of {} items are equal", theirs.len());
        equal_items += equal;
        all_items += theirs.len();
    }
    assert!(equal_items * 1_000 >= all_items * 998, "{equal_items} of {all_items} items are equal");
}

#[test]
fn fpcalcs_own_text_is_written_again_bit_by_bit() {
    for (name, reference) in references() {
        let Some(text) = reference["chromaprint"].as_str() else { continue };
        assert_eq!(items(text).encode(), text, "{name}");
    }
}

/// What of the library is the same excerpt of the same recording, at least ten seconds long.
const RECORDINGS: [&[&str]; 5] = [
    &["alac_s16_44k.m4a", "mp3_vbr_v2_id3v24.mp3", "ogg_vorbis_q5.ogg"],
    &["flac_cover.flac", "wav_s16_44k.wav"],
    &["aac_cover.m4a", "flac_s16_44k.flac", "mp3_cover_id3v23.mp3"],
    &["aac_lc_128k.m4a", "mp3_cbr_192k.mp3", "ogg_opus_96k.opus"],
    &[
        "aac_adts.aac",
        "mp3_mono_22k_64k.mp3",
        "ogg_opus_mono_24k.opus",
        "wav_s24_48k.wav",
        "wav_u8_22k_mono.wav",
        "webm_opus.webm",
    ],
];

#[test]
fn the_library_falls_into_recordings() {
    let recording_of = |name: &str| {
        let file = name.trim_start_matches("good/");
        RECORDINGS.iter().position(|files| files.contains(&file)).map_or_else(|| file.to_owned(), |it| it.to_string())
    };
    let library: Vec<(String, Fingerprint)> = references()
        .into_keys()
        .filter_map(|name| Some((recording_of(&name), of_good_file(&name)?)))
        .filter(|(_, fingerprint)| fingerprint.items.len() >= Match::SHORTEST_OVERLAP)
        .collect();
    let mut matches = 0;
    for (index, (recording, query)) in library.iter().enumerate() {
        for (other, stored) in &library[..index] {
            let found = align(&query.items, &stored.items);
            let is_same = found.is_some_and(|found| found.is_same_recording());
            assert_eq!(is_same, recording == other, "{recording} and {other}: {found:?}");
            matches += usize::from(is_same);
        }
    }
    assert!(library.is_empty() || matches == 3 + 1 + 3 + 3 + 15, "{matches}");
}

#[test]
fn an_excerpt_is_recognised_in_every_format() {
    let Some(library) = library() else { return };
    let path = library.join("good/flac_s16_44k.flac");
    let stored = fingerprint(open(&path), None, &Limits::default()).unwrap();
    let source = std::fs::read(path).unwrap();
    let other = of_good_file("good/mp3_vbr_v2_id3v24.mp3").unwrap();
    for (format, codec, bits_per_second) in
        [("flac", "flac", "0"), ("mp3", "libmp3lame", "128k"), ("adts", "aac", "96k"), ("ogg", "libopus", "64k")]
    {
        for (start, gain) in [(4.321, "1dB"), (11.987, "-1dB")] {
            let (start_text, gain) = (format!("{start}"), format!("volume={gain}"));
            let cut = ["-i", "-", "-ss", &start_text, "-t", "11", "-af", &gain];
            let encoded = ["-map_metadata", "-1", "-c:a", codec, "-b:a", bits_per_second, "-f", format, "-"];
            let Some(excerpt) = ffmpeg(&[&cut[..], &encoded[..]].concat(), source.clone()) else { return };
            let query = fingerprint(Cursor::new(excerpt), None, &Limits::default()).unwrap();
            let found = align(&query.items, &stored.items).unwrap();
            assert!(found.is_same_recording(), "{format} from {start} s: {found:?}");
            let at_seconds = found.offset_items as f64 * 1_365.0 / 11_025.0;
            assert!((at_seconds - start).abs() < 0.2, "{format} from {start} s is found at {at_seconds} s");
            let not_found = align(&query.items, &other.items);
            assert!(not_found.is_none_or(|found| !found.is_same_recording()), "{format}: {not_found:?}");
        }
    }
}

#[test]
fn what_is_shorter_than_an_item_has_none() {
    let items_of = |frames: usize| {
        let bytes = wav(11_025, 2, &on_channels(&sine(11_025, frames, 440.0), 2));
        fingerprint(Cursor::new(bytes), None, &Limits::default()).unwrap().items.len()
    };
    let first = 4_096 + 19 * 1_365;
    let lengths = [1, first - 1, first, first + 1_364, first + 1_365];
    assert_eq!(lengths.map(items_of), [0, 0, 1, 1, 2]);
}

fn items(text: &str) -> Fingerprint {
    Fingerprint::decode(text).expect("fpcalc wrote it")
}

fn of_good_file(name: &str) -> Option<Fingerprint> {
    Some(fingerprint(open(&library()?.join(name)), None, &Limits::default()).unwrap())
}

fn references() -> BTreeMap<String, Value> {
    let Some(library) = library() else { return BTreeMap::new() };
    serde_json::from_str(&std::fs::read_to_string(library.join("reference.json")).unwrap()).unwrap()
}
