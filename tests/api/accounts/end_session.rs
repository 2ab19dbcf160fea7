//! End a session, or all others.

use std::time::Duration;

use serde_json::Value;

use crate::support::{Person, with_app};

async fn session_ids(person: &Person<'_>) -> (String, Vec<String>) {
    let list = person.get("/me/sessions").await.is(200).json();
    let text = |value: &Value| value.as_str().expect("an id").to_owned();
    let items = list["items"].as_array().expect("items");
    let id_of =
        |is_current: bool| items.iter().filter(move |item| item["current"] == is_current).map(|item| text(&item["id"]));
    (id_of(true).next().expect("the current one"), id_of(false).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_device_is_signed_out_and_its_live_channel_ends() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let telephone = app.site.signs_in("ada").await;
        let mut live = telephone.listens_to("/live", None).await;
        let (_, others) = session_ids(&ada).await;
        ada.delete(&format!("/me/sessions/{}", others[0])).await.is(204);
        telephone.get("/me").await.is_problem(401, "unauthenticated");
        let last = live.next_within(Duration::from_secs(5)).await;
        assert!(last.is_none_or(|event| event.name == "session.ended"));
        ada.get("/me").await.is(200);
        ada.delete(&format!("/me/sessions/{}", others[0])).await.is_problem(404, "not-found");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_others_are_signed_out_at_once() {
    with_app(async |app| {
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        let (telephone, car) = (app.site.signs_in("ada").await, app.site.signs_in("ada").await);
        // Known to the server, so that its memory of them must go too.
        telephone.get("/me").await.is(200);
        ada.delete("/me/sessions").await.is(204);
        for other in [&telephone, &car] {
            other.get("/me").await.is_problem(401, "unauthenticated");
        }
        ada.get("/me").await.is(200);
        ben.get("/me").await.is(200);
        assert!(session_ids(&ada).await.1.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_session_that_asks_may_end_itself() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let (current, _) = session_ids(&ada).await;
        ada.delete(&format!("/me/sessions/{current}")).await.is(204);
        ada.get("/me").await.is_problem(401, "unauthenticated");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_ends_the_sessions_of_others() {
    with_app(async |app| {
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        let (adas, _) = session_ids(&ada).await;
        ben.delete(&format!("/me/sessions/{adas}")).await.is_problem(404, "not-found");
        ben.delete("/me/sessions/not-an-id").await.is_problem(404, "not-found");
        app.stranger().delete(&format!("/me/sessions/{adas}")).await.is_problem(401, "unauthenticated");
        app.stranger().delete("/me/sessions").await.is_problem(401, "unauthenticated");
        ben.delete("/me/sessions").await.is(204);
        ada.get("/me").await.is(200);
    })
    .await;
}
