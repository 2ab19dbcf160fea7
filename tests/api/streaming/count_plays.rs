//! Count plays.

use std::time::Duration;

use crate::support::{becomes_true, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_played_most_comes_first() {
    with_app(async |app| {
        let (nina, fan) = (app.artist("nina").await, app.listener("fan").await);
        let (loved, liked) = (nina.publishes_a_single("Loved").await, nina.publishes_a_single("Liked").await);
        nina.publishes_a_single("Unheard").await;
        for _ in 0..3 {
            fan.hears(&loved.track).await;
        }
        fan.hears(&liked.track).await;
        // Pressed, prepared by a player, left at once: nobody heard it.
        fan.plays(&liked.track).await;
        fan.hears_for(&liked.track, 100).await;
        let stranger = app.stranger();
        let titles = async || {
            let list = stranger.walks("/releases?sort=most_played", 1).await;
            list.iter().filter_map(|one| one["title"].as_str().map(str::to_owned)).collect::<Vec<_>>()
        };
        let soon = Duration::from_secs(25);
        assert!(becomes_true(soon, async || titles().await == ["Loved", "Liked", "Unheard"]).await);
        let total = "select sum(plays)::text as line from streaming.track_plays";
        assert_eq!(app.lines(total).await, ["4"]);
        // Each play counts once, however often it is looked at.
        for _ in 0..3 {
            fan.hears(&liked.track).await;
        }
        assert!(becomes_true(soon, async || titles().await == ["Liked", "Loved", "Unheard"]).await);
        assert_eq!(app.lines(total).await, ["7"]);
        assert_eq!(
            app.lines(
                "select count(*)::text as line from streaming.plays where qualified_at is not null and not counted"
            )
            .await,
            ["0"]
        );
    })
    .await;
}
