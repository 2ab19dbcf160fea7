//! Invite somebody to act for an artist.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::json;

use super::{accepts, confirms, invites, joins, told};
use crate::support::{send, with_app, with_settings};

const NINAS: &str = "/artists/nina/invitations";

#[tokio::test(flavor = "multi_thread")]
async fn who_is_invited_hears_of_it_and_the_owner_sees_that_it_waits() {
    with_settings(&[("public_url", "https://music.example")], async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let sent = invites(&nina, "nina", "Ada", "editor").await;
        assert_eq!(
            (&sent["handle"], &sent["email"], &sent["role"], &sent["hands_over"], &sent["invited_by"]),
            (&json!("ada"), &json!(null), &json!("editor"), &json!(false), &json!("nina"))
        );
        assert_eq!(nina.walks(NINAS, 1).await, [sent]);
        let asked = ada.get("/me/invitations").await.is(200).json()["items"][0].clone();
        assert_eq!(
            (&asked["artist"]["slug"], &asked["role"], &asked["invited_by"]["handle"]),
            (&json!("nina"), &json!("editor"), &json!("nina"))
        );
        assert_eq!(told(app, &ada).await, ["member_invited nina editor"]);
        let letter = app.letter_to("ada@example.org", "You are invited").await;
        assert!(letter.text.contains("nina asks you to act for the artist nina on music.example, as an editor"));
        assert_eq!(letter.link().0, "https://music.example/invitations");
        // One of them is enough: the newer takes the place of the older.
        invites(&nina, "nina", "ada", "viewer").await;
        let roles: Vec<_> = ada.walks("/me/invitations", 5).await.iter().map(|one| one["role"].clone()).collect();
        assert_eq!(roles, ["viewer"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_learns_whose_address_it_is() {
    with_app(async |app| {
        let (nina, ada, ben) = (app.artist("nina").await, app.listener("ada").await, app.listener("ben").await);
        confirms(app, &ada).await;
        let mut answers = Vec::new();
        for address in ["ada@example.org", "ben@example.org", "nobody@example.org"] {
            let mut sent = invites(&nina, "nina", address, "editor").await;
            assert_eq!(sent["email"], address);
            for its_own in ["id", "email", "created_at", "expires_at"] {
                sent[its_own] = json!("…");
            }
            answers.push(sent);
        }
        assert!(answers[0] == answers[1] && answers[1] == answers[2], "{answers:?}");
        // Who has proved that the address is theirs is asked; who has not is not, until they do.
        assert_eq!(ada.walks("/me/invitations", 5).await.len(), 1);
        assert_eq!(ben.walks("/me/invitations", 5).await.len(), 0);
        confirms(app, &ben).await;
        assert_eq!(ben.walks("/me/invitations", 5).await.len(), 1);
        assert_eq!(told(app, &ada).await, ["member_invited nina editor"]);
        for (address, says) in [("ada", "Hello ada,"), ("ben", "need an account"), ("nobody", "need an account")] {
            let letter = app.letter_to(&format!("{address}@example.org"), "You are invited").await;
            assert!(letter.text.contains(says), "{}", letter.text);
        }
        // A refusal does not show; that somebody accepts does.
        let id = super::asked(&ben).await;
        ben.put(&format!("/me/invitations/{id}/refusal"), json!({})).await.is(204);
        assert_eq!(ben.walks("/me/invitations", 5).await.len(), 0);
        ben.put(&format!("/me/invitations/{id}/acceptance"), json!({})).await.is_problem(404, "not-found");
        let waiting: Vec<_> = nina.walks(NINAS, 5).await.iter().map(|one| one["email"].clone()).collect();
        assert_eq!(waiting, ["nobody@example.org", "ben@example.org", "ada@example.org"]);
        accepts(&ada).await.is(200);
        assert_eq!(told(app, &nina).await, ["invitation_accepted nina ada"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_refused_where_it_makes_no_sense() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        joins(&nina, "nina", &ada, "viewer").await;
        for (new, field) in [
            (json!({ "invitee": "nobody", "role": "editor" }), "invitee"),
            (json!({ "invitee": "ada", "role": "editor" }), "invitee"),
            (json!({ "invitee": "nina", "role": "owner" }), "invitee"),
            (json!({ "invitee": "a b", "role": "editor" }), "invitee"),
            (json!({ "invitee": "x@", "role": "editor" }), "invitee"),
            (json!({ "invitee": "x@example.net", "role": "admin" }), "role"),
            (json!({ "invitee": "x@example.net" }), "role"),
            (json!({ "invitee": "x@example.net", "role": "editor", "hands_over": true }), "hands_over"),
            (json!({ "invitee": "x@example.net", "role": "editor", "account_id": 1 }), "account_id"),
        ] {
            nina.post(NINAS, new).await.is_invalid(field);
        }
        app.listener("sus").await;
        app.execute(
            "update accounts.accounts set suspended_at = now(), suspension_reason = 'spam' where handle = 'sus'",
        )
        .await;
        nina.post(NINAS, json!({ "invitee": "sus", "role": "editor" })).await.is_invalid("invitee");
        assert_eq!(nina.walks(NINAS, 5).await.len(), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_comes_to_its_end() {
    with_app(async |app| {
        let (nina, ada, ben) = (app.artist("nina").await, app.listener("ada").await, app.listener("ben").await);
        // Taken back.
        let sent = invites(&nina, "nina", "ada", "editor").await;
        let id = super::asked(&ada).await;
        ada.delete(&format!("{NINAS}/{id}")).await.is_problem(404, "not-found");
        nina.delete(&format!("{NINAS}/{}", sent["id"].as_str().expect("an id"))).await.is(204);
        nina.delete(&format!("{NINAS}/{id}")).await.is_problem(404, "not-found");
        ada.put(&format!("/me/invitations/{id}/acceptance"), json!({})).await.is_problem(404, "not-found");
        // Refused.
        invites(&nina, "nina", "ada", "editor").await;
        let id = super::asked(&ada).await;
        ben.put(&format!("/me/invitations/{id}/refusal"), json!({})).await.is_problem(404, "not-found");
        ben.put(&format!("/me/invitations/{id}/acceptance"), json!({})).await.is_problem(404, "not-found");
        ada.put(&format!("/me/invitations/{id}/refusal"), json!({})).await.is(204);
        assert_eq!(nina.walks(NINAS, 5).await.len(), 0);
        assert_eq!(told(app, &nina).await, ["invitation_declined nina ada"]);
        // Whoever made it owns the artist no longer.
        joins(&nina, "nina", &ben, "owner").await;
        let made_by_ben = json!({ "invitee": "ada", "role": "editor" });
        ben.post(NINAS, made_by_ben).await.is(201);
        let id = super::asked(&ada).await;
        nina.patch(&format!("/artists/nina/members/{}", ben.id), json!({ "role": "editor" })).await.is(204);
        ada.put(&format!("/me/invitations/{id}/acceptance"), json!({})).await.is_problem(404, "not-found");
        assert_eq!(ada.walks("/me/invitations", 5).await.len() + nina.walks(NINAS, 5).await.len(), 0);
        // Too late.
        invites(&nina, "nina", "ada", "editor").await;
        let id = super::asked(&ada).await;
        app.platform.clock.advance(TimeDelta::days(14) + TimeDelta::minutes(1));
        let ada = app.site.signs_in("ada").await;
        ada.put(&format!("/me/invitations/{id}/acceptance"), json!({})).await.is_problem(404, "not-found");
        assert_eq!(ada.walks("/me/invitations", 5).await.len(), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_twice_invites_once_and_nobody_invites_without_end() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let new = json!({ "invitee": "x@example.net", "role": "viewer" });
        let mut ids = Vec::new();
        for _ in 0..2 {
            let request = nina.request(Method::POST, NINAS).header("idempotency-key", "one").json(&new);
            ids.push(send(request).await.is(201).json()["id"].clone());
        }
        assert_eq!(ids[0], ids[1]);
        for number in 0..28 {
            invites(&nina, "nina", &format!("x{number}@example.net"), "viewer").await;
        }
        let more = nina.post(NINAS, json!({ "invitee": "y@example.net", "role": "viewer" })).await;
        more.is_problem(429, "too-many-requests");
        app.settle().await;
        assert_eq!(app.letters_to("x@example.net").len(), 1);
    })
    .await;
}
