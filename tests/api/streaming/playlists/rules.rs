//! Playlists that fill themselves.

use serde_json::{Value, json};

use crate::support::{App, Person, with_app};

/// A playlist with these rules; its path.
async fn filled_by(person: &Person<'_>, rules: Value) -> String {
    let new = json!({ "title": "Finds", "visibility": "public", "rules": rules });
    let made = person.post("/playlists", new).await.is(201).json();
    format!("/playlists/{}", made["id"].as_str().expect("an id"))
}

fn one(field: &str, test: &str, value: impl Into<Value>) -> Value {
    json!({ "field": field, "test": test, "value": value.into() })
}

async fn titles(person: &Person<'_>, playlist: &str) -> Vec<String> {
    let page = person.get(&format!("{playlist}/entries")).await.is(200).json();
    let items = page["items"].as_array().expect("items");
    items.iter().map(|item| item["track"]["title"].as_str().expect("a title").to_owned()).collect()
}

/// Three tracks, of 90, 120 and 150 beats a minute; the last one is jazz.
async fn catalogue<'a>(app: &'a App) -> (Person<'a>, Vec<String>) {
    let nina = app.artist("nina").await;
    let mut tracks = Vec::new();
    for (title, tempo) in [("Andante", 90), ("Moderato", 120), ("Presto", 150)] {
        let single = nina.publishes_a_single(title).await;
        app.execute(&format!(
            "update artists.analyses set tempo_bpm = {tempo}, musical_key = 'A minor' where track_id = '{}'",
            single.track
        ))
        .await;
        if title == "Presto" {
            let said = json!({ "genres": ["Jazz"], "original_date": "1959" });
            nina.patch(&format!("/releases/{}", single.release), said).await.is(200);
        }
        tracks.push(single.track);
    }
    (nina, tracks)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_playlist_holds_what_fits_its_rules_now() {
    with_app(async |app| {
        let (nina, tracks) = catalogue(app).await;
        let ada = app.listener("ada").await;
        let fast = filled_by(&ada, json!({ "all_of": [[one("tempo_bpm", "at_least", 100)]], "order": "tempo" })).await;
        assert_eq!(titles(&ada, &fast).await, ["Moderato", "Presto"]);
        let shown = ada.get(&fast).await.is(200).json();
        assert_eq!((&shown["entry_count"], &shown["rules"]["limit"]), (&json!(null), &json!(100)));
        for (rules, wanted) in [
            (json!([[one("genre", "is", "JAZZ")]]), vec!["Presto"]),
            (json!([[one("genre", "is_not", "jazz")]]), vec!["Andante", "Moderato"]),
            (json!([[one("title", "contains", "ANTE"), one("year", "at_most", 1960)]]), vec!["Andante", "Presto"]),
            (json!([[one("title", "starts_with", "p")], [one("artist", "is", "Nina")]]), vec!["Presto"]),
            (json!([[one("key", "is", "a minor")], [one("tempo_bpm", "at_most", 120)]]), vec!["Andante", "Moderato"]),
            (
                json!([[one("published_at", "within_days", 1)], [one("duration_ms", "at_least", 1)]]),
                vec!["Andante", "Moderato", "Presto"],
            ),
            (json!([[one("published_at", "not_within_days", 1)]]), vec![]),
            (
                json!([
                    [one("last_played_at", "not_within_days", 30)],
                    [one("explicit", "is", false)],
                    [one("own_plays", "is", 0)]
                ]),
                vec!["Andante", "Moderato", "Presto"],
            ),
            (json!([[one("kind", "is", "album")]]), vec![]),
        ] {
            ada.patch(&fast, json!({ "rules": { "all_of": rules, "order": "title" } })).await.is(200);
            assert_eq!(titles(&ada, &fast).await, wanted, "{rules}");
        }
        // A draft and what is withdrawn is in none.
        ada.patch(
            &fast,
            json!({ "rules": { "all_of": [[one("tempo_bpm", "at_least", 0)]], "limit": 2, "order": "title" } }),
        )
        .await
        .is(200);
        assert_eq!(titles(&ada, &fast).await, ["Andante", "Moderato"]);
        let release = nina.get(&format!("/tracks/{}", tracks[0])).await.json()["release"]["id"].clone();
        nina.delete(&format!("/releases/{}/publication", release.as_str().expect("an id"))).await.is(204);
        assert_eq!(titles(&app.stranger(), &fast).await, ["Moderato", "Presto"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_a_listeners_own_is_that_of_whoever_looks() {
    with_app(async |app| {
        let (nina, tracks) = catalogue(app).await;
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        let liked = filled_by(
            &ada,
            json!({ "all_of": [[one("liked", "is", true), one("stars", "at_least", 4)]], "order": "title" }),
        )
        .await;
        ada.put(&format!("/tracks/{}/like", tracks[0]), json!({})).await.is(204);
        ada.put(&format!("/tracks/{}/rating", tracks[1]), json!({ "stars": 5 })).await.is(204);
        ben.put(&format!("/tracks/{}/like", tracks[2]), json!({})).await.is(204);
        assert_eq!(titles(&ada, &liked).await, ["Andante", "Moderato"]);
        assert_eq!(titles(&ben, &liked).await, ["Presto"]);
        assert!(titles(&nina, &liked).await.is_empty() && titles(&app.stranger(), &liked).await.is_empty());
        let file = ada.get(&format!("{liked}/export?format=csv")).await.is(200).text();
        assert!(file.contains("Andante") && !file.contains("Presto"), "{file}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_comes_in_pages_and_every_day_in_another_order() {
    with_app(async |app| {
        let (nina, _) = catalogue(app).await;
        let all = json!({ "all_of": [[one("plays", "at_least", 0)]], "order": "random" });
        let playlist = filled_by(&nina, all).await;
        let first = nina.walks(&format!("{playlist}/entries"), 1).await;
        assert_eq!(first.len(), 3);
        let order = |items: &[Value]| items.iter().map(|item| item["track_id"].to_string()).collect::<Vec<_>>();
        let mut orders = vec![order(&first)];
        for _ in 0..12 {
            app.platform.clock.advance(chrono::TimeDelta::days(1));
            orders.push(order(
                &nina.get(&format!("{playlist}/entries")).await.is(200).json()["items"]
                    .as_array()
                    .expect("items")
                    .clone(),
            ));
        }
        orders.sort();
        orders.dedup();
        assert!(orders.len() > 1, "{orders:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_puts_anything_into_it_and_its_rules_have_a_history() {
    with_app(async |app| {
        let (nina, tracks) = catalogue(app).await;
        let playlist = filled_by(&nina, json!({ "all_of": [[one("tempo_bpm", "at_least", 100)]] })).await;
        let added = nina.post(&format!("{playlist}/entries"), json!({ "track_ids": [tracks[0]] })).await;
        added.is_problem(409, "playlist-fills-itself");
        nina.patch(&playlist, json!({ "rules": { "all_of": [[one("tempo_bpm", "at_least", 149)]] } })).await.is(200);
        assert_eq!(titles(&nina, &playlist).await, ["Presto"]);
        let history = nina.get(&format!("{playlist}/history")).await.is(200).json();
        let change = history["items"][0]["id"].as_str().expect("a change");
        nina.post(&format!("{playlist}/history/{change}/restoration"), json!({})).await.is(201);
        assert_eq!(titles(&nina, &playlist).await.len(), 2);
        for (rules, wanted) in [
            (json!({ "all_of": [] }), "1 to 20 lists"),
            (json!({ "all_of": [[one("password", "is", "x")]] }), "Unknown variant"),
            (json!({ "all_of": [[one("tempo_bpm", "is", "fast")]] }), "takes a number"),
            (json!({ "all_of": [[[[[[one("title", "is", "x")]]]]]] }), ""),
        ] {
            let problem =
                nina.post("/playlists", json!({ "title": "x", "rules": rules })).await.is_problem(422, "invalid");
            let field = problem["field"].as_str().expect("a field");
            assert!(field.starts_with("rules") && problem.to_string().contains(wanted), "{problem}");
        }
        // What people keep has no rules.
        let kept = nina.post("/playlists", json!({ "title": "Mine" })).await.is(201).json();
        let rules = json!({ "rules": { "all_of": [[one("plays", "at_least", 0)]] } });
        let problem = nina.patch(&format!("/playlists/{}", kept["id"].as_str().expect("an id")), rules).await;
        assert_eq!(problem.is_problem(422, "invalid")["field"], "rules");
    })
    .await;
}
