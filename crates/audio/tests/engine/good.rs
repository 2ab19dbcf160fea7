use crate::support::{Renditions, ffmpeg, library, open, render_file, samples_of};
use legato_audio::{Limits, Probe, Tags, probe};
use mp4_atom::{Decode, Moof, Moov};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::io::Cursor;
use std::path::{Path, PathBuf};

#[test]
fn every_good_file_measures_as_the_reference_says() {
    for (path, reference) in references() {
        let Renditions { rendered, .. } = render_file(&path);
        let (name, analysis) = (path.display(), rendered.analysis);

        let expected = reference["decoded_frames"].as_u64().unwrap();
        let slack = if rendered.probe.codec.is_lossless() { 0 } else { codec_frame(&rendered.probe) };
        assert!(analysis.frames.abs_diff(expected) <= slack, "{name}: {} frames, not {expected}", analysis.frames);
        assert_eq!(u64::from(analysis.sample_rate_hz), reference["sample_rate_hz"].as_u64().unwrap(), "{name}");
        assert_eq!(u64::from(analysis.channels), reference["channels"].as_u64().unwrap(), "{name}");
        assert!(rendered.warnings.is_empty(), "{name}: {:?}", rendered.warnings);

        let loudness = analysis.loudness;
        let lufs = reference["integrated_loudness_lufs"].as_f64().filter(|lufs| *lufs > -70.0);
        close(loudness.integrated_lufs, lufs, 0.1, &format!("{name}: LUFS"));
        close(loudness.true_peak_dbtp, reference["true_peak_dbfs"].as_f64(), 0.3, &format!("{name}: dBTP"));
        let range = lufs.and(reference["loudness_range_lu"].as_f64());
        close(loudness.range_lu, range, 0.3, &format!("{name}: LU"));
    }
}

#[test]
fn what_was_made_with_a_tempo_or_a_key_has_it() {
    let mut heard = 0;
    for (path, reference) in references() {
        let (name, tempo, key) = (path.display(), reference["tempo_bpm"].as_f64(), reference["key"].as_str());
        if tempo.is_none() && key.is_none() {
            continue;
        }
        let analysis = render_file(&path).rendered.analysis;
        if let Some(bpm) = tempo {
            let found = analysis.tempo.expect("a beat");
            assert!((f64::from(found.bpm) / bpm - 1.0).abs() < 0.02 && found.confidence > 0.5, "{name}: {found:?}");
        }
        assert!(
            key.is_none_or(|key| analysis.key.is_some_and(|found| found.to_string() == key)),
            "{name}: {analysis:?}"
        );
        heard += 1;
    }
    assert!(heard == 6 || library().is_none(), "{heard} of them");
}

#[test]
fn lossless_files_decode_bit_by_bit() {
    for (path, reference) in references() {
        let Some(expected) = reference["pcm_s32le_sha256"].as_str() else { continue };
        let mut hash = Sha256::new();
        for sample in samples_of(open(&path)) {
            let scaled = (f64::from(sample) * 2_147_483_648.0).round_ties_even();
            hash.update((scaled as i32).to_le_bytes()); // saturates, as ffmpeg does
        }
        let mut hex = String::new();
        hash.finalize().iter().for_each(|byte| write!(hex, "{byte:02x}").unwrap());
        assert_eq!(hex, expected, "{}", path.display());
    }
}

#[test]
fn tags_become_suggestions() {
    for (path, reference) in references() {
        let probe = probe(open(&path), None, &Limits::default()).unwrap();
        let text = |key: &str| reference["tags"][key].as_str().map(str::to_owned);
        let number = text("track").and_then(|track| track.split('/').next()?.parse().ok());
        // ffmpeg writes the title of a WebM as the segment's, which symphonia does not hand over.
        let is_webm = path.extension().is_some_and(|extension| extension == "webm");
        let title = text("title").filter(|_| !is_webm);
        let Tags { title: t, artist, album, track_number, date, genre, .. } = probe.tags;
        let found = (t, artist, album, track_number);
        assert_eq!(found, (title, text("artist"), text("album"), number), "{}", path.display());
        if let Some(expected) = text("date") {
            assert_eq!(date, Some(expected), "{}", path.display());
        }
        if let Some(expected) = text("genre") {
            assert_eq!(genre, Some(expected), "{}", path.display());
        }
    }
}

#[test]
fn both_renditions_hold_the_same_music_of_the_right_length() {
    for (path, _) in references() {
        let out = render_file(&path);
        let (frames, channels) = (out.frames(), out.channels());
        let Renditions { rendered, ogg, cmaf } = out;
        let name = path.display();
        let expected = (rendered.analysis.frames * 48_000).div_ceil(u64::from(rendered.analysis.sample_rate_hz));
        assert_eq!(frames, expected, "{name}");

        let decoded = samples_of(Cursor::new(ogg.clone())).len() as u64 / u64::from(channels);
        assert_eq!(decoded, expected, "{name}: our decoder");
        let count = channels.to_string();
        let arguments = ["-i", "-", "-f", "s16le", "-ac", count.as_str(), "-"];
        if let Some(pcm) = ffmpeg(&arguments, ogg.clone()) {
            let decoded = pcm.len() as u64 / 2 / u64::from(channels);
            assert!(decoded.abs_diff(expected) <= 48, "{name}: ffmpeg gives {decoded} frames, not {expected}");
        }
        assert_eq!(rendered.renditions[0].size, ogg.len() as u64, "{name}");
        assert_eq!(check_cmaf(&rendered, &cmaf), ogg_packets(&ogg), "{name}: the packets differ");
    }
}

#[test]
fn the_same_source_gives_the_same_bytes() {
    let Some(library) = library() else { return };
    let path = library.join("good/ogg_vorbis_q5.ogg");
    let (first, second) = (render_file(&path), render_file(&path));
    assert_eq!(first.rendered, second.rendered);
    assert!(first.ogg == second.ogg && first.cmaf == second.cmaf);
}

/// Check every box that players rely on; the bytes of all packets.
fn check_cmaf(rendered: &legato_audio::Rendered, cmaf: &[u8]) -> Vec<u8> {
    let rendition = rendered.renditions[0].cmaf.as_ref().unwrap();
    let mut init = &cmaf[..rendition.init_size as usize];
    mp4_atom::Ftyp::decode(&mut init).unwrap();
    let moov = Moov::decode(&mut init).unwrap();
    assert!(init.is_empty());
    let edits = moov.trak[0].edts.clone().unwrap().elst.unwrap().entries;
    assert_eq!(edits[0].media_time, Some(u64::from(rendition.pre_skip)));

    let (mut packets, mut time, mut offset) = (Vec::new(), 0, rendition.init_size);
    for segment in &rendition.segments {
        assert_eq!(segment.offset, offset);
        let mut bytes = &cmaf[offset as usize..(offset + segment.size) as usize];
        let moof = Moof::decode(&mut bytes).unwrap();
        let traf = &moof.traf[0];
        assert_eq!(traf.tfdt.as_ref().unwrap().base_media_decode_time, time);
        let durations = traf.trun[0].samples.iter().map(|sample| u64::from(sample.duration.unwrap_or(960)));
        assert_eq!(durations.sum::<u64>(), segment.samples);
        let sizes = traf.trun[0].samples.iter().map(|sample| sample.size.unwrap() as usize).sum::<usize>();
        assert_eq!(bytes.len(), sizes + 8, "the mdat holds the packets");
        packets.extend_from_slice(&bytes[8..]);
        time += segment.samples;
        offset += segment.size;
    }
    assert_eq!(offset, rendition.size);
    assert_eq!(offset, cmaf.len() as u64);
    assert_eq!(time, u64::from(rendition.pre_skip) + rendered.renditions[0].frames);
    packets
}

/// The bytes of all sound packets of an Ogg file: the bodies of all pages but the two headers'.
fn ogg_packets(mut ogg: &[u8]) -> Vec<u8> {
    let mut packets = Vec::new();
    let mut pages = 0;
    while !ogg.is_empty() {
        let segments = usize::from(ogg[26]);
        let body: usize = ogg[27..27 + segments].iter().map(|lacing| usize::from(*lacing)).sum();
        if pages >= 2 {
            packets.extend_from_slice(&ogg[27 + segments..27 + segments + body]);
        }
        ogg = &ogg[27 + segments + body..];
        pages += 1;
    }
    packets
}

fn references() -> Vec<(PathBuf, Value)> {
    let Some(library) = library() else { return Vec::new() };
    let text = std::fs::read_to_string(library.join("reference.json")).unwrap();
    let reference: serde_json::Map<String, Value> = serde_json::from_str(&text).unwrap();
    reference.into_iter().map(|(name, reference)| (library.join(Path::new(&name)), reference)).collect()
}

fn codec_frame(probe: &Probe) -> u64 {
    match probe.codec {
        legato_audio::Codec::Aac => 1_024,
        legato_audio::Codec::Opus => 960,
        _ => 1_152,
    }
}

fn close(measured: Option<f64>, expected: Option<f64>, slack: f64, what: &str) {
    match (measured, expected) {
        (None, None) => {}
        (Some(measured), Some(expected)) => {
            assert!((measured - expected).abs() <= slack, "{what}: {measured} instead of {expected}");
        }
        _ => panic!("{what}: {measured:?} instead of {expected:?}"),
    }
}
