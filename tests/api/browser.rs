//! The web app in a real browser, on a real server: from signing up to the first listen, and an account's whole life.

use std::ffi::OsStr;
use std::path::Path;
use std::time::Duration;

use serde_json::json;
use tokio::process::Command;
use tokio::sync::Semaphore;

use crate::support::{Person, localhost, password, skipped, tone, variable, wav_at, with_app, with_settings};

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
async fn an_owner_and_a_guest_see_to_an_artist_and_its_people() {
    if nothing_to_walk_with().await {
        return;
    }
    with_app(async |app| walk("people", &[("LEGATO_URL", app.site.base.as_ref())]).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_artist_says_what_listeners_read_and_others_have_a_share_in_it() {
    if nothing_to_walk_with().await {
        return;
    }
    with_app(async |app| {
        let song = app.data().join("song.wav");
        std::fs::write(&song, tone(330.0, 12.0)).expect("a song");
        walk("studio", &[("LEGATO_URL", app.site.base.as_ref()), ("LEGATO_E2E_AUDIO", song.as_os_str())]).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_puts_a_playlist_together() {
    if nothing_to_walk_with().await {
        return;
    }
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let release = nina.creates_release("Tides").await;
        for title in ["One", "Two"] {
            let track = nina.uploads(&release, &format!("{title}.wav"), tone(330.0, 12.0)).await;
            nina.waits_until_ready(&track).await;
        }
        nina.publishes(&release).await;
        let hers =
            nina.post("/playlists", json!({ "title": "Of Nina's", "visibility": "public" })).await.is(201).json();
        let settings = [
            ("LEGATO_URL", app.site.base.clone()),
            ("LEGATO_E2E_RELEASE", release),
            ("LEGATO_E2E_PLAYLIST", hers["id"].as_str().expect("an id").to_owned()),
            ("LEGATO_E2E_LOGIN", format!("{}:{}", ada.handle, password(&ada.handle))),
        ];
        walk("playlists", &settings.each_ref().map(|(name, value)| (*name, value.as_ref()))).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_listeners_hear_the_same_at_the_same_moment() {
    if nothing_to_walk_with().await {
        return;
    }
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        let release = nina.creates_release("Tides").await;
        for title in ["One", "Two"] {
            let track = nina.uploads(&release, &format!("{title}.wav"), tone(330.0, 120.0)).await;
            nina.waits_until_ready(&track).await;
        }
        nina.publishes(&release).await;
        let login = |person: &Person<'_>| format!("{}:{}", person.handle, password(&person.handle));
        let settings = [
            ("LEGATO_URL", app.site.base.clone()),
            ("LEGATO_E2E_RELEASE", release),
            ("LEGATO_E2E_LOGIN", login(&ada)),
            ("LEGATO_E2E_GUEST", login(&ben)),
        ];
        walk("rooms", &settings.each_ref().map(|(name, value)| (*name, value.as_ref()))).await;
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

/// A piece that the walks `seam` and `gapless` compute too, from one frame to another, as a WAV file of 48 kHz.
fn piece(frames: std::ops::Range<u32>) -> Vec<u8> {
    let sample = |frame: u32| {
        let t = f64::from(frame) / 48_000.0;
        let turns = [220.0 * t, 300.0 * t + 40.0 * t * t, 1_733.0 * t + (4.0 * t).sin()];
        let sum: f64 = turns.iter().map(|turn| (std::f64::consts::TAU * turn).sin()).sum();
        (0.2 * sum * 32_767.0).round() as i16
    };
    wav_at(48_000, frames.map(sample))
}

#[tokio::test(flavor = "multi_thread")]
async fn tracks_of_one_piece_play_without_a_seam() {
    if nothing_to_walk_with().await {
        return;
    }
    // In the middle of a packet of Opus and of a frame of FLAC.
    const SEAM: u32 = 48 * 5_003;
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let mut masters = Vec::new();
        for part in [0..SEAM, SEAM..SEAM + 48 * 4_000] {
            let track = nina.uploads(&release, "part.wav", piece(part)).await;
            nina.waits_until_ready(&track).await;
            let play = nina.plays(&track).await;
            masters.push(format!("{}{}", app.site.base, play["hls"]["url"].as_str().expect("segments")));
        }
        let settings = [
            ("LEGATO_URL", app.site.base.as_ref()),
            ("LEGATO_E2E_FIRST", masters[0].as_ref()),
            ("LEGATO_E2E_SECOND", masters[1].as_ref()),
            ("LEGATO_E2E_SEAM_MS", "5003".as_ref()),
        ];
        walk("seam", &settings).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_web_player_plays_a_release_as_one_piece() {
    if nothing_to_walk_with().await {
        return;
    }
    // No whole number of milliseconds, of microseconds, of packets or of frames.
    const SEAM: u32 = 240_147;
    const SECOND: u32 = SEAM + 48 * 8_000;
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        for (title, part) in [("One", 0..SEAM), ("Two", SEAM..SECOND), ("Three", SECOND..SECOND + 48 * 4_000)] {
            let track = nina.uploads(&release, &format!("{title}.wav"), piece(part)).await;
            nina.waits_until_ready(&track).await;
            nina.patch(&format!("/tracks/{track}"), json!({ "title": title })).await.is(200);
        }
        nina.publishes(&release).await;
        let settings = [
            ("LEGATO_URL", app.site.base.clone()),
            ("LEGATO_E2E_RELEASE", release),
            ("LEGATO_E2E_SEAM", SEAM.to_string()),
        ];
        walk("gapless", &settings.each_ref().map(|(name, value)| (*name, value.as_ref()))).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_boxes_of_segments_are_sound_to_a_reader_of_others() {
    if nothing_to_walk_with().await {
        return;
    }
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let track = nina.uploads(&release, "tides.wav", tone(330.0, 15.123)).await;
        nina.waits_until_ready(&track).await;
        let play = nina.plays(&track).await;
        let master = format!("{}{}", app.site.base, play["hls"]["url"].as_str().expect("segments"));
        walk("boxes", &[("LEGATO_E2E_HLS", master.as_ref()), ("LEGATO_E2E_SECONDS", "15.123".as_ref())]).await;
    })
    .await;
}

/// Browsers at the same time: each of them is as busy as all other tests together.
static BROWSERS: Semaphore = Semaphore::const_new(AT_ONCE as usize);
const AT_ONCE: u32 = 2;

/// Runs a walk of `web/e2e`, and fails with what it told.
pub(crate) async fn walk(name: &str, settings: &[(&str, &OsStr)]) {
    // How far two listeners are apart says something where nobody else keeps the machine from them.
    let turns = if name == "rooms" { AT_ONCE } else { 1 };
    let _turns = BROWSERS.acquire_many(turns).await.expect("it stays open");
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
