//! Accept an invitation, or refuse it; become an owner.

use serde_json::json;

use super::{accepts, asked, confirms, invites, joins, members, told};
use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn accepted_once_it_makes_a_member() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        invites(&nina, "nina", "ada", "editor").await;
        let path = format!("/me/invitations/{}/acceptance", asked(&ada).await);
        let (one, other) = tokio::join!(ada.put(&path, json!({})), ada.put(&path, json!({})));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 404], "of two at once, one");
        assert_eq!(members(&nina, "nina").await, ["nina owner", "ada editor"]);
        assert_eq!(ada.get("/artists?mine=true").await.is(200).json()["items"][0]["role"], "editor");
        assert_eq!(told(app, &nina).await, ["invitation_accepted nina ada"]);
        assert_eq!(told(app, &ada).await, ["member_invited nina editor"], "what one did oneself is no news");
        let exported = "select count(*)::text as line from artists.invitations";
        assert_eq!(app.lines(exported).await, ["0"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_becomes_less_by_accepting() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        confirms(app, &ada).await;
        joins(&nina, "nina", &ada, "editor").await;
        invites(&nina, "nina", "ada@example.org", "viewer").await;
        assert_eq!(accepts(&ada).await.is(200).json()["role"], "editor");
        invites(&nina, "nina", "nina2@example.org", "viewer").await;
        assert_eq!(members(&nina, "nina").await, ["nina owner", "ada editor"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ownership_is_offered_accepted_and_shared_or_handed_over() {
    with_app(async |app| {
        let (nina, ada, ben) = (app.artist("nina").await, app.listener("ada").await, app.listener("ben").await);
        joins(&nina, "nina", &ada, "editor").await;
        joins(&nina, "nina", &ada, "owner").await;
        assert_eq!(members(&nina, "nina").await, ["nina owner", "ada owner"], "shared");
        let hand_over = json!({ "invitee": "ben", "role": "owner", "hands_over": true });
        nina.post("/artists/nina/invitations", hand_over).await.is(201);
        assert_eq!(members(&nina, "nina").await.len(), 2, "until it is accepted");
        assert_eq!(accepts(&ben).await.is(200).json()["role"], "owner");
        assert_eq!(members(&nina, "nina").await, ["nina editor", "ada owner", "ben owner"]);
        assert_eq!(nina.get("/artists/nina").await.json()["role"], "editor");
        nina.get("/artists/nina/invitations").await.is_problem(403, "forbidden");
        let last = told(app, &nina).await.pop();
        assert!(last.is_some_and(|line| line == "role_changed nina editor" || line == "invitation_accepted nina ben"));
    })
    .await;
}
