//! Show a track.

use serde_json::json;

use crate::support::{silence, tone, wav_part, with_app};

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

#[tokio::test(flavor = "multi_thread")]
async fn where_else_it_is_its_members_see_in_the_track() {
    with_app(async |app| {
        let (nina, otto) = (app.artist("nina").await, app.artist("otto").await);
        let (single, album) = (nina.creates_release("Tides").await, nina.creates_release("More tides").await);
        let wav = |gain| wav_part(&super::list_same_recordings::piece(0), 0.0, 30.0, gain);
        let first = nina.uploads(&single, "Ebb.wav", wav(1.0)).await;
        let twin = nina.uploads(&album, "Twin.wav", wav(1.0)).await;
        let softer = nina.uploads(&album, "Softer.wav", wav(0.8)).await;
        let others = otto.creates_release("Sand").await;
        let foreign = otto.uploads(&others, "Sand.wav", wav(0.9)).await;
        for track in [&first, &twin, &softer] {
            nina.waits_until_ready(track).await;
        }
        otto.waits_until_ready(&foreign).await;
        let path = format!("/tracks/{first}");
        let seen = nina.get(&path).await.is(200);
        let found = seen.json()["duplicates"].clone();
        let file = json!([{ "track_id": twin, "title": "Twin", "release_id": album, "release_title": "More tides" }]);
        assert_eq!(found["same_files"], file);
        let recordings = found["same_recordings"].as_array().expect("a list");
        assert_eq!(recordings.iter().map(|same| &same["track_id"]).collect::<Vec<_>>(), [&json!(softer)]);
        // Of another's draft nothing is told, and of what is published only that it is there.
        assert_eq!(found["elsewhere"], false);
        let line = |kind: &'static str| {
            let nina = &nina;
            let path = format!("/releases/{single}/checklist");
            async move {
                let list = nina.get(&path).await.is(200).json();
                let items = list["items"].as_array().expect("items").clone();
                items.into_iter().find(|item| item["kind"] == kind)
            }
        };
        let told = line("same_file").await.expect("a line");
        assert_eq!((&told["weight"], &told["track_id"]), (&json!("advised"), &json!(first)));
        assert_eq!(told["message"], "“Twin” on “More tides” was made of the very same file.");
        assert!(line("same_recording").await.is_some() && line("recording_elsewhere").await.is_none());
        otto.publishes(&others).await;
        nina.publishes(&single).await;
        let now = nina.get(&path).await.is(200);
        assert_eq!(now.json()["duplicates"]["elsewhere"], true);
        assert!(!now.text().contains(&foreign) && !now.text().contains("Sand"));
        assert!(line("recording_elsewhere").await.is_some());
        // What others do keeps nobody from editing what they saw, and is no news of the track to anybody else.
        let edit = nina.request(reqwest::Method::PATCH, &path).header("if-match", now.header("etag"));
        otto.delete(&format!("/releases/{others}/publication")).await;
        assert_eq!(nina.get(&path).await.json()["duplicates"]["elsewhere"], false);
        crate::support::send(edit.json(&json!({ "title": "Ebb tide" }))).await.is(200);
        assert_eq!(app.stranger().get(&path).await.is(200).json()["duplicates"], json!(null));
    })
    .await;
}
