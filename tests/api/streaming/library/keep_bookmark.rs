//! Mark a place in a track.

use serde_json::json;

use super::{archived, pages};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn a_track_has_one_mark_within_it() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let (single, draft) = (nina.publishes_a_single("Tides").await, nina.drafts_a_single("Draft").await);
        let path = format!("/me/bookmarks/{}", single.track);
        ada.put(&path, json!({ "position_ms": 1000 })).await.is(204);
        ada.put(&path, json!({ "position_ms": 0, "note": " the bridge " })).await.is(204);
        let marks = pages(&ada, "/me/bookmarks", 10, "track_id").await;
        assert_eq!(
            (&marks[0]["position_ms"], &marks[0]["note"], marks.len()),
            (&json!(0), &json!("the bridge"), 1),
            "{marks:?}"
        );
        for position in [json!(-1), json!(1001), json!(1.5), json!(3_000_000_000_u32)] {
            ada.put(&path, json!({ "position_ms": position })).await.is_invalid("position_ms");
        }
        for note in ["x".repeat(501), "\0".to_owned()] {
            ada.put(&path, json!({ "position_ms": 1, "note": note })).await.is_invalid("note");
        }
        ada.put(&path, json!({})).await.is_invalid("position_ms");
        ada.put(&format!("/me/bookmarks/{}", draft.track), json!({ "position_ms": 1 }))
            .await
            .is_problem(404, "not-found");
        assert_eq!(archived(app, &ada, "bookmarks.json").await[0]["note"], "the bridge");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_has_a_thousand_and_can_still_move_each() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let (tides, ebb) = (nina.publishes_a_single("Tides").await, nina.publishes_a_single("Ebb").await);
        let others = format!(
            "insert into streaming.bookmarks (account_id, track_id, position_ms, set_at)
             select '{}', gen_random_uuid(), 0, now() from generate_series(1, 999)",
            ada.id
        );
        app.execute(&others).await;
        let mark = json!({ "position_ms": 1 });
        let keep = async |track: &str| ada.put(&format!("/me/bookmarks/{track}"), mark.clone()).await;
        // Of two at the same time, one is the last that there is room for.
        let (one, other) = tokio::join!(keep(&tides.track), keep(&ebb.track));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 409]);
        let (has, lacks) = if one.status == 204 { (&tides, &ebb) } else { (&ebb, &tides) };
        keep(&lacks.track).await.is_problem(409, "limit-reached");
        keep(&has.track).await.is(204);
        nina.put(&format!("/me/bookmarks/{}", tides.track), mark.clone()).await.is(204);
    })
    .await;
}
