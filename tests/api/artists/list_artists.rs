//! List artists.

use serde_json::json;

use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn a_walk_through_the_pages_sees_each_artist_once() {
    with_app(async |app| {
        let nina = app.listener("nina").await;
        for number in 0..7 {
            nina.creates_artist(&format!("Artist {number}")).await;
        }
        for limit in [1, 3, 7, 200] {
            let artists = app.stranger().walks("/artists", limit).await;
            let names: Vec<_> = artists.iter().filter_map(|artist| artist["name"].as_str()).collect();
            let newest_first: Vec<_> = (0..7).rev().map(|number| format!("Artist {number}")).collect();
            assert_eq!(names, newest_first);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn my_artists_are_those_that_i_may_act_for() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.artist("ada").await);
        nina.creates_artist("Tides").await;
        let slugs = async |person: &crate::support::Person<'_>| {
            let mine = person.walks("/artists?mine=true", 50).await;
            mine.iter().filter_map(|artist| artist["slug"].as_str().map(str::to_owned)).collect::<Vec<_>>()
        };
        assert_eq!(slugs(&nina).await, ["tides", "nina"]);
        assert_eq!(slugs(&ada).await, ["ada"]);
        assert_eq!(nina.walks("/artists?mine=false", 50).await.len(), 3);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_has_limits() {
    with_app(async |app| {
        let stranger = app.stranger();
        for limit in ["0", "201", "-1", "x", "99999999999999999999", ""] {
            stranger.get(&format!("/artists?limit={limit}")).await.is_invalid("limit");
        }
        for cursor in ["x", "e30", "", "%00", &"A".repeat(5000)] {
            stranger.get(&format!("/artists?cursor={cursor}")).await.is_invalid("cursor");
        }
        stranger.get("/artists?limit=200&colour=blue").await.is(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_to_z_is_without_regard_to_case_and_accents() {
    with_app(async |app| {
        let nina = app.listener("nina").await;
        for name in ["Zoe", "\u{c9}mile", "anna", "Emil", "Anna"] {
            nina.creates_artist(name).await;
        }
        for limit in [1, 2, 200] {
            let artists = app.stranger().walks("/artists?sort=name", limit).await;
            let names: Vec<_> = artists.iter().filter_map(|artist| artist["name"].as_str()).collect();
            assert_eq!(names, ["anna", "Anna", "Emil", "\u{c9}mile", "Zoe"]);
        }
        let page = nina.get("/artists?limit=1").await.json();
        let cursor = page["next_cursor"].as_str().expect("more");
        nina.get(&format!("/artists?sort=name&cursor={cursor}")).await.is_invalid("cursor");
        nina.get(&format!("/artists?sort=followers&cursor={cursor}")).await.is_invalid("cursor");
        nina.get("/artists?sort=fame").await.is_invalid("sort");
        nina.get("/artists?genre=").await.is_invalid("genre");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_most_follow_comes_first_in_each_genre() {
    with_app(async |app| {
        let nina = app.listener("nina").await;
        for (name, genres) in
            [("Ebb", vec!["Folk"]), ("Flow", vec!["Folk", "Drum & Bass"]), ("Slack", vec![]), ("Dew", vec!["Folk"])]
        {
            let artist = nina.creates_artist(name).await;
            nina.patch(&format!("/artists/{artist}"), json!({ "genres": genres })).await.is(200);
        }
        let fans = [app.listener("ada").await, app.listener("ben").await, app.listener("cy").await];
        for (artist, count) in [("flow", 3), ("slack", 2), ("ebb", 1)] {
            for fan in &fans[..count] {
                fan.follows(artist).await;
                // A second time counts nothing.
                fan.follows(artist).await;
            }
        }
        let names = async |query: &str, limit| {
            let artists = app.stranger().walks(&format!("/artists?{query}"), limit).await;
            artists.iter().map(|artist| artist["name"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
        };
        for limit in [1, 2, 200] {
            assert_eq!(names("sort=followers", limit).await, ["Flow", "Slack", "Ebb", "Dew"]);
            assert_eq!(names("sort=followers&genre=FOLK", limit).await, ["Flow", "Ebb", "Dew"]);
            assert_eq!(names("sort=name&genre=folk", limit).await, ["Dew", "Ebb", "Flow"]);
            assert_eq!(names("genre=folk", limit).await, ["Dew", "Flow", "Ebb"]);
        }
        assert_eq!(names("genre=drum++%26+bass", 9).await, ["Flow"]);
        assert!(names("genre=polka", 9).await.is_empty());
        // What changes moves: who follows no longer, another genre, another name, an account or an artist that is gone.
        for fan in &fans {
            fan.delete("/artists/flow/following").await.is(204);
            fan.delete("/artists/flow/following").await.is(204);
        }
        nina.patch("/artists/dew", json!({ "genres": ["Polka"], "name": "Zephyr" })).await.is(200);
        assert_eq!(names("sort=followers", 9).await, ["Slack", "Ebb", "Zephyr", "Flow"]);
        assert_eq!(names("sort=name&genre=polka", 9).await, ["Zephyr"]);
        assert_eq!(names("sort=followers&genre=folk", 9).await, ["Ebb", "Flow"]);
        nina.delete("/artists/slack").await;
        assert_eq!(names("sort=followers", 9).await, ["Ebb", "Zephyr", "Flow"]);
        app.settle().await;
        let counted = "select s.artist_id::text as line from artists.standings s
            where s.followers <> (select count(*) from artists.follows f where f.artist_id = s.artist_id)";
        assert!(app.lines(counted).await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_miscounted_while_an_artist_is_edited() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let mut fans = Vec::new();
        for number in 0..6 {
            fans.push(app.listener(&format!("fan{number}")).await);
        }
        let follow = async {
            futures_util::future::join_all(fans.iter().map(|fan| fan.follows("nina"))).await;
        };
        let edit = async {
            for number in 0..6 {
                nina.patch("/artists/nina", json!({ "genres": [format!("genre {number}")] })).await.is(200);
            }
        };
        tokio::join!(follow, edit);
        let counted = app.lines("select genre || ' ' || followers as line from artists.standings order by genre").await;
        assert_eq!(counted, [" 6", "genre 5 6"]);
    })
    .await;
}
