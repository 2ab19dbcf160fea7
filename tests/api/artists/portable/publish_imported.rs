//! Publish what was out where it came from.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::super::people::told;
use super::{exports, fills, imports};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_out_is_out_again_and_is_no_news() {
    with_app(async |app| {
        let (nina, otto) = (app.artist("nina").await, app.artist("otto").await);
        let ada = app.listener("ada").await;
        fills(&nina).await;
        nina.publishes_a_single("Public").await;
        let later = nina.drafts_a_single("Later").await;
        let at = app.platform.clock.now() + TimeDelta::days(30);
        nina.put(&format!("/releases/{}/publication", later.release), json!({ "at": at })).await.is(200);
        let gone = nina.publishes_a_single("Gone").await;
        nina.delete(&format!("/releases/{}/publication", gone.release)).await;
        let package = exports(&nina).await;
        ada.follows("otto").await;
        let report = imports(&otto, &package, true).await;
        assert_eq!(report["state"], "done", "{report:#}");
        let lines = report["lines"].as_array().expect("lines");
        let became: Vec<&Value> = lines[1..].iter().map(|line| &line["publication"]).collect();
        let [draft, published, scheduled] = ["draft", "published", "scheduled"].map(|state| json!(state));
        assert_eq!(became, [&published, &draft, &published, &scheduled, &draft], "{lines:#?}");
        app.settle().await;
        for line in &lines[1..] {
            let release = otto.get(&format!("/releases/{}", line["release_id"].as_str().expect("an id"))).await.json();
            assert_eq!(release["state"], line["publication"], "{release:#}");
        }
        let seen = ada.walks("/artists/otto/releases", 10).await;
        assert_eq!(seen.iter().map(|release| &release["title"]).collect::<Vec<_>>(), [&json!("Public")]);
        assert_eq!(told(app, &ada).await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_as_it_was_stays_a_draft() {
    with_app(async |app| {
        let (nina, otto) = (app.artist("nina").await, app.artist("otto").await);
        let single = nina.publishes_a_single("Tides").await;
        nina.uploads(&single.release, "letter.wav", "Dear Sir or Madam").await;
        app.settle().await;
        let report = imports(&otto, &exports(&nina).await, true).await;
        let line = &report["lines"][0];
        assert_eq!((&line["title"], &line["publication"]), (&json!("Tides"), &json!("draft")), "{report:#}");
        assert!(line["problems"].to_string().contains("It stays a draft"), "{line}");
    })
    .await;
}
