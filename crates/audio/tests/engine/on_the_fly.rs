//! Streams from any position, against what the whole source and the whole rendition give there.

use crate::support::{ffmpeg, ffmpeg_file, library, on_channels, samples_of, sine, try_render_ladder, wav, wav_f32};
use legato_audio::{
    Decoder, ENCODES_AAC, Failure, Form, Labels, Limits, OPUS_COMPLEXITY, Rejection, Streamed, Wish, stream,
};
use std::cell::Cell;
use std::io::{self, Cursor, ErrorKind};

/// Music of a kind: tones that come and go, so that no two places sound alike.
fn music(rate_hz: u32, seconds: usize) -> Vec<f32> {
    let frames = rate_hz as usize * seconds;
    let tones: Vec<Vec<f32>> = [220.0, 331.0, 617.0, 2_003.0].iter().map(|hz| sine(rate_hz, frames, *hz)).collect();
    let mut noise = 1_u32;
    let stereo = (0..frames).flat_map(|at| {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let seconds = at as f32 / rate_hz as f32;
        let hiss = (noise >> 8) as f32 / (1 << 24) as f32 * 0.02 - 0.01;
        let sum = |side: f32| {
            let level = |tone: usize| 0.4 * (0.5 + 0.5 * (seconds * (1.1 + tone as f32 * 0.7) + side).sin()).powi(2);
            tones.iter().enumerate().map(|(tone, samples)| samples[at] * level(tone)).sum::<f32>() + hiss
        };
        [sum(0.0), sum(1.5)]
    });
    stereo.collect()
}

/// How far `given` is from `wanted`, in decibels below it.
fn snr_db(wanted: &[f32], given: &[f32]) -> f64 {
    let power = |samples: &mut dyn Iterator<Item = f32>| samples.map(|s| f64::from(s) * f64::from(s)).sum::<f64>();
    let noise = power(&mut wanted.iter().zip(given).map(|(a, b)| a - b));
    10.0 * (power(&mut wanted.iter().copied()) / noise.max(1e-30)).log10()
}

/// The samples from `frame` on, and how often the source was asked for.
fn samples_from(bytes: &[u8], frame: u64) -> (Vec<f32>, u32) {
    let asked = Cell::new(0);
    let source = || {
        asked.set(asked.get() + 1);
        Ok(Cursor::new(bytes.to_vec()))
    };
    let decoder = Decoder::open_at(source, None, &Limits::default(), |_| frame);
    let mut decoder = decoder.expect("the source is fine");
    let mut samples = Vec::new();
    while let Some(block) = decoder.next_block().expect("the source is fine") {
        samples.extend_from_slice(block);
    }
    (samples, asked.get())
}

fn channels_of(bytes: &[u8]) -> usize {
    let decoder = Decoder::open(Cursor::new(bytes.to_vec()), None, &Limits::default()).expect("the source is fine");
    decoder.probe().channels.into()
}

/// From every position it sounds as if decoded from the start: the same samples, or so near that nobody hears it.
fn check_positions(name: &str, bytes: &[u8], worst_db: f64, jumps: bool) {
    let whole = samples_of(Cursor::new(bytes.to_vec()));
    let channels = channels_of(bytes);
    let frames = (whole.len() / channels) as u64;
    for part in [1, 37, 50, 71, 93] {
        let frame = frames * part / 100 + part;
        let wanted = &whole[frame as usize * channels..];
        let (given, asked) = samples_from(bytes, frame);
        assert_eq!(given.len(), wanted.len(), "{name}, from frame {frame} of {frames}");
        let db = snr_db(wanted, &given);
        let is_near = if worst_db.is_infinite() { given == wanted } else { db >= worst_db };
        assert!(is_near, "{name}, from frame {frame} of {frames}: {db:.1} dB");
        if jumps {
            assert_eq!(asked, 1, "{name} can be jumped in");
        }
    }
    assert!(samples_from(bytes, frames + 10).0.is_empty(), "{name}, behind the end");
}

const EXACT: f64 = f64::INFINITY;

#[test]
fn decoding_may_begin_anywhere() {
    let Some(library) = library() else { return };
    for (name, worst_db) in [
        // The noise that AAC substitutes for noise is another each time.
        ("aac_adts.aac", 25.0),
        ("aac_lc_128k.m4a", 25.0),
        ("aiff_s16_44k.aiff", EXACT),
        ("alac_s16_44k.m4a", EXACT),
        ("flac_s16_44k.flac", EXACT),
        ("flac_s24_96k.flac", EXACT),
        ("mp3_cbr_192k.mp3", 90.0),
        ("mp3_mono_22k_64k.mp3", 90.0),
        ("mp3_vbr_v2_id3v24.mp3", 90.0),
        ("ogg_opus_96k.opus", 60.0),
        ("ogg_opus_mono_24k.opus", 40.0),
        ("ogg_vorbis_q5.ogg", 90.0),
        ("wav_51_48k.wav", EXACT),
        ("wav_f32_96k.wav", EXACT),
        ("wav_s24_48k.wav", EXACT),
        ("wav_u8_22k_mono.wav", EXACT),
        ("webm_opus.webm", 60.0),
    ] {
        let bytes = std::fs::read(library.join("good").join(name)).expect("the library has it");
        check_positions(name, &bytes, worst_db, true);
    }
}

#[test]
fn containers_of_others_may_be_entered_anywhere() {
    let source = wav(44_100, 2, &music(44_100, 20));
    for (arguments, extension, worst_db, jumps) in [
        (&["-c:a", "flac"][..], "mka", EXACT, true),
        (&["-c:a", "libvorbis"], "mka", 90.0, false),
        (&["-c:a", "aac"], "mka", 25.0, true),
        (&["-c:a", "pcm_s16le"], "mka", EXACT, false),
        (&["-c:a", "flac"], "ogg", EXACT, true),
        (&["-c:a", "libopus"], "mp4", 60.0, true),
        (&["-c:a", "flac", "-strict", "experimental"], "mp4", EXACT, true),
        (&["-c:a", "pcm_s16be"], "caf", EXACT, true),
        (&["-c:a", "alac"], "caf", EXACT, true),
        (&["-c:a", "pcm_s16be"], "mov", EXACT, true),
        (&["-c:a", "libmp3lame", "-write_xing", "0"], "mp3", 90.0, true),
    ] {
        let Some(bytes) = ffmpeg_file(arguments, source.clone(), extension) else { return };
        check_positions(&format!("{arguments:?} in {extension}"), &bytes, worst_db, jumps);
    }
}

fn wish(rung: &str, form: Form, start_ms: u64) -> Wish {
    Wish {
        rung: rung.parse().expect("a rung"),
        form,
        start_ms,
        labels: Labels::default(),
        opus_complexity: OPUS_COMPLEXITY,
    }
}

fn streamed(bytes: &[u8], wish: &Wish) -> (Vec<u8>, Streamed) {
    let mut out = Vec::new();
    let source = || Ok(Cursor::new(bytes.to_vec()));
    let done = stream(source, None, &Limits::default(), wish, &mut out, &mut |_| true).expect("the source is fine");
    (out, done.expect("nobody cancelled it"))
}

#[test]
fn aac_from_any_position_is_the_music_from_there() {
    if !ENCODES_AAC {
        return;
    }
    let bytes = wav(44_100, 2, &music(44_100, 8));
    let whole = samples_of(Cursor::new(bytes.clone()));
    for start_ms in [0, 1, 777, 5_003, 7_900] {
        let wanted = &whole[(start_ms * 441 / 10) as usize * 2..];
        for form in [Form::Whole, Form::Segments] {
            let (file, done) = streamed(&bytes, &wish("aac_256", form, start_ms));
            assert_eq!((done.frames, done.sample_rate_hz), ((wanted.len() / 2) as u64, 44_100), "{start_ms} ms");
            let heard = samples_of(Cursor::new(file));
            // The last packet of fragments is played whole.
            assert!((wanted.len()..wanted.len() + 2_048).contains(&heard.len()), "{start_ms} ms: {}", heard.len());
            let snr = snr_db(wanted, &heard);
            assert!(snr > 25.0, "{start_ms} ms: {snr:.1} dB");
        }
    }
}

#[test]
fn lossless_streams_hold_the_very_samples_from_any_position() {
    for (rate_hz, channels) in [(44_100, 2), (48_000, 6), (96_000, 1)] {
        let tone = &music(rate_hz, 12)[..rate_hz as usize * 12];
        let mut samples = on_channels(tone, channels);
        samples.iter_mut().enumerate().for_each(|(at, sample)| *sample *= 1.0 - 0.1 * (at % channels) as f32);
        let bytes = wav(rate_hz, channels as u16, &samples);
        let whole = samples_of(Cursor::new(bytes.clone()));
        for start_ms in [0, 1, 777, 5_003, 11_990] {
            let wanted = &whole[(start_ms * u64::from(rate_hz) / 1_000) as usize * channels..];
            let (file, done) = streamed(&bytes, &wish("flac", Form::Whole, start_ms));
            assert!(samples_of(Cursor::new(file)) == wanted, "{rate_hz} Hz, {channels} channels, {start_ms} ms");
            assert_eq!((done.frames, done.sample_rate_hz), ((wanted.len() / channels) as u64, rate_hz));
            let (segments, _) = streamed(&bytes, &wish("flac", Form::Segments, start_ms));
            if channels <= 2 {
                assert!(samples_of(Cursor::new(segments)) == wanted, "segments, {rate_hz} Hz, {start_ms} ms");
            }
        }
    }
}

/// 48 kHz, so that what comes out can be compared with what went in.
#[test]
fn a_lossy_stream_is_as_near_to_the_source_as_the_whole_rendition() {
    let samples = music(48_000, 14);
    let bytes = wav_f32(48_000, 2, &samples);
    for rung in ["opus_64", "opus_128"] {
        let (_, files) = try_render_ladder(Cursor::new(bytes.clone()), &Limits::default(), rung, &[]).expect("fine");
        let whole = samples_of(Cursor::new(files[0].0.clone()));
        for (form, start_ms) in [(Form::Whole, 0), (Form::Whole, 4_321), (Form::Segments, 9_999), (Form::Whole, 13_500)]
        {
            let at = start_ms as usize * 48 * 2;
            let (stream, done) = streamed(&bytes, &wish(rung, form, start_ms));
            let mut given = samples_of(Cursor::new(stream));
            if form == Form::Segments {
                // The end of a fragmented file is for players to cut: its last packet is read whole.
                assert!(given.len() - (samples.len() - at) < 2 * 960);
                given.truncate(samples.len() - at);
            }
            assert_eq!(given.len(), samples.len() - at, "{rung}, {form:?} from {start_ms} ms");
            assert_eq!(done.frames, (given.len() / 2) as u64);
            // The first tenth of a second tells how it joins what came before.
            for end in [9_600, given.len()] {
                let wanted = &samples[at..at + end];
                let (there, here) = (snr_db(wanted, &whole[at..at + end]), snr_db(wanted, &given[..end]));
                assert!(here > there - 2.0, "{rung}, {form:?} from {start_ms} ms: {here:.1} for {there:.1} dB");
            }
        }
    }
}

#[test]
fn a_stream_of_any_rate_begins_at_its_millisecond() {
    for (rate_hz, rung) in [(44_100, "opus_128"), (96_000, "opus_128"), (22_050, "opus_128"), (44_100, "mp3_320")] {
        let samples = music(rate_hz, 8);
        let bytes = wav_f32(rate_hz, 2, &samples);
        // The start is the one thing that differs: at 48 kHz for Opus, which any rate is converted to.
        let (from_start, _) = streamed(&bytes, &wish(rung, Form::Whole, 0));
        let (from_there, _) = streamed(&bytes, &wish(rung, Form::Whole, 3_210));
        let decode = |bytes| ffmpeg(&["-i", "-", "-f", "f32le", "-"], bytes);
        let (Some(all), Some(given)) = (decode(from_start), decode(from_there)) else { return };
        let samples = |bytes: &[u8]| -> Vec<f32> {
            bytes.as_chunks::<4>().0.iter().map(|sample| f32::from_le_bytes(*sample)).collect()
        };
        let (all, given) = (samples(&all), samples(&given));
        let out_rate = if rung == "mp3_320" { 44_100 } else { 48_000 };
        let at = 3_210 * out_rate / 1_000 * 2;
        let db = snr_db(&all[at..at + out_rate], &given[..out_rate]);
        assert!(db > 20.0, "{rate_hz} Hz, {rung}: {db:.1} dB");
    }
}

#[test]
fn it_ends_within_a_packet_when_it_is_wanted_no_more() {
    let bytes = wav(44_100, 2, &music(44_100, 10));
    let source = || Ok(Cursor::new(bytes.clone()));
    for rung in ["opus_128", "flac", "mp3_v0"] {
        let mut asked = 0;
        let mut is_wanted = |_| {
            asked += 1;
            asked <= 100
        };
        let mut out = Vec::new();
        let wish = wish(rung, Form::Whole, 2_000);
        let done = stream(source, None, &Limits::default(), &wish, &mut out, &mut is_wanted).expect("no failure");
        assert_eq!(done, None, "{rung}");
        // A hundred packets of 20 ms, of ten seconds.
        let (all, _) = streamed(&bytes, &wish);
        assert!(out.len() < all.len() / 2, "{rung}: {} of {} bytes", out.len(), all.len());
    }
}

#[test]
fn what_cannot_be_streamed_is_told() {
    let bytes = wav(44_100, 2, &music(44_100, 3));
    let attempt = |bytes: &[u8], wish: &Wish| {
        let source = || Ok(Cursor::new(bytes.to_vec()));
        stream(source, None, &Limits::default(), wish, io::sink(), &mut |_| true)
    };
    for wish in
        [wish("opus_128", Form::Whole, 3_000), wish("flac", Form::Whole, u64::MAX), wish("mp3_v0", Form::Segments, 0)]
    {
        let Err(Failure::Io(error)) = attempt(&bytes, &wish) else { panic!("{wish:?} was streamed") };
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    }
    let text = attempt(b"no sound", &wish("opus_128", Form::Whole, 0));
    assert!(matches!(text, Err(Failure::Rejected(Rejection::NotAudio))));
}
