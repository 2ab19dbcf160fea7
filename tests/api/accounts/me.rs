//! Who am I?

use reqwest::Method;

use crate::support::{send, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn everybody_sees_their_own_account() {
    with_app(async |app| {
        let (ada, ben) = (app.listener("ada").await, app.listener("ben").await);
        for person in [&ada, &ben] {
            let answer = person.get("/me").await.is(200);
            assert_eq!(answer.header("cache-control"), "private, no-cache");
            let me = answer.json();
            assert_eq!(me["id"], person.id);
            assert_eq!(me["handle"], person.handle);
            assert_eq!(me["email"], format!("{}@example.org", person.handle));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_valid_credentials_nobody_is_anybody() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        app.stranger().get("/me").await.is_problem(401, "unauthenticated");
        let token = ada.token.clone().unwrap_or_default();
        for authorization in
            ["".into(), "Bearer".into(), "Bearer ".into(), "Bearer x".into(), format!("Basic {token}"), token.clone()]
        {
            let request = app.stranger().request(Method::GET, "/me").header("authorization", authorization);
            let answer = send(request).await;
            answer.is_problem(401, "unauthenticated");
            assert_eq!(answer.header("www-authenticate"), "Bearer");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_of_a_proxy_that_nobody_configured_prove_nothing() {
    with_app(async |app| {
        app.listener("ada").await;
        for name in ["remote-user", "x-remote-user", "x-forwarded-user", "x-internal", "x-api-key"] {
            let request = app.stranger().request(Method::GET, "/me").header(name, "ada");
            send(request).await.is_problem(401, "unauthenticated");
        }
    })
    .await;
}
