//! Move an entry of a playlist to another place.

use serde_json::json;

use super::{adds, makes, moves, order};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_goes_behind_another_one_and_one_row_is_written() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let single = nina.publishes_a_single("Tides").await;
        let path = makes(&nina, "Mine", "public").await;
        let own = adds(&nina, &path, &[single.track.as_str(); 5]).await;
        let ranks = "select id::text || ' ' || rank as line from streaming.playlist_entries";
        let before = app.lines(ranks).await;
        moves(&nina, &path, &own[4], Some(&own[0])).await;
        let after = app.lines(ranks).await;
        assert_eq!(after.iter().filter(|line| !before.contains(line)).count(), 1);
        moves(&nina, &path, &own[1], None).await;
        moves(&nina, &path, &own[0], Some(&own[3])).await;
        let expected = [&own[1], &own[4], &own[2], &own[3], &own[0]];
        assert!(order(&nina, &path).await.iter().eq(expected), "{expected:?}");
        // Where it stands already, also behind itself.
        for behind in [&own[3], &own[0]] {
            moves(&nina, &path, &own[0], Some(behind)).await;
        }
        assert!(order(&nina, &path).await.iter().eq(expected));
        let entry = format!("{path}/entries/{}", own[0]);
        nina.patch(&entry, json!({})).await.is_invalid("after");
        nina.patch(&entry, json!({ "after": single.track })).await.is_invalid("after");
        nina.patch(&format!("{path}/entries/{}", single.track), json!({ "after": null }))
            .await
            .is_problem(404, "not-found");
        ada.patch(&entry, json!({ "after": null })).await.is_problem(403, "forbidden");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn however_often_something_is_moved_ranks_stay_short() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let path = makes(&nina, "Mine", "private").await;
        let own = adds(&nina, &path, &[single.track.as_str(); 3]).await;
        // As if it had been moved to and fro some hundred times.
        app.execute(&format!(
            "update streaming.playlist_entries e set rank = n.rank from (values
                ('{}'::uuid, 'V'), ('{}'::uuid, 'V' || repeat('0', 63) || '1'), ('{}'::uuid, 'V' || repeat('0', 62) || '1'))
             n (id, rank) where e.id = n.id",
            own[0], own[1], own[2]
        ))
        .await;
        moves(&nina, &path, &own[2], Some(&own[0])).await;
        assert_eq!(order(&nina, &path).await, [own[0].as_str(), &own[2], &own[1]]);
        let longest = "select max(length(rank))::text as line from streaming.playlist_entries";
        assert_eq!(app.lines(longest).await, ["4"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn moves_at_the_same_time_lose_nothing() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        let path = makes(&nina, "Mine", "private").await;
        let own = adds(&nina, &path, &[single.track.as_str(); 6]).await;
        let all = own[1..].iter().map(|entry| moves(&nina, &path, entry, Some(&own[0])));
        futures_util::future::join_all(all).await;
        let now = order(&nina, &path).await;
        let (mut sorted, mut expected) = (now.clone(), own.clone());
        sorted.sort();
        expected.sort();
        assert_eq!((sorted, &now[0]), (expected, &own[0]));
    })
    .await;
}
