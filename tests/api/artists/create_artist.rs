//! Create an artist.

use serde_json::json;

use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn who_creates_an_artist_may_act_for_it() {
    with_app(async |app| {
        let (nina, ada) = (app.listener("nina").await, app.listener("ada").await);
        let artist = nina.post("/artists", json!({ "name": "Nina & the Tides" })).await.is(201).json();
        assert_eq!(artist["name"], "Nina & the Tides");
        assert_eq!(artist["slug"], "nina-the-tides");
        assert_eq!((&artist["mine"], &artist["follower_count"]), (&json!(true), &json!(0)));
        let seen = ada.get("/artists/nina-the-tides").await.is(200).json();
        assert_eq!((&seen["id"], &seen["mine"]), (&artist["id"], &json!(false)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slug_that_was_asked_for_is_given_once() {
    with_app(async |app| {
        let (nina, ada) = (app.listener("nina").await, app.listener("ada").await);
        let artist = json!({ "name": "Nina", "slug": "tides" });
        assert_eq!(nina.post("/artists", artist.clone()).await.is(201).json()["slug"], "tides");
        ada.post("/artists", artist).await.is_problem(409, "slug-taken");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slug_that_is_made_of_the_name_gets_an_end_of_its_own_where_it_is_taken() {
    with_app(async |app| {
        let nina = app.listener("nina").await;
        assert_eq!(nina.creates_artist("Sigur Rós").await, "sigur-ros");
        let second = nina.creates_artist("Sigur Ros").await;
        assert!(second.starts_with("sigur-ros-") && second.len() > "sigur-ros-".len(), "{second}");
        let nameless = nina.creates_artist("北の山").await;
        assert!(nameless.starts_with("artist-"), "{nameless}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn artists_of_one_name_that_come_at_once_all_get_in() {
    with_app(async |app| {
        let nina = app.listener("nina").await;
        let mut slugs = futures_util::future::join_all((0..6).map(|_| nina.creates_artist("Tides"))).await;
        slugs.sort();
        slugs.dedup();
        assert_eq!((slugs.len(), slugs[0].as_str()), (6, "tides"), "{slugs:?}");
        let asked = json!({ "name": "Waves", "slug": "waves" });
        let answers = futures_util::future::join_all((0..4).map(|_| nina.post("/artists", asked.clone()))).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
        answers.iter().filter(|answer| answer.status != 201).for_each(|answer| {
            answer.is_problem(409, "slug-taken");
        });
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slug_and_a_name_have_a_form() {
    with_app(async |app| {
        let nina = app.listener("nina").await;
        let uuid = "0190b2f0-c0de-7000-8000-00000000cafe";
        for slug in ["", "-nina", "nina-", "Nina", "ni na", "ni/na", "..", "nïna", uuid, &"x".repeat(65)] {
            nina.post("/artists", json!({ "name": "Nina", "slug": slug })).await.is_invalid("slug");
        }
        for name in ["", "   ", "a\u{0}b", "a\nb", &"x".repeat(201)] {
            nina.post("/artists", json!({ "name": name })).await.is_invalid("name");
        }
        nina.post("/artists", json!({ "name": "Nina", "verified": true })).await.is_invalid("verified");
        nina.post("/artists", json!({})).await.is_invalid("name");
        app.stranger().post("/artists", json!({ "name": "Nina" })).await.is_problem(401, "unauthenticated");
        assert!(nina.walks("/artists", 50).await.is_empty());
    })
    .await;
}
