//! Every rung of the ladder from one pass, against what the source holds and what other tools make of it.

use crate::support::{
    ffmpeg, library, on_channels, open, samples_of, sine, spare_thread, try_render_ladder, wav, wav_f32,
};
use legato_audio::{Limits, MediaRange, Rendition};
use std::io::Cursor;

const ALL: &str = "opus_64,opus_128,mp3_v0,mp3_320,flac_16,flac";

/// The init segment and all media segments, one behind the other, as a player puts them together.
fn put_together(made: &Rendition, (whole, heads): &(Vec<u8>, Vec<u8>)) -> Vec<u8> {
    let cmaf = made.cmaf.as_ref().expect("it has segments");
    let mut bytes = heads[..cmaf.init_size as usize].to_vec();
    for segment in &cmaf.segments {
        bytes.extend(&heads[segment.offset as usize..(segment.offset + segment.size) as usize]);
        if let Some(MediaRange { offset, size }) = segment.media {
            bytes.extend(&whole[offset as usize..(offset + size) as usize]);
        }
    }
    bytes
}

fn names(made: &[Rendition]) -> String {
    made.iter().map(|rendition| rendition.rung.to_string()).collect::<Vec<_>>().join(",")
}

#[test]
fn threads_change_the_time_and_not_a_byte() {
    let chord: Vec<f32> = sine(44_100, 44_100 * 20, 220.0)
        .iter()
        .zip(sine(44_100, 44_100 * 20, 331.0))
        .map(|(a, b)| (a + b) * 0.4)
        .collect();
    let bytes = wav(44_100, 2, &on_channels(&chord, 2));
    let render = |count: usize| {
        let spare_threads: Vec<_> = (0..count).map(|_| spare_thread()).collect();
        try_render_ladder(Cursor::new(bytes.clone()), &Limits::default(), ALL, &spare_threads)
            .expect("the source is fine")
    };
    let (alone, files) = render(0);
    assert_eq!(names(&alone.renditions), "opus_64,opus_128,mp3_v0,mp3_320,flac", "a CD's worth is stored once");
    for count in [1, 3] {
        let (together, same) = render(count);
        assert_eq!(together, alone);
        assert!(same == files, "{count} spare_threads");
    }
}

#[test]
fn flac_holds_the_very_samples_whole_and_in_segments() {
    for (rate_hz, channels) in [(44_100, 1), (44_100, 2), (96_000, 2), (48_000, 6), (22_050, 2)] {
        let tone = sine(rate_hz, rate_hz as usize * 9 + 5, 997.0);
        let mut samples = on_channels(&tone, channels);
        // Every channel is another one.
        samples.iter_mut().enumerate().for_each(|(at, sample)| *sample *= 1.0 - 0.1 * (at % channels) as f32);
        let bytes = wav(rate_hz, channels as u16, &samples);
        let source = samples_of(Cursor::new(bytes.clone()));
        let (rendered, files) =
            try_render_ladder(Cursor::new(bytes), &Limits::default(), "opus_64,flac", &[]).expect("the source is fine");
        let made = &rendered.renditions[1];
        assert_eq!((made.sample_rate_hz, made.channels, made.bits_per_sample), (rate_hz, channels as u16, Some(16)));
        assert!(samples_of(Cursor::new(files[1].0.clone())) == source, "{rate_hz} Hz, {channels} channels");

        let segments = put_together(made, &files[1]);
        let lengths: Vec<u64> =
            made.cmaf.iter().flat_map(|cmaf| &cmaf.segments).map(|segment| segment.samples).collect();
        assert_eq!(lengths.iter().sum::<u64>(), made.frames);
        assert!(lengths[0].abs_diff(2 * u64::from(rate_hz)) <= 4_096 && lengths.len() >= 3, "{lengths:?}");
        let count = channels.to_string();
        let decode = |bytes: Vec<u8>| ffmpeg(&["-i", "-", "-f", "s16le", "-ac", count.as_str(), "-"], bytes);
        if let (Some(whole), Some(cut)) = (decode(files[1].0.clone()), decode(segments)) {
            assert_eq!(whole.len(), source.len() * 2);
            assert!(whole == cut, "{rate_hz} Hz, {channels} channels: segments and file differ");
        }
    }
}

#[test]
fn what_a_cd_does_not_hold_is_offered_smaller_too() {
    let tone = on_channels(&sine(96_000, 96_000 * 3, 997.0), 2);
    let bytes = wav_f32(96_000, 2, &tone);
    let (rendered, files) =
        try_render_ladder(Cursor::new(bytes), &Limits::default(), ALL, &[]).expect("the source is fine");
    let shape = |made: &Rendition| (made.sample_rate_hz, made.bits_per_sample, made.frames);
    let made = &rendered.renditions;
    assert_eq!(names(made), ALL);
    assert_eq!((shape(&made[4]), shape(&made[5])), ((48_000, Some(16), 144_000), (96_000, Some(24), 288_000)));
    assert_eq!((shape(&made[2]).0, shape(&made[3]).0), (48_000, 48_000), "MP3 goes no higher");
    assert!(files[4].0.len() < files[5].0.len());
    let whole = samples_of(Cursor::new(files[5].0.clone()));
    let off = whole.iter().zip(&tone).map(|(ours, theirs)| (ours - theirs).abs()).fold(0.0, f32::max);
    assert!(off <= 1.0 / 8_388_608.0, "24 bits: {off}");
}

#[test]
fn a_rate_that_flac_does_not_have_costs_its_flac_and_no_more() {
    for rate_hz in [79_616, 306_244] {
        let bytes = wav(rate_hz, 1, &sine(rate_hz, rate_hz as usize, 440.0));
        let (rendered, _) =
            try_render_ladder(Cursor::new(bytes), &Limits::default(), ALL, &[]).expect("the source is fine");
        assert_eq!(names(&rendered.renditions), "opus_64,opus_128,mp3_v0,mp3_320,flac_16", "{rate_hz} Hz");
    }
}

#[test]
fn a_lossy_source_becomes_nothing_that_it_is_not_worth() {
    let Some(library) = library() else { return };
    for (file, expected) in [
        ("good/aac_lc_128k.m4a", "opus_64,opus_128"),
        ("good/mp3_cbr_192k.mp3", "opus_64,opus_128"),
        ("good/ogg_opus_mono_24k.opus", "opus_64"),
        ("good/alac_s16_44k.m4a", "opus_64,opus_128,mp3_v0,mp3_320,flac"),
    ] {
        let (rendered, files) =
            try_render_ladder(open(&library.join(file)), &Limits::default(), ALL, &[]).expect("the source is fine");
        // Where the container does not say how many bits there are, 24 are assumed, and 16 are another thing.
        assert_eq!(names(&rendered.renditions).replace(",flac_16", ""), expected, "{file}");
        for (rung, (whole, segments)) in ALL.split(',').zip(&files) {
            let is_made = rendered.renditions.iter().any(|made| made.rung.to_string() == rung);
            assert_eq!(
                (whole.is_empty(), segments.is_empty() || rung.starts_with("mp3")),
                (!is_made, !is_made || rung.starts_with("mp3")),
                "{file} {rung}"
            );
        }
    }
}
