//! Give somebody a role in a playlist.

use serde_json::json;

use super::{makes, shares};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn a_role_is_the_owners_to_give() {
    with_app(async |app| {
        let (ada, ben, cleo) = (app.listener("ada").await, app.listener("ben").await, app.listener("cleo").await);
        let path = makes(&ada, "Ours", "private").await;
        let people = ada.put(&format!("{path}/collaborators/Ben"), json!({ "role": "viewer" })).await.is(200).json();
        assert_eq!(
            (&people["items"][0]["role"], &people["items"][1]["account"]["handle"]),
            (&json!("owner"), &json!("ben"))
        );
        // By id too, and another one in its stead.
        shares(&ada, &path, &ben.id, "editor").await;
        assert_eq!(ben.get(&path).await.is(200).json()["role"], "editor");
        let give = format!("{path}/collaborators/cleo");
        ben.put(&give, json!({ "role": "viewer" })).await.is_problem(403, "forbidden");
        cleo.put(&give, json!({ "role": "editor" })).await.is_problem(404, "not-found");
        ada.put(&give, json!({ "role": "owner" })).await.is_invalid("role");
        ada.put(&format!("{path}/collaborators/ada"), json!({ "role": "viewer" })).await.is_invalid("account");
        for nobody in ["nobody", "a%20b", &cleo.id.replace(&cleo.id[..8], "00000000")] {
            let path = format!("{path}/collaborators/{nobody}");
            ada.put(&path, json!({ "role": "viewer" })).await.is_problem(404, "not-found");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_playlist_has_fifty_at_the_most() {
    with_app(async |app| {
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        let path = makes(&ada, "Ours", "private").await;
        app.execute(
            "insert into streaming.playlist_collaborators (playlist_id, account_id, role)
             select id, gen_random_uuid(), 'viewer' from streaming.playlists, generate_series(1, 49)",
        )
        .await;
        shares(&ada, &path, "ben", "viewer").await;
        shares(&ada, &path, &ben.id, "editor").await;
        app.listener("cleo").await;
        let cleo = format!("{path}/collaborators/cleo");
        ada.put(&cleo, json!({ "role": "viewer" })).await.is_problem(409, "limit-reached");
    })
    .await;
}
