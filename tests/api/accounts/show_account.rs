//! Show an account to everybody.

use reqwest::Method;
use serde_json::json;

use crate::support::with_app;

#[tokio::test(flavor = "multi_thread")]
async fn everybody_sees_who_somebody_is_and_no_more() {
    with_app(async |app| {
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        ada.patch("/me", json!({ "display_name": "Ada Lovelace" })).await.is(200);
        for person in [&ada, &ben, &app.stranger()] {
            let answer = person.get("/accounts/ada").await.is(200);
            let profile = answer.json();
            assert_eq!((&profile["id"], &profile["display_name"]), (&json!(ada.id), &json!("Ada Lovelace")));
            let mut fields: Vec<_> = profile.as_object().expect("an object").keys().cloned().collect();
            fields.sort_unstable();
            assert_eq!(fields, ["created_at", "display_name", "handle", "id", "picture_url"]);
            assert!(!answer.text().contains("example.org"));
        }
        assert_eq!(app.stranger().get("/accounts/ADA").await.is(200).json()["handle"], "ada");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_former_handle_leads_to_the_one_of_today() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        ada.put("/me/handle", json!({ "handle": "countess" })).await.is(200);
        let client = crate::support::client().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        let moved = client.request(Method::GET, app.site.url("/accounts/ada")).send().await.expect("an answer");
        assert_eq!(
            (moved.status().as_u16(), &moved.headers()["location"]),
            (308, &"/api/v1/accounts/countess".parse().expect("a value"))
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_there_who_is_unknown_suspended_or_about_to_leave() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        ada.put("/me/handle", json!({ "handle": "countess" })).await.is(200);
        for (away, back) in [
            ("suspended_at = now(), suspension_reason = 'spam'", "suspended_at = null, suspension_reason = null"),
            ("closing_until = now() + interval '14 days'", "closing_until = null"),
        ] {
            app.execute(&format!("update accounts.accounts set {away}")).await;
            for handle in ["countess", "ada"] {
                app.stranger().get(&format!("/accounts/{handle}")).await.is_problem(404, "not-found");
            }
            app.execute(&format!("update accounts.accounts set {back}")).await;
            app.stranger().get("/accounts/countess").await.is(200);
        }
        for nobody in ["nobody", "x", "..%2Fme", "ada%2F", &"a".repeat(5000), &ada.id] {
            app.stranger().get(&format!("/accounts/{nobody}")).await.is_problem(404, "not-found");
        }
        app.stranger().get("/accounts/ada%00").await.is_problem(400, "malformed");
    })
    .await;
}
