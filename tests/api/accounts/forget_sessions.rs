//! Forget the sessions whose time is over.

use std::time::Duration;

use serde_json::json;

use crate::support::{App, becomes_true, localhost, with_app};

const SESSIONS: &str = "select handle as line from accounts.sessions s join accounts.accounts a on a.id = s.account_id";

#[tokio::test(flavor = "multi_thread")]
async fn only_sessions_whose_time_is_over_are_forgotten() {
    with_app(async |app| {
        app.listener("ada").await;
        app.listener("nina").await;
        app.execute(
            "update accounts.sessions set expires_at = now() - interval '1 second'
             where account_id = (select id from accounts.accounts where handle = 'ada')",
        )
        .await;
        // Each process looks for them as it starts.
        let second = App::start(app.platform.db.url(), &[]).await;
        let forgotten = becomes_true(Duration::from_secs(10), async || app.lines(SESSIONS).await == ["nina"]).await;
        assert!(forgotten, "{:?}", app.lines(SESSIONS).await);
        second.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_came_back_for_is_forgotten_and_what_may_still_be_finished_is_not() {
    with_app(async |app| {
        let site = localhost(app);
        for _ in 0..2 {
            site.stranger().post("/session/passkey-ceremonies", json!({})).await.is(201);
        }
        app.execute(
            "update accounts.ceremonies set expires_at = now() - interval '1 second'
             where token_hash = (select token_hash from accounts.ceremonies limit 1)",
        )
        .await;
        let second = App::start(app.platform.db.url(), &[]).await;
        let left = "select token_hash::text as line from accounts.ceremonies";
        let forgotten = becomes_true(Duration::from_secs(10), async || app.lines(left).await.len() == 1).await;
        assert!(forgotten, "{:?}", app.lines(left).await);
        second.stop().await;
    })
    .await;
}
