//! Tell a service what an account heard.

use std::time::Duration;

use serde_json::{Value, json};

use super::elsewhere::{AGREED, Elsewhere, Mood, TOKEN};
use super::{connects, profile, with_services};
use crate::support::{App, Person, becomes_true};

async fn goes_on(app: &App) {
    app.execute("update platform.jobs set run_at = now() where state = 'pending'").await;
}

/// Waits until both services were told so many listens.
async fn are_told(app: &App, service: &Elsewhere, listens: usize) {
    let told = async || {
        goes_on(app).await;
        service.listens("single").len() == listens && service.calls("track.scrobble").len() == listens
    };
    assert!(becomes_true(Duration::from_secs(20), told).await, "{:?}", service.listens("single"));
}

async fn becomes(person: &Person<'_>, problem: &Value) {
    let is_so = async || {
        profile(person, "listenbrainz").await["problem"] == *problem
            && profile(person, "lastfm").await["problem"] == *problem
    };
    assert!(becomes_true(Duration::from_secs(20), is_so).await, "{:#}", person.get("/me/scrobblers").await.json());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_heard_is_told_once_with_its_time() {
    with_services(async |app, service| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let mbid = "2f1fb3d6-30ac-4a0a-a8e5-6a4e0a1c9a11";
        let known = json!({ "isrc": "DEA123456789", "recording_mbid": mbid });
        nina.patch(&format!("/tracks/{}", single.track), known).await.is(200);
        let ada = app.listener("ada").await;
        connects(&ada).await;
        ada.plays(&single.track).await;
        app.settle().await;
        assert!(service.listens("single").is_empty(), "a press is no listen");
        let play = ada.hears(&single.track).await;
        nina.hears(&single.track).await;
        // What is in no list is told nobody.
        connects(&nina).await;
        let draft = nina.drafts_a_single("Draft").await;
        nina.hears(&draft.track).await;
        are_told(app, service, 1).await;
        let at = app
            .lines(&format!(
                "select floor(extract(epoch from started_at))::bigint::text as line from streaming.plays where id = '{play}'"
            ))
            .await[0]
            .clone();
        let payload = service.listens("single")[0]["payload"][0].clone();
        assert_eq!(payload["listened_at"].to_string(), at);
        let track = &payload["track_metadata"];
        assert_eq!(
            (&track["artist_name"], &track["track_name"], &track["release_name"]),
            (&json!("nina"), &json!("Tides"), &json!("Tides"))
        );
        let info = &track["additional_info"];
        assert_eq!(
            (&info["isrc"], &info["recording_mbid"], &info["duration_ms"]),
            (&json!("DEA123456789"), &json!(mbid), &json!(1000))
        );
        let call = &service.calls("track.scrobble")[0];
        assert_eq!(
            (call["timestamp"].as_str(), call["album"].as_str(), call["mbid"].as_str()),
            (at.as_str(), "Tides", mbid)
        );
        assert!(profile(&ada, "listenbrainz").await["told_at"].is_string());
        // Telling how it goes on tells nobody again.
        let path = format!("/plays/{play}");
        ada.patch(&path, json!({ "position_ms": 900, "heard_ms": 1000, "state": "ended" })).await.is(200);
        app.settle().await;
        are_told(app, service, 1).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_heard_while_a_service_is_away_or_refuses_is_told_later() {
    with_services(async |app, service| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let ada = app.listener("ada").await;
        connects(&ada).await;
        service.is(Mood::Away);
        for _ in 0..3 {
            ada.hears(&single.track).await;
        }
        becomes(&ada, &json!("away")).await;
        assert!(profile(&ada, "lastfm").await["failing_since"].is_string());
        service.is(Mood::Strict);
        goes_on(app).await;
        becomes(&ada, &json!("refused")).await;
        service.is(Mood::Well);
        for (name, token) in [("listenbrainz", TOKEN), ("lastfm", AGREED)] {
            let anew = ada.put(&format!("/me/scrobblers/{name}"), json!({ "token": token })).await.is(200).json();
            assert_eq!((&anew["problem"], &anew["failing_since"]), (&Value::Null, &Value::Null));
        }
        are_told(app, service, 3).await;
        becomes(&ada, &Value::Null).await;
        app.settle().await;
        let dead = app.lines("select kind as line from platform.jobs where state in ('dead', 'pending')").await;
        assert!(dead.is_empty(), "{dead:?}");
    })
    .await;
}
