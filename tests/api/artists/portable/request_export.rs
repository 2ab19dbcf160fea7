//! Ask for a package.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::super::people::joins;
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn while_one_is_being_made_there_is_no_second_and_a_whole_one_is_enough_for_an_hour() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let path = "/artists/nina/export";
        nina.get(path).await.is(204);
        let waiting = "insert into artists.packages (id, artist_id, server)
                       select '0190b2f0-c0de-7000-8000-00000000cafe', id, '' from artists.artists";
        app.execute(waiting).await;
        let asked = nina.post(path, json!({})).await.is(202).json();
        assert_eq!((&asked["state"], &asked["size_bytes"]), (&json!("waiting"), &Value::Null), "{asked}");
        assert_eq!(asked["id"], "0190b2f0-c0de-7000-8000-00000000cafe");
        app.execute("delete from artists.packages").await;
        nina.post(path, json!({})).await.is(202);
        app.settle().await;
        let refused = nina.post(path, json!({})).await;
        refused.is_problem(429, "too-many-requests");
        let first = app.stored("exports");
        app.platform.clock.advance(TimeDelta::minutes(61));
        let nina = app.site.signs_in("nina").await;
        nina.post(path, json!({})).await.is(202);
        app.settle().await;
        let second = app.stored("exports");
        assert_eq!((first.len(), second.len()), (1, 1));
        assert_ne!(first, second);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_an_owner_who_has_just_proved_to_be_there_asks() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let (ada, eve) = (app.listener("ada").await, app.listener("eve").await);
        joins(&nina, "nina", &ada, "editor").await;
        let path = "/artists/nina/export";
        ada.post(path, json!({})).await.is_problem(403, "forbidden");
        ada.get(path).await.is_problem(403, "forbidden");
        eve.post(path, json!({})).await.is_problem(404, "not-found");
        eve.get(path).await.is_problem(404, "not-found");
        app.stranger().post(path, json!({})).await.is_problem(401, "unauthenticated");
        let token = json!({ "name": "backup", "scopes": ["read", "upload"] });
        let token = nina.post("/me/tokens", token).await.is(201).json();
        let program = app.site.holds(token["secret"].as_str().expect("a secret"));
        program.post(path, json!({})).await.is_problem(403, "session-needed");
        app.platform.clock.advance(TimeDelta::minutes(11));
        nina.post(path, json!({})).await.is_problem(403, "reauthentication-required");
        assert!(app.lines("select id::text as line from artists.packages").await.is_empty());
        app.settle().await;
    })
    .await;
}
