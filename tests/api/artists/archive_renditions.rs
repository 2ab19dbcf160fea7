//! What was superseded goes to `archive/` once nobody can have it open.

use std::time::Duration;

use serde_json::json;

use super::reprocess_track::{AGE, ended};
use crate::support::{App, becomes_true, tone, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_superseded_a_day_ago_is_archived_with_its_lineage() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        app.settle().await;
        // A rung of another ladder, with bytes of its own.
        let release = nina.creates_release("Other").await;
        let other = nina.uploads(&release, "other.wav", tone(330.0, 1.0)).await;
        nina.waits_until_ready(&other).await;
        app.execute(AGE).await;
        app.execute(&format!(
            "update artists.renditions r set name = r.name || '_old', object_key = o.object_key from artists.renditions o
             where r.track_id = '{}' and o.track_id = '{other}' and o.name = r.name and r.name = 'opus_ogg_64'",
            single.track
        ))
        .await;
        nina.post(&format!("/tracks/{}/reprocessing", single.track), json!({})).await.is(202);
        ended(&nina, &single.track).await;
        nina.delete(&format!("/tracks/{other}")).await.is(204);
        app.settle().await;
        let superseded = "select name as line from artists.renditions where superseded_at is not null";
        assert_eq!(app.lines(superseded).await.len(), 6);
        assert!(app.stored("archive").is_empty(), "listeners may have it open");
        app.execute("update artists.renditions set superseded_at = superseded_at - interval '25 hours' where superseded_at is not null").await;
        let data = app.data().to_str().expect("a plain path");
        let second = App::start(app.platform.db.url(), &[("data", data)]).await;
        assert!(becomes_true(Duration::from_secs(10), async || app.lines(superseded).await.is_empty()).await);
        app.settle().await;
        second.stop().await;
        // Five are the same bytes as what is offered now.
        assert_eq!((app.stored("archive").len(), app.stored("curated").len()), (1, 6));
        assert_eq!(app.lines("select step as line from platform.objects where zone = 'archive'").await, ["move"]);
        nina.plays(&single.track).await;
    })
    .await;
}
