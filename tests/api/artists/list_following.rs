//! List the artists that one follows.

use serde_json::json;

use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_ones_own_and_the_newest_is_first() {
    with_app(async |app| {
        let (nina, ada, ben) = (app.artist("nina").await, app.listener("ada").await, app.listener("ben").await);
        for artist in ["Two", "Three"] {
            nina.creates_artist(artist).await;
        }
        for artist in ["two", "nina", "three"] {
            ada.follows(artist).await;
        }
        ben.follows("nina").await;
        let list = ada.walks("/me/following", 2).await;
        let slugs: Vec<&str> = list.iter().filter_map(|artist| artist["slug"].as_str()).collect();
        assert_eq!(slugs, ["three", "nina", "two"]);
        assert_eq!((&list[1]["follower_count"], &list[1]["following"]), (&json!(2), &json!(true)));
        assert!(list[0]["followed_at"].as_str() > list[1]["followed_at"].as_str(), "{list:?}");
        assert_eq!(nina.walks("/me/following", 2).await.len(), 0);
        app.stranger().get("/me/following").await.is_problem(401, "unauthenticated");
        // Who follows is nobody else's affair.
        let seen = nina.get("/artists/nina").await.is(200).text();
        assert!(!seen.contains("ada") && !seen.contains(&ada.id), "{seen}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_artist_is_no_longer_in_it() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        ada.follows("nina").await;
        nina.delete("/artists/nina").await.is(204);
        assert_eq!(ada.walks("/me/following", 2).await.len(), 0);
    })
    .await;
}
