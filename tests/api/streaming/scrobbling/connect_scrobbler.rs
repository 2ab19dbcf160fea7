//! Connect a service that an account's plays are told to.

use serde_json::json;

use super::elsewhere::{AGREED, Mood, TOKEN};
use super::{connects, profile, with_services};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_tried_out_and_kept_sealed() {
    with_services(async |app, service| {
        let ada = app.listener("ada").await;
        ada.put("/me/scrobblers/listenbrainz", json!({ "token": "wrong" })).await.is_invalid("token");
        ada.put("/me/scrobblers/lastfm", json!({ "token": "wrong" })).await.is_invalid("token");
        for token in [String::new(), "x".repeat(201), "line\nbreak".to_owned()] {
            ada.put("/me/scrobblers/listenbrainz", json!({ "token": token })).await.is_invalid("token");
        }
        ada.put("/me/scrobblers/myspace", json!({ "token": TOKEN })).await.is_problem(404, "not-found");
        connects(&ada).await;
        assert_eq!(profile(&ada, "listenbrainz").await["username"], "ada_listens");
        assert_eq!(profile(&ada, "lastfm").await["username"], "ada.fm");
        let secrets = app.lines("select encode(secret, 'escape') as line from streaming.scrobblers").await;
        assert!(secrets.iter().all(|secret| !secret.contains(TOKEN) && !secret.contains("session")), "{secrets:?}");
        service.is(Mood::Away);
        ada.put("/me/scrobblers/listenbrainz", json!({ "token": TOKEN })).await.is_problem(502, "service-away");
        ada.put("/me/scrobblers/lastfm", json!({ "token": AGREED })).await.is_problem(502, "service-away");
        assert_eq!(profile(&ada, "listenbrainz").await["username"], "ada_listens", "the one before stays");
        app.stranger()
            .put("/me/scrobblers/lastfm", json!({ "token": AGREED }))
            .await
            .is_problem(401, "unauthenticated");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_the_server_has_no_key_of_is_not_there() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        ada.put("/me/scrobblers/lastfm", json!({ "token": AGREED })).await.is_problem(404, "not-found");
        let list = ada.get("/me/scrobblers").await.is(200).json();
        let known = list["items"].as_array().expect("a list").iter();
        let known: Vec<_> = known.map(|item| (&item["service"], &item["is_available"])).collect();
        assert_eq!(known, [(&json!("listenbrainz"), &json!(true)), (&json!("lastfm"), &json!(false))]);
    })
    .await;
}
