//! Follow a playlist.

use serde_json::json;

use super::makes;
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn a_playlist_is_followed_once_and_tells_how_many_do() {
    with_app(async |app| {
        let (nina, ada, bob) = (app.listener("nina").await, app.listener("ada").await, app.listener("bob").await);
        let path = makes(&nina, "Rivers", "public").await;
        let before = nina.get(&path).await.is(200);
        for person in [&ada, &ada, &bob] {
            person.put(&format!("{path}/following"), json!({})).await.is(204);
        }
        let shown = ada.get(&path).await.is(200).json();
        assert_eq!((&shown["follower_count"], &shown["followed"]), (&json!(2), &json!(true)), "{shown}");
        let public = app.stranger().get(&path).await.is(200).json();
        assert_eq!((&public["follower_count"], &public["followed"]), (&json!(2), &json!(false)));
        // Its owner edits what they saw, however many follow it meanwhile.
        let tag = before.header("etag");
        let edit =
            nina.request(reqwest::Method::PATCH, &path).header("if-match", tag).json(&json!({ "title": "Lakes" }));
        crate::support::send(edit).await.is(200);
        let edit =
            nina.request(reqwest::Method::PATCH, &path).header("if-match", tag).json(&json!({ "title": "Seas" }));
        crate::support::send(edit).await.is_problem(412, "changed-meanwhile");
        nina.put(&format!("{path}/following"), json!({})).await.is_invalid("id");
        app.stranger().put(&format!("{path}/following"), json!({})).await.is(401);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_may_not_see_one_cannot_follow() {
    with_app(async |app| {
        let (nina, ada) = (app.listener("nina").await, app.listener("ada").await);
        let private = makes(&nina, "Mine", "private").await;
        ada.put(&format!("{private}/following"), json!({})).await.is_problem(404, "not-found");
        let unlisted = makes(&nina, "For you", "unlisted").await;
        ada.put(&format!("{unlisted}/following"), json!({})).await.is(204);
        assert_eq!(app.lines("select count(*)::text as line from streaming.playlist_followers").await, ["1"]);
    })
    .await;
}
