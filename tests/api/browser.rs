//! The web app in a real browser, on a real server: from signing up to the first listen, and an account's whole life.

use std::ffi::OsStr;
use std::path::Path;
use std::time::Duration;

use serde_json::json;
use tokio::process::Command;

use crate::support::{localhost, password, skipped, tone, variable, with_app, with_settings};

const WEB: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/web");

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_up_uploads_publishes_and_listens() {
    if nothing_to_walk_with().await {
        return;
    }
    with_app(async |app| {
        let song = app.data().join("song.wav");
        std::fs::write(&song, tone(330.0, 30.0)).expect("a song");
        walk("first-listen", &[("LEGATO_URL", app.site.base.as_ref()), ("LEGATO_E2E_AUDIO", song.as_os_str())]).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_opens_secures_exports_and_closes_an_account() {
    if nothing_to_walk_with().await {
        return;
    }
    with_settings(&[("email_confirmation", "true")], async |app| {
        let admin = "caretaker";
        let address = format!("{admin}@example.org");
        let account = json!({ "handle": admin, "email": address, "password": password(admin) });
        app.site.stranger().post("/accounts", account).await.is(202);
        let code = app.letter_to(&address, "").await.code();
        app.site.stranger().put(&format!("/registrations/{code}"), json!({})).await.is(201);
        app.execute(&format!("update accounts.accounts set role = 'admin' where handle = '{admin}'")).await;
        let settings = [
            ("LEGATO_URL", localhost(app).base),
            ("LEGATO_E2E_MAIL", app.data().join("mail").to_str().expect("a plain path").to_owned()),
            ("LEGATO_E2E_ADMIN", format!("{admin}:{}", password(admin))),
        ];
        walk("accounts", &settings.each_ref().map(|(name, value)| (*name, value.as_ref()))).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn players_of_others_play_segments_to_the_last_sample() {
    if nothing_to_walk_with().await {
        return;
    }
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let track = nina.uploads(&release, "tides.wav", tone(330.0, 15.123)).await;
        nina.waits_until_ready(&track).await;
        let play = nina.plays(&track).await;
        let url = |kind: &str| format!("{}{}", app.site.base, play[kind]["url"].as_str().expect("segments"));
        let settings = [
            ("LEGATO_URL", app.site.base.clone()),
            ("LEGATO_E2E_HLS", url("hls")),
            ("LEGATO_E2E_DASH", url("dash")),
            ("LEGATO_E2E_SECONDS", "15.123".to_owned()),
        ];
        walk("players", &settings.each_ref().map(|(name, value)| (*name, value.as_ref()))).await;
    })
    .await;
}

/// Runs a walk of `web/e2e`, and fails with what it told.
pub(crate) async fn walk(name: &str, settings: &[(&str, &OsStr)]) {
    let walk = Command::new("node")
        .arg(format!("e2e/{name}.mjs"))
        .current_dir(WEB)
        .envs(settings.iter().copied())
        .kill_on_drop(true)
        .output();
    let walk = tokio::time::timeout(Duration::from_secs(240), walk).await.expect("the walk ends").expect("node runs");
    let told = String::from_utf8_lossy(&walk.stdout) + String::from_utf8_lossy(&walk.stderr);
    assert!(walk.status.success(), "{told}");
}

/// Says so where there is none; in CI there must be.
pub(crate) async fn nothing_to_walk_with() -> bool {
    let Some(missing) = missing().await else { return false };
    assert!(variable("CI").is_none(), "no browser walk: {missing}");
    skipped(&format!("no browser walk: {missing}"));
    true
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
