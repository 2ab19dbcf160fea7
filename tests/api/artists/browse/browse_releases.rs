//! Browse releases.

use std::time::Duration;

use serde_json::json;

use super::{puts_out, titles};
use crate::support::{becomes_true, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_published_last_comes_first() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let (first, second) = (nina.drafts_a_single("First").await, nina.drafts_a_single("Second").await);
        nina.drafts_a_single("Never").await;
        nina.publishes(&second.release).await;
        nina.publishes(&first.release).await;
        for person in [&nina, &app.stranger()] {
            assert_eq!(titles(person, "").await, ["First", "Second"]);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shelf_has_what_is_asked_for_in_the_order_that_is_asked_for() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        puts_out(&nina, "Zeta", &["Jazz", "Ambient"], "1999").await;
        puts_out(&nina, "Éclair", &["Jazz"], "1999-05-01").await;
        puts_out(&nina, "alpha", &["Rock"], "2001").await;
        let ep = puts_out(&nina, "Echo", &["jazz"], "2001").await;
        nina.patch(&format!("/releases/{ep}"), json!({ "kind": "ep" })).await.is(200);
        let stranger = app.stranger();
        for (query, found) in [
            ("sort=newest", vec!["Echo", "alpha", "Éclair", "Zeta"]),
            ("sort=title", vec!["alpha", "Echo", "Éclair", "Zeta"]),
            ("genre=JAZZ", vec!["Echo", "Éclair", "Zeta"]),
            ("genre=jazz&year=1999&sort=title", vec!["Éclair", "Zeta"]),
            ("year=2001", vec!["Echo", "alpha"]),
            ("kind=ep", vec!["Echo"]),
            ("kind=single&year=2001", vec!["alpha"]),
            ("genre=ambient&kind=single&year=1999", vec!["Zeta"]),
            ("genre=polka", vec![]),
        ] {
            assert_eq!(titles(&stranger, query).await, found, "{query}");
        }
        // What is changed is on its new shelves and on no other.
        nina.patch(&format!("/releases/{ep}"), json!({ "genres": ["polka"], "title": "Zebra" })).await.is(200);
        assert_eq!(titles(&stranger, "genre=polka").await, ["Zebra"]);
        assert_eq!(titles(&stranger, "genre=jazz&sort=title").await, ["Éclair", "Zeta"]);
        assert_eq!(titles(&stranger, "sort=title").await, ["alpha", "Éclair", "Zebra", "Zeta"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_hidden_is_on_no_shelf() {
    with_app(async |app| {
        let (nina, fan, stranger) = (app.artist("nina").await, app.listener("fan").await, app.stranger());
        fan.follows("nina").await;
        for visibility in ["unlisted", "private", "followers"] {
            let single = nina.drafts_a_single(visibility).await;
            let path = format!("/releases/{}", single.release);
            nina.patch(&path, json!({ "genres": ["secret"] })).await.is(200);
            nina.put(&format!("{path}/publication"), json!({ "visibility": visibility })).await.is(200);
        }
        let later = nina.drafts_a_single("Later").await;
        nina.patch(&format!("/releases/{}", later.release), json!({ "genres": ["secret"] })).await.is(200);
        let at = app.platform.clock.now() + chrono::Duration::seconds(4);
        nina.put(&format!("/releases/{}/publication", later.release), json!({ "at": at })).await.is(200);
        for sort in ["newest", "most_played", "title"] {
            let shelf = format!("genre=secret&sort={sort}");
            assert!(titles(&stranger, &shelf).await.is_empty(), "{sort}");
            assert_eq!(titles(&fan, &shelf).await, ["followers"], "{sort}");
            assert_eq!(titles(&nina, &shelf).await, ["followers"], "{sort}");
        }
        assert!(
            becomes_true(Duration::from_secs(10), async || titles(&stranger, "genre=secret").await == ["Later"]).await
        );
        nina.delete(&format!("/releases/{}/publication", later.release)).await;
        assert!(titles(&stranger, "genre=secret").await.is_empty());
        let genres = stranger.get("/genres?limit=200").await.is(200).json();
        assert!(genres["items"].as_array().expect("items").iter().all(|genre| genre["name"] != "secret"), "{genres}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_stay_in_place_while_releases_come_and_go() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let mut releases = Vec::new();
        for title in ["B", "D", "F", "H"] {
            releases.push(puts_out(&nina, title, &["jazz"], "2000").await);
        }
        for (sort, rest) in [("title", vec!["F", "H", "K"]), ("newest", vec!["D", "B"])] {
            let first = nina.get(&format!("/releases?sort={sort}&limit=2")).await.is(200).json();
            let cursor = first["next_cursor"].as_str().expect("more").to_owned();
            let (a, k) = if sort == "title" { ("A", "K") } else { ("L", "M") };
            puts_out(&nina, a, &[], "2000").await;
            let late = puts_out(&nina, k, &[], "2000").await;
            let path = format!("sort={sort}&cursor={cursor}");
            let next = nina.get(&format!("/releases?{path}")).await.is(200).json();
            let next: Vec<_> =
                next["items"].as_array().expect("items").iter().map(|one| one["title"].clone()).collect();
            assert_eq!(next, rest, "{sort}");
            nina.get(&format!("/releases?sort=most_played&cursor={cursor}")).await.is_invalid("cursor");
            // As it was, for the other order.
            for title in [a, k] {
                let gone = nina.walks("/releases", 10).await;
                let gone =
                    gone.iter().find(|one| one["title"] == title).expect("it")["id"].as_str().expect("id").to_owned();
                nina.delete(&format!("/releases/{gone}/publication")).await;
            }
            drop(late);
        }
        assert_eq!(releases.len(), 4);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_has_limits() {
    with_app(async |app| {
        let stranger = app.stranger();
        for limit in [0, 201] {
            stranger.get(&format!("/releases?limit={limit}")).await.is_invalid("limit");
        }
        stranger.get("/releases?cursor=WzFd").await.is_invalid("cursor");
        for (field, value) in [
            ("sort", "price"),
            ("sort", "title%3Bdrop"),
            ("kind", "opera"),
            ("year", "0"),
            ("year", "10000"),
            ("year", "soon"),
            ("genre", ""),
            ("genre", &"x".repeat(51)),
            ("genre", "a%00b"),
        ] {
            stranger.get(&format!("/releases?{field}={value}")).await.is_invalid(field);
        }
    })
    .await;
}
