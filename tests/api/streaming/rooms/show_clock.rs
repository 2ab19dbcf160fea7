//! Show the server's clock.

use chrono::{DateTime, TimeDelta, Utc};

use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn anybody_may_ask_what_time_it_is() {
    with_app(async |app| {
        let now = async || -> DateTime<Utc> {
            let answer = app.stranger().get("/clock").await;
            answer.is(200).json()["now"].as_str().expect("a time").parse().expect("a time")
        };
        let first = now().await;
        app.platform.clock.advance(TimeDelta::seconds(100));
        let passed = now().await - first;
        assert!((100..110).contains(&passed.num_seconds()), "{passed}");
    })
    .await;
}
