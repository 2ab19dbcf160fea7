//! What comes out of every container and codec, beside what ffmpeg makes of the same file.

use crate::support::{
    ffmpeg, ffmpeg_file, ffmpeg_samples, on_channels, rejection, render_bytes, samples_of, sine, try_render, wav,
};
use legato_audio::{Codec, Container, Limits, Probe, probe};
use std::io::Cursor;

/// Half a second with something different on each channel, and nothing round about its length.
fn music(rate_hz: u32, channels: u16) -> Vec<u8> {
    let frames = rate_hz as usize / 2 + 137;
    let tones: Vec<Vec<f32>> = (0..channels).map(|n| sine(rate_hz, frames, 311.0 + 97.0 * f64::from(n))).collect();
    let samples: Vec<f32> = (0..frames).flat_map(|frame| tones.iter().map(move |tone| tone[frame])).collect();
    wav(rate_hz, channels, &samples)
}

fn probed(source: &[u8]) -> Probe {
    probe(Cursor::new(source.to_vec()), None, &Limits::default()).expect("the source is fine")
}

/// Ours and ffmpeg's are as long as each other and differ by no more than `most`.
#[track_caller]
fn decodes_as_ffmpeg(source: &[u8], extension: &str, most: f32, what: &str) {
    let Some(theirs) = ffmpeg_samples(source, extension) else { return };
    let ours = samples_of(Cursor::new(source.to_vec()));
    assert_eq!(ours.len(), theirs.len(), "{what}");
    let worst = ours.iter().zip(&theirs).map(|(one, other)| (one - other).abs()).fold(0.0, f32::max);
    assert!(worst <= most, "{what} differs by {worst}");
}

#[test]
fn every_rate_and_number_of_channels_comes_through_bit_by_bit() {
    let formats: [(&str, &[&str]); 5] = [
        ("wav", &["-f", "wav", "-c:a", "pcm_s24le"]),
        ("aiff", &["-f", "aiff", "-c:a", "pcm_s24be"]),
        ("caf", &["-f", "caf", "-c:a", "pcm_s24le"]),
        ("flac", &["-f", "flac"]),
        ("mkv", &["-f", "matroska", "-c:a", "flac"]),
    ];
    let by_rate = [8_000, 11_025, 22_050, 44_100, 48_000, 96_000, 192_000, 384_000].map(|rate_hz| (rate_hz, 2));
    let by_channels = [1, 3, 4, 5, 6, 7, 8].map(|channels| (48_000, channels));
    for (rate_hz, channels) in [&by_rate[..], &by_channels, &[(384_000, 8)]].concat() {
        let source = music(rate_hz, channels);
        for (extension, arguments) in formats {
            let what = format!("{arguments:?} of {channels} channels at {rate_hz} Hz");
            let Some(made) = ffmpeg_file(arguments, source.clone(), extension) else { return };
            let probe = probed(&made);
            assert_eq!((probe.sample_rate_hz, probe.channels), (rate_hz, channels), "{what}");
            decodes_as_ffmpeg(&made, extension, 0.0, &what);
        }
    }
}

#[test]
fn the_most_that_is_taken_renders() {
    let out = render_bytes(&wav(384_000, 8, &on_channels(&sine(384_000, 384_000, 440.0), 8)));
    assert_eq!((out.rendered.analysis.frames, out.frames()), (384_000, 48_000));
}

#[test]
fn core_audio_files_are_read() {
    let formats: [(&[&str], Codec, Option<u32>, f32); 8] = [
        (&["-c:a", "pcm_s16be"], Codec::Pcm, Some(16), 0.0),
        (&["-c:a", "pcm_s16le"], Codec::Pcm, Some(16), 0.0),
        (&["-c:a", "pcm_s24be"], Codec::Pcm, Some(24), 0.0),
        (&["-c:a", "pcm_s32le"], Codec::Pcm, Some(32), 1e-7),
        (&["-c:a", "pcm_f32be"], Codec::Pcm, Some(32), 0.0),
        (&["-c:a", "pcm_f64le"], Codec::Pcm, Some(64), 1e-7),
        (&["-c:a", "alac", "-sample_fmt", "s16p"], Codec::Alac, Some(16), 0.0),
        (&["-c:a", "alac", "-sample_fmt", "s32p"], Codec::Alac, Some(24), 0.0),
    ];
    for (arguments, codec, bits, most) in formats {
        let Some(made) = ffmpeg_file(arguments, music(44_100, 2), "caf") else { return };
        let probe = probed(&made);
        assert_eq!((probe.container, probe.codec), (Container::Caf, codec), "{arguments:?}");
        if bits.is_some() {
            assert_eq!(probe.bits_per_sample, bits, "{arguments:?}");
        }
        decodes_as_ffmpeg(&made, "caf", most, &format!("{arguments:?}"));
    }
}

/// By its packet table (`mPrimingFrames`, `mNumberValidFrames`) a file is as long as what went in.
#[test]
fn priming_and_remainder_of_a_core_audio_file_are_trimmed() {
    let Some(mut made) = ffmpeg_file(&["-c:a", "alac"], music(44_100, 2), "caf") else { return };
    let at = made.windows(4).position(|name| name == b"pakt").expect("a packet table") + 12;
    let whole = samples_of(Cursor::new(made.clone()));
    let valid = 22_050 + 137 - 1_000;
    made[at + 8..at + 16].copy_from_slice(&(valid as u64).to_be_bytes());
    made[at + 16..at + 20].copy_from_slice(&700u32.to_be_bytes());
    made[at + 20..at + 24].copy_from_slice(&300u32.to_be_bytes());
    let cut = samples_of(Cursor::new(made));
    assert_eq!(cut.len(), 2 * valid);
    assert!(cut == whole[2 * 700..][..2 * valid]);
}

/// The packets of an ADTS stream of 44.1 kHz stereo in a Core Audio file, as Apple's tools write them.
fn aac_in_caf(adts: &[u8], priming: u32, valid: u64) -> Vec<u8> {
    let packets = std::cell::RefCell::new(Vec::new());
    rewritten(adts, |_, block| {
        packets.borrow_mut().push(block.to_vec());
        block.to_vec()
    });
    let packets = packets.into_inner();
    let chunk = |id: &[u8; 4], body: &[u8]| [id.as_slice(), &(body.len() as i64).to_be_bytes(), body].concat();
    let mut description = 44_100f64.to_be_bytes().to_vec();
    description.extend(b"aac ");
    description.extend([2u32, 0, 1_024, 2, 0].into_iter().flat_map(u32::to_be_bytes));
    let specific = [0x05, 2, 0x12, 0x10];
    let config = [&[0x04, 13 + 4, 0x40, 0x15][..], &[0; 11], &specific].concat();
    let cookie = [&[0x03, 3 + 19 + 3, 0, 0, 0][..], &config, &[0x06, 1, 2]].concat();
    let mut table = (packets.len() as u64).to_be_bytes().to_vec();
    table.extend(valid.to_be_bytes());
    table.extend(priming.to_be_bytes());
    table.extend(((packets.len() as u64 * 1_024 - valid) as u32 - priming).to_be_bytes());
    for packet in &packets {
        table.extend([packet.len() >> 7 | 0x80, packet.len() & 0x7f].map(|byte| byte as u8));
    }
    let data = [vec![0; 4], packets.concat()].concat();
    let chunks = [chunk(b"desc", &description), chunk(b"kuki", &cookie), chunk(b"pakt", &table), chunk(b"data", &data)];
    [b"caff\0\x01\0\0".as_slice(), &chunks.concat()].concat()
}

#[test]
fn aac_in_a_core_audio_file_is_trimmed_to_the_frame() {
    let arguments = ["-i", "-", "-f", "adts", "-c:a", "aac", "-b:a", "128k", "-"];
    let Some(adts) = ffmpeg(&arguments, music(44_100, 2)) else { return };
    let (priming, valid) = (1_024, 22_050 + 137);
    let caf = aac_in_caf(&adts, priming, valid as u64);
    let probe = probed(&caf);
    assert_eq!((probe.container, probe.codec, probe.claimed_frames), (Container::Caf, Codec::Aac, Some(valid as u64)));
    let (whole, cut) = (samples_of(Cursor::new(adts)), samples_of(Cursor::new(caf)));
    assert_eq!(cut.len(), 2 * valid);
    assert!(cut == whole[2 * priming as usize..][..2 * valid]);
}

#[test]
fn alac_tells_its_depth() {
    for (format, bits) in [("s16p", 16), ("s32p", 24)] {
        let arguments = ["-c:a", "alac", "-sample_fmt", format];
        let Some(made) = ffmpeg_file(&arguments, music(48_000, 2), "m4a") else { return };
        assert_eq!(probed(&made).bits_per_sample, Some(bits));
        decodes_as_ffmpeg(&made, "m4a", 0.0, format);
    }
}

/// `CodecDelay` and `DiscardPadding` (RFC 9559): as long as what went in, to the frame.
#[test]
fn matroska_is_trimmed_at_both_ends() {
    let formats: [(&str, &[&str], f32); 4] = [
        ("webm", &["-c:a", "libopus", "-b:a", "96k"], 1e-4),
        ("mkv", &["-c:a", "libopus", "-b:a", "96k"], 1e-4),
        ("mkv", &["-c:a", "flac"], 0.0),
        ("mkv", &["-c:a", "pcm_s16le"], 0.0),
    ];
    for (extension, arguments, most) in formats {
        for extra in [0, 1, 480, 959] {
            let frames = 48_000 + extra;
            let tone = wav(48_000, 2, &on_channels(&sine(48_000, frames, 440.0), 2));
            let Some(made) = ffmpeg_file(arguments, tone, extension) else { return };
            let ours = samples_of(Cursor::new(made.clone()));
            assert_eq!(ours.len(), 2 * frames, "{extension} {arguments:?}");
            decodes_as_ffmpeg(&made, extension, most, &format!("{extension} {arguments:?}"));
        }
    }
}

/// AAC-LC as ADTS, one packet after the other, with what `change` makes of each raw data block.
fn rewritten(adts: &[u8], change: impl Fn(usize, &[u8]) -> Vec<u8>) -> Vec<u8> {
    let (mut out, mut at, mut index) = (Vec::new(), 0, 0);
    while at + 7 <= adts.len() {
        let length =
            usize::from(adts[at + 3] & 3) << 11 | usize::from(adts[at + 4]) << 3 | usize::from(adts[at + 5] >> 5);
        let block = change(index, &adts[at + 7..at + length]);
        let mut header = adts[at..at + 7].to_vec();
        let changed = block.len() + 7;
        header[3] = header[3] & !3 | (changed >> 11) as u8;
        header[4] = (changed >> 3) as u8;
        header[5] = header[5] & 0x1f | (changed << 5) as u8;
        out.extend(header);
        out.extend(block);
        at += length;
        index += 1;
    }
    out
}

/// Puts a fill element with the extension `SBR_DATA` before a block's end, as an HE-AAC encoder does.
fn with_sbr(index: usize, block: &[u8]) -> Vec<u8> {
    let mut bits: Vec<u8> = block.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
    while bits.pop_if(|bit| *bit == 0).is_some() {}
    bits.truncate(bits.len() - 3);
    let payload = 9 + index % 23;
    let mut put = |value: usize, count: usize| bits.extend((0..count).rev().map(|bit| (value >> bit & 1) as u8));
    put(0b110, 3);
    if payload < 15 {
        put(payload, 4);
    } else {
        put(15 << 8 | (payload - 14), 12);
    }
    put(13, 4);
    put(index, 4);
    (1..payload).for_each(|n| put(n * 37 + index, 8));
    put(0b111, 3);
    bits.chunks(8).map(|byte| byte.iter().enumerate().fold(0, |sum, (bit, on)| sum | on << (7 - bit))).collect()
}

#[test]
fn he_aac_that_no_header_announces_is_refused() {
    for rate in ["16000", "22050", "24000"] {
        for channels in ["1", "2"] {
            let arguments = ["-f", "adts", "-c:a", "aac", "-b:a", "48k", "-ar", rate, "-ac", channels];
            let tone = music(48_000, 2);
            let Some(plain) = ffmpeg(&[&["-i", "-"], &arguments[..], &["-"]].concat(), tone) else { return };
            // Low rates alone are no reason.
            let out = render_bytes(&plain);
            assert!(out.rendered.warnings.is_empty(), "{rate}: {:?}", out.rendered.warnings);
            assert!(rewritten(&plain, |_, block| block.to_vec()) == plain);
            let source = rewritten(&plain, with_sbr);
            let refused = rejection(try_render(Cursor::new(source), &Limits::default()));
            assert_eq!(refused.slug(), "high_efficiency_aac", "{rate} Hz, {channels} channels");
        }
    }
}

#[test]
fn a_bare_aac_stream_is_as_long_as_its_packets() {
    for (rate_hz, rate) in [(44_100, "44100"), (48_000, "48000"), (96_000, "96000")] {
        let arguments = ["-i", "-", "-f", "adts", "-c:a", "aac", "-b:a", "160k", "-ar", rate, "-"];
        let Some(made) = ffmpeg(&arguments, music(48_000, 2)) else { return };
        let probe = probed(&made);
        assert_eq!((probe.container, probe.codec, probe.sample_rate_hz), (Container::Adts, Codec::Aac, rate_hz));
        decodes_as_ffmpeg(&made, "aac", 1e-3, rate);
    }
}
