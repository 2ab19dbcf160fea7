//! List the members of an artist, and change their roles.

use serde_json::json;

use super::{joins, members, told};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn members_see_each_other_and_nobody_else_does() {
    with_app(async |app| {
        let (nina, ada, otto) = (app.artist("nina").await, app.listener("ada").await, app.artist("otto").await);
        joins(&nina, "nina", &ada, "viewer").await;
        let list = ada.get("/artists/nina/members").await.is(200);
        assert_eq!(list.json()["items"][1]["display_name"], "ada");
        assert!(!list.text().contains("example.org"), "{}", list.text());
        otto.get("/artists/nina/members").await.is_problem(404, "not-found");
        app.stranger().get("/artists/nina/members").await.is_problem(401, "unauthenticated");
        otto.get("/artists/nobody/members").await.is_problem(404, "not-found");
        let public = app.stranger().get("/artists/nina").await.is(200).text();
        assert!(!public.contains(&ada.id) && !public.contains(&nina.id), "{public}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_changes_roles_but_not_the_last_owners() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        joins(&nina, "nina", &ada, "viewer").await;
        let of = |person: &crate::support::Person<'_>| format!("/artists/nina/members/{}", person.id);
        ada.patch(&of(&ada), json!({ "role": "editor" })).await.is_problem(403, "forbidden");
        nina.patch(&of(&ada), json!({ "role": "editor" })).await.is(204);
        nina.patch(&of(&ada), json!({ "role": "editor" })).await.is(204);
        assert_eq!(told(app, &ada).await, ["member_invited nina viewer", "role_changed nina editor"]);
        nina.patch(&of(&ada), json!({ "role": "owner" })).await.is_invalid("role");
        nina.patch(&of(&nina), json!({ "role": "editor" })).await.is_problem(409, "last-owner");
        nina.patch("/artists/nina/members/0190b2f0-c0de-7000-8000-00000000cafe", json!({ "role": "editor" }))
            .await
            .is_problem(404, "not-found");
        nina.patch("/artists/nina/members/nonsense", json!({ "role": "editor" })).await.is_problem(404, "not-found");
        joins(&nina, "nina", &ada, "owner").await;
        // Two owners who take the ownership from each other at once: one is left.
        let demote = json!({ "role": "viewer" });
        let (own, other) = (of(&nina), of(&ada));
        let (one, two) = tokio::join!(nina.patch(&other, demote.clone()), ada.patch(&own, demote));
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 403]);
        let left = members(&nina, "nina").await;
        assert_eq!(left.iter().filter(|line| line.ends_with("owner")).count(), 1, "{left:?}");
    })
    .await;
}
