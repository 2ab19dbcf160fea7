//! Show the inbox.

use super::told;
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn a_follower_hears_of_a_new_release() {
    with_app(async |app| {
        let (nina, ada) = told(app, &["Ebb", "Flow", "Tides"]).await;
        for limit in [1, 2, 50] {
            let items = ada.walks("/notifications", limit).await;
            let titles: Vec<_> = items.iter().filter_map(|item| item["title"].as_str()).collect();
            assert_eq!(titles, ["Tides", "Flow", "Ebb"]);
        }
        assert_eq!(super::unread(&ada).await, 3);
        assert_eq!(super::unread(&nina).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inbox_is_its_owners_alone_and_a_page_has_limits() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        app.stranger().get("/notifications").await.is_problem(401, "unauthenticated");
        for (name, value) in [("limit", "0"), ("limit", "201"), ("cursor", "x")] {
            ada.get(&format!("/notifications?{name}={value}")).await.is_invalid(name);
        }
    })
    .await;
}
