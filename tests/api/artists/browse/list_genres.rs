//! List genres.

use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn the_biggest_come_first_page_by_page() {
    with_app(async |app| {
        let stranger = app.stranger();
        assert_eq!(stranger.get("/genres").await.is(200).json()["items"], serde_json::json!([]));
        // As the count leaves them; it comes by again when there is something to count.
        app.execute("insert into artists.genres values ('jazz', 3), ('soul', 3), ('rock', 9)").await;
        let page = stranger.get("/genres?limit=2").await.is(200).json();
        let names: Vec<_> =
            page["items"].as_array().expect("items").iter().map(|genre| genre["name"].clone()).collect();
        assert_eq!(names, ["rock", "jazz"]);
        let next = page["next_cursor"].as_str().expect("more");
        let page = stranger.get(&format!("/genres?limit=2&cursor={next}")).await.is(200).json();
        assert_eq!((&page["items"][0]["name"], page["next_cursor"].is_null()), (&"soul".into(), true), "{page}");
        stranger.get("/genres?limit=0").await.is_invalid("limit");
        stranger.get("/genres?cursor=x").await.is_invalid("cursor");
    })
    .await;
}
