//! Process a track once more.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{App, Database, Person, becomes_true, tone, with_app, with_settings};

const RENDITIONS: &str = "select concat_ws(' ', name, id) as line from artists.renditions
                          where superseded_at is null order by name";

/// As if an earlier version of the program had made everything.
pub(crate) const AGE: &str =
    "with renditions as (update artists.renditions set recipe = null) update artists.stages set inputs = null";

async fn again(person: &Person<'_>, track: &str, order: Value) -> Value {
    person.post(&format!("/tracks/{track}/reprocessing"), order).await.is(202).json()
}

/// Waits until no chain of the track is under way.
pub(crate) async fn ended(person: &Person<'_>, track: &str) -> Value {
    let path = format!("/tracks/{track}");
    let ended = async || person.get(&path).await.json()["under_way"] == false;
    assert!(becomes_true(Duration::from_secs(60), ended).await, "{}", person.get(&path).await.text());
    person.get(&path).await.json()
}

fn names(track: &Value) -> Vec<&str> {
    track["renditions"].as_array().expect("renditions").iter().filter_map(|made| made["name"].as_str()).collect()
}

/// A server on a database and a folder that outlive it.
struct House {
    database: Database,
    folder: tempfile::TempDir,
}

impl House {
    async fn new() -> Self {
        Self { database: Database::create().await, folder: tempfile::tempdir().expect("a folder") }
    }

    async fn open(&self, settings: &[(&'static str, &str)]) -> App {
        let data = self.folder.path().to_str().expect("a plain path");
        App::start(&self.database.url, &[&[("data", data)], settings].concat()).await
    }

    async fn close(self, app: App) {
        app.settle().await;
        app.stop().await;
        self.database.drop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_not_changed_is_not_made_again() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let before = app.lines(RENDITIONS).await;
        for order in [json!({}), json!({ "from": "probe" }), json!({ "from": "render" }), json!({ "from": "package" })]
        {
            let begun = again(&nina, &single.track, order).await;
            assert_eq!(begun["state"], "ready");
            let track = ended(&nina, &single.track).await;
            assert!(
                track["stages"].as_array().expect("stages").iter().all(|stage| stage["state"] == "done"),
                "{track:#}"
            );
        }
        assert_eq!(app.lines(RENDITIONS).await, before);
        app.settle().await;
        assert!(app.stored("staging").is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_earlier_version_made_is_made_anew_while_it_plays() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let before = app.lines(RENDITIONS).await;
        app.execute(AGE).await;
        let play = nina.plays(&single.track).await;
        assert_eq!(again(&nina, &single.track, json!({ "from": "render" })).await["under_way"], true);
        nina.plays(&single.track).await;
        let track = ended(&nina, &single.track).await;
        assert_eq!((&track["state"], names(&track).len()), (&json!("ready"), 6), "{track:#}");
        let after = app.lines(RENDITIONS).await;
        assert!(after.len() == before.len() && after.iter().all(|line| !before.contains(line)), "{after:?}");
        assert!(
            app.lines("select name as line from artists.renditions where recipe is null and superseded_at is null")
                .await
                .is_empty()
        );
        // Who pressed play before goes on with what there was.
        nina.get(play["stream"]["url"].as_str().expect("a stream")).await.is(200);
        nina.get(play["hls"]["url"].as_str().expect("HLS")).await.is(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_store_has_lost_is_made_again_and_nothing_else() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        app.settle().await;
        let before = app.lines(RENDITIONS).await;
        let lost = app.lines("select object_key as line from artists.renditions where name = 'opus_cmaf_64'").await;
        std::fs::remove_file(app.data().join("objects").join(&lost[0])).expect("it was there");
        app.execute("update artists.renditions set recipe = null where name = 'opus_cmaf_64'").await;
        app.execute("update artists.stages set inputs = null").await;
        again(&nina, &single.track, json!({ "from": "render" })).await;
        ended(&nina, &single.track).await;
        assert!(app.data().join("objects").join(&lost[0]).exists(), "the same bytes in the same place");
        let after = app.lines(RENDITIONS).await;
        let kept: Vec<_> = after.iter().filter(|line| before.contains(line)).collect();
        assert!(after.len() == 6 && kept.len() == 4 && !kept.iter().any(|line| line.contains("_64 ")), "{after:?}");
        app.settle().await;
        assert_eq!(app.stored("curated").len(), 6);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_ladder_makes_only_what_is_missing_and_listeners_keep_what_they_have() {
    let house = House::new().await;
    let app = house.open(&[]).await;
    let nina = app.artist("nina").await;
    let single = nina.publishes_a_single("Tides").await;
    let before = app.lines(RENDITIONS).await;
    let play = nina.plays(&single.track).await;
    let low = play["hls"]["url"].as_str().expect("HLS").replace("master.m3u8", "opus_cmaf_64/media.m3u8");
    app.settle().await;
    drop(nina);
    app.stop().await;

    let app = house.open(&[("ladder", "opus_96,opus_128")]).await;
    let nina = app.site.signs_in("nina").await;
    again(&nina, &single.track, json!({})).await;
    let track = ended(&nina, &single.track).await;
    let mut made = names(&track);
    made.sort_unstable();
    assert_eq!(made, ["opus_cmaf_128", "opus_cmaf_96", "opus_ogg_128", "opus_ogg_96"]);
    let after = app.lines(RENDITIONS).await;
    let kept = |rung: &str| after.iter().filter(|line| line.contains(rung) && before.contains(line)).count();
    assert_eq!((kept("_128 "), kept("_96 ")), (2, 0), "{before:?} {after:?}");
    // The grant is of before; a new one knows nothing of what went.
    app.stranger().get(&low).await.is(200);
    let play = nina.plays(&single.track).await;
    let low = play["hls"]["url"].as_str().expect("HLS").replace("master.m3u8", "opus_cmaf_64/media.m3u8");
    app.stranger().get(&low).await.is(404);
    drop(nina);
    house.close(app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_rejected_by_mistake_is_tried_again_from_where_it_failed() {
    let house = House::new().await;
    let app = house.open(&[("sandbox_program", "/bin/false")]).await;
    let nina = app.artist("nina").await;
    let release = nina.creates_release("Tides").await;
    let track = nina.uploads(&release, "tides.wav", tone(440.0, 0.5)).await;
    let hitch =
        async || nina.get(&format!("/tracks/{track}")).await.json()["stages"][0]["problem"]["slug"] == "crashed";
    assert!(becomes_true(Duration::from_secs(10), hitch).await, "an attempt that failed is told");
    fails_for_good(&app, &nina, &track).await;
    let rejected = nina.get(&format!("/tracks/{track}")).await.json();
    assert_eq!((&rejected["state"], &rejected["stages"][0]["max_attempts"]), (&json!("rejected"), &json!(4)));
    assert_eq!((app.stored("raw").len(), app.stored("quarantine").len()), (0, 1));
    drop(nina);
    app.stop().await;

    let app = house.open(&[]).await;
    let nina = app.site.signs_in("nina").await;
    let begun = again(&nina, &track, json!({ "from": "package" })).await;
    assert_eq!((&begun["state"], &begun["problem"]), (&json!("processing"), &json!(null)));
    let ready = nina.waits_until_ready(&track).await;
    assert!(ready["stages"].as_array().expect("stages").iter().all(|stage| stage["problem"].is_null()), "{ready:#}");
    app.settle().await;
    assert_eq!((app.stored("raw").len(), app.stored("quarantine").len(), app.stored("curated").len()), (1, 0, 6));
    drop(nina);
    house.close(app).await;
}

/// Waits for the end of a chain whose every attempt fails, without the pauses between them.
async fn fails_for_good(app: &App, person: &Person<'_>, track: &str) {
    let failed = async || {
        app.execute("update platform.jobs set run_at = now() where state = 'pending'").await;
        person.get(&format!("/tracks/{track}")).await.json()["under_way"] == false
    };
    assert!(becomes_true(Duration::from_secs(30), failed).await);
    // The one job that is meant to be dead.
    app.execute("delete from platform.jobs where state = 'dead' and kind = 'artists.ingest'").await;
    app.settle().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_track_that_can_be_heard_stays_so_when_it_cannot_be_made_anew() {
    let house = House::new().await;
    let app = house.open(&[]).await;
    let nina = app.artist("nina").await;
    let single = nina.publishes_a_single("Tides").await;
    app.execute(AGE).await;
    app.settle().await;
    drop(nina);
    app.stop().await;

    let app = house.open(&[("sandbox_program", "/bin/false")]).await;
    let nina = app.site.signs_in("nina").await;
    again(&nina, &single.track, json!({ "from": "render" })).await;
    fails_for_good(&app, &nina, &single.track).await;
    let track = nina.get(&format!("/tracks/{}", single.track)).await.json();
    assert_eq!((&track["state"], &track["problem"]), (&json!("ready"), &json!(null)), "{track:#}");
    assert_eq!(track["stages"][1]["problem"]["slug"], "processing_failed", "{track:#}");
    let seen = app.stranger().get(&format!("/tracks/{}", single.track)).await.is(200).json();
    assert!(seen["stages"][1]["problem"].is_null(), "what went wrong is the artist's affair: {seen:#}");
    app.stranger().plays(&single.track).await;
    assert_eq!(app.stored("quarantine").len(), 0);
    drop(nina);
    house.close(app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_chain_at_a_time() {
    // No worker: what is under way stays so.
    with_settings(&[("workers", "false")], async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let track = nina.uploads(&release, "tides.wav", tone(440.0, 0.5)).await;
        let path = format!("/tracks/{track}/reprocessing");
        nina.post(&path, json!({})).await.is_problem(409, "track-still-processing");
        nina.post(&path, json!({ "from": "mastering" })).await.is_invalid("from");
        nina.post(&path, json!({ "force": true })).await.is(422);
        let ada = app.listener("ada").await;
        ada.post(&path, json!({})).await.is_problem(404, "not-found");
        app.stranger().post(&path, json!({})).await.is(401);
        nina.post("/tracks/nonsense/reprocessing", json!({})).await.is_problem(404, "not-found");
        nina.delete(&format!("/tracks/{track}")).await.is(204);
        app.execute("delete from platform.jobs").await;
        app.execute("delete from platform.outbox").await;
    })
    .await;
}
