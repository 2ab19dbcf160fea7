//! Begin to sign in by another provider.

use std::collections::HashMap;

use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, App, Browser, Provider, send, with_app, with_provider, with_provider_and, with_settings};

fn asked(answer: &Answer) -> HashMap<String, String> {
    let url: url::Url = answer.header("location").parse().expect("an address");
    url.query_pairs().into_owned().collect()
}

async fn begins(app: &App, headers: &[(&'static str, &str)]) -> Answer {
    let browser = crate::support::client().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let request = browser.get(app.site.url("/oidc/one/authorization"));
    send(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_browser_goes_there_with_all_that_the_protocol_asks_for() {
    with_provider(async |app, provider| {
        let begun = begins(app, &[]).await.is(303);
        assert!(begun.header("location").starts_with(&format!("{}/authorize?", provider.issuer)));
        assert_eq!(begun.header("cache-control"), "no-store");
        let asked = asked(&begun);
        assert_eq!(asked["redirect_uri"], format!("{}/api/v1/oidc/one/callback", app.site.base));
        assert_eq!((asked["response_type"].as_str(), asked["code_challenge_method"].as_str()), ("code", "S256"));
        assert_eq!((asked["code_challenge"].len(), asked["nonce"].len()), (43, 43));
        assert!(asked["scope"].split(' ').any(|scope| scope == "openid"), "{}", asked["scope"]);
        let cookie = begun.header("set-cookie");
        assert!(cookie.starts_with("legato_oidc=legato_o_"), "{cookie}");
        for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600"] {
            assert!(cookie.contains(attribute), "{cookie}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_time_is_another_time() {
    with_provider(async |app, _| {
        let (one, two) = (asked(&begins(app, &[]).await), asked(&begins(app, &[]).await));
        for value in ["state", "nonce", "code_challenge"] {
            assert_ne!(one[value], two[value], "{value}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_https_the_cookie_is_for_this_host_alone_and_the_way_back_is_the_public_address() {
    with_provider_and(&[("public_url", "https://music.example")], async |app, _| {
        let forged =
            [("x-forwarded-host", "evil.example"), ("x-forwarded-proto", "http"), ("forwarded", "host=evil.example")];
        let begun = begins(app, &forged).await.is(303);
        let cookie = begun.header("set-cookie");
        assert!(cookie.starts_with("__Host-legato_oidc="), "{cookie}");
        assert!(cookie.contains("Secure") && cookie.contains("Path=/") && !cookie.contains("Domain"), "{cookie}");
        assert_eq!(asked(&begun)["redirect_uri"], "https://music.example/api/v1/oidc/one/callback");
        begins(app, &[("host", "evil.example")]).await.is(421);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_learns_nothing_of_what_comes_back() {
    with_provider(async |app, _| {
        let begun = begins(app, &[]).await.is(303);
        let asked = asked(&begun);
        let cookie = begun.header("set-cookie").split(['=', ';']).nth(1).unwrap_or_default().to_owned();
        let rows = app.lines("select to_jsonb(c)::text as line from accounts.ceremonies c").await;
        assert_eq!(rows.len(), 1);
        for secret in [&cookie, &asked["state"], &asked["nonce"], &asked["code_challenge"]] {
            assert!(secret.len() >= 43 && !rows[0].contains(secret.as_str()), "{secret}: {}", rows[0]);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_nobody_configured_is_not_found() {
    with_app(async |app| {
        app.stranger().get("/oidc/one/authorization").await.is_problem(404, "not-found");
        app.stranger().get("/oidc/one/callback?state=x&code=y").await.is_problem(404, "not-found");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_away_is_told_of_and_keeps_no_server_from_starting() {
    let provider = Provider::start().await;
    provider.stop().await;
    let list = json!([provider.setting("one")]).to_string();
    with_settings(&[("oidc", &list)], async |app| {
        let browser = Browser::new(app);
        browser.opens("/oidc/one/authorization").await.is_problem(502, "provider-away");
        let told = browser.visits("/oidc/one/authorization?next=/studio").await.is(303);
        assert_eq!(told.header("location"), "/sign-in?next=%2Fstudio#problem=provider-away");
        app.stranger().get("/oidc").await.is(200);
        assert_eq!(app.lines("select 'one' as line from accounts.ceremonies").await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_says_it_is_another_is_not_gone_to() {
    let provider = Provider::start().await;
    let mut setting = provider.setting("one");
    setting["issuer"] = provider.issuer.replace("127.0.0.1", "localhost").into();
    with_settings(&[("oidc", &json!([setting]).to_string())], async |app| {
        Browser::new(app).opens("/oidc/one/authorization").await.is_problem(502, "provider-away");
    })
    .await;
    provider.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_page_signs_nobody_in() {
    with_provider(async |app, _| {
        for foreign in ["cross-site", "same-site"] {
            begins(app, &[("sec-fetch-site", foreign)]).await.is_problem(403, "foreign-origin");
        }
        for own in ["same-origin", "none"] {
            begins(app, &[("sec-fetch-site", own)]).await.is(303);
        }
        let bad = app.stranger().request(Method::GET, "/oidc/one/authorization?reopen=perhaps");
        send(bad).await.is_invalid("reopen");
    })
    .await;
}
