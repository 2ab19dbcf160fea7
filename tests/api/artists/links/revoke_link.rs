//! Revoke a link.

use super::create_link::makes_link;
use super::open_link::{is_closed, plays_by};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_link_and_what_plays_by_it_end() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.artist("ada").await);
        let (single, other) = (nina.drafts_a_single("Tides").await, nina.creates_release("Dew").await);
        let link = makes_link(app, &nina, &single.release, None).await;
        let kept = makes_link(app, &nina, &single.release, None).await;
        let id = link["id"].as_str().expect("an id");
        let play = plays_by(&app.stranger(), &single.track, &link["token"]).await.is(201).json();
        let stream = play["stream"]["url"].as_str().expect("an address");
        app.stranger().get(stream).await.is(200);
        ada.delete(&format!("/releases/{}/links/{id}", single.release)).await.is_problem(404, "not-found");
        nina.delete(&format!("/releases/{other}/links/{id}")).await.is_problem(404, "not-found");
        plays_by(&app.stranger(), &single.track, &link["token"]).await.is(201);

        nina.delete(&format!("/releases/{}/links/{id}", single.release)).await.is(204);
        nina.delete(&format!("/releases/{}/links/{id}", single.release)).await.is(204);
        assert!(is_closed(app, &single.track, &link["token"], stream).await);
        plays_by(&app.stranger(), &single.track, &kept["token"]).await.is(201);
        let links = nina.get(&format!("/releases/{}/links", single.release)).await.is(200).json();
        assert!(links["items"][1]["revoked_at"].is_string() && links["items"][0]["revoked_at"].is_null(), "{links:#}");
    })
    .await;
}
