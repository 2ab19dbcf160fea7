//! `legato import`: a folder's files become releases.

use super::reprocess_catalogue::{command, settings_of};
use crate::support::{run_legato, tone, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_brought_in_once() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let home = tempfile::tempdir().expect("a folder");
        let tides = home.path().join("Tides");
        std::fs::create_dir_all(tides.join(".hidden")).expect("made");
        for (name, hz) in [("02_Ebb.wav", 220.0), ("01_Flood.wav", 330.0), (".hidden/03.wav", 440.0)] {
            std::fs::write(tides.join(name), tone(hz, 6.0)).expect("written");
        }
        std::fs::write(tides.join("letter.mp3"), "Dear Sir or Madam").expect("written");
        std::fs::write(tides.join("cover.jpg"), "a picture").expect("written");
        let folder = home.path().to_str().expect("a plain path");
        let said = command(app, &["import", folder, "--artist", "nina", "--publish"], "").await;
        assert!(said.contains("3 files: 2 new, 0 were there") && said.contains("letter.mp3"), "{said}");
        assert!(said.contains("2 of 2 ready after") && said.contains("1 release published."), "{said}");
        let releases = nina.walks("/artists/nina/releases", 10).await;
        assert_eq!(releases.len(), 1);
        let id = releases[0]["id"].as_str().expect("an id");
        let release = app.stranger().get(&format!("/releases/{id}")).await.is(200).json();
        let tracks = release["tracks"].as_array().expect("tracks");
        let titles: Vec<&str> = tracks.iter().filter_map(|track| track["title"].as_str()).collect();
        assert_eq!((&release["title"], &release["kind"]), (&"Tides".into(), &"ep".into()));
        assert_eq!(titles, ["01 Flood", "02 Ebb"]);
        let said = command(app, &["import", folder, "--artist", "nina"], "").await;
        assert!(said.contains("3 files: 0 new, 2 were there"), "{said}");
        app.settle().await;
        assert_eq!((app.stored("raw").len(), app.stored("landing").len(), app.stored("staging").len()), (2, 0, 0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_brought_in_is_told() {
    with_app(async |app| {
        app.artist("nina").await;
        let home = tempfile::tempdir().expect("a folder");
        let file = settings_of(app);
        let (empty, config) = (home.path().to_str().expect("a plain path"), file.to_str().expect("a plain path"));
        for (folder, artist, problem) in
            [(empty, "nina", "holds no audio files"), ("/nowhere/at/all", "nina", "reading /nowhere/at/all")]
        {
            let arguments = ["import", folder, "--artist", artist, "--config", config];
            let output = run_legato(app.data(), &arguments, "").await;
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(!output.status.success() && said.contains(problem), "{said}");
        }
        std::fs::write(home.path().join("a.wav"), tone(440.0, 0.2)).expect("written");
        let output = run_legato(app.data(), &["import", empty, "--artist", "nobody", "--config", config], "").await;
        assert!(String::from_utf8_lossy(&output.stderr).contains("--artist nobody"));
    })
    .await;
}
