//! Forget what was heard.

use chrono::TimeDelta;
use legato::platform::clock::Clock;

use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn a_stretch_is_forgotten_or_all() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let single = nina.publishes_a_single("Tides").await;
        for person in [&ada, &ada, &nina] {
            person.hears(&single.track).await;
        }
        app.execute(
            "update streaming.plays set started_at = started_at - interval '2 days' where id in
                     (select id from streaming.plays order by id limit 1)",
        )
        .await;
        let count = async |person: &crate::support::Person<'_>| person.walks("/me/history", 10).await.len();
        let yesterday = (Clock::default().now() - TimeDelta::days(1)).format("%Y-%m-%dT%H:%M:%SZ");
        ada.delete(&format!("/me/history?since={yesterday}")).await.is(204);
        assert_eq!(count(&ada).await, 1);
        ada.delete("/me/history?before=-001000-01-01T00:00:00Z").await.is_invalid("before");
        ada.delete(&format!("/me/history?before={yesterday}")).await.is(204);
        assert_eq!(count(&ada).await, 0);
        ada.hears(&single.track).await;
        ada.delete("/me/history").await.is(204);
        assert_eq!((count(&ada).await, count(&nina).await), (0, 1));
        assert_eq!(app.lines("select count(*)::text as line from streaming.plays").await, ["4"]);
    })
    .await;
}
