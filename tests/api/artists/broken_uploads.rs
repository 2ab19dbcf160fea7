//! Broken files as uploads to a server of its own process: a few in every run of the tests, hundreds by `bin/fuzz mutate`.

use std::collections::BTreeMap;

use rustix::process::Signal;
use serde_json::Value;

use self::mutate::{Random, mutate};
use crate::support::{Legato, Person, tone, variable};

#[path = "../../mutations/corpus.rs"]
mod corpus;
#[path = "../../mutations/mutate.rs"]
mod mutate;

/// How many, in an ordinary run of the tests.
const FEW: u64 = 12;
/// A release holds 200 tracks.
const OF_A_RELEASE: u64 = 150;

/// Reasons that no file may give us: each was a limit, a crash, or four attempts.
const HARM: [&str; 6] = ["processing_failed", "too_costly", "too_large_inside", "endless", "harmful", "breaks_reader"];

fn number(name: &str) -> Option<u64> {
    variable(name).map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_uploads_are_refused_or_taken_and_the_server_goes_on() {
    let count = number("LEGATO_TEST_BROKEN_UPLOADS").unwrap_or(FEW);
    let seed = number("LEGATO_TEST_SEED").unwrap_or(1);
    let home = tempfile::tempdir().expect("a folder");
    let (mut legato, site) = Legato::serve(&home.path().join("data"), &["--ingest-workers", "2"]).await;
    let process = legato.process();
    assert!(process.is_some());
    let nina = site.artist("nina").await;
    let mut outcomes = BTreeMap::<String, u64>::new();
    for first in (0..count).step_by(OF_A_RELEASE as usize) {
        let rounds = first..count.min(first + OF_A_RELEASE);
        for (label, track) in upload(&nina, seed, rounds).await {
            *outcomes.entry(outcome(&label, &nina.waits_for(&track).await)).or_default() += 1;
        }
    }
    assert_eq!(legato.process(), process, "{}", legato.logged());
    let release = nina.creates_release("Sound").await;
    let sound = nina.uploads(&release, "sound.wav", tone(440.0, 0.5)).await;
    nina.waits_until_ready(&sound).await;
    legato.signal(Signal::TERM);
    assert_eq!(legato.ends().await.code(), Some(0));
    tell(seed, &outcomes);
}

/// Uploads broken files; by their labels, the tracks that they became.
async fn upload(nina: &Person<'_>, seed: u64, rounds: std::ops::Range<u64>) -> Vec<(String, String)> {
    let scratch = tempfile::tempdir().expect("a folder");
    let sounds = corpus::sounds(variable("LEGATO_TEST_AUDIO"), scratch.path());
    let release = nina.creates_release("Broken").await;
    let mut tracks = Vec::new();
    for round in rounds {
        // Other ones than those of `tests/mutations.rs`.
        let mut random = Random::new(!seed.wrapping_mul(1_000_003).wrapping_add(round));
        let sound = &sounds[random.below(sounds.len())];
        let other = &sounds[random.below(sounds.len())];
        let mut bytes = sound.bytes.clone();
        let ways = mutate(&mut bytes, &other.bytes, &mut random);
        let track = nina.uploads(&release, &sound.name, bytes).await;
        tracks.push((format!("{seed}-{round}-{} ({ways})", sound.name), track));
    }
    tracks
}

fn outcome(label: &str, track: &Value) -> String {
    let Some(slug) = track["problem"]["slug"].as_str() else { return "taken".to_owned() };
    assert!(!HARM.contains(&slug), "{label}: {track:#}");
    format!("refused: {slug}")
}

#[expect(clippy::print_stdout, reason = "the report is for who runs it")]
fn tell(seed: u64, outcomes: &BTreeMap<String, u64>) {
    println!("uploads, seed {seed}");
    outcomes.iter().for_each(|(outcome, count)| println!("{count:>7}  {outcome}"));
}
