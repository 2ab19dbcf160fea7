//! Follow an account no longer.

use super::{follows, handles};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn who_is_followed_no_longer_shows_nothing_more() {
    with_app(async |app| {
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        follows(&ada, "ben").await;
        ada.delete("/accounts/ben/following").await.is(204);
        ada.delete("/accounts/ben/following").await.is(204);
        assert!(handles(&ada, "/me/followed-accounts").await.is_empty());
        // One that nobody sees any more goes by its id.
        follows(&ada, "ben").await;
        app.execute(&format!(
            "update accounts.accounts set suspended_at = now(), suspension_reason = 'spam' where id = '{}'",
            ben.id
        ))
        .await;
        ada.delete("/accounts/ben/following").await.is_problem(404, "not-found");
        ada.delete(&format!("/accounts/{}/following", ben.id)).await.is(204);
        assert!(handles(&ada, "/me/followed-accounts").await.is_empty());
    })
    .await;
}
