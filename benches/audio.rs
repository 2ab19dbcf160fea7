//! The render step of the chain against the separate runs of ffmpeg and fpcalc that give the same results. Prints a
//! section of Markdown; fails when the step is not worth it. Then its parts by themselves (`audio/parts.rs`).
//!
//! A five-minute FLAC of demo music goes through the sandboxed child as the server starts it, then through seven runs:
//! loudness with true peak, PCM for the waveform (the counting of the peaks is given for free), the fingerprint, and
//! Opus at two bit rates in Ogg and in CMAF for HLS. Tempo, key and the quality report are ours on top. CPU is what the
//! kernel charged to whole processes, start and end included.
#![expect(clippy::print_stdout, reason = "the section is the output")]

#[path = "audio/parts.rs"]
mod parts;

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

const PAIRS: usize = 5;
const SECONDS: u32 = 300;
/// What the step may cost of ffmpeg's CPU.
const MAX_RATIO: f64 = 0.55;
/// What its child may hold at its peak.
const MAX_MEMORY: u64 = 48 << 20;

/// What some processes took.
#[derive(Clone, Copy)]
struct Cost {
    cpu: f64,
    wall: f64,
}

fn main() -> Result<()> {
    if let Some(done) = parts::work() {
        return done;
    }
    let folder = tempfile::tempdir()?;
    let source = compose(folder.path())?;
    let mut pairs = Vec::new();
    let mut peak_memory = 0;
    for _ in 0..PAIRS {
        let mut render = Value::Null;
        let ours = cost(|| {
            render = render_in_child(&source, folder.path(), &LADDER)?;
            Ok(())
        })?;
        peak_memory =
            peak_memory.max(render["done"]["peak_memory_bytes"].as_u64().context("the child tells its peak")?);
        pairs.push((ours, cost(|| RUNS.iter().try_for_each(|run| theirs(&source, folder.path(), run)))?));
    }
    let ratio = median(pairs.iter().map(|(ours, theirs)| ours.cpu / theirs.cpu));
    report(&pairs, ratio, peak_memory)?;
    let slow = parts::compare(folder.path())?;
    ensure!(ratio <= MAX_RATIO, "CPU is {ratio:.2} of ffmpeg's, more than {MAX_RATIO}");
    ensure!(peak_memory <= MAX_MEMORY, "the child held {peak_memory} bytes, more than {MAX_MEMORY}");
    ensure!(slow.is_empty(), "{}", slow.join("; "));
    Ok(())
}

/// Five minutes of demo music, piece after piece, as a 16-bit FLAC at 44.1 kHz.
fn compose(folder: &Path) -> Result<PathBuf> {
    let pieces =
        legato_demo::catalogue().into_iter().flat_map(|artist| artist.releases).flat_map(|release| release.tracks);
    let (mut list, mut frames) = (String::new(), 0);
    for (number, piece) in pieces.enumerate() {
        if frames >= u64::from(SECONDS) * 44_100 {
            break;
        }
        let name = format!("{number}.wav");
        piece.write_wav(BufWriter::new(File::create(folder.join(&name))?))?;
        list.push_str(&format!("file '{name}'\n"));
        frames += u64::from(piece.frames());
    }
    fs::write(folder.join("list"), list)?;
    let source = folder.join("music.flac");
    run(Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-f", "concat", "-i"])
        .arg(folder.join("list"))
        .args(["-t", &SECONDS.to_string(), "-map_metadata", "-1"])
        .arg(&source))?;
    Ok(source)
}

/// What the seven runs make.
const LADDER: [&str; 2] = ["opus_64", "opus_128"];

/// The child as `platform::sandbox` starts it. Answers with its last line.
fn render_in_child(source: &Path, outputs: &Path, ladder: &[&str]) -> Result<Value> {
    let hour = Duration::from_secs(3600);
    let means = json!({ "cpu": hour, "wall": hour, "output_bytes": 1_u64 << 30 });
    let order = json!({
        "parent": std::process::id(),
        "limits": { "memory_bytes": 1_u64 << 30, "start": means, "most": means },
        "arguments": { "extension": "flac", "max_duration": hour, "ladder": ladder, "rungs": ladder },
    });
    let mut child = Command::new(env!("CARGO_BIN_EXE_legato"))
        .args(["sandbox", "render", &order.to_string()])
        .current_dir(outputs)
        .env("GLIBC_TUNABLES", "glibc.malloc.arena_max=1")
        .stdin(File::open(source)?)
        .stdout(Stdio::piped())
        .spawn()?;
    let lines = BufReader::new(child.stdout.take().context("piped")?).lines();
    let last = lines.last().context("the child says something")??;
    ensure!(child.wait()?.success(), "the child failed: {last}");
    Ok(serde_json::from_str(&last)?)
}

/// `IN` is the source.
const RUNS: [&str; 7] = [
    "ffmpeg -nostdin -v error -i IN -af ebur128=peak=true:framelog=verbose -f null -",
    "ffmpeg -nostdin -v error -i IN -f s16le -",
    "fpcalc -ignore-errors -length 0 IN",
    "ffmpeg -nostdin -v error -y -i IN -c:a libopus -b:a 128k 128.ogg",
    "ffmpeg -nostdin -v error -y -i IN -c:a libopus -b:a 64k 64.ogg",
    "ffmpeg -nostdin -v error -y -i IN -c:a libopus -b:a 128k -f hls -hls_time 6 -hls_playlist_type vod -hls_segment_type fmp4 128.m3u8",
    "ffmpeg -nostdin -v error -y -i IN -c:a libopus -b:a 64k -f hls -hls_time 6 -hls_playlist_type vod -hls_segment_type fmp4 64.m3u8",
];

fn theirs(source: &Path, folder: &Path, line: &str) -> Result<()> {
    let (program, arguments) = line.split_once(' ').context("a program")?;
    let mut command = Command::new(program);
    command.current_dir(folder);
    for argument in arguments.split(' ') {
        if argument == "IN" {
            command.arg(source)
        } else {
            command.arg(argument)
        };
    }
    run(&mut command)
}

fn run(command: &mut Command) -> Result<()> {
    let mut child =
        command.stdout(Stdio::piped()).spawn().context("starting it (apt-get install ffmpeg libchromaprint-tools)")?;
    io::copy(&mut child.stdout.take().context("piped")?, &mut io::sink())?;
    ensure!(child.wait()?.success(), "{command:?} failed");
    Ok(())
}

fn cost(work: impl FnOnce() -> Result<()>) -> Result<Cost> {
    let (before, started) = (cpu_of_children()?, Instant::now());
    work()?;
    Ok(Cost { cpu: cpu_of_children()? - before, wall: started.elapsed().as_secs_f64() })
}

/// Seconds that the kernel has charged to children of this process that have ended (proc(5): cutime, cstime).
fn cpu_of_children() -> Result<f64> {
    /// The unit of `/proc`, on every Linux.
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = fs::read_to_string("/proc/self/stat")?;
    let (_, fields) = stat.rsplit_once(')').context("a name in brackets")?;
    let ticks = fields.split_whitespace().skip(13).take(2).map(str::parse::<u32>).sum::<Result<u32, _>>()?;
    Ok(f64::from(ticks) / TICKS_PER_SECOND)
}

fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

fn report(pairs: &[(Cost, Cost)], ratio: f64, peak_memory: u64) -> Result<()> {
    let version = Command::new("ffmpeg").arg("-version").output()?.stdout;
    let version = String::from_utf8(version)?;
    let version = version.split_whitespace().nth(2).context("a version")?;
    println!("## Audio\n");
    println!("A FLAC of {SECONDS} s (44.1 kHz, 16 bit, demo music): the chain's `render` step in its sandboxed child,");
    println!("against six runs of ffmpeg {version} and one of fpcalc that give the same: loudness with true");
    println!("peak, PCM for the waveform, the fingerprint, Opus 128 and 64 kbit/s in Ogg and in CMAF for HLS; Opus");
    println!("complexity 10 everywhere. Tempo, key and the quality report are Legato's on top.");
    println!("User and system time of whole processes, in pairs, one after the other.\n");
    println!("| pair | CPU s, Legato | theirs | ratio | wall s, Legato | theirs |\n|---|---|---|---|---|---|");
    for (number, (ours, theirs)) in (1..).zip(pairs) {
        let (each, wall) = (ours.cpu / theirs.cpu, ours.wall);
        println!("| {number} | {:.2} | {:.2} | {each:.2} | {wall:.2} | {:.2} |", ours.cpu, theirs.cpu, theirs.wall);
    }
    let (peak, limit) = (mebibytes(peak_memory), mebibytes(MAX_MEMORY));
    println!("\n**Median ratio {ratio:.2}** (the limit is {MAX_RATIO}).");
    println!("Peak memory of the child (`VmHWM`): {peak:.1} MiB (the limit is {limit}).");
    Ok(())
}

fn mebibytes(bytes: u64) -> f64 {
    f64::from(u32::try_from(bytes >> 10).unwrap_or(u32::MAX)) / 1024.0
}
