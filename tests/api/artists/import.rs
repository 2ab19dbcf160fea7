//! `legato import`: a folder's files become releases.

use super::reprocess_catalogue::{command, settings_of};
use crate::support::{run_legato, tagged, tone, with_app};
use serde_json::json;

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
        std::fs::copy(tides.join("02_Ebb.wav"), tides.join("again.wav")).expect("copied");
        std::fs::write(tides.join("letter.mp3"), "Dear Sir or Madam").expect("written");
        std::fs::write(tides.join("folder.jpg"), "no picture").expect("written");
        let cover = crate::support::picture::picture(200, 200, image::ImageFormat::Png);
        std::fs::write(tides.join("Cover.PNG"), cover).expect("written");
        let folder = home.path().to_str().expect("a plain path");
        let said = command(app, &["import", folder, "--artist", "nina", "--publish"], "").await;
        assert!(said.contains("4 files: 2 new, 1 were there") && said.contains("letter.mp3"), "{said}");
        assert!(said.contains("2 of 2 ready after") && said.contains("1 release published."), "{said}");
        let releases = nina.walks("/artists/nina/releases", 10).await;
        assert_eq!(releases.len(), 1);
        let id = releases[0]["id"].as_str().expect("an id");
        let release = app.stranger().get(&format!("/releases/{id}")).await.is(200).json();
        let tracks = release["tracks"].as_array().expect("tracks");
        let titles: Vec<&str> = tracks.iter().filter_map(|track| track["title"].as_str()).collect();
        assert_eq!((&release["title"], &release["kind"]), (&"Tides".into(), &"ep".into()));
        assert_eq!(titles, ["01 Flood", "02 Ebb"]);
        assert_eq!(release["artwork"]["width"], 200);
        let said = command(app, &["import", folder, "--artist", "nina"], "").await;
        assert!(said.contains("4 files: 0 new, 3 were there"), "{said}");
        app.settle().await;
        assert_eq!((app.stored("raw").len(), app.stored("landing").len(), app.stored("staging").len()), (3, 0, 0));
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

#[tokio::test(flavor = "multi_thread")]
async fn what_musicbrainz_calls_it_comes_along() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let home = tempfile::tempdir().expect("a folder");
        let id = |digit: char| format!("{digit}b11f4ce-a62d-471e-81fc-a69a8278c7da");
        let file = |number: char, release: char, artist: &str, artist_id: char| {
            let text = |name: &str, digit| format!("MusicBrainz {name}\0{}", id(digit));
            let ids = [("Album Id", release), ("Release Group Id", '3'), ("Work Id", '5'), ("Artist Id", artist_id)];
            let texts: Vec<String> = ids.iter().map(|(name, digit)| text(name, *digit)).collect();
            let recording = format!("http://musicbrainz.org\0{}", id(number));
            let mut frames: Vec<(&[u8; 4], &str)> = vec![(b"TALB", "Tides"), (b"TPE1", artist), (b"UFID", &recording)];
            frames.extend(texts.iter().map(|text| (b"TXXX", text.as_str())));
            tagged(&frames, &tone(f64::from(number as u32) * 5.0, 0.5))
        };
        let write = |name: &str, bytes: Vec<u8>| std::fs::write(home.path().join(name), bytes).expect("written");
        write("1.wav", file('a', '2', "NINA", '1'));
        write("2.wav", file('b', '2', "Somebody else", '9'));
        let folder = home.path().to_str().expect("a plain path");
        command(app, &["import", folder, "--artist", "nina"], "").await;
        let release = nina.walks("/artists/nina/releases", 10).await[0]["id"].as_str().expect("an id").to_owned();
        let release = nina.get(&format!("/releases/{release}")).await.is(200).json();
        assert_eq!((&release["release_mbid"], &release["release_group_mbid"]), (&json!(id('2')), &json!(id('3'))));
        for (track, number) in release["tracks"].as_array().expect("tracks").iter().zip(['a', 'b']) {
            assert_eq!((&track["recording_mbid"], &track["work_mbid"]), (&json!(id(number)), &json!(id('5'))));
        }
        // Of the two artists in the tags the one that is called so is it.
        assert_eq!(nina.get("/artists/nina").await.json()["artist_mbid"], json!(id('1')));
        // What was said stays, whatever comes later.
        write("3.wav", file('c', '7', "nina", '8'));
        command(app, &["import", folder, "--artist", "nina"], "").await;
        let after = nina.get(&format!("/releases/{}", release["id"].as_str().expect("an id"))).await.json();
        assert_eq!((&after["release_mbid"], after["tracks"].as_array().map(Vec::len)), (&json!(id('2')), Some(3)));
        assert_eq!(nina.get("/artists/nina").await.json()["artist_mbid"], json!(id('1')));
        app.settle().await;
    })
    .await;
}
