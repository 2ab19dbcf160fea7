//! List whom an account follows.

use super::{follows, handles};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn whom_one_follows_comes_latest_first_and_nobody_else_sees_it() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        for handle in ["ben", "eve", "ida"] {
            app.listener(handle).await;
            follows(&ada, handle).await;
        }
        assert_eq!(handles(&ada, "/me/followed-accounts").await, ["ida", "eve", "ben"]);
        let ben = app.site.signs_in("ben").await;
        assert!(handles(&ben, "/me/followed-accounts").await.is_empty());
        ada.get("/me/followed-accounts?cursor=nonsense").await.is_invalid("cursor");
        app.stranger().get("/me/followed-accounts").await.is_problem(401, "unauthenticated");
    })
    .await;
}
