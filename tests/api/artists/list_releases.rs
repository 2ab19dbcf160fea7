//! List an artist's releases.

use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn members_see_drafts_and_others_what_is_published() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let ada = app.listener("ada").await;
        nina.publishes_a_single("Tides").await;
        for number in 0..4 {
            nina.creates_release(&format!("Draft {number}")).await;
        }
        assert_eq!(nina.walks("/artists/nina/releases", 2).await.len(), 5);
        for person in [&ada, &app.stranger()] {
            let seen = person.walks("/artists/nina/releases", 2).await;
            assert_eq!(seen.iter().filter_map(|release| release["title"].as_str()).collect::<Vec<_>>(), ["Tides"]);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_nobody_is_not_found_and_a_page_has_limits() {
    with_app(async |app| {
        app.artist("nina").await;
        let stranger = app.stranger();
        stranger.get("/artists/nobody/releases").await.is_problem(404, "not-found");
        for limit in [0, 201] {
            stranger.get(&format!("/artists/nina/releases?limit={limit}")).await.is_invalid("limit");
        }
        stranger.get("/artists/nina/releases?cursor=x").await.is_invalid("cursor");
    })
    .await;
}
