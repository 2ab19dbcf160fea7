//! An artist that nobody acts for any more goes with its whole catalogue.

use crate::support::{App, with_app};

/// As the transaction does that takes the last member away.
async fn desert(app: &App, slug: &str) {
    app.execute(&format!(
        "delete from artists.memberships where artist_id = (select id from artists.artists where slug = '{slug}')"
    ))
    .await;
    delete(app, slug).await;
}

async fn delete(app: &App, slug: &str) {
    app.execute(&format!(
        "insert into platform.jobs (id, queue, kind, payload, max_attempts)
         select gen_random_uuid(), 'ingest', 'artists.delete_artist', jsonb_build_object('artist', id), 20
         from artists.artists where slug = '{slug}'"
    ))
    .await;
    app.settle().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn its_releases_its_files_and_its_place_in_the_search_go() {
    with_app(async |app| {
        let (nina, otto) = (app.artist("nina").await, app.artist("otto").await);
        for title in ["Tides", "Winds"] {
            nina.publishes_a_single(title).await;
        }
        nina.drafts_a_single("Drafts").await;
        otto.follows("nina").await;
        app.settle().await;
        assert_eq!(otto.get("/search?q=nina").await.is(200).json()["items"].as_array().map(Vec::len), Some(5));
        desert(app, "nina").await;
        otto.get("/artists/nina").await.is_problem(404, "not-found");
        assert_eq!(otto.get("/search?q=nina").await.is(200).json()["items"].as_array().map(Vec::len), Some(0));
        let left = "select slug as line from artists.artists union all select title from artists.releases
                    union all select account_id::text from artists.follows";
        assert_eq!(app.lines(left).await, ["otto"]);
        assert!(app.stored("raw").is_empty() && app.stored("curated").is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_artist_with_a_member_is_left_alone() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        app.settle().await;
        delete(app, "nina").await;
        nina.get(&format!("/releases/{}", single.release)).await.is(200);
    })
    .await;
}
