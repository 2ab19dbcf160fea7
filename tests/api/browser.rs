//! The web app in a real browser, on a real server: from signing up to the first listen.

use std::path::Path;
use std::time::Duration;

use tokio::process::Command;

use crate::support::{skipped, tone, variable, with_app};

const WEB: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/web");

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_up_uploads_publishes_and_listens() {
    if let Some(missing) = missing().await {
        assert!(variable("CI").is_none(), "no browser walk: {missing}");
        return skipped(&format!("no browser walk: {missing}"));
    }
    with_app(async |app| {
        let song = app.data().join("song.wav");
        std::fs::write(&song, tone(330.0, 30.0)).expect("a song");
        let walk = Command::new("node")
            .arg("e2e/first-listen.mjs")
            .current_dir(WEB)
            .env("LEGATO_URL", &app.site.base)
            .env("LEGATO_E2E_AUDIO", &song)
            .kill_on_drop(true)
            .output();
        let walk =
            tokio::time::timeout(Duration::from_secs(240), walk).await.expect("the walk ends").expect("node runs");
        let told = String::from_utf8_lossy(&walk.stdout) + String::from_utf8_lossy(&walk.stderr);
        assert!(walk.status.success(), "{told}");
    })
    .await;
}

/// What is not there for a walk.
async fn missing() -> Option<&'static str> {
    let browser = variable("CHROMIUM").unwrap_or_else(|| "/usr/bin/chromium".to_owned());
    if !Path::new(&browser).exists() {
        return Some("chromium is not installed");
    }
    if !Path::new(WEB).join("node_modules/playwright-core").exists() {
        return Some("`npm ci` was not run in web/");
    }
    match Command::new("node").arg("--version").output().await {
        Ok(version) if version.status.success() => None,
        _ => Some("node is not installed"),
    }
}
