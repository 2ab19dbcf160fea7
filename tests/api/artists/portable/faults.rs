//! Packages that are not what their signer made.

use serde_json::{Value, json};

use super::{Files, document, exports, files, imports, nothing_is_left, pack, signed};
use crate::support::{App, Person, tone, with_app};

/// Brings in a package that is refused as a whole; the answer is why.
async fn refused(app: &App, otto: &Person<'_>, package: &[u8]) -> (String, String) {
    let report = imports(otto, package, true).await;
    assert_eq!((&report["state"], &report["lines"]), (&json!("refused"), &json!([])), "{report:#}");
    let nothing = otto.get("/artists/otto/releases").await.is(200).json();
    assert_eq!(nothing["items"], json!([]));
    app.settle().await;
    let text = |field: &str| report["problem"][field].as_str().expect("a text").to_owned();
    (text("slug"), text("message"))
}

fn changed(files: &Files, change: impl FnOnce(&mut Files)) -> Vec<u8> {
    let mut files = files.clone();
    change(&mut files);
    pack(&files)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_is_refused_as_a_whole_and_named() {
    with_app(async |app| {
        let (nina, otto) = (app.artist("nina").await, app.artist("otto").await);
        nina.drafts_a_single("Tides").await;
        nina.drafts_a_single("Ebb").await;
        let package = exports(&nina).await;
        let files = files(&package);
        let master = "masters/Ebb/01 Ebb.wav";
        let flip = |name: &'static str| move |files: &mut Files| files.get_mut(name).expect("there")[50] ^= 1;
        for (package, slug, named) in [
            (changed(&files, flip(master)), "package_changed", master),
            (changed(&files, flip("releases.json")), "package_changed", "releases.json"),
            (changed(&files, flip("manifest.sig")), "package_signature", "manifest.sig"),
            (
                changed(&files, |files| {
                    files.remove(master);
                }),
                "package_incomplete",
                master,
            ),
            (
                changed(&files, |files| {
                    files.remove("manifest.sig");
                }),
                "package_incomplete",
                "manifest.sig",
            ),
            (
                changed(&files, |files| {
                    files.remove("manifest.json");
                }),
                "package_without_manifest",
                "manifest.json",
            ),
            (
                changed(&files, |files| {
                    files.insert("masters/extra.wav".into(), tone(1.0, 0.1));
                }),
                "package_changed",
                "masters/extra.wav",
            ),
            (
                changed(&files, |files| {
                    files.get_mut(master).expect("there").push(0);
                }),
                "package_changed",
                master,
            ),
        ] {
            let (found, message) = refused(app, &otto, &package).await;
            assert_eq!(found, slug, "{message}");
            assert!(message.contains(&format!("`{named}`")) || slug == "package_without_manifest", "{message}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_damaged_on_its_way_is_refused_and_the_whole_one_is_taken() {
    with_app(async |app| {
        let (nina, otto) = (app.artist("nina").await, app.artist("otto").await);
        nina.drafts_a_single("Tides").await;
        let package = exports(&nina).await;
        // A bit of an original, which its own checksum in the zip finds.
        let at = package.windows(4).rposition(|four| four == b"data").expect("a wave") + 20;
        let mut damaged = package.clone();
        damaged[at] ^= 1;
        let (slug, message) = refused(app, &otto, &damaged).await;
        assert!(slug == "package_changed" && message.contains("`masters/"), "{slug}: {message}");
        let (slug, _) = refused(app, &otto, &package[..package.len() - 1000]).await;
        assert_eq!(slug, "package_damaged");
        nothing_is_left(app).await;
        assert_eq!(imports(&otto, &package, false).await["state"], "done");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_that_says_something_else_is_not_the_signed_one() {
    with_app(async |app| {
        let (nina, otto) = (app.artist("nina").await, app.artist("otto").await);
        nina.drafts_a_single("Tides").await;
        let files = files(&exports(&nina).await);
        let says = |change: &dyn Fn(&mut Value)| {
            changed(&files, |files| {
                let mut manifest: Value = serde_json::from_slice(&files["manifest.json"]).expect("JSON");
                change(&mut manifest);
                files.insert("manifest.json".into(), serde_json::to_vec(&manifest).expect("JSON"));
            })
        };
        let names_another = says(&|manifest| manifest["artist"]["name"] = json!("Otto"));
        assert_eq!(refused(app, &otto, &names_another).await.0, "package_signature");
        let claims_a_key = says(&|manifest| manifest["key"]["id"] = json!("0011223344556677"));
        assert_eq!(refused(app, &otto, &claims_a_key).await.0, "package_signature");
        let same_words = says(&|_| {});
        assert_eq!(refused(app, &otto, &same_words).await.0, "package_signature");
        let (slug, message) = refused(app, &otto, &says(&|manifest| manifest["version"] = json!(2))).await;
        assert!(slug == "package_unsupported" && message.contains("newer"), "{message}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manifest_that_is_none_is_refused_though_it_is_signed() {
    with_app(async |app| {
        let (nina, otto) = (app.artist("nina").await, app.artist("otto").await);
        nina.drafts_a_single("Tides").await;
        let files = files(&exports(&nina).await);
        let without_files = signed(&files, |manifest| manifest["files"] = json!("all"));
        let (slug, message) = refused(app, &otto, &without_files).await;
        assert!(slug == "package_unsupported" && message.contains("files"), "{message}");
        let twice = signed(&files, |manifest| {
            let list = manifest["files"].as_array_mut().expect("a list");
            list.push(list[0].clone());
        });
        let (slug, message) = refused(app, &otto, &twice).await;
        assert!(slug == "package_changed" && message.contains("twice"), "{slug}: {message}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_that_cannot_be_read_keeps_no_other_out() {
    with_app(async |app| {
        let (nina, otto) = (app.artist("nina").await, app.artist("otto").await);
        for title in ["Tides", "Ebb", "Flow", "Sand", "Shore"] {
            nina.drafts_a_single(title).await;
        }
        let mut files = files(&exports(&nina).await);
        let mut releases = document(&files, "releases.json");
        let titles = releases.as_array().expect("a list").iter().map(|release| release["title"].clone());
        assert_eq!(titles.collect::<Vec<_>>(), ["Tides", "Ebb", "Flow", "Sand", "Shore"]);
        releases[0]["title"] = json!("Ti\u{0}des");
        releases[1]["tracks"] = json!(vec![releases[1]["tracks"][0].clone(); 201]);
        releases[2]["details"]["languages"] = json!(["xx"]);
        releases[3] = json!("no release");
        files.insert("releases.json".into(), serde_json::to_vec(&releases).expect("JSON"));
        let report = imports(&otto, &signed(&files, |_| {}), false).await;
        assert_eq!((&report["state"], &report["problem"]), (&json!("done"), &Value::Null), "{report:#}");
        let lines: Vec<_> = report["lines"]
            .as_array()
            .expect("lines")
            .iter()
            .filter(|line| line["place"] != 0)
            .map(|line| (line["outcome"].as_str().expect("an outcome"), line["problems"].to_string()))
            .collect();
        let [zeroes, many, foreign, none, good] = &lines[..] else { panic!("{report:#}") };
        assert_eq!([zeroes.0, many.0, foreign.0, none.0, good.0], ["refused", "refused", "made", "refused", "made"]);
        assert!(zeroes.1.contains("title") && many.1.contains("200 tracks"), "{report:#}");
        assert!(foreign.1.contains("languages") && good.1 == "[]", "{report:#}");
        app.settle().await;
        let here = otto.walks("/artists/otto/releases", 50).await;
        let mut titles: Vec<&str> = here.iter().filter_map(|release| release["title"].as_str()).collect();
        titles.sort_unstable();
        assert_eq!(titles, ["Flow", "Shore"]);
        nothing_is_left(app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_dangerous_is_refused_before_it_is_unpacked() {
    with_app(async |app| {
        let (nina, otto) = (app.artist("nina").await, app.artist("otto").await);
        let files = files(&exports(&nina).await);
        let with = |name: &str, bytes: Vec<u8>| {
            changed(&files, |files| {
                files.insert(name.into(), bytes);
            })
        };
        for (package, slug) in [
            (with("../../evil.wav", tone(1.0, 0.1)), "package_unsafe"),
            (with("/etc/evil.wav", tone(1.0, 0.1)), "package_unsafe"),
            (with("bomb.wav", vec![0; 80 << 20]), "package_too_large"),
            (b"no archive at all".to_vec(), "package_damaged"),
        ] {
            assert_eq!(refused(app, &otto, &package).await.0, slug);
        }
        assert!(app.stored("raw").is_empty());
        nothing_is_left(app).await;
    })
    .await;
}
