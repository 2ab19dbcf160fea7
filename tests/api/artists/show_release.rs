//! Show a release.

use serde_json::json;

use crate::support::{tone, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn a_release_lists_its_tracks_in_order_with_their_length() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        for (name, seconds) in [("Ebb", 0.5), ("Flow", 1.5)] {
            let track = nina.uploads(&release, &format!("{name}.wav"), tone(440.0, seconds)).await;
            nina.waits_until_ready(&track).await;
        }
        nina.publishes(&release).await;
        let seen = app.stranger().get(&format!("/releases/{release}")).await.is(200).json();
        let tracks: Vec<_> =
            seen["tracks"].as_array().expect("tracks").iter().map(|t| (&t["title"], &t["duration_ms"])).collect();
        assert_eq!(tracks, [(&json!("Ebb"), &json!(500)), (&json!("Flow"), &json!(1500))]);
        assert_eq!((&seen["track_count"], &seen["duration_ms"]), (&json!(2), &json!(2000)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_id_is_not_found() {
    with_app(async |app| {
        for id in ["nonsense", "0190b2f0-c0de-7000-8000-00000000cafe", "%00", "1%20or%201=1"] {
            for kind in ["releases", "tracks"] {
                app.stranger().get(&format!("/{kind}/{id}")).await.is_problem(404, "not-found");
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_is_as_loud_as_its_tracks_in_a_row() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let path = format!("/releases/{release}");
        assert_eq!(nina.get(&path).await.is(200).json()["loudness"], json!(null));
        let mut loudest = Vec::new();
        for (name, hz) in [("Ebb", 100.0), ("Flow", 2000.0)] {
            let track = nina.uploads(&release, &format!("{name}.wav"), tone(hz, 3.0)).await;
            let ready = nina.waits_until_ready(&track).await;
            loudest.push(ready["analysis"]["integrated_loudness_lufs"].as_f64().expect("loud"));
        }
        let loudness = &nina.get(&path).await.is(200).json()["loudness"];
        // The mean of both powers, since neither is 10 LU below it.
        let powers = loudest.iter().map(|lufs| 10_f64.powf(lufs / 10.0));
        let expected = 10.0 * (powers.sum::<f64>() / 2.0).log10();
        let integrated = loudness["integrated_loudness_lufs"].as_f64().expect("loud");
        assert!((integrated - expected).abs() < 0.1, "{integrated} instead of {expected} of {loudest:?}");
        let peak = loudness["true_peak_dbtp"].as_f64().expect("a peak");
        assert!((peak + 6.0).abs() < 0.3, "{peak}");

        // What an early version left behind says nothing of the whole.
        app.execute("update artists.analyses set loudness_histogram = '[]'").await;
        let loudness = &nina.get(&path).await.is(200).json()["loudness"];
        assert_eq!(loudness["integrated_loudness_lufs"], json!(null));
    })
    .await;
}
