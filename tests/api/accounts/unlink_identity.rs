//! Part an identity at another provider from an account.

use chrono::TimeDelta;
use reqwest::Method;

use crate::support::{Browser, identities, send, with_provider};

#[tokio::test(flavor = "multi_thread")]
async fn an_unlinked_identity_is_no_way_in_and_who_came_by_it_is_out() {
    with_provider(async |app, _| {
        let ada = app.listener("ada").await;
        let (browser, other) = (Browser::new(app), Browser::new(app));
        browser.signs_in("ada").await;
        browser.links("one").await.is(303);
        other.signs_in_by("one").await.is(303);
        let id = identities(&ada).await[0]["id"].as_str().expect("an id").to_owned();
        ada.delete(&format!("/me/identities/{id}")).await.is(204);
        ada.delete(&format!("/me/identities/{id}")).await.is_problem(404, "not-found");
        ada.get("/me").await.is(200);
        for ended in [&browser, &other] {
            ended.opens("/me").await.is_problem(401, "unauthenticated");
        }
        Browser::new(app).signs_in_by("one").await.is_problem(409, "email-taken");
        app.settle().await;
        let letters = app.letters_to("ada@example.org");
        for told in ["at another provider was linked", "at another provider was removed"] {
            assert_eq!(letters.iter().filter(|letter| letter.text.contains(told)).count(), 1, "{told}: {letters:#?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_way_in_is_kept() {
    with_provider(async |app, _| {
        let browser = Browser::new(app);
        browser.signs_in_by("one").await.is(303);
        let list = browser.opens("/me/identities").await.is(200).json();
        let id = list["items"][0]["id"].as_str().expect("an id").to_owned();
        browser.deletes(&format!("/me/identities/{id}")).await.is_problem(409, "last-way-in");
        Browser::new(app).signs_in_by("one").await.is(303);
        assert_eq!(browser.me().await["handle"], "ada");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_unlinks_for_somebody_else_or_without_having_proved_to_be_there() {
    with_provider(async |app, _| {
        let (ada, bob) = (app.listener("ada").await, app.listener("bob").await);
        let browser = Browser::new(app);
        browser.signs_in("ada").await;
        browser.links("one").await.is(303);
        let path = format!("/me/identities/{}", identities(&ada).await[0]["id"].as_str().expect("an id"));
        bob.delete(&path).await.is_problem(404, "not-found");
        send(app.stranger().request(Method::DELETE, &path)).await.is_problem(401, "unauthenticated");
        app.platform.clock.advance(TimeDelta::minutes(11));
        ada.delete(&path).await.is_problem(403, "reauthentication-required");
        assert_eq!(identities(&ada).await.len(), 1);
    })
    .await;
}
