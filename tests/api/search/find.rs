//! Find something.

use serde_json::{Value, json};

use crate::support::{Answer, App, Person, with_app};

async fn search(app: &App, words: &str) -> Value {
    ask(&app.stranger(), &[("q", words)]).await.is(200).json()
}

async fn ask(person: &Person<'_>, query: &[(&str, &str)]) -> Answer {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    person.get(&format!("/search?{query}")).await
}

/// What was found, as `kind title`, sorted.
fn found(results: &Value) -> Vec<String> {
    let hits = results["items"].as_array().expect("items");
    let text = |hit: &Value, field: &str| hit[field].as_str().unwrap_or_default().to_owned();
    let mut found: Vec<_> = hits.iter().map(|hit| format!("{} {}", text(hit, "kind"), text(hit, "title"))).collect();
    found.sort();
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_published_is_found_by_its_words_and_their_beginnings() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Slow Train to Nowhere").await;
        app.settle().await;
        let both = ["release Slow Train to Nowhere", "track Slow Train to Nowhere"];
        for words in ["train", "TRAIN", "slow train", "nowhere slow", "now", "slow tra", "nina train"] {
            let results = search(app, words).await;
            assert_eq!(found(&results), both, "{words}");
            assert_eq!(results["did_you_mean"], json!(null), "{words}");
        }
        let everything = search(app, "nina").await;
        assert_eq!(found(&everything)[0], "artist nina", "{everything}");
        assert_eq!(everything["items"][0]["kind"], "artist", "a whole title comes first");
        let hit = &search(app, "train").await["items"][0];
        assert!(
            hit["url"].as_str().is_some_and(|url| url.starts_with(&format!("/releases/{}", single.release))),
            "{hit}"
        );
        assert_eq!(found(&search(app, "bus").await), [""; 0]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slip_of_the_finger_is_understood() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        nina.publishes_a_single("Quicksilver Mountain").await;
        app.settle().await;
        for (typed, meant) in [
            ("quicksliver", "quicksilver"),
            ("qicksilver mountain", "quicksilver mountain"),
            ("mountian ", "mountain"),
            ("quicksilver mountan ", "quicksilver mountain"),
        ] {
            let results = search(app, typed).await;
            assert_eq!(results["did_you_mean"], meant, "{typed}: {results}");
            assert_eq!(found(&results).len(), 2, "{typed}");
        }
        let nothing = search(app, "xylophone").await;
        assert_eq!((&nothing["did_you_mean"], &nothing["items"]), (&json!(null), &json!([])));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_looked_for_is_marked_where_it_stands() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        nina.publishes_a_single("🎵 Éclat du soir").await;
        app.settle().await;
        let results = search(app, "eclat soi").await;
        let hit = &results["items"][0];
        let title: Vec<char> = hit["title"].as_str().expect("a title").chars().collect();
        let marked: Vec<String> = hit["highlights"]
            .as_array()
            .expect("highlights")
            .iter()
            .filter(|mark| mark["field"] == "title")
            .map(|mark| {
                let at = |end: &str| usize::try_from(mark[end].as_u64().expect("a place")).expect("a place");
                title[at("start")..at("end")].iter().collect()
            })
            .collect();
        assert_eq!(marked, ["Éclat", "soir"], "{hit}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn accents_and_scripts_do_not_hide_anything() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        nina.publishes_a_single("Über den nördlichen Bergen").await;
        nina.publishes_a_single("北の山 がか").await;
        nina.publishes_a_single("Æther").await;
        app.settle().await;
        for (words, count) in [
            ("uber bergen", 2),
            ("ÜBER", 2),
            ("U\u{308}ber nordlichen", 2),
            ("北の山", 2),
            ("の山", 2),
            ("aether", 2),
            ("がか", 2),
            ("かか", 0),
        ] {
            assert_eq!(found(&search(app, words).await).len(), count, "{words}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_public_any_more_is_not_found() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        nina.drafts_a_single("Quicksilver draft").await;
        let withdrawn = nina.publishes_a_single("Quicksilver withdrawn").await;
        let deleted = nina.publishes_a_single("Quicksilver deleted").await;
        let renamed = nina.publishes_a_single("Quicksilver renamed").await;
        let emptied = nina.publishes_a_single("Quicksilver emptied").await;
        app.settle().await;
        assert_eq!(found(&search(app, "quicksilver").await).len(), 8);
        nina.delete(&format!("/releases/{}/publication", withdrawn.release)).await.is(204);
        nina.delete(&format!("/releases/{}", deleted.release)).await.is(204);
        // Gone at once, not only when the index has heard of it.
        assert_eq!(found(&search(app, "withdrawn").await).len() + found(&search(app, "deleted").await).len(), 0);
        for path in [format!("/releases/{}", renamed.release), format!("/tracks/{}", renamed.track)] {
            nina.patch(&path, json!({ "title": "Mercury" })).await.is(200);
        }
        nina.delete(&format!("/tracks/{}", emptied.track)).await.is(204);
        app.settle().await;
        for person in [&nina, &app.stranger()] {
            let left = ask(person, &[("q", "quicksilver")]).await.is(200).json();
            // Nothing is left to hear of the last one either, so that it is public no more.
            assert_eq!(found(&left), Vec::<String>::new());
        }
        assert_eq!(found(&search(app, "mercury").await), ["release Mercury", "track Mercury"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_may_look_for_some_kinds_alone() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        nina.publishes_a_single("nina").await;
        app.settle().await;
        for (kinds, expected) in [
            ("artist", vec!["artist nina"]),
            ("track,artist", vec!["artist nina", "track nina"]),
            (" release , track", vec!["release nina", "track nina"]),
        ] {
            let results = ask(&app.stranger(), &[("q", "nina"), ("kinds", kinds)]).await.is(200).json();
            assert_eq!(found(&results), expected, "{kinds}");
        }
        for kinds in ["playlist", "artist,", "", "*"] {
            ask(&app.stranger(), &[("q", "nina"), ("kinds", kinds)]).await.is_invalid("kinds");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_walk_through_the_pages_sees_each_hit_once() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        for number in 0..4 {
            nina.publishes_a_single(&format!("Wave {number}")).await;
        }
        app.settle().await;
        for limit in [1, 3, 8, 200] {
            assert_eq!(app.stranger().walks("/search?q=wave", limit).await.len(), 8, "{limit}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_walk_through_the_pages_of_a_corrected_search_sees_each_hit_once() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        nina.publishes_a_single("Quicksilver dawn").await;
        nina.publishes_a_single("Quicksilver dusk").await;
        app.settle().await;
        let stranger = app.stranger();
        for limit in [1, 3] {
            assert_eq!(stranger.walks("/search?q=quicksliver", limit).await.len(), 4, "{limit}");
        }
        let first = stranger.get("/search?q=quicksliver&limit=3").await.is(200).json();
        let cursor = first["next_cursor"].as_str().expect("a second page");
        let second = stranger.get(&format!("/search?q=quicksliver&limit=3&cursor={cursor}")).await.is(200).json();
        assert_eq!((&second["did_you_mean"], &second["next_cursor"]), (&json!("quicksilver"), &json!(null)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn words_are_counted_as_documents_come_change_and_go() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let mut singles = Vec::new();
        for title in ["amber birch cedar", "cedar birch amber", "birch amber", "dune amber birch"] {
            singles.push(nina.publishes_a_single(title).await);
        }
        app.settle().await;
        // At once, and in opposite orders.
        for titles in [["zinnia yarrow", "yarrow zinnia"], ["amber yarrow birch", "birch zinnia amber"]] {
            let renamed = singles.iter().zip(titles.into_iter().cycle()).map(|(single, title)| {
                let (nina, path) = (&nina, format!("/releases/{}", single.release));
                async move { nina.patch(&path, json!({ "title": title })).await.is(200) }
            });
            futures_util::future::join_all(renamed).await;
        }
        app.settle().await;
        nina.delete(&format!("/releases/{}", singles[0].release)).await.is(204);
        app.settle().await;
        assert_eq!(miscounted(app).await, [""; 0]);
        let deadlocks = "select last_error as line from platform.jobs where last_error like '%deadlock%'";
        assert_eq!(app.lines(deadlocks).await, [""; 0]);
        assert_eq!(found(&search(app, "dune").await), ["track dune amber birch"]);
    })
    .await;
}

/// The words whose count is not that of the documents which hold them.
async fn miscounted(app: &App) -> Vec<String> {
    let counts = "select concat_ws(' ', word, v.documents, d.documents) as line
                  from search.vocabulary v full join
                      (select word, count(*) as documents
                       from search.documents, unnest(tsvector_to_array(words)) as word group by word) d using (word)
                  where coalesce(v.documents, 0) <> coalesce(d.documents, 0)";
    app.lines(counts).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_search_is_refused_and_what_looks_like_a_program_is_not_run() {
    with_app(async |app| {
        let stranger = app.stranger();
        stranger.get("/search").await.is_invalid("q");
        ask(&stranger, &[("q", "")]).await.is_invalid("q");
        ask(&stranger, &[("q", &"x".repeat(201))]).await.is_invalid("q");
        for (name, value) in [("limit", "0"), ("limit", "201"), ("cursor", "x")] {
            ask(&stranger, &[("q", "wave"), (name, value)]).await.is_invalid(name);
        }
        for words in ["' | b:* & !c", "\\", "a:* <-> b", "%' or 1=1 --", " — !! ", "\u{0}", "'", ":*", "\u{301}"] {
            let results = ask(&stranger, &[("q", words)]).await.is(200).json();
            assert_eq!(results["items"], json!([]), "{words}");
        }
        ask(&stranger, &[("q", &"word ".repeat(40))]).await.is(200);
    })
    .await;
}
