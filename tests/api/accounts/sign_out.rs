//! Sign out.

use reqwest::Method;
use serde_json::json;

use crate::support::{password, send, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_worth_nothing_after_signing_out() {
    with_app(async |app| {
        let (ada, elsewhere) = (app.listener("ada").await, app.site.signs_in("ada").await);
        ada.delete("/session").await.is(204);
        ada.get("/me").await.is_problem(401, "unauthenticated");
        ada.delete("/session").await.is_problem(401, "unauthenticated");
        elsewhere.get("/me").await.is(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_has_nothing_to_sign_out_of() {
    with_app(async |app| {
        app.stranger().delete("/session").await.is_problem(401, "unauthenticated");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_takes_the_cookie_away() {
    with_app(async |app| {
        app.listener("ada").await;
        let credentials = json!({ "login": "ada", "password": password("ada"), "cookie": true });
        let sign_in = app.stranger().request(Method::POST, "/session").header("origin", &app.site.base);
        let answer = send(sign_in.json(&credentials)).await.is(201);
        let pair = answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        let request = |method| app.stranger().request(method, "/session").header("cookie", &pair);
        let gone = send(request(Method::DELETE).header("origin", &app.site.base)).await.is(204);
        assert!(gone.header("set-cookie").contains("Max-Age=0"), "{}", gone.header("set-cookie"));
        // A stale cookie is nobody.
        let me = app.stranger().request(Method::GET, "/me").header("cookie", &pair);
        send(me).await.is_problem(401, "unauthenticated");
    })
    .await;
}
