//! Show how a playlist became what it is.

use serde_json::json;

use super::{adds, makes, moves, shares};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn every_change_is_told_with_who_made_it() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let single = nina.publishes_a_single("Tides").await;
        let path = makes(&ada, "Ours", "unlisted").await;
        let history = format!("{path}/history");
        nina.get(&history).await.is_problem(403, "forbidden");
        shares(&ada, &path, "nina", "editor").await;
        let own = adds(&nina, &path, &[single.track.as_str(); 2]).await;
        moves(&ada, &path, &own[1], None).await;
        // What stays as it is, is no change.
        moves(&ada, &path, &own[1], None).await;
        ada.patch(&path, json!({ "title": "Ours" })).await.is(200);
        nina.delete(&format!("{path}/entries/{}", own[0])).await.is(204);
        ada.patch(&path, json!({ "title": "Ours alone" })).await.is(200);
        let told = nina.walks(&history, 2).await;
        let told: Vec<_> =
            told.iter().map(|one| (one["what"]["kind"].as_str(), one["by"]["handle"].as_str())).collect();
        let expected =
            [("edited", "ada"), ("removed", "nina"), ("moved", "ada"), ("added", "nina"), ("created", "ada")];
        assert_eq!(told, expected.map(|(kind, by)| (Some(kind), Some(by))));
        app.stranger().get(&history).await.is_problem(401, "unauthenticated");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_five_hundred_changes_are_kept() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let path = makes(&ada, "Mine", "private").await;
        app.execute(
            r#"insert into streaming.playlist_changes (id, playlist_id, kind, detail)
               select ('00000000-0000-7000-8000-' || lpad(number::text, 12, '0'))::uuid, p.id, 'created', '{"kind": "created"}'
               from streaming.playlists p, generate_series(1, 600) number"#,
        )
        .await;
        ada.patch(&path, json!({ "title": "Ours" })).await.is(200);
        let history = ada.walks(&format!("{path}/history"), 200).await;
        assert_eq!((history.len(), &history[0]["what"]["after"]["title"]), (500, &json!("Ours")));
    })
    .await;
}
