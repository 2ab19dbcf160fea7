//! Delete a playlist.

use super::{adds, makes, shares};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn a_playlist_goes_with_all_that_was_in_it() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let single = nina.publishes_a_single("Tides").await;
        let path = makes(&nina, "Mine", "public").await;
        adds(&nina, &path, &[&single.track]).await;
        shares(&nina, &path, "ada", "editor").await;
        ada.delete(&path).await.is_problem(403, "forbidden");
        nina.delete(&path).await.is(204);
        nina.delete(&path).await.is_problem(404, "not-found");
        assert!(ada.walks("/playlists", 10).await.is_empty());
        let left = "select count(*)::text as line from (select from streaming.playlist_entries
                    union all select from streaming.playlist_changes
                    union all select from streaming.playlist_collaborators) parts";
        assert_eq!(app.lines(left).await, ["0"]);
    })
    .await;
}
