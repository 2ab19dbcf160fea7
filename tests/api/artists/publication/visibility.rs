//! Who sees what is published: on every page, in every list, and in what plays already.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{App, Person, Single, becomes_true, with_app};

async fn publishes_for(artist: &Person<'_>, single: &Single, visibility: &str) -> Value {
    let path = format!("/releases/{}/publication", single.release);
    let release = artist.put(&path, json!({ "visibility": visibility })).await.is(200).json();
    assert_eq!((&release["visibility"], &release["state"]), (&json!(visibility), &json!("published")));
    release
}

/// What somebody reaches of a release: by its address, by playing it, and in lists.
async fn reach(person: &Person<'_>, single: &Single) -> String {
    let by_address = [
        format!("/releases/{}", single.release),
        format!("/tracks/{}", single.track),
        format!("/tracks/{}/waveform", single.track),
    ];
    let mut reached = String::new();
    for path in by_address {
        reached.push(if person.get(&path).await.status == 200 { 'y' } else { '-' });
    }
    let play = person.post("/plays", json!({ "track_id": single.track })).await.status;
    reached.push(if play == 201 { 'y' } else { '-' });
    reached.push(' ');
    for path in ["/releases", "/artists/nina/releases", "/search?q=tides"] {
        let listed = person.get(path).await.is(200).text().contains(&single.release);
        reached.push(if listed { 'y' } else { '-' });
    }
    reached
}

async fn inbox(person: &Person<'_>) -> usize {
    person.get("/notifications").await.is(200).json()["items"].as_array().map_or(0, Vec::len)
}

async fn cast(app: &App) -> (Person<'_>, Person<'_>, Person<'_>) {
    let (nina, ada, ben) = (app.artist("nina").await, app.listener("ada").await, app.listener("ben").await);
    ada.follows("nina").await;
    app.settle().await;
    (nina, ada, ben)
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_reaches_what_is_meant_for_them() {
    with_app(async |app| {
        let (nina, ada, ben) = cast(app).await;
        let single = nina.drafts_a_single("Tides").await;
        let (stranger, mut table) = (app.stranger(), Vec::new());
        for visibility in ["private", "unlisted", "followers", "public", "unlisted", "private"] {
            publishes_for(&nina, &single, visibility).await;
            app.settle().await;
            let seen = [&nina, &ada, &ben, &stranger].map(async |person| reach(person, &single).await);
            let seen = futures_util::future::join_all(seen).await.join(" | ");
            table.push(format!("{visibility:<9} {seen} told {}", inbox(&ada).await));
        }
        insta::assert_snapshot!(table.join("\n"), @r"
        private   yyyy -y- | ---- --- | ---- --- | ---- --- told 0
        unlisted  yyyy -y- | yyyy --- | yyyy --- | yyyy --- told 0
        followers yyyy yy- | yyyy yy- | ---- --- | ---- --- told 1
        public    yyyy yyy | yyyy yyy | yyyy yyy | yyyy yyy told 1
        unlisted  yyyy -y- | yyyy --- | yyyy --- | yyyy --- told 1
        private   yyyy -y- | ---- --- | ---- --- | ---- --- told 1
        ");
        assert_eq!(inbox(&ben).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pinned_release_is_shown_to_those_in_whose_lists_it_is() {
    with_app(async |app| {
        let (nina, ada, ben) = cast(app).await;
        let single = nina.drafts_a_single("Tides").await;
        nina.patch("/artists/nina", json!({ "pinned_release_id": single.release })).await.is(200);
        let pinned = async |person: &Person<'_>| {
            person.get("/artists/nina").await.is(200).json()["pinned_release"]["id"] == json!(single.release)
        };
        for (visibility, followers, others) in
            [("public", true, true), ("unlisted", false, false), ("followers", true, false), ("private", false, false)]
        {
            publishes_for(&nina, &single, visibility).await;
            assert_eq!((pinned(&ada).await, pinned(&ben).await), (followers, others), "{visibility}");
            assert!(pinned(&nina).await);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_plays_ends_when_it_is_not_meant_for_the_listener_any_more() {
    with_app(async |app| {
        let (nina, ada, ben) = cast(app).await;
        let single = nina.drafts_a_single("Tides").await;
        publishes_for(&nina, &single, "public").await;
        let url = |play: Value| play["stream"]["url"].as_str().expect("an address").to_owned();
        let (adas, bens) = (url(ada.plays(&single.track).await), url(ben.plays(&single.track).await));
        let ended = async |url: &str| {
            becomes_true(Duration::from_secs(6), async || app.stranger().get(url).await.status == 404).await
        };
        publishes_for(&nina, &single, "followers").await;
        assert!(ended(&bens).await);
        app.stranger().get(&adas).await.is(200);
        ada.delete("/artists/nina/following").await.is(204);
        assert!(ended(&adas).await);
        ada.post("/plays", json!({ "track_id": single.track })).await.is_problem(404, "not-found");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_words_of_what_few_may_see_are_offered_to_nobody() {
    with_app(async |app| {
        let (nina, ..) = cast(app).await;
        let single = nina.drafts_a_single("Zephyrine").await;
        publishes_for(&nina, &single, "public").await;
        app.settle().await;
        let offered = async || app.stranger().get("/search?q=zephirine").await.is(200).json()["did_you_mean"].clone();
        assert_eq!(offered().await, json!("zephyrine"));
        publishes_for(&nina, &single, "unlisted").await;
        app.settle().await;
        assert_eq!(offered().await, json!(null));
    })
    .await;
}
