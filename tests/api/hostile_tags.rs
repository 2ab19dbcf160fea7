//! Tags that hold scripts (case I2): they come through as the text that they are, and no page of the web app runs them.

use std::path::Path;
use std::process::Command;

use serde_json::json;

use crate::browser::{nothing_to_walk_with, walk};
use crate::support::{App, Person, password, skipped, tone, with_settings};

/// What people try.
const SCRIPTS: [&str; 30] = [
    "<script>alert(1)</script>",
    "<ScRiPt>alert(2)</sCrIpT>",
    "\"><script>alert(3)</script>",
    "'><script>alert(4)</script>",
    "</title><script>alert(5)</script>",
    "</textarea><script>alert(6)</script>",
    "</script><script>alert(7)</script>",
    "<img src=x onerror=alert(8)>",
    "\"><img src=x onerror=alert(9)>",
    "<img src=javascript:alert(10)>",
    "<svg onload=alert(11)>",
    "<svg><script>alert(12)</script></svg>",
    "<svg/onload=alert`13`>",
    "<body onload=alert(14)>",
    "<iframe src=javascript:alert(15)></iframe>",
    "<iframe srcdoc='<script>parent.alert(16)</script>'></iframe>",
    "<a href=javascript:alert(17)>song</a>",
    "javascript:alert(18)",
    "data:text/html,<script>alert(19)</script>",
    "<object data=javascript:alert(20)></object>",
    "<embed src=javascript:alert(21)>",
    "<details open ontoggle=alert(22)>",
    "<input autofocus onfocus=alert(23)>",
    "<video><source onerror=alert(24)></video>",
    "<marquee onstart=alert(25)>song</marquee>",
    "<math><mtext><script>alert(26)</script></mtext></math>",
    "{{constructor.constructor('alert(27)')()}}",
    "${alert(28)}",
    "&lt;script&gt;alert(29)&lt;/script&gt;",
    "\" onmouseover=\"alert(30)",
];

/// Each kind of tag, by the ending of a file and what ffmpeg is told to write it.
const FORMS: [(&str, &[&str]); 5] = [
    ("mp3", &["-id3v2_version", "3"]),
    ("flac", &[]),
    ("ogg", &["-c:a", "libvorbis"]),
    ("m4a", &["-c:a", "aac"]),
    ("opus", &["-c:a", "libopus"]),
];
const FIELDS: [&str; 14] = [
    "title",
    "artist",
    "album",
    "album_artist",
    "composer",
    "genre",
    "comment",
    "lyrics",
    "description",
    "copyright",
    "publisher",
    "encoded_by",
    "performer",
    "language",
];

#[tokio::test(flavor = "multi_thread")]
async fn tags_that_hold_scripts_are_text_on_every_page() {
    with_settings(&[("ingest_workers", "2")], async |app| {
        let Some(files) = files(app.data()) else { return skipped("ffmpeg is not installed") };
        let nina = app.listener("nina").await;
        let release = release(&nina).await;
        let mut tracks = Vec::new();
        for (name, bytes) in files {
            tracks.push((
                name.clone(),
                nina.uploads(&release, &format!("<img src=x onerror=alert(0)>.{name}"), bytes).await,
            ));
        }
        for (script, (name, track)) in SCRIPTS.iter().zip(tracks) {
            let track = nina.waits_until_ready(&track).await;
            assert_eq!(track["suggestions"]["title"], *script, "{name}");
        }
        app.settle().await;
        if !nothing_to_walk_with().await {
            visit_every_page(app, &release).await;
        }
    })
    .await;
}

async fn visit_every_page(app: &App, release: &str) {
    let login = format!("nina:{}", password("nina"));
    let settings =
        [("LEGATO_URL", app.site.base.as_str()), ("LEGATO_E2E_LOGIN", &login), ("LEGATO_E2E_RELEASE", release)];
    walk("hostile-tags", &settings.map(|(name, value)| (name, value.as_ref()))).await;
}

/// A draft that is named by a script, like its artist, whom the person follows.
async fn release(nina: &Person<'_>) -> String {
    let artist = nina.creates_artist(SCRIPTS[0]).await;
    nina.follows(&artist).await;
    let release = json!({ "title": SCRIPTS[7], "kind": "album" });
    let release = nina.post(&format!("/artists/{artist}/releases"), release).await.is(201).json();
    release["id"].as_str().expect("an id").to_owned()
}

/// A file for each script, with it in every field that the format has. `None`: ffmpeg is not there.
fn files(folder: &Path) -> Option<Vec<(String, Vec<u8>)>> {
    let sound = folder.join("tone.wav");
    std::fs::write(&sound, tone(330.0, 1.0)).expect("a sound");
    let make = |(number, script): (usize, &&str)| {
        let (ending, options) = FORMS[number % FORMS.len()];
        let path = folder.join(format!("{number}.{ending}"));
        let mut ffmpeg = Command::new("ffmpeg");
        ffmpeg.args(["-nostdin", "-v", "error", "-y", "-i"]).arg(&sound).args(options);
        for field in FIELDS {
            ffmpeg.args(["-metadata", &format!("{field}={script}")]);
        }
        ffmpeg.arg(&path).status().ok().filter(std::process::ExitStatus::success)?;
        Some((format!("{number}.{ending}"), std::fs::read(path).ok()?))
    };
    SCRIPTS.iter().enumerate().map(make).collect()
}
