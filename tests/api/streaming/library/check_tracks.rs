//! Ask which of many tracks an account likes.

use serde_json::json;

use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn of_each_track_one_is_told_what_one_thinks_of_it() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let (tides, ebb) = (nina.publishes_a_single("Tides").await.track, nina.publishes_a_single("Ebb").await.track);
        ada.put(&format!("/tracks/{tides}/like"), json!({})).await.is(204);
        ada.put(&format!("/tracks/{ebb}/rating"), json!({ "stars": 2 })).await.is(204);
        let unknown = "0190b2f0-c0de-7000-8000-00000000cafe";
        let path = format!("/me/library/tracks/contains?ids={unknown},{ebb},%20{tides}");
        let opinion =
            |track: &str, liked: bool, stars: Option<u8>| json!({ "track_id": track, "liked": liked, "stars": stars });
        let items = [opinion(unknown, false, None), opinion(&ebb, false, Some(2)), opinion(&tides, true, None)];
        assert_eq!(ada.get(&path).await.is(200).json(), json!({ "items": items }));
        let nobody = nina.get(&path).await.is(200).json();
        assert_eq!(nobody["items"][2], opinion(&tides, false, None));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_asks_for_up_to_200_ids() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let ask = async |ids: &str| ada.get(&format!("/me/library/tracks/contains?ids={ids}")).await;
        let many = |count| vec!["0190b2f0-c0de-7000-8000-00000000cafe"; count].join(",");
        ask(&many(200)).await.is(200);
        for ids in [many(201), "nonsense".to_owned(), String::new(), format!("{},", many(1))] {
            ask(&ids).await.is_invalid("ids");
        }
        ada.get("/me/library/tracks/contains").await.is_invalid("ids");
        app.stranger().get("/me/library/tracks/contains?ids=x").await.is_problem(401, "unauthenticated");
    })
    .await;
}
