//! Remove a follower.

use super::{follows, handles};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn a_follower_is_removed_by_whom_they_follow() {
    with_app(async |app| {
        let (ada, ben, eve) = (app.listener("ada").await, app.listener("ben").await, app.listener("eve").await);
        follows(&ben, "ada").await;
        let path = format!("/me/followers/{}", ben.id);
        eve.delete(&path).await.is_problem(404, "not-found");
        ada.delete(&path).await.is(204);
        ada.delete(&path).await.is_problem(404, "not-found");
        assert!(handles(&ben, "/me/followed-accounts").await.is_empty());
    })
    .await;
}
