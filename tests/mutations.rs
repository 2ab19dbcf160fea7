//! Broken files through the sandboxed child, as the server runs it: a few in every run of the tests, ten thousand by
//! `bin/fuzz mutate`. Whatever a file is, it ends in a result or in a refusal; it never crashes the child, never runs
//! into a limit, and nothing appears beside the task's outputs.
//!
//! `LEGATO_TEST_MUTATIONS` is how many, `LEGATO_TEST_SEED` makes a run again, and files that do harm are kept in
//! `LEGATO_TEST_KEEP`.
#![expect(clippy::print_stdout, reason = "the report is for who runs it")]

// Private to the server, and depending on nothing else of it: the test compiles its own copies of the parent's half and of
// the limits. The child's half is the real binary's.
#[path = "mutations"]
mod platform {
    #[allow(dead_code, unused_imports, reason = "a test needs one half")]
    #[path = "../../src/platform/sandbox/mod.rs"]
    pub(crate) mod sandbox;
}
#[path = "mutations/corpus.rs"]
mod corpus;
#[path = "../src/artists/ingest/means.rs"]
mod means;
#[path = "mutations/mutate.rs"]
mod mutate;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::future::pending;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use means::Allowance;
use mutate::{Random, mutate};
use platform::sandbox::{Done, Failure, Program, Work, run};
use serde_json::{Value, json};

/// How many, in an ordinary run of the tests.
const FEW: u64 = 60;
const RUNGS: [&str; 3] = ["opus_64", "opus_128", "flac"];
/// The longest track that a server takes by default.
const MAX_DURATION: Duration = Duration::from_secs(4 * 3600);
/// What no child may come over.
const MAX_MEMORY: u64 = 512 << 20;

/// A variable of the environment that tells the tests something.
#[expect(clippy::disallowed_methods, reason = "settings of the tests are no settings of the server")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn number(name: &str) -> Option<u64> {
    variable(name).map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

/// What became of all files.
#[derive(Default)]
struct Report {
    outcomes: BTreeMap<String, u64>,
    slowest: (Duration, String),
    largest: (u64, String),
    harm: Vec<String>,
}

#[tokio::test(flavor = "multi_thread")]
async fn no_broken_file_does_any_harm() {
    let count = number("LEGATO_TEST_MUTATIONS").unwrap_or(FEW);
    let seed = number("LEGATO_TEST_SEED").unwrap_or(1);
    let scratch = tempfile::tempdir().expect("a folder");
    let sounds = corpus::sounds(variable("LEGATO_TEST_AUDIO"), scratch.path());
    println!("seed {seed}: {count} broken files out of {} sounds", sounds.len());
    let mut report = Report::default();
    for round in 0..count {
        let mut random = Random::new(seed.wrapping_mul(1_000_003).wrapping_add(round));
        let sound = &sounds[random.below(sounds.len())];
        let other = &sounds[random.below(sounds.len())];
        let mut bytes = sound.bytes.clone();
        let ways = mutate(&mut bytes, &other.bytes, &mut random);
        let label = format!("{seed}-{round}-{}", sound.name);
        try_one(&mut report, scratch.path(), &label, &ways, &bytes).await;
        if (round + 1) % 500 == 0 {
            println!("{} files, {} did harm", round + 1, report.harm.len());
        }
    }
    report.print();
    assert!(report.harm.is_empty(), "{:#?}", report.harm);
}

async fn try_one(report: &mut Report, scratch: &Path, label: &str, ways: &str, bytes: &[u8]) {
    let source = scratch.join("broken");
    fs::write(&source, bytes).expect("written");
    let outputs = tempfile::tempdir_in(scratch).expect("a folder");
    let started = Instant::now();
    let probed = in_child("probe", &source, outputs.path(), label).await;
    let ended = match probed {
        Ok(_) => in_child("render", &source, outputs.path(), label).await,
        failure => failure,
    };
    let wall = started.elapsed();
    let stranger = strangers(outputs.path()).map(|name| format!("an output of nobody: {name}"));
    let harm = judge(&ended, wall).or(stranger);
    report.note(label, &ended, wall);
    if let Some(what) = harm {
        report.harm.push(format!("{label} ({ways}): {what}"));
        keep(label, bytes);
    }
}

/// As `artists/ingest/sandboxed.rs` does it.
async fn in_child(task: &str, source: &Path, outputs: &Path, label: &str) -> Result<Done, Failure> {
    let source = File::open(source)?;
    let allowance = Allowance { file_bytes: source.metadata()?.len(), renditions: RUNGS.len() };
    let extension = label.rsplit_once('.').map(|(_, extension)| extension);
    let arguments = json!({ "extension": extension, "max_duration": MAX_DURATION, "ladder": RUNGS, "rungs": RUNGS });
    let work = Work { task, source, outputs, arguments, limits: allowance.limits(MAX_DURATION) };
    let earned = |value: Value| Some(allowance.earned(value["seconds"].as_u64()?));
    run(&Program::at(env!("CARGO_BIN_EXE_legato")), work, pending(), earned).await
}

/// What is wrong with an end, if anything is.
fn judge(ended: &Result<Done, Failure>, wall: Duration) -> Option<String> {
    let done = match ended {
        Ok(done) => done,
        Err(Failure::Refused(_)) if wall <= Duration::from_secs(30) => return None,
        Err(failure) => return Some(format!("{failure} after {wall:?}")),
    };
    let bound = Duration::from_secs_f64(30.0 + seconds(done) / 20.0);
    let memory = done.peak_memory_bytes.unwrap_or(0);
    (wall > bound || done.cpu_time > bound || memory > MAX_MEMORY)
        .then(|| format!("{wall:?}, {:?} of processor time, {memory} bytes", done.cpu_time))
}

/// How long the sound really was.
fn seconds(done: &Done) -> f64 {
    let analysis = &done.result["analysis"];
    analysis["frames"].as_f64().unwrap_or(0.0) / analysis["sample_rate_hz"].as_f64().unwrap_or(1.0)
}

/// Files in the folder that are no outputs of the task.
fn strangers(outputs: &Path) -> Option<String> {
    let expected = |name: &str| {
        ["fingerprint", "waveform", "cover"].contains(&name) || RUNGS.iter().any(|rung| name.starts_with(rung))
    };
    let entries = fs::read_dir(outputs).expect("the folder").flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok()).find(|name| !expected(name))
}

fn keep(label: &str, bytes: &[u8]) {
    let folder = variable("LEGATO_TEST_KEEP").map_or_else(std::env::temp_dir, PathBuf::from);
    fs::create_dir_all(&folder).expect("a folder to keep it in");
    fs::write(folder.join(label), bytes).expect("kept");
}

impl Report {
    fn note(&mut self, label: &str, ended: &Result<Done, Failure>, wall: Duration) {
        let outcome = match ended {
            Ok(_) => "taken".to_owned(),
            Err(Failure::Refused(reason)) => format!("refused: {}", reason["slug"].as_str().unwrap_or("?")),
            Err(failure) => failure.to_string().lines().next().unwrap_or_default().to_owned(),
        };
        *self.outcomes.entry(outcome).or_default() += 1;
        let memory = ended.as_ref().ok().and_then(|done| done.peak_memory_bytes).unwrap_or(0);
        if wall > self.slowest.0 {
            self.slowest = (wall, label.to_owned());
        }
        if memory > self.largest.0 {
            self.largest = (memory, label.to_owned());
        }
    }

    fn print(&self) {
        for (outcome, count) in &self.outcomes {
            println!("{count:>7}  {outcome}");
        }
        println!("slowest: {:.1} s, {}", self.slowest.0.as_secs_f64(), self.slowest.1);
        println!("largest: {} MiB, {}", self.largest.0 >> 20, self.largest.1);
        self.harm.iter().for_each(|what| println!("HARM  {what}"));
    }
}
