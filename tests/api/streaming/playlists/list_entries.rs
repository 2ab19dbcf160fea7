//! List what is in a playlist.

use serde_json::{Value, json};

use super::{adds, makes, shares, titles};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_withdrawn_keeps_its_place_without_a_name() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let (tides, ebb) = (nina.publishes_a_single("Tides").await, nina.publishes_a_single("Ebb").await);
        let path = makes(&ada, "Mine", "public").await;
        adds(&ada, &path, &[&tides.track, &ebb.track, &tides.track]).await;
        nina.delete(&format!("/releases/{}/publication", tides.release)).await.is(204);
        assert_eq!(titles(&ada, &path).await, [Value::Null, json!("Ebb"), Value::Null]);
        assert_eq!(titles(&nina, &path).await, ["Tides", "Ebb", "Tides"]);
        ada.get(&format!("{path}/entries?cursor=nonsense")).await.is_invalid("cursor");
        // `"a\u0000"` and `"a b"`.
        for cursor in ["ImFcdTAwMDAi", "ImEgYiI"] {
            ada.get(&format!("{path}/entries?cursor={cursor}")).await.is_invalid("cursor");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_added_something_is_told_to_those_who_share_the_playlist() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let single = nina.publishes_a_single("Tides").await;
        let path = makes(&ada, "Ours", "public").await;
        shares(&ada, &path, "nina", "editor").await;
        adds(&nina, &path, &[&single.track]).await;
        let entries = format!("{path}/entries");
        assert_eq!(ada.get(&entries).await.is(200).json()["items"][0]["added_by"]["handle"], "nina");
        assert_eq!(app.stranger().get(&entries).await.is(200).json()["items"][0]["added_by"], Value::Null);
    })
    .await;
}
