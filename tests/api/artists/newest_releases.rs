//! The newest releases.

use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_published_last_comes_first() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let (first, second) = (nina.drafts_a_single("First").await, nina.drafts_a_single("Second").await);
        nina.drafts_a_single("Never").await;
        nina.publishes(&second.release).await;
        nina.publishes(&first.release).await;
        for person in [&nina, &app.stranger()] {
            let titles = person.walks("/releases", 1).await;
            let titles: Vec<_> = titles.iter().filter_map(|release| release["title"].as_str()).collect();
            assert_eq!(titles, ["First", "Second"]);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_has_limits() {
    with_app(async |app| {
        for limit in [0, 201] {
            app.stranger().get(&format!("/releases?limit={limit}")).await.is_invalid("limit");
        }
        app.stranger().get("/releases?cursor=WzFd").await.is_invalid("cursor");
    })
    .await;
}
