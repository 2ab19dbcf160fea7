//! Show a playlist.

use reqwest::Method;
use serde_json::Value;

use super::{makes, shares};
use crate::support::{send, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn a_private_playlist_is_there_for_its_people_alone() {
    with_app(async |app| {
        let (ada, ben, cleo) = (app.listener("ada").await, app.listener("ben").await, app.listener("cleo").await);
        let (private, unlisted) = (makes(&ada, "Mine", "private").await, makes(&ada, "Ours", "unlisted").await);
        shares(&ada, &private, "ben", "viewer").await;
        assert_eq!(ben.get(&private).await.is(200).json()["role"], "viewer");
        for person in [&cleo, &app.stranger()] {
            person.get(&private).await.is_problem(404, "not-found");
            person.get(&format!("{private}/entries")).await.is_problem(404, "not-found");
            assert_eq!(person.get(&unlisted).await.is(200).json()["role"], Value::Null);
            person.get(&format!("{unlisted}/entries")).await.is(200);
        }
        ada.get("/playlists/nonsense").await.is_problem(404, "not-found");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_suspended_account_made_is_there_for_its_people_alone() {
    with_app(async |app| {
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        let path = makes(&ada, "Cheap watches", "public").await;
        shares(&ada, &path, "ben", "viewer").await;
        let all = [path.clone(), format!("{path}/entries"), format!("{path}/export?format=csv")];
        for path in &all {
            app.stranger().get(path).await.is(200);
        }
        app.execute(
            "update accounts.accounts set suspended_at = now(), suspension_reason = 'spam' where handle = 'ada'",
        )
        .await;
        for path in &all {
            app.stranger().get(path).await.is_problem(404, "not-found");
            ben.get(path).await.is(200);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_known_is_not_sent_again() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let path = makes(&ada, "Mine", "private").await;
        let tag = ada.get(&path).await.is(200).header("etag").to_owned();
        send(ada.request(Method::GET, &path).header("if-none-match", tag)).await.is(304);
    })
    .await;
}
