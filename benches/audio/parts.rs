//! The parts of the render step by themselves, each against the program that does the same: ours as a process that does
//! nothing else, this bench started again.

use std::fs::File;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use legato_audio::{Decoder, Limits, fingerprint, loudness};

use crate::{PAIRS, cost, median, render_in_child, run, theirs};

/// What is done, to which file, the program that does the same, and what ours may take of its CPU.
const PARTS: [(&str, &str, &str, &str, f64); 7] = [
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
    ("fingerprint", "fingerprint", "music.flac", "fpcalc -ignore-errors -length 0 IN", 0.6),
];
/// What encoding Opus may take of libopus's CPU in ffmpeg.
const MAX_OPUS: f64 = 0.75;

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
        _ => bail!("no part is called {work}"),
    }
    Ok(())
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
    Ok(slow)
}

fn row(name: &str, limit: f64, pair: impl Fn() -> Result<(f64, f64)>) -> Result<Option<String>> {
    let pairs = (0..PAIRS).map(|_| pair()).collect::<Result<Vec<_>>>().with_context(|| name.to_owned())?;
    let ratio = median(pairs.iter().map(|(ours, theirs)| ours / theirs));
    let (ours, theirs) = (median(pairs.iter().map(|pair| pair.0)), median(pairs.iter().map(|pair| pair.1)));
    println!("| {name} | {ours:.2} | {theirs:.2} | {ratio:.2} | {limit:.2} |");
    Ok((ratio > limit).then(|| format!("{name} is {ratio:.2} of theirs, more than {limit}")))
}
