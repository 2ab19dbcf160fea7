//! What a package holds.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::ImageFormat;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{document, exports, files, fills};
use crate::support::picture::picture;
use crate::support::{tone, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn a_package_holds_all_that_is_the_artists_and_nothing_of_other_people() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let ada = app.listener("ada").await;
        fills(&nina).await;
        // A release whose row says nothing, not even that nothing is said.
        app.execute("update artists.releases set details = '{}' where title = 'Draft'").await;
        let other = nina.creates_release("Shared").await;
        let shared = nina.uploads(&other, "shared.wav", tone(660.0, 0.5)).await;
        nina.waits_until_ready(&shared).await;
        let shares = json!({ "shares": [
            { "handle": "nina", "percent": "66.5" }, { "handle": "ada", "percent": "33.5" }] });
        nina.put(&format!("/tracks/{shared}/splits"), shares).await.is(200);
        let files = files(&exports(&nina).await);

        let artist = document(&files, "artist.json");
        assert_eq!(artist["links"][0]["url"], "https://nina.example/");
        assert_eq!(files[artist["avatar"].as_str().expect("a name")], picture(300, 300, ImageFormat::Png));
        let releases = document(&files, "releases.json");
        let titles: Vec<&Value> = releases.as_array().expect("releases").iter().map(|one| &one["title"]).collect();
        assert_eq!(titles, [&json!("Tides: Ebb/Flow"), &json!("Draft"), &json!("Shared")]);
        let tides = &releases[0];
        assert_eq!((&tides["state"], &tides["visibility"]), (&json!("published"), &json!("unlisted")));
        assert_eq!((&tides["details"]["upc"], &tides["kind"]), (&json!("036000291452"), &json!("ep")));
        assert_eq!(files[tides["artwork"].as_str().expect("a name")], picture(400, 300, ImageFormat::Jpeg));
        let flow = &tides["tracks"][1];
        assert_eq!((&flow["title"], &flow["position"]), (&json!("Flow"), &json!(2)));
        assert_eq!(flow["lyrics"]["lines"][0]["at_ms"], 10);
        assert_eq!(flow["master"], "masters/Tides_ Ebb_Flow/02 take one.wav");
        assert_eq!(files[flow["master"].as_str().expect("a name")], tone(550.0, 0.5));
        // What was rejected is still its owner's; and what nobody said is spelled out.
        let letter = &releases[1]["tracks"][0];
        assert_eq!(files[letter["master"].as_str().expect("a name")], b"Dear Sir or Madam");
        assert_eq!((&releases[1]["details"]["genres"], &releases[1]["details"]["upc"]), (&json!([]), &Value::Null));
        let splits = &releases[2]["tracks"][0]["splits"];
        assert_eq!(splits.as_array().map(Vec::len), Some(2), "{splits}");
        assert_eq!((&splits[0]["percent"], &splits[1]["percent"]), (&json!("66.5"), &json!("33.5")));
        let texts = files.iter().filter(|(name, _)| !name.starts_with("masters/") && !name.starts_with("artwork/"));
        for (name, text) in texts.filter(|(name, _)| *name != "manifest.sig") {
            let text = String::from_utf8(text.clone()).expect("text");
            for foreign in [nina.id.as_str(), ada.id.as_str(), "example.org", "uploaded_by"] {
                assert!(!text.contains(foreign), "{foreign} in {name}");
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_tell_tracks_and_plays() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("=1+1").await;
        nina.patch(&format!("/tracks/{}", single.track), json!({ "disc": 2, "iswc": "T-034.524.680-1" })).await.is(200);
        for _ in 0..3 {
            nina.hears(&single.track).await;
        }
        let files = files(&exports(&nina).await);
        let text = |name: &str| String::from_utf8(files[name].clone()).expect("text");
        let (tracks, statistics) = (text("tracks.csv"), text("statistics.csv"));
        assert!(
            tracks.starts_with("filename,isrc,title,composer,position,disc,iswc,recording_mbid,work_mbid,release_id,"),
            "{tracks}"
        );
        assert!(tracks.contains(&format!(
            "'=1+1.wav,,'=1+1,,1,2,T0345246801,,,{},'=1+1,single,,{}\r\n",
            single.release, single.track
        )));
        let lines: Vec<&str> = statistics.lines().collect();
        assert_eq!(lines.len(), 2, "{statistics}");
        assert!(lines[1].ends_with(&format!(",{},'=1+1,3", single.release)), "{statistics}");
        assert_eq!(lines[1].find('-'), Some(4), "{statistics}");
    })
    .await;
}

// With nothing but what is in the package and a library of this kind: as anybody would.
#[tokio::test(flavor = "multi_thread")]
async fn anybody_can_check_a_package() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        nina.drafts_a_single("Tides").await;
        let files = files(&exports(&nina).await);
        let manifest = document(&files, "manifest.json");
        assert_eq!((&manifest["format"], &manifest["version"]), (&json!("legato-artist-package"), &json!(1)));
        assert_eq!((&manifest["server"], &manifest["artist"]["slug"]), (&json!(app.site.base), &json!("nina")));
        let listed: Vec<&str> = manifest["files"]
            .as_array()
            .expect("files")
            .iter()
            .map(|file| file["name"].as_str().expect("a name"))
            .collect();
        let others = files.len() - 2;
        assert_eq!(listed.len(), others, "{listed:?}");
        for file in manifest["files"].as_array().expect("files") {
            let bytes = &files[file["name"].as_str().expect("a name")];
            let sum: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!((&file["size_bytes"], &file["sha256"]), (&json!(bytes.len()), &json!(sum)), "{file}");
        }
        let key = app.stranger().get("/signing-key").await.is(200).json();
        assert_eq!(manifest["key"], key);
        let key = STANDARD.decode(key["public_key"].as_str().expect("a key")).expect("Base64");
        let key = ring::signature::UnparsedPublicKey::new(&ring::signature::ED25519, key);
        key.verify(&files["manifest.json"], &files["manifest.sig"]).expect("the signature fits");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_original_that_the_store_lost_keeps_nothing_else_out() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let lost = nina.drafts_a_single("Lost").await;
        let kept = nina.drafts_a_single("Kept").await;
        app.execute(&format!(
            "update artists.tracks set source_key = 'raw/00/' || repeat('0', 64) where id = '{}'",
            lost.track
        ))
        .await;
        nina.uploads(&kept.release, "b.wav", tone(880.0, 0.3)).await;
        let files = files(&exports(&nina).await);
        let releases = document(&files, "releases.json");
        assert_eq!(releases[0]["tracks"][0]["master"], Value::Null);
        assert_eq!(releases[1]["tracks"].as_array().map(Vec::len), Some(2));
        let readme = String::from_utf8(files["README.txt"].clone()).expect("text");
        assert!(readme.contains("masters/Lost/01 Lost.wav\n    Missing"), "{readme}");
        app.settle().await;
    })
    .await;
}
