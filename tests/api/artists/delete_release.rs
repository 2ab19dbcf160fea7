//! Delete a release.

use crate::support::{tone, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_release_is_gone_with_its_tracks() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        nina.delete(&format!("/releases/{}", single.release)).await.is(204);
        for path in [format!("/releases/{}", single.release), format!("/tracks/{}", single.track)] {
            nina.get(&path).await.is_problem(404, "not-found");
        }
        nina.delete(&format!("/releases/{}", single.release)).await.is_problem(404, "not-found");
        assert!(app.lines("select id::text as line from artists.renditions").await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_may_be_deleted_while_its_tracks_are_in_the_chain() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        for number in 1..=3 {
            nina.uploads(&release, &format!("{number}.wav"), tone(100.0 * f64::from(number), 20.0)).await;
        }
        nina.delete(&format!("/releases/{release}")).await.is(204);
        app.settle().await;
        assert!(app.stored("staging").is_empty(), "{:?}", app.stored("staging"));
        assert!(app.stored("quarantine").is_empty());
    })
    .await;
}
