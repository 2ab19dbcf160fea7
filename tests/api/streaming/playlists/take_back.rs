//! Take a change of a playlist back.

use serde_json::{Value, json};

use super::{adds, makes, moves, order, shares};
use crate::support::{Answer, Person, with_app};

/// Takes the latest change of a kind back.
async fn takes_back(person: &Person<'_>, path: &str, kind: &str) -> Answer {
    let history = person.walks(&format!("{path}/history"), 50).await;
    let change = history.iter().find(|change| change["what"]["kind"] == kind).expect(kind);
    let id = change["id"].as_str().expect("an id");
    person.post(&format!("{path}/history/{id}/restoration"), json!({})).await
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_comes_to_where_it_was() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let path = makes(&nina, "Mine", "private").await;
        let own = adds(&nina, &path, &[single.track.as_str(); 4]).await;
        nina.delete(&format!("{path}/entries/{}", own[0])).await.is(204);
        moves(&nina, &path, &own[3], Some(&own[1])).await;
        assert_eq!(order(&nina, &path).await, [own[1].as_str(), &own[3], &own[2]]);
        let back = takes_back(&nina, &path, "moved").await.is(201).json();
        assert!(back["takes_back"].is_string() && back["what"]["kind"] == "moved", "{back}");
        takes_back(&nina, &path, "removed").await.is(201);
        assert_eq!(order(&nina, &path).await, own);
        takes_back(&nina, &path, "removed").await.is_problem(409, "nothing-to-restore");
        // The latest addition is the way back of the removal.
        takes_back(&nina, &path, "added").await.is(201);
        assert_eq!(order(&nina, &path).await, own[1..]);
        nina.patch(&path, json!({ "title": "Other", "visibility": "public" })).await.is(200);
        takes_back(&nina, &path, "edited").await.is(201);
        let playlist = nina.get(&path).await.is(200).json();
        assert_eq!((&playlist["title"], &playlist["visibility"]), (&json!("Mine"), &json!("private")));
        assert_eq!(playlist["entry_count"], 3);
        takes_back(&nina, &path, "created").await.is_problem(409, "not-restorable");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_change_brings_back_no_more_than_its_own() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let path = makes(&nina, "Mine", "public").await;
        nina.patch(&path, json!({ "title": "Other" })).await.is(200);
        let history = nina.get(&format!("{path}/history")).await.is(200).json();
        let renamed = history["items"][0]["id"].as_str().expect("an id").to_owned();
        nina.patch(&path, json!({ "visibility": "private", "description": "Mine alone." })).await.is(200);
        nina.post(&format!("{path}/history/{renamed}/restoration"), json!({})).await.is(201);
        let playlist = nina.get(&path).await.is(200).json();
        let told = (&playlist["title"], &playlist["visibility"], &playlist["description"]);
        assert_eq!(told, (&json!("Mine"), &json!("private"), &json!("Mine alone.")));
        // What was added comes back as it stood when it went, not as it came.
        let two = adds(&nina, &path, &[single.track.as_str(); 2]).await;
        let other = adds(&nina, &path, &[&single.track]).await;
        moves(&nina, &path, &two[1], None).await;
        let before = order(&nina, &path).await;
        assert_eq!(before, [two[1].as_str(), &two[0], &other[0]]);
        let history = nina.get(&format!("{path}/history")).await.is(200).json();
        let added = history["items"][2]["id"].as_str().expect("an id").to_owned();
        nina.post(&format!("{path}/history/{added}/restoration"), json!({})).await.is(201);
        assert_eq!(order(&nina, &path).await, other);
        takes_back(&nina, &path, "removed").await.is(201);
        assert_eq!(order(&nina, &path).await, before);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_editor_takes_back_what_an_editor_may_do() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let single = nina.publishes_a_single("Tides").await;
        let path = makes(&nina, "Ours", "public").await;
        adds(&nina, &path, &[&single.track]).await;
        nina.patch(&path, json!({ "title": "Other" })).await.is(200);
        shares(&nina, &path, "ada", "editor").await;
        takes_back(&ada, &path, "edited").await.is_problem(403, "forbidden");
        takes_back(&ada, &path, "added").await.is(201);
        assert!(order(&ada, &path).await.is_empty());
        shares(&nina, &path, "ada", "viewer").await;
        takes_back(&ada, &path, "removed").await.is_problem(403, "forbidden");
        let other = makes(&nina, "Another", "private").await;
        let history: Value = nina.get(&format!("{path}/history")).await.is(200).json();
        let foreign = format!("{other}/history/{}/restoration", history["items"][0]["id"].as_str().expect("an id"));
        nina.post(&foreign, json!({})).await.is_problem(404, "not-found");
    })
    .await;
}
