//! What cannot be used goes to `quarantine/`.

use crate::support::{tone, with_app, with_settings};

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_original_is_moved_out_of_the_way_and_kept() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let track = nina.uploads(&release, "letter.wav", "Dear Sir or Madam").await;
        let track = nina.waits_for(&track).await;
        assert_eq!(track["state"], "rejected");
        assert_eq!(track["problem"]["slug"], "not_audio");
        assert!(track["problem"]["message"].as_str().is_some_and(|message| message.len() > 20), "{track:#}");
        app.settle().await;
        assert_eq!((app.stored("raw").len(), app.stored("quarantine").len()), (0, 1));
        let path = app.data().join("objects/quarantine").join(&app.stored("quarantine")[0]);
        assert_eq!(std::fs::read(path).expect("the original"), b"Dear Sir or Madam");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_bad_file_twice_is_one_object() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let mut tracks = Vec::new();
        for name in ["a.wav", "b.wav", "c.wav"] {
            tracks.push(nina.uploads(&release, name, "Dear Sir or Madam").await);
        }
        for track in &tracks {
            assert_eq!(nina.waits_for(track).await["problem"]["slug"], "not_audio");
        }
        app.settle().await;
        assert_eq!((app.stored("raw").len(), app.stored("quarantine").len()), (0, 1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_on_which_the_program_fails_every_time_is_given_up() {
    with_settings(&[("sandbox_program", "/bin/false")], async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let track = nina.uploads(&release, "poison.wav", tone(440.0, 0.2)).await;
        let given_up = async || {
            // Not to wait for the pauses between the attempts.
            app.execute("update platform.jobs set run_at = now() where state = 'pending'").await;
            nina.get(&format!("/tracks/{track}")).await.json()["state"] == "rejected"
        };
        let in_time = std::time::Duration::from_secs(30);
        assert!(crate::support::becomes_true(in_time, given_up).await);
        let track = nina.get(&format!("/tracks/{track}")).await.json();
        assert_eq!(track["problem"]["slug"], "processing_failed");
        assert_eq!((&track["stages"][0]["state"], &track["stages"][0]["attempt"]), (&"failed".into(), &4.into()));
        // The one job that is meant to be dead.
        app.execute("delete from platform.jobs where state = 'dead' and kind = 'artists.ingest'").await;
        app.settle().await;
        assert_eq!(app.stored("quarantine").len(), 1);
    })
    .await;
}
