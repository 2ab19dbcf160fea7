//! Take an entry out of a playlist.

use super::{adds, makes, order, shares};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn one_of_several_alike_goes_and_the_others_stay() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let single = nina.publishes_a_single("Tides").await;
        let path = makes(&nina, "Mine", "unlisted").await;
        let other = makes(&nina, "Other", "unlisted").await;
        let own = adds(&nina, &path, &[single.track.as_str(); 3]).await;
        let entry = format!("{path}/entries/{}", own[1]);
        ada.delete(&entry).await.is_problem(403, "forbidden");
        nina.delete(&format!("{other}/entries/{}", own[1])).await.is_problem(404, "not-found");
        shares(&nina, &path, "ada", "editor").await;
        ada.delete(&entry).await.is(204);
        ada.delete(&entry).await.is_problem(404, "not-found");
        assert_eq!(order(&nina, &path).await, [own[0].as_str(), &own[2]]);
        assert_eq!(nina.get(&path).await.json()["entry_count"], 2);
    })
    .await;
}
