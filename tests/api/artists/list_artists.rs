//! List artists.

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
