//! The parts of the render step by themselves, each against the program that does the same: ours as a process that does
//! nothing else, this bench started again.

use std::collections::VecDeque;
use std::fs::File;
use std::io::Cursor;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use legato_audio::{Decoder, Form, Labels, Limits, OPUS_COMPLEXITY, Wish, fingerprint, loudness, stream};

use crate::{PAIRS, cost, median, render_in_child, run, theirs};

/// What is done, to which file, the program that does the same, and what ours may take of its CPU.
const PARTS: [(&str, &str, &str, &str, f64); 8] = [
    ("decode FLAC", "decode", "music.flac", "ffmpeg -nostdin -v error -i IN -f null -", 0.65),
    ("decode MP3", "decode", "music.mp3", "ffmpeg -nostdin -v error -i IN -f null -", 0.90),
    ("decode AAC", "decode", "music.m4a", "ffmpeg -nostdin -v error -i IN -f null -", 0.90),
    ("decode Vorbis", "decode", "music.ogg", "ffmpeg -nostdin -v error -i IN -f null -", 0.90),
    ("decode Opus", "decode", "music.opus", "ffmpeg -nostdin -v error -i IN -f null -", 0.90),
    (
        "loudness with true peak",
        "loudness",
        "music.flac",
        "ffmpeg -nostdin -v error -i IN -af ebur128=peak=true:framelog=verbose -f null -",
        0.35,
    ),
    // Decoded too; and where decoding is next to nothing.
    ("fingerprint of FLAC", "fingerprint", "music.flac", "fpcalc -ignore-errors -length 0 IN", 0.6),
    ("fingerprint of WAV, 20 minutes", "fingerprint", "music.wav", "fpcalc -ignore-errors -length 0 IN", 0.6),
];
/// What encoding Opus may take of libopus's CPU in ffmpeg.
const MAX_OPUS: f64 = 0.75;
/// The complexity that a busy server could be content with, measured for its cost and its loss.
const LESSER_COMPLEXITY: u8 = 5;

/// What this process was started for, if it was: `part <work> <file>`.
pub(crate) fn work() -> Option<Result<()>> {
    let arguments: Vec<String> = std::env::args().collect();
    match &arguments[..] {
        [.., part, work, file] if part == "part" => Some(do_part(work, file)),
        _ => None,
    }
}

fn do_part(work: &str, file: &str) -> Result<()> {
    let (source, limits) = (File::open(file)?, Limits::default());
    match work {
        "decode" => {
            let mut decoder = Decoder::open(source, None, &limits)?;
            while decoder.next_block()?.is_some() {}
        }
        "loudness" => ensure!(loudness(source, None, &limits)?.integrated_lufs.is_some(), "silence"),
        "fingerprint" => ensure!(!fingerprint(source, None, &limits)?.items.is_empty(), "silence"),
        "encode" => drop(encode(file, OPUS_COMPLEXITY)?),
        "encode less" => drop(encode(file, LESSER_COMPLEXITY)?),
        _ => bail!("no part is called {work}"),
    }
    Ok(())
}

/// Opus of 128 kbit/s, in Ogg.
fn encode(file: &str, opus_complexity: u8) -> Result<Vec<u8>> {
    let rung = "opus_128".parse().map_err(anyhow::Error::msg)?;
    let wish = Wish { rung, form: Form::Whole, start_ms: 0, labels: Labels::default(), opus_complexity };
    let mut encoded = Vec::new();
    stream(|| File::open(file), None, &Limits::default(), &wish, &mut encoded, &mut |_| true)?;
    Ok(encoded)
}

/// How far below the music its coding noise is, in dB; both at 48 kHz.
fn signal_to_noise_db(source: &str, opus_complexity: u8) -> Result<f64> {
    let (mut music, mut noise) = (0.0, 0.0);
    let mut there = Decoder::open(File::open(source)?, None, &Limits::default())?;
    let mut here = Decoder::open(Cursor::new(encode(source, opus_complexity)?), None, &Limits::default())?;
    let mut wanted: VecDeque<f32> = VecDeque::new();
    while let Some(block) = here.next_block()? {
        while wanted.len() < block.len() {
            let Some(more) = there.next_block()? else { break };
            wanted.extend(more);
        }
        for (given, wanted) in block.iter().zip(wanted.drain(..block.len().min(wanted.len()))) {
            music += f64::from(wanted).powi(2);
            noise += f64::from(wanted - given).powi(2);
        }
    }
    Ok(10.0 * (music / noise).log10())
}

/// Prints the table; what is slower than it may be.
pub(crate) fn compare(folder: &Path) -> Result<Vec<String>> {
    for arguments in
        ["-b:a 192k music.mp3", "-b:a 192k music.m4a", "-c:a libvorbis -q:a 5 music.ogg", "-b:a 128k music.opus"]
    {
        let mut command = Command::new("ffmpeg");
        command.current_dir(folder).args(["-nostdin", "-v", "error", "-y", "-i", "music.flac"]);
        run(command.args(arguments.split(' ')))?;
    }
    // The fourfold: long enough for the clock that processes are charged by.
    let mut command = Command::new("ffmpeg");
    let fourfold = ["-nostdin", "-v", "error", "-y", "-stream_loop", "3", "-i", "music.flac", "music.wav"];
    run(command.current_dir(folder).args(fourfold))?;
    println!(
        "\nThe parts by themselves, the same way: ours as a process that does nothing else. For Opus it is what a rung of"
    );
    println!("128 kbit/s (in both of its forms) adds to the step, and what the encoder adds to decoding in ffmpeg.\n");
    println!("| part | CPU s, Legato | theirs | ratio | limit |\n|---|---|---|---|---|");
    let mut slow = Vec::new();
    for (name, work, file, line, limit) in PARTS {
        let source = folder.join(file);
        let pair = || -> Result<(f64, f64)> {
            let ours = cost(|| run(Command::new(std::env::current_exe()?).args(["part", work]).arg(&source)))?;
            Ok((ours.cpu, cost(|| theirs(&source, folder, line))?.cpu))
        };
        slow.extend(row(name, limit, pair)?);
    }
    let source = folder.join("music.flac");
    let pair = || -> Result<(f64, f64)> {
        let ours = |ladder: &[&str]| cost(|| render_in_child(&source, folder, ladder).map(drop)).map(|cost| cost.cpu);
        let ffmpeg = |line| cost(|| theirs(&source, folder, line)).map(|cost| cost.cpu);
        let encode = "ffmpeg -nostdin -v error -y -i IN -c:a libopus -b:a 128k -f ogg /dev/null";
        let ours = ours(&["opus_128"])? - ours(&[])?;
        Ok((ours, ffmpeg(encode)? - ffmpeg("ffmpeg -nostdin -v error -i IN -f null -")?))
    };
    slow.extend(row("encode Opus, 128 kbit/s", MAX_OPUS, pair)?);
    let pair = || -> Result<(f64, f64)> {
        let part = |work| cost(|| run(Command::new(std::env::current_exe()?).args(["part", work]).arg(&source)));
        Ok((part("encode less")?.cpu - part("decode")?.cpu, part("encode")?.cpu - part("decode")?.cpu))
    };
    slow.extend(row(&format!("the same at complexity {LESSER_COMPLEXITY}, of {OPUS_COMPLEXITY}"), 0.80, pair)?);
    let mut command = Command::new("ffmpeg");
    let at_48k = ["-nostdin", "-v", "error", "-y", "-i", "music.flac", "-ar", "48000", "-c:a", "pcm_f32le", "48.wav"];
    run(command.current_dir(folder).args(at_48k))?;
    let wav = folder.join("48.wav").to_string_lossy().into_owned();
    let [all, less] = [signal_to_noise_db(&wav, OPUS_COMPLEXITY)?, signal_to_noise_db(&wav, LESSER_COMPLEXITY)?];
    println!(
        "\nSignal to noise at 128 kbit/s: {all:.2} dB at complexity {OPUS_COMPLEXITY}, {less:.2} dB at {LESSER_COMPLEXITY}."
    );
    Ok(slow)
}

fn row(name: &str, limit: f64, pair: impl Fn() -> Result<(f64, f64)>) -> Result<Option<String>> {
    let pairs = (0..PAIRS).map(|_| pair()).collect::<Result<Vec<_>>>().with_context(|| name.to_owned())?;
    let ratio = median(pairs.iter().map(|(ours, theirs)| ours / theirs));
    let (ours, theirs) = (median(pairs.iter().map(|pair| pair.0)), median(pairs.iter().map(|pair| pair.1)));
    println!("| {name} | {ours:.2} | {theirs:.2} | {ratio:.2} | {limit:.2} |");
    Ok((ratio > limit).then(|| format!("{name} is {ratio:.2} of theirs, more than {limit}")))
}
