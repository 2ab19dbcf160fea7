//! List who follows an account.

use super::{follows, handles};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn an_account_sees_who_follows_it() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        for handle in ["ben", "eve", "ida"] {
            follows(&app.listener(handle).await, "ada").await;
        }
        assert_eq!(handles(&ada, "/me/followers").await, ["ida", "eve", "ben"]);
        let ben = app.site.signs_in("ben").await;
        assert!(handles(&ben, "/me/followers").await.is_empty());
        app.stranger().get("/me/followers").await.is_problem(401, "unauthenticated");
    })
    .await;
}
