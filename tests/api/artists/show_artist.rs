//! Show an artist.

use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn an_artist_is_found_by_slug_and_by_id() {
    with_app(async |app| {
        app.artist("nina").await;
        let by_slug = app.stranger().get("/artists/nina").await.is(200).json();
        let by_id = app.stranger().get(&format!("/artists/{}", by_slug["id"].as_str().unwrap_or_default())).await;
        assert_eq!(by_id.is(200).json(), by_slug);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_names_no_artist_is_not_found() {
    with_app(async |app| {
        app.artist("nina").await;
        for path in ["nin", "NINA", "..%2f..%2fetc", "0190b2f0-c0de-7000-8000-00000000cafe", &"x".repeat(5000)] {
            app.stranger().get(&format!("/artists/{path}")).await.is_problem(404, "not-found");
        }
        app.stranger().get("/artists/nina%00").await.is_problem(400, "malformed");
    })
    .await;
}
