//! Show the shares in a track.

use super::set_splits::{shares, told};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn the_shares_are_their_members_to_see_also_when_somebody_is_gone() {
    with_app(async |app| {
        let (nina, ada, ben) = (app.artist("nina").await, app.listener("ada").await, app.artist("ben").await);
        let single = nina.publishes_a_single("Tides").await;
        let path = format!("/tracks/{}/splits", single.track);
        shares(&nina, &single.track, "nina 60,ada 40").await.is(200);
        for person in [&ada, &ben] {
            person.get(&path).await.is_problem(404, "not-found");
        }
        app.stranger().get(&path).await.is_problem(401, "unauthenticated");
        let checklist = nina.get(&format!("/releases/{}/checklist", single.release)).await.is(200).text();
        assert!(checklist.contains("shares_not_agreed"), "{checklist}");

        app.execute("update artists.splits set account_id = null where share_hundredths = 4000").await;
        assert_eq!(told(&nina.get(&path).await.is(200).json()), ["nina 60.00 confirmed", "- 40.00 invited"]);
        // It can be given to somebody else.
        let set = shares(&nina, &single.track, "nina 60,ben 40").await.is(200).json();
        assert_eq!(told(&set), ["nina 60.00 confirmed", "ben 40.00 invited"]);
    })
    .await;
}
