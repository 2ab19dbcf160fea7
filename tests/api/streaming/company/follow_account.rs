//! Follow an account.

use serde_json::json;

use super::{follows, handles};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn an_account_follows_others_once_and_never_itself() {
    with_app(async |app| {
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        follows(&ada, "ben").await;
        follows(&ada, "ben").await;
        assert_eq!(handles(&ada, "/me/followed-accounts").await, ["ben"]);
        assert_eq!(handles(&ben, "/me/followers").await, ["ada"]);
        ada.put("/accounts/ada/following", json!({})).await.is_invalid("handle");
        ada.put("/accounts/nobody/following", json!({})).await.is_problem(404, "not-found");
        app.stranger().put("/accounts/ben/following", json!({})).await.is_problem(401, "unauthenticated");
        app.execute(&format!(
            "insert into streaming.account_follows select '{}', gen_random_uuid(), now() from generate_series(1, 4999)",
            ada.id
        ))
        .await;
        app.listener("eve").await;
        ada.put("/accounts/eve/following", json!({})).await.is_problem(409, "limit-reached");
        // Who leaves is followed by nobody.
        app.execute(&format!("delete from streaming.account_follows where followed_id <> '{}'", ben.id)).await;
        app.execute(&format!(
            "update accounts.accounts set suspended_at = now(), suspension_reason = 'spam' where id = '{}'",
            ben.id
        ))
        .await;
        ada.put("/accounts/ben/following", json!({})).await.is_problem(404, "not-found");
    })
    .await;
}
