//! `legato reprocess`: many tracks once more, in the background.

use std::path::PathBuf;

use super::reprocess_track::AGE;
use crate::support::{App, run_legato, tone, with_app};

/// The settings of a server of these tests, for commands beside it.
pub(crate) fn settings_of(app: &App) -> PathBuf {
    let file = app.data().join("legato.toml");
    let program = env!("CARGO_BIN_EXE_legato");
    let url = app.platform.db.url();
    std::fs::write(&file, format!("database_url = '{url}'\nsandbox_program = '{program}'\n")).expect("written");
    file
}

/// What a command has to say, which must succeed.
pub(crate) async fn command(app: &App, arguments: &[&str], input: &str) -> String {
    let file = settings_of(app);
    let config = ["--config", file.to_str().expect("a plain path")];
    let output = run_legato(app.data(), &[arguments, &config].concat(), input).await;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{arguments:?}: {said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

const OLD: &str = "select name as line from artists.renditions where recipe is null and superseded_at is null";
const CURRENT: &str = "select id::text as line from artists.renditions where superseded_at is null order by id";

#[tokio::test(flavor = "multi_thread")]
async fn what_an_earlier_engine_made_is_made_anew_once() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        for hz in [220.0, 330.0, 440.0] {
            let track = nina.uploads(&release, "tone.wav", tone(hz, 1.0)).await;
            nina.waits_until_ready(&track).await;
        }
        assert!(command(app, &["reprocess", "--wait"], "").await.contains("0 tracks to be processed once more"));
        app.execute(AGE).await;
        let said = command(app, &["reprocess", "--artist", "nina"], "").await;
        assert!(said.contains("3 tracks to be processed once more; 0 were so before."), "{said}");
        let said = command(app, &["reprocess", "--wait"], "").await;
        assert!(said.contains("0 tracks to be processed") || said.contains("under way"), "nothing twice: {said}");
        app.settle().await;
        assert!(app.lines(OLD).await.is_empty(), "{:?}", app.lines(OLD).await);
        assert_eq!(app.lines(CURRENT).await.len(), 18);
        assert!(command(app, &["reprocess"], "").await.contains("0 tracks to be processed once more"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_of_it_is_made_again_when_that_is_asked_for() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let release = nina.creates_release("Letters").await;
        let letter = nina.uploads(&release, "letter.wav", "Dear Sir or Madam").await;
        nina.waits_for(&letter).await;
        app.settle().await;
        let before = app.lines(CURRENT).await;
        let said = command(app, &["reprocess", "--all", "--wait"], "").await;
        assert!(said.contains("2 tracks to be processed once more") && said.contains("of which 1 failed"), "{said}");
        app.settle().await;
        let after = app.lines(CURRENT).await;
        assert!(after.len() == 6 && after.iter().all(|id| !before.contains(id)), "{after:?}");
        assert_eq!(nina.get(&format!("/tracks/{letter}")).await.json()["state"], "rejected");
        assert_eq!((app.stored("raw").len(), app.stored("quarantine").len(), app.stored("curated").len()), (1, 1, 6));
        let one = command(app, &["reprocess", "--track", &single.track, "--from", "render", "--wait"], "").await;
        assert!(one.contains("Done: 1 track, of which 0 failed."), "{one}");
        assert_eq!(app.lines(CURRENT).await, after);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_asked_of_what_is_not_there() {
    with_app(async |app| {
        let file = settings_of(app);
        for wrong in [["--artist", "nobody"], ["--track", "0199aaaa-0000-7000-8000-000000000000"], ["--track", "x"]] {
            let config = ["reprocess", "--config", file.to_str().expect("a plain path")];
            let output = run_legato(app.data(), &[&config[..], &wrong[..]].concat(), "").await;
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(!output.status.success() && said.contains(wrong[0]), "{said}");
        }
    })
    .await;
}
