//! Invite people.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{log_of, somebody};
use crate::support::{Answer, App, with_settings};

const BY_INVITATION: &[(&str, &str)] = &[("registration", "invitation")];

async fn registers(app: &App, handle: &str, invitation: Option<&str>) -> Answer {
    let mut account = json!({
        "handle": handle, "email": format!("{handle}@example.org"), "password": format!("the password of {handle}")
    });
    if let Some(code) = invitation {
        account["invitation"] = code.into();
    }
    app.stranger().post("/accounts", account).await
}

/// An administrator on a server that lets nobody in without an invitation.
async fn admin(app: &App) -> crate::support::Person<'_> {
    app.execute(
        "insert into accounts.invitations (id, code_hash, uses_left, expires_at)
         values (gen_random_uuid(), sha256('first'), 1, now() + interval '1 day')",
    )
    .await;
    registers(app, "boss", Some("first")).await.is(201);
    app.execute("update accounts.accounts set role = 'admin'").await;
    app.site.signs_in("boss").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_opens_as_many_accounts_as_it_says() {
    with_settings(BY_INVITATION, async |app| {
        let admin = admin(app).await;
        let invited = admin.post("/admin/invitations", json!({ "note": "The band", "uses": 2 })).await.is(201);
        assert_eq!(invited.header("cache-control"), "no-store");
        let invited = invited.json();
        let code = invited["code"].as_str().expect("a code");
        assert!(code.starts_with("legato_i_") && code.len() >= 43, "{code}");
        registers(app, "ada", None).await.is_problem(403, "invitation-needed");
        registers(app, "ada", Some("legato_i_wrong")).await.is_problem(403, "invitation-needed");
        registers(app, "ada", Some(code)).await.is(201);
        registers(app, "otto", Some(code)).await.is(201);
        registers(app, "eve", Some(code)).await.is_problem(403, "invitation-needed");
        let list = admin.walks("/admin/invitations", 1).await;
        let shown = list.iter().find(|one| one["note"] == "The band").expect("listed");
        assert_eq!((&shown["uses_left"], &shown["created_by"]), (&json!(0), &json!(admin.id)), "{shown}");
        assert!(list.iter().all(|one| one.get("code").is_none() && one.get("code_hash").is_none()), "{list:?}");
        let rows = app.lines("select to_jsonb(i)::text as line from accounts.invitations i").await.concat();
        assert!(!rows.contains(code), "{rows}");
        assert_eq!(log_of(app, &admin.id).await[0], "invited by boss");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_come_with_the_last_use_one_gets_in() {
    with_settings(BY_INVITATION, async |app| {
        let admin = admin(app).await;
        let invited = admin.post("/admin/invitations", json!({})).await.is(201).json();
        let code = invited["code"].as_str().expect("a code");
        let attempts = (0..6).map(async |number| registers(app, &format!("guest{number}"), Some(code)).await.status);
        let mut statuses = futures_util::future::join_all(attempts).await;
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 403, 403, 403, 403, 403]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_expires_and_can_be_taken_back() {
    with_settings(BY_INVITATION, async |app| {
        let admin = admin(app).await;
        let invite = async |days: i64| {
            let invited = admin.post("/admin/invitations", json!({ "expires_in_days": days, "uses": 5 })).await;
            let invited: Value = invited.is(201).json();
            let text = |field: &str| invited[field].as_str().expect("a text").to_owned();
            (text("id"), text("code"))
        };
        let ((_, short), (id, long)) = (invite(1).await, invite(20).await);
        app.platform.clock.advance(TimeDelta::days(2));
        registers(app, "ada", Some(&short)).await.is_problem(403, "invitation-needed");
        registers(app, "ada", Some(&long)).await.is(201);
        admin.delete(&format!("/admin/invitations/{id}")).await.is(204);
        admin.delete(&format!("/admin/invitations/{id}")).await.is_problem(404, "not-found");
        registers(app, "otto", Some(&long)).await.is_problem(403, "invitation-needed");
        app.site.signs_in("ada").await.get("/me").await.is(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_has_its_bounds() {
    with_settings(&[], async |app| {
        let admin = somebody(app, "boss", "admin").await;
        for (field, value) in [
            ("uses", json!(0)),
            ("uses", json!(1001)),
            ("uses", json!("x")),
            ("expires_in_days", json!(0)),
            ("expires_in_days", json!(366)),
            ("note", json!("x".repeat(201))),
            ("note", json!("a\nb")),
            ("code", json!("chosen")),
            ("created_by", json!(admin.id)),
        ] {
            let mut body = json!({});
            body[field] = value;
            admin.post("/admin/invitations", body).await.is_invalid(field);
        }
        assert!(app.lines("select id::text as line from accounts.invitations").await.is_empty());
    })
    .await;
}
