//! The links to a release, and their reports.

use serde_json::json;

use super::create_link::makes_link;
use super::open_link::plays_by;
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn a_report_tells_what_was_played_by_whom() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.artist("ada").await);
        let single = nina.drafts_a_single("Tides").await;
        let (first, second) = (
            makes_link(app, &nina, &single.release, Some(5)).await,
            makes_link(app, &nina, &single.release, None).await,
        );
        for _ in 0..2 {
            plays_by(&app.stranger(), &single.track, &first["token"]).await.is(201);
        }
        let path = format!("/releases/{}/links", single.release);
        let links = nina.walks(&path, 1).await;
        assert_eq!((&links[0]["id"], &links[1]["id"]), (&second["id"], &first["id"]));
        assert_eq!(
            (&links[0]["plays"], &links[0]["tracks"], &links[0]["last_played_at"]),
            (&json!(0), &json!([]), &json!(null))
        );
        assert_eq!((&links[1]["plays"], &links[1]["max_plays"]), (&json!(2), &json!(5)));
        let track = &links[1]["tracks"][0];
        assert_eq!(
            (&track["track_id"], &track["plays"], &track["title"]),
            (&json!(single.track), &json!(2), &json!("Tides"))
        );
        assert_eq!(track["last_played_at"], links[1]["last_played_at"]);
        ada.get(&path).await.is_problem(404, "not-found");
        app.stranger().get(&path).await.is_problem(401, "unauthenticated");
    })
    .await;
}
