//! `legato doctor --objects` and `--deep`.

use std::time::{Duration, SystemTime};

use super::scrub::files;
use crate::support::{App, run_doctor, with_app};

async fn doctor(app: &App, flag: &str) -> (bool, String) {
    run_doctor(app.data(), app.platform.db.url(), flag).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_well_is_said_to_be() {
    with_app(async |app| {
        app.artist("nina").await.drafts_a_single("Tides").await;
        app.settle().await;
        let (is_well, said) = doctor(app, "--objects").await;
        assert!(is_well && said.contains("objects: 7 of 0 MiB are there, compared by name and length"), "{said}");
        let (is_well, said) = doctor(app, "--deep").await;
        assert!(is_well && said.contains("objects: 7 of 0 MiB are there, each read and compared"), "{said}");
        assert!(said.contains("All is well"), "{said}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_difference_is_told() {
    with_app(async |app| {
        app.artist("nina").await.drafts_a_single("Tides").await;
        app.settle().await;
        let curated = files(app, "curated");
        let (lost, short, changed) = (&curated[0], &curated[1], &curated[2]);
        let key = |file: &std::path::Path| {
            file.strip_prefix(app.data().join("objects")).expect("an object").display().to_string()
        };
        std::fs::remove_file(lost).expect("lost");
        std::fs::write(short, "short").expect("cut off");
        let mut bytes = std::fs::read(changed).expect("a rendition");
        bytes[7] ^= 1;
        std::fs::write(changed, bytes).expect("changed");
        for name in ["raw/aa/unknown", "quarantine/stray"] {
            let file = app.data().join("objects").join(name);
            std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
            std::fs::write(&file, "unknown").expect("written");
            let since = SystemTime::UNIX_EPOCH + SystemTime::UNIX_EPOCH.elapsed().expect("a clock");
            let since = since - Duration::from_secs(5 * 3600 + 60);
            std::fs::File::open(&file).and_then(|file| file.set_modified(since)).expect("set");
        }
        let (is_well, said) = doctor(app, "--objects").await;
        let told = |line: String| assert!(said.contains(&line), "no “{line}” in {said}");
        assert!(!is_well, "{said}");
        told(format!("missing   {}", key(lost)));
        told(format!("damaged   {}: 5 bytes, not", key(short)));
        told("unknown   raw/aa/unknown: 7 bytes, 5 h old".to_owned());
        told("unknown   quarantine/stray: 7 bytes, 5 h old".to_owned());
        told("1 are missing and 1 damaged".to_owned());
        assert!(!said.contains(&key(changed)), "only reading finds it: {said}");
        let (is_well, said) = doctor(app, "--deep").await;
        assert!(!is_well && said.contains(&format!("damaged   {}\n", key(changed))), "{said}");
        assert!(said.contains("1 are missing and 2 damaged"), "{said}");
    })
    .await;
}
