//! At the end of an embargo everything changes together, and is told once.

use std::time::Duration;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::support::{App, Database, Person, becomes_true, with_app};

/// Sets an embargo that ends so many milliseconds from now; the answer is when.
async fn sets_embargo(app: &App, artist: &Person<'_>, release: &str, ms: i64) -> DateTime<Utc> {
    let at = app.platform.clock.now() + TimeDelta::milliseconds(ms);
    let text = at.to_rfc3339_opts(SecondsFormat::Micros, true);
    let scheduled = artist.put(&format!("/releases/{release}/publication"), json!({ "at": text })).await.is(200).json();
    assert_eq!((&scheduled["state"], instant(&scheduled["published_at"])), (&json!("scheduled"), at), "{scheduled:#}");
    at
}

fn instant(value: &Value) -> DateTime<Utc> {
    value.as_str().and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("no time: {value}"))
}

/// Waits until a time is over.
async fn until(app: &App, at: DateTime<Utc>) {
    let left = (at - app.platform.clock.now()).to_std().unwrap_or_default();
    tokio::time::sleep(left + Duration::from_millis(5)).await;
}

/// Where somebody sees a release of this title.
async fn sees(person: &Person<'_>, release: &str, title: &str) -> Vec<&'static str> {
    let mut places = Vec::new();
    if person.get(&format!("/releases/{release}")).await.status == 200 {
        places.push("page");
    }
    for (place, path) in
        [("newest", "/releases"), ("artist", "/artists/nina/releases"), ("search", &format!("/search?q={title}"))]
    {
        if person.get(path).await.is(200).text().contains(release) {
            places.push(place);
        }
    }
    places
}

/// How often followers were told, by the outbox.
async fn told(app: &App) -> usize {
    app.lines("select name as line from platform.outbox where name = 'artists.release_published.v1'").await.len()
}

async fn inbox(person: &Person<'_>) -> usize {
    person.get("/notifications").await.is(200).json()["items"].as_array().map_or(0, Vec::len)
}

#[tokio::test(flavor = "multi_thread")]
async fn at_its_moment_a_release_is_everywhere_and_followers_hear_of_it() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        ada.follows("nina").await;
        let single = nina.drafts_a_single("Tides").await;
        app.settle().await;
        let at = sets_embargo(app, &nina, &single.release, 3_000).await;
        app.settle().await;
        for person in [&ada, &app.stranger()] {
            assert!(sees(person, &single.release, "tides").await.is_empty());
            person.get(&format!("/tracks/{}", single.track)).await.is_problem(404, "not-found");
            person.get(&format!("/tracks/{}/waveform", single.track)).await.is_problem(404, "not-found");
            person.post("/plays", json!({ "track_id": single.track })).await.is_problem(404, "not-found");
        }
        // Not a word of it, in what is offered for a misspelt one either.
        let search = app.stranger().get("/search?q=tidess").await.is(200).json();
        assert_eq!((&search["did_you_mean"], inbox(&ada).await), (&json!(null), 0));
        assert!(app.platform.clock.now() < at, "this machine is too slow for the test");

        until(app, at).await;
        let page = app.stranger().get(&format!("/releases/{}", single.release)).await.is(200).json();
        assert_eq!((&page["state"], instant(&page["published_at"])), (&json!("published"), at));
        assert_eq!(app.stranger().get("/releases").await.json()["items"][0]["id"], json!(single.release));
        let everywhere = async || sees(&ada, &single.release, "tides").await.len() == 4 && inbox(&ada).await == 1;
        assert!(becomes_true(Duration::from_secs(3), everywhere).await);
        app.stranger().plays(&single.track).await;
        app.settle().await;
        assert_eq!((told(app).await, inbox(&ada).await), (1, 1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_embargo_that_ended_while_the_server_was_down_is_told_once_by_whoever_starts() {
    let (database, folder) = (Database::create().await, tempfile::tempdir().expect("a folder"));
    let settings = [("data", folder.path().to_str().expect("a plain path"))];
    let first = App::start(&database.url, &settings).await;
    let (release, at) = {
        let (nina, ada) = (first.artist("nina").await, first.listener("ada").await);
        ada.follows("nina").await;
        let single = nina.drafts_a_single("Tides").await;
        first.settle().await;
        let at = sets_embargo(&first, &nina, &single.release, 3_000).await;
        first.settle().await;
        (single.release, at)
    };
    assert!(first.platform.clock.now() < at && told(&first).await == 0);
    let clock = first.platform.clock.clone();
    first.stop().await;
    let left = (at - clock.now()).to_std().unwrap_or_default();
    tokio::time::sleep(left + Duration::from_millis(300)).await;

    let servers = [App::start(&database.url, &settings).await, App::start(&database.url, &settings).await];
    let app = &servers[0];
    let ada = app.site.signs_in("ada").await;
    // It is there at once, whoever has told of it.
    let page = ada.get(&format!("/releases/{release}")).await.is(200).json();
    assert_eq!(instant(&page["published_at"]), at);
    assert!(becomes_true(Duration::from_secs(5), async || inbox(&ada).await == 1).await);
    tokio::time::sleep(Duration::from_millis(700)).await;
    app.settle().await;
    assert_eq!((told(app).await, inbox(&ada).await), (1, 1));
    assert_eq!(sees(&ada, &release, "tides").await, ["page", "newest", "artist", "search"]);
    drop(ada);
    for server in servers {
        server.stop().await;
    }
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_embargo_is_moved_called_off_and_cut_short() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.drafts_a_single("Tides").await;
        let (stranger, page) = (app.stranger(), format!("/releases/{}", single.release));
        let publication = format!("{page}/publication");
        let first = sets_embargo(app, &nina, &single.release, 2_000).await;
        sets_embargo(app, &nina, &single.release, 3_600_000).await;
        until(app, first + TimeDelta::milliseconds(600)).await;
        stranger.get(&page).await.is_problem(404, "not-found");

        let second = sets_embargo(app, &nina, &single.release, 2_000).await;
        nina.delete(&publication).await.is(204);
        let draft = nina.get(&page).await.json();
        assert_eq!((&draft["state"], &draft["published_at"]), (&json!("draft"), &json!(null)));
        until(app, second + TimeDelta::milliseconds(600)).await;
        stranger.get(&page).await.is_problem(404, "not-found");
        assert_eq!(told(app).await, 0);

        sets_embargo(app, &nina, &single.release, 3_600_000).await;
        assert_eq!(nina.publishes(&single.release).await["state"], "published");
        stranger.get(&page).await.is(200);
        app.settle().await;
        assert_eq!(told(app).await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_publishes_at_the_very_moment_tells_of_it_no_second_time() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        ada.follows("nina").await;
        let single = nina.drafts_a_single("Tides").await;
        app.settle().await;
        let at = sets_embargo(app, &nina, &single.release, 2_000).await;
        let publication = format!("/releases/{}/publication", single.release);
        // Before it, at it and after it, by several hands.
        let presses = (0..40).map(async |number: i64| {
            until(app, at + TimeDelta::milliseconds(number * 5 - 100)).await;
            let visibility = if number % 2 == 0 { "public" } else { "followers" };
            let text = at.to_rfc3339_opts(SecondsFormat::Micros, true);
            nina.put(&publication, json!({ "at": text, "visibility": visibility })).await.is(200);
        });
        futures_util::future::join_all(presses).await;
        app.settle().await;
        tokio::time::sleep(Duration::from_millis(700)).await;
        app.settle().await;
        assert_eq!((told(app).await, inbox(&ada).await), (1, 1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_to_be_published_has_no_embargo() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.drafts_a_single("Tides").await;
        let at = sets_embargo(app, &nina, &single.release, 2_000).await;
        let mut conn = app.platform.db.conn().await.expect("a connection");
        let half = diesel::sql_query("update artists.releases set published_at = null");
        let refused = diesel_async::RunQueryDsl::execute(half, &mut *conn).await.expect_err("one without the other");
        assert!(refused.to_string().contains("releases_embargo"), "{refused}");
        drop(conn);
        // An artist that goes takes its embargoes along.
        nina.delete("/artists/nina").await;
        until(app, at).await;
        app.settle().await;
        assert_eq!(told(app).await, 0);
        app.stranger().get(&format!("/releases/{}", single.release)).await.is_problem(404, "not-found");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_embargo_ends_in_the_future_and_within_two_years() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.drafts_a_single("Tides").await;
        let publication = format!("/releases/{}/publication", single.release);
        for at in ["2020-01-01T00:00:00Z", "2200-01-01T00:00:00Z", "tomorrow"] {
            nina.put(&publication, json!({ "at": at })).await.is_invalid("at");
        }
        nina.put(&publication, json!({ "visibility": "friends" })).await.is_invalid("visibility");
        let empty = nina.creates_release("Nothing").await;
        let at = "2027-06-01T00:00:00Z";
        let answer = nina.put(&format!("/releases/{empty}/publication"), json!({ "at": at })).await;
        answer.is_problem(409, "release-without-ready-tracks");
        assert_eq!(nina.get(&format!("/releases/{}", single.release)).await.json()["state"], "draft");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_that_lost_its_tracks_under_embargo_is_not_published() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let (deleted, lost) = (nina.drafts_a_single("Ebb").await, nina.drafts_a_single("Flow").await);
        sets_embargo(app, &nina, &deleted.release, 3_600_000).await;
        nina.delete(&format!("/tracks/{}", deleted.track)).await.is(204);
        assert_eq!(nina.get(&format!("/releases/{}", deleted.release)).await.json()["state"], "draft");

        let at = sets_embargo(app, &nina, &lost.release, 1_500).await;
        app.execute(&format!("update artists.tracks set state = 'cancelled' where id = '{}'", lost.track)).await;
        until(app, at).await;
        let path = format!("/releases/{}", lost.release);
        let draft = async || nina.get(&path).await.json()["state"] == "draft";
        assert!(becomes_true(Duration::from_secs(3), draft).await);
        app.settle().await;
        assert_eq!(told(app).await, 0);
    })
    .await;
}
