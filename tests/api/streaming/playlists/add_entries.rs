//! Add tracks to a playlist.

use reqwest::Method;
use serde_json::json;

use super::{adds, makes, shares, titles};
use crate::support::{send, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn tracks_come_where_they_are_wanted_and_as_often() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let (tides, ebb) = (nina.publishes_a_single("Tides").await, nina.publishes_a_single("Ebb").await);
        let (path, add) = (makes(&nina, "Mine", "private").await, "entries");
        let first = adds(&nina, &path, &[&tides.track, &tides.track]).await;
        assert_eq!(first.len(), 2);
        let entries = format!("{path}/{add}");
        nina.post(&entries, json!({ "track_ids": [ebb.track], "after": first[0] })).await.is(201);
        nina.post(&entries, json!({ "track_ids": [ebb.track, tides.track], "after": null })).await.is(201);
        adds(&nina, &path, &[&ebb.track]).await;
        assert_eq!(titles(&nina, &path).await, ["Ebb", "Tides", "Tides", "Ebb", "Tides", "Ebb"]);
        assert_eq!(nina.get(&path).await.json()["entry_count"], 6);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_not_be_heard_or_is_too_much_changes_nothing() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let (single, draft) = (nina.publishes_a_single("Tides").await, nina.drafts_a_single("Draft").await);
        let path = makes(&ada, "Mine", "unlisted").await;
        let entries = format!("{path}/entries");
        let track = &single.track;
        ada.post(&entries, json!({ "track_ids": [track, draft.track] })).await.is_invalid("track_ids[1]");
        ada.post(&entries, json!({ "track_ids": [draft.release] })).await.is_invalid("track_ids[0]");
        ada.post(&entries, json!({ "track_ids": [] })).await.is_invalid("track_ids");
        ada.post(&entries, json!({ "track_ids": vec![track; 501] })).await.is_invalid("track_ids");
        ada.post(&entries, json!({ "track_ids": [track], "after": track })).await.is_invalid("after");
        // Whoever sees it may not change it.
        nina.post(&entries, json!({ "track_ids": [track] })).await.is_problem(403, "forbidden");
        shares(&ada, &path, "nina", "viewer").await;
        nina.post(&entries, json!({ "track_ids": [track] })).await.is_problem(403, "forbidden");
        assert_eq!(ada.get(&path).await.json()["entry_count"], 0);
        shares(&ada, &path, "nina", "editor").await;
        adds(&nina, &path, &[&draft.track]).await;
        assert_eq!(titles(&nina, &path).await, ["Draft"]);
        assert_eq!(titles(&ada, &path).await, [serde_json::Value::Null]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_playlist_holds_ten_thousand_and_no_more() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let path = makes(&nina, "Mine", "private").await;
        let some = vec![single.track.as_str(); 500];
        for _ in 0..19 {
            adds(&nina, &path, &some).await;
        }
        adds(&nina, &path, &some[..499]).await;
        let add =
            async |count: usize| nina.post(&format!("{path}/entries"), json!({ "track_ids": some[..count] })).await;
        add(2).await.is_problem(409, "playlist-full");
        add(1).await.is(201);
        add(1).await.is_problem(409, "playlist-full");
        let kept = "select p.entry_count || ' ' || count(*) || ' ' || max(length(rank)) as line
                    from streaming.playlists p join streaming.playlist_entries e on e.playlist_id = p.id group by p.id";
        assert_eq!(app.lines(kept).await, ["10000 10000 4"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_again_under_the_same_key_adds_nothing_twice() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let path = makes(&nina, "Mine", "private").await;
        let add = async || {
            let request = nina.request(Method::POST, &format!("{path}/entries")).header("idempotency-key", "once");
            send(request.json(&json!({ "track_ids": [single.track] }))).await.is(201).json()
        };
        assert_eq!(add().await, add().await);
        assert_eq!(titles(&nina, &path).await.len(), 1);
    })
    .await;
}
