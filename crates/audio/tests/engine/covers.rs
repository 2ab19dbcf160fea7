//! The cover that goes into whole files, read back as any player reads it.

use crate::support::{Memory, sine, wav};
use legato_audio::{Covers, ENCODES_AAC, FrontCover, Labels, Limits, Output, Plan, Rung, probe_with_cover, render};
use std::io::Cursor;

/// A file that begins like a JPEG.
fn cover(length: usize) -> FrontCover {
    let bytes = [&[0xff, 0xd8, 0xff, 0xe0][..], &vec![7; length - 4]].concat();
    FrontCover { media_type: "image/jpeg".into(), width: 9, height: 9, bytes }
}

fn made(rung: &str, covers: Covers) -> Vec<u8> {
    let whole = Memory::default();
    let outputs = vec![Output { rung: rung.parse().expect("a rung"), whole: Box::new(whole.clone()), segments: None }];
    let labels = Labels { title: "Rivers".into(), covers, ..Labels::default() };
    let source = Cursor::new(wav(44_100, 1, &sine(44_100, 22_050, 440.0)));
    render(source, None, &Limits::default(), Plan { outputs, labels, ..Plan::default() }, &mut |_| {}).expect("made");
    whole.bytes()
}

fn found(file: Vec<u8>) -> (Option<String>, Option<Vec<u8>>) {
    let (probe, cover) = probe_with_cover(Cursor::new(file), None, &Limits::default()).expect("a sound");
    (probe.tags.title, cover.map(|cover| cover.bytes))
}

#[test]
fn every_whole_file_holds_the_cover_that_fits_it() {
    let (large, small) = (cover(200_000), cover(30_000));
    let covers = Covers { large: Some(large.clone()), small: Some(small.clone()) };
    let rungs = [("flac", &large), ("mp3_v0", &large), ("opus_128", &small), ("aac_128", &large)];
    for (rung, expected) in rungs.into_iter().filter(|(rung, _)| ENCODES_AAC || !rung.starts_with("aac")) {
        let (title, bytes) = found(made(rung, covers.clone()));
        assert_eq!(title.as_deref(), Some("Rivers"), "{rung}");
        assert!(bytes.as_ref() == Some(&expected.bytes), "{rung}: {:?}", bytes.map(|bytes| bytes.len()));
    }
}

#[test]
fn a_cover_that_fits_no_page_is_left_out_and_the_words_stay() {
    let covers = Covers { large: None, small: Some(cover(60_000)) };
    assert_eq!(found(made("opus_128", covers)), (Some("Rivers".into()), None));
    assert_eq!(found(made(&Rung::Flac.to_string(), Covers::default())), (Some("Rivers".into()), None));
}
