//! What happens when a file takes over the code that reads it: a stand-in for such a file makes the child try what an
//! exploit would. Each try fails, and costs one rejected track.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{App, becomes_true, tone, with_settings};

/// What a stand-in tries, by the self-test that does it; with which argument; and the reason that the artist is told.
const TRIES: [(&str, &str, &str); 10] = [
    ("open", "null", "harmful"),
    ("list", "null", "harmful"),
    ("socket", "null", "harmful"),
    ("exec", "null", "harmful"),
    ("fork", "null", "harmful"),
    ("signal", "null", "harmful"),
    ("allocate", "2048", "too_large_inside"),
    ("flood", "null", "endless"),
    ("babble", "null", "harmful"),
    ("abort", "null", "breaks_reader"),
];

/// A program in front of the real one: an upload that begins with `exploit:NAME:ARGUMENT:` makes the child do that
/// self-test in place of its task, under the limits of the task, and with the task's order.
fn possessed(folder: &Path) -> PathBuf {
    let real = env!("CARGO_BIN_EXE_legato");
    let script = format!(
        r#"#!/bin/sh
IFS=: read -r word name argument rest <<END
$(head -c 64 | tr -cd 'a-z0-9:\n')
END
if [ "$word" = exploit ]; then
  exec {real} sandbox "selftest-$name" "${{3%%,\"arguments\":*}},\"arguments\":$argument}}"
fi
exec {real} "$@"
"#
    );
    program(folder, "possessed", &script)
}

fn program(folder: &Path, name: &str, script: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, script).expect("a program");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("that may be run");
    path
}

/// A server whose children can be taken over by uploads.
async fn with_exploits(test: impl AsyncFnOnce(&App)) {
    let folder = TempDir::new().expect("a folder");
    let program = possessed(folder.path());
    let program = program.to_str().expect("a plain path");
    with_settings(&[("sandbox_program", program), ("ingest_workers", "3")], test).await;
}

fn exploit(name: &str, argument: &str) -> Vec<u8> {
    let mut file = format!("exploit:{name}:{argument}:\n").into_bytes();
    file.resize(4096, b'.');
    file
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exploit_costs_one_rejected_track_and_nobody_else_anything() {
    with_exploits(async |app| {
        let (nina, olaf) = (app.artist("nina").await, app.artist("olaf").await);
        let (tried, music) = (nina.creates_release("Break").await, olaf.creates_release("Music").await);
        let (mut bad, mut good) = (Vec::new(), Vec::new());
        for (number, (name, argument, reason)) in TRIES.iter().enumerate() {
            bad.push((name, reason, nina.uploads(&tried, "song.wav", exploit(name, argument)).await));
            good.push(olaf.uploads(&music, "tune.wav", tone(200.0 + number as f64, 0.3)).await);
        }
        for (name, reason, track) in bad {
            assert_rejected(name, reason, &nina.waits_for(&track).await);
        }
        for track in good {
            let track = olaf.waits_until_ready(&track).await;
            assert!(attempts(&track).iter().all(|attempt| *attempt == 1), "{track:#}");
        }
        app.settle().await;
        assert_eq!(app.stored("quarantine").len(), TRIES.len());
        for zone in ["landing", "staging"] {
            assert!(app.stored(zone).is_empty(), "{zone}: {:?}", app.stored(zone));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loop_without_end_is_cut_off() {
    with_exploits(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Break").await;
        let endless = nina.uploads(&release, "song.wav", exploit("spin", "null")).await;
        let music = nina.uploads(&release, "tune.wav", tone(440.0, 0.3)).await;
        nina.waits_until_ready(&music).await;
        let path = format!("/tracks/{endless}");
        // Half a minute of processor time, which a busy machine gives slowly.
        let rejected = async || nina.get(&path).await.json()["state"] == "rejected";
        assert!(becomes_true(Duration::from_secs(300), rejected).await);
        assert_rejected("spin", "too_costly", &nina.get(&path).await.json());
    })
    .await;
}

/// A program that notes how it is called, before it is the real one.
fn noting(folder: &Path) -> PathBuf {
    let (real, notes) = (env!("CARGO_BIN_EXE_legato"), folder.join("notes"));
    let script = format!("#!/bin/sh\nprintf '%s\\n' \"$@\" >> {}\nexec {real} \"$@\"\n", notes.display());
    program(folder, "noting", &script)
}

/// Case I5: what an artist says of a file reaches the child as an ending of letters, or not at all.
#[tokio::test(flavor = "multi_thread")]
async fn no_word_of_an_upload_reaches_a_command_line() {
    let folder = TempDir::new().expect("a folder");
    let program = noting(folder.path());
    with_settings(&[("sandbox_program", program.to_str().expect("a plain path"))], async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("mp3 -i /etc/passwd").await;
        for name in ["-y$(id).wav", "a.wav;id", "tune.w$v", "tune.-i", "tune.wav\u{202e}", "passwd -i /etc/passwd"] {
            let track = nina.uploads(&release, name, tone(440.0, 0.2)).await;
            nina.waits_until_ready(&track).await;
        }
    })
    .await;
    let notes = std::fs::read_to_string(folder.path().join("notes")).expect("it was called");
    let mut extensions = Vec::new();
    for (number, word) in notes.lines().enumerate() {
        match number % 3 {
            0 => assert_eq!(word, "sandbox"),
            1 => assert!(["probe", "render"].contains(&word), "{word}"),
            _ => {
                let order: Value = serde_json::from_str(word).expect("an order");
                extensions.push(order["arguments"]["extension"].clone());
            }
        }
        assert!(!["passwd", "$", ";", "`"].iter().any(|part| word.contains(part)), "{word}");
    }
    assert_eq!(extensions.len(), 12);
    assert!(extensions.iter().all(|extension| extension.is_null() || extension == "wav"), "{extensions:?}");
}

fn assert_rejected(name: &str, reason: &str, track: &Value) {
    assert_eq!((&track["state"], &track["problem"]["slug"]), (&"rejected".into(), &reason.into()), "{name}: {track:#}");
    let message = track["problem"]["message"].as_str().unwrap_or_default();
    assert!(message.ends_with("Please export it again, as WAV or FLAC, and upload that."), "{name}: {message}");
    assert_eq!(attempts(track)[0], 1, "{name} was tried once");
    assert_eq!(track["stages"][1]["state"], "waiting", "{name}: {track:#}");
}

fn attempts(track: &Value) -> Vec<u64> {
    let stages = track["stages"].as_array().expect("stages");
    stages.iter().map(|stage| stage["attempt"].as_u64().unwrap_or_default()).collect()
}
