//! Show a track.

use serde_json::json;

use crate::support::{silence, tone, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn a_ready_track_tells_what_was_found_in_it() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.drafts_a_single("Tides").await;
        let track = nina.get(&format!("/tracks/{}", single.track)).await.is(200).json();
        assert_eq!((&track["state"], &track["duration_ms"]), (&json!("ready"), &json!(1000)));
        let analysis = &track["analysis"];
        assert_eq!((&analysis["frames"], &analysis["sample_rate_hz"]), (&json!(48_000), &json!(48_000)));
        assert_eq!(analysis["channels"], 2);
        // A sine of −6 dBFS on two channels: −6.02 LUFS − 0.691 + 10·log10(2)·… ≈ −6.0, its peak −6.0 dBTP.
        let loudness = analysis["integrated_loudness_lufs"].as_f64().expect("a loudness");
        let peak = analysis["true_peak_dbtp"].as_f64().expect("a peak");
        assert!((-7.5..-5.0).contains(&loudness) && (-6.3..-5.7).contains(&peak), "{analysis}");
        let stages: Vec<_> =
            track["stages"].as_array().expect("stages").iter().map(|s| (&s["name"], &s["state"])).collect();
        let done = json!("done");
        assert_eq!(stages, [(&json!("probe"), &done), (&json!("render"), &done), (&json!("package"), &done)]);
        assert_eq!(track["renditions"].as_array().map(Vec::len), Some(6), "{track:#}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_has_no_loudness() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("4′33″").await;
        let track = nina.uploads(&release, "silence.wav", silence(2.0)).await;
        let track = nina.waits_until_ready(&track).await;
        assert_eq!(track["analysis"]["integrated_loudness_lufs"], json!(null));
        let play = nina.plays(track["id"].as_str().unwrap_or_default()).await;
        assert_eq!(play["stream"]["gain_db"], 0.0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_of_a_file_is_only_a_first_title() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        for (filename, title) in [
            ("../../../etc/passwd.wav", "passwd"),
            ("C:\\Music\\03_Slow_Train.wav", "03 Slow Train"),
            ("北の山.wav", "北の山"),
            ("<script>alert(1)</script>.wav", "script>"),
            (".wav", "Untitled"),
        ] {
            let track = nina.uploads(&release, filename, tone(440.0, 0.2)).await;
            let seen = nina.get(&format!("/tracks/{track}")).await.is(200).json();
            assert_eq!(seen["title"], title, "{filename}");
        }
    })
    .await;
}
