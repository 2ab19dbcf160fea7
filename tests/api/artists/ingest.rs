//! The chain from an upload to something playable, on real music and on files that are not what they say.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::streaming::hls;
use crate::support::{App, Person, becomes_true, ffmpeg_frames, library, tone, with_app, with_settings};

/// Two chains at a time: each waits for its child.
const TWO: &[(&str, &str)] = &[("ingest_workers", "2")];

#[tokio::test(flavor = "multi_thread")]
async fn every_format_that_artists_upload_comes_out_ready() {
    let Some(library) = library() else { return };
    let text = std::fs::read_to_string(library.join("reference.json")).expect("the references");
    let references: serde_json::Map<String, Value> = serde_json::from_str(&text).expect("JSON");
    with_settings(TWO, async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Everything").await;
        let mut tracks = Vec::new();
        for (name, reference) in &references {
            let bytes = std::fs::read(library.join(name)).expect("a file of the library");
            tracks.push((name, reference, bytes.len(), nina.uploads(&release, name, bytes).await));
        }
        for (name, reference, size, track) in tracks {
            let track = nina.waits_until_ready(&track).await;
            assert_analysed(name, reference, size, &track);
            assert_playable(&nina, name, &track).await;
        }
        app.settle().await;
        for zone in ["landing", "staging", "quarantine"] {
            assert!(app.stored(zone).is_empty(), "{zone}: {:?}", app.stored(zone));
        }
    })
    .await;
}

fn assert_analysed(name: &str, reference: &Value, size: usize, track: &Value) {
    let analysis = &track["analysis"];
    let number = |value: &Value| value.as_u64().unwrap_or_else(|| panic!("{name}: {value}"));
    let (frames, expected) = (number(&analysis["frames"]), number(&reference["decoded_frames"]));
    assert!(frames.abs_diff(expected) <= codec_frame(reference), "{name}: {frames} frames, not {expected}");
    for field in ["sample_rate_hz", "channels"] {
        assert_eq!(analysis[field], reference[field], "{name}: {field}");
    }
    let rate = number(&reference["sample_rate_hz"]);
    assert_eq!(number(&track["duration_ms"]), (frames * 1000).div_ceil(rate), "{name}");
    let loudness = analysis["integrated_loudness_lufs"].as_f64();
    match reference["integrated_loudness_lufs"].as_f64().filter(|lufs| *lufs > -69.0) {
        Some(lufs) => {
            assert!(loudness.is_some_and(|found| (found - lufs).abs() <= 0.1), "{name}: {loudness:?}, not {lufs}");
        }
        None => assert_eq!(loudness, None, "{name}"),
    }
    // No rung is higher than what a lossy file holds.
    let is_lossy = ["aac", "mp3", "vorbis", "opus"].contains(&reference["codec"].as_str().unwrap_or_default());
    let bits_per_second = size as f64 * 8.0 / reference["duration_s"].as_f64().expect("a length");
    let needed = if reference["channels"] == 1 { 80_000.0 } else { 128_000.0 };
    // A WebM file says nothing of its length, and so nothing of its bit rate.
    let is_poor = is_lossy && bits_per_second * 1.1 < needed && !name.ends_with(".webm");
    let renditions = match (is_lossy, is_poor) {
        (false, _) => 6,
        (true, false) => 4,
        (true, true) => 2,
    };
    assert_eq!(track["renditions"].as_array().map(Vec::len), Some(renditions), "{name}");
    let title = &reference["tags"]["title"];
    if title.is_string() && !name.ends_with(".webm") {
        assert_eq!(&track["suggestions"]["title"], title, "{name}");
    }
}

/// How far a length may be off: nothing for what is lossless, a frame of its codec else.
fn codec_frame(reference: &Value) -> u64 {
    match reference["codec"].as_str() {
        Some("aac") => 1_024,
        Some("opus") => 960,
        Some("mp3" | "vorbis") => 1_152,
        _ => 0,
    }
}

/// Fetches both renditions as players do, and lets ffmpeg measure them.
async fn assert_playable(person: &Person<'_>, name: &str, track: &Value) {
    let id = track["id"].as_str().unwrap_or_default();
    let waveform = person.get(&format!("/tracks/{id}/waveform")).await.is(200).json();
    assert_eq!(waveform["peaks"].as_array().map(Vec::len), Some(1800), "{name}");
    let play = person.plays(id).await;
    let (frames, rate) = (&track["analysis"]["frames"], &track["analysis"]["sample_rate_hz"]);
    let expected = (frames.as_u64().unwrap_or(0) * 48_000).div_ceil(rate.as_u64().unwrap_or(1));
    let ogg = person.get(play["stream"]["url"].as_str().unwrap_or_default()).await.is(200).body;
    let cmaf = hls::fetch_all(person, &play).await;
    for (form, bytes, slack) in [("Ogg", &ogg[..], 48), ("HLS", &cmaf, hls::LAST_PACKET)] {
        let Some(decoded) = ffmpeg_frames(bytes) else { continue };
        assert!(decoded.abs_diff(expected) <= slack, "{name}, {form}: {decoded} frames, not {expected}");
    }
}

/// What must come of each bad file: the reason of its rejection, or its real length in seconds.
const BAD: [(&str, Result<std::ops::Range<f64>, &str>); 16] = [
    ("empty.mp3", Err("empty")),
    ("text_renamed.mp3", Err("not_audio")),
    ("jpeg_renamed.flac", Err("not_audio")),
    ("html_renamed.wav", Err("not_audio")),
    ("zip_renamed.m4a", Err("not_audio")),
    ("truncated_header.flac", Err("damaged")),
    ("truncated_half.m4a", Err("damaged")),
    ("wav_zero_channels.wav", Err("no_channels")),
    ("wav_zero_rate.wav", Err("sample_rate")),
    ("wav_65535_channels.wav", Err("too_many_channels")),
    ("bomb_14h_silence.flac", Err("too_long")),
    ("video_only.mp4", Err("no_audio_stream")),
    ("truncated_half.flac", Ok(12.0..16.0)),
    ("truncated_half.mp3", Ok(14.5..15.5)),
    ("corrupt_middle.flac", Ok(29.9..30.1)),
    ("wav_claims_2gib.wav", Ok(1.1..1.2)),
];

#[tokio::test(flavor = "multi_thread")]
async fn no_file_is_taken_at_its_word() {
    let Some(library) = library() else { return };
    assert_complete(&library);
    with_settings(TWO, async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Nothing").await;
        let mut tracks = Vec::new();
        for (name, expected) in &BAD {
            let bytes = std::fs::read(library.join("bad").join(name)).expect("a file of the library");
            tracks.push((name, expected, nina.uploads(&release, name, bytes).await));
        }
        for (name, expected, track) in tracks {
            let track = nina.waits_for(&track).await;
            assert_verdict(name, expected, &track);
        }
        app.settle().await;
        for zone in ["landing", "staging"] {
            assert!(app.stored(zone).is_empty(), "{zone}: {:?}", app.stored(zone));
        }
        let refused = BAD.iter().filter(|(_, expected)| expected.is_err()).count();
        assert_eq!((app.stored("quarantine").len(), app.stored("raw").len()), (refused, BAD.len() - refused));
        let fine = nina.uploads(&release, "fine.wav", tone(440.0, 0.5)).await;
        nina.waits_until_ready(&fine).await;
    })
    .await;
}

fn assert_verdict(name: &str, expected: &Result<std::ops::Range<f64>, &str>, track: &Value) {
    match expected {
        Err(reason) => {
            assert_eq!((&track["state"], &track["problem"]["slug"]), (&"rejected".into(), &(*reason).into()), "{name}");
            assert_eq!(track["renditions"].as_array().map(Vec::len), Some(0), "{name}");
        }
        Ok(seconds) => {
            assert_eq!(track["state"], "ready", "{name}: {}", track["problem"]);
            let length = track["duration_ms"].as_f64().unwrap_or(0.0) / 1000.0;
            assert!(seconds.contains(&length), "{name}: {length} s");
        }
    }
}

fn assert_complete(library: &Path) {
    let text = std::fs::read_to_string(library.join("bad/expected.json")).expect("the expectations");
    let expected: serde_json::Map<String, Value> = serde_json::from_str(&text).expect("JSON");
    assert!(expected.keys().all(|name| BAD.iter().any(|(listed, _)| listed == name)), "{expected:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_child_costs_an_attempt_and_nothing_else() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let track = nina.uploads(&release, "long.wav", tone(220.0, 60.0)).await;
        let path = format!("/tracks/{track}");
        let rendering = async || nina.get(&path).await.json()["stages"][1]["percent"].as_u64().unwrap_or(0) > 0;
        assert!(becomes_true(Duration::from_secs(30), rendering).await);
        let children = children(app);
        assert!(!children.is_empty(), "no child works for this server");
        for child in children {
            kill_process(child, Signal::KILL).expect("killed");
        }
        let track = nina.waits_until_ready(&track).await;
        assert_eq!(track["stages"][1]["attempt"], 2, "{track:#}");
        assert_eq!(track["renditions"].as_array().map(Vec::len), Some(6));
        app.settle().await;
        assert_eq!((app.stored("staging").len(), app.stored("curated").len()), (0, 6));
    })
    .await;
}

/// The processes that have a file of this server's data open: the sandboxed children, of all those that tests run.
pub(crate) fn children(app: &App) -> Vec<Pid> {
    let own = rustix::process::getpid();
    let opens = |process: &Path| {
        let files = std::fs::read_dir(process.join("fd")).into_iter().flatten().flatten();
        let targets: Vec<PathBuf> = files.filter_map(|file| std::fs::read_link(file.path()).ok()).collect();
        targets.iter().any(|target| target.starts_with(app.data()))
    };
    let processes = std::fs::read_dir("/proc").expect("/proc").flatten();
    let with_pid = processes.filter_map(|process| {
        let pid = process.file_name().to_str()?.parse().ok().and_then(Pid::from_raw)?;
        (pid != own && opens(&process.path())).then_some(pid)
    });
    with_pid.collect()
}
