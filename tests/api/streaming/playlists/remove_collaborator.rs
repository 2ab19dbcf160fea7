//! Take somebody's role in a playlist away, or leave it.

use super::{makes, shares};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn its_owner_sends_people_away_and_everybody_may_leave() {
    with_app(async |app| {
        let (ada, ben, cleo) = (app.listener("ada").await, app.listener("ben").await, app.listener("cleo").await);
        let path = makes(&ada, "Ours", "private").await;
        let at = |handle: &str| format!("{path}/collaborators/{handle}");
        shares(&ada, &path, "ben", "editor").await;
        shares(&ada, &path, "cleo", "viewer").await;
        ben.delete(&at("cleo")).await.is_problem(403, "forbidden");
        cleo.delete(&at("cleo")).await.is(204);
        cleo.get(&path).await.is_problem(404, "not-found");
        ada.delete(&at(&ben.id)).await.is(204);
        ada.delete(&at("ben")).await.is_problem(404, "not-found");
        ben.get(&path).await.is_problem(404, "not-found");
        ada.delete(&at("ada")).await.is_problem(404, "not-found");
    })
    .await;
}
