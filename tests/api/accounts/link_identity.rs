//! Link an identity at another provider.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{App, Browser, identities, with_provider};

async fn links(app: &App) -> Vec<String> {
    let query = "select concat_ws(' ', a.handle, l.provider, l.subject) as line
                 from accounts.linked_identities l join accounts.accounts a on a.id = l.account_id order by 1";
    app.lines(query).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_linked_identity_is_a_way_in() {
    with_provider(async |app, _| {
        let ada = app.listener("ada").await;
        let browser = Browser::new(app);
        browser.signs_in("ada").await;
        let linked = browser.links("one").await.is(303);
        assert_eq!(linked.header("location"), "/account");
        assert!(linked.header("set-cookie").starts_with("legato_oidc=;"), "{:?}", linked.headers);
        // Once more, and nothing happens.
        browser.links("one").await.is(303);
        assert_eq!(links(app).await, ["ada one 42"]);
        assert_eq!(identities(&ada).await.len(), 1);

        let other = Browser::new(app);
        other.signs_in_by("one").await.is(303);
        assert_eq!(other.me().await["id"], ada.id);
        app.settle().await;
        let letters = app.letters_to("ada@example.org");
        assert_eq!(
            letters.iter().filter(|letter| letter.text.contains("at another provider was linked")).count(),
            1,
            "{letters:#?}"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_with_a_token_links_in_the_browser_that_it_opens() {
    with_provider(async |app, _| {
        let ada = app.listener("ada").await;
        let begun = ada.post("/me/identities/one", json!({})).await.is(200);
        assert_eq!(begun.header("cache-control"), "no-store");
        let url = begun.json()["url"].as_str().expect("an address").to_owned();
        let back = Browser::new(app).comes_from(&url).await;
        let cookie = begun.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        Browser::new(app).opens(&back).await.is_problem(400, "provider-refused");
        let client = crate::support::client().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        let returned = client.get(&back).header("cookie", cookie).send().await.expect("an answer");
        assert_eq!(returned.status(), 303);
        assert_eq!(links(app).await, ["ada one 42"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_identity_belongs_to_one_account() {
    with_provider(async |app, _| {
        for handle in ["ada", "bob"] {
            app.listener(handle).await;
        }
        let (ada, bob) = (Browser::new(app), Browser::new(app));
        ada.signs_in("ada").await;
        bob.signs_in("bob").await;
        ada.links("one").await.is(303);
        bob.links("one").await.is_problem(409, "linked-elsewhere");
        let begun = bob.posts("/me/identities/one", json!({ "next": "/account?tab=1#x" })).await.is(200).json();
        let back = bob.comes_from(begun["url"].as_str().expect("an address")).await;
        assert_eq!(bob.visits(&back).await.is(303).header("location"), "/account?tab=1#problem=linked-elsewhere");
        assert_eq!(links(app).await, ["ada one 42"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_links_for_somebody_else() {
    with_provider(async |app, _| {
        for handle in ["ada", "bob"] {
            app.listener(handle).await;
        }
        let (ada, bob) = (Browser::new(app), Browser::new(app));
        ada.signs_in("ada").await;
        bob.signs_in("bob").await;
        // Bob sends Ada his way back, so that her identity there would open his account, or his hers.
        let begun = bob.posts("/me/identities/one", json!({})).await.is(200).json();
        let back = bob.comes_from(begun["url"].as_str().expect("an address")).await;
        ada.opens(&back).await.is_problem(400, "provider-refused");
        // Ada begins, and Bob signs in in the same browser.
        let begun = ada.posts("/me/identities/one", json!({})).await.is(200).json();
        let back = ada.comes_from(begun["url"].as_str().expect("an address")).await;
        ada.signs_in("bob").await;
        ada.opens(&back).await.is_problem(400, "provider-refused");
        assert_eq!(links(app).await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_lost_the_session_links_nothing_any_more() {
    with_provider(async |app, _| {
        let owner = app.listener("ada").await;
        let thief = Browser::new(app);
        thief.signs_in("ada").await;
        let begun = thief.posts("/me/identities/one", json!({})).await.is(200).json();
        let back = thief.comes_from(begun["url"].as_str().expect("an address")).await;
        owner.delete("/me/sessions").await.is(204);
        thief.opens(&back).await.is_problem(400, "provider-refused");
        assert_eq!(links(app).await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_has_just_proved_to_be_there_links() {
    with_provider(async |app, _| {
        app.stranger().post("/me/identities/one", json!({})).await.is_problem(401, "unauthenticated");
        let ada = app.listener("ada").await;
        ada.post("/me/identities/two", json!({})).await.is_problem(404, "not-found");
        ada.post("/me/identities/one", json!({ "account": "bob" })).await.is_invalid("account");
        app.platform.clock.advance(TimeDelta::minutes(11));
        let refused: Value =
            ada.post("/me/identities/one", json!({})).await.is_problem(403, "reauthentication-required");
        assert!(refused["detail"].is_null());
    })
    .await;
}
