//! Forget the sessions whose time is over.

use std::time::Duration;

use crate::support::{App, becomes_true, with_app};

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
