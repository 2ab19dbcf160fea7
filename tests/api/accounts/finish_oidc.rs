//! Finish to sign in by another provider. (Linking is `link_identity`'s affair.)

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{App, Browser, Claims, Provider, Trick, with_provider, with_provider_and, with_settings};

const ADA: Claims = Claims { subject: "42", email: Some("ada@example.org"), verified: true, username: Some("ada") };

async fn confirms_the_address(app: &App, handle: &str) {
    app.execute(&format!("update accounts.accounts set email_confirmed_at = now() where handle = '{handle}'")).await;
}

/// How many accounts, links and sessions there are.
async fn traces(app: &App) -> Vec<String> {
    app.lines(
        "select concat((select count(*) from accounts.accounts), ' ', (select count(*) from accounts.linked_identities),
             ' ', (select count(*) from accounts.sessions)) as line",
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_gets_an_account_and_comes_back_to_it() {
    with_provider(async |app, provider| {
        let browser = Browser::new(app);
        let landed = browser.signs_in_by("one").await.is(303);
        assert_eq!((landed.header("location"), landed.header("cache-control")), ("/", "no-store"));
        let cookies: Vec<_> = landed.headers.get_all("set-cookie").iter().map(|c| c.to_str().unwrap_or("")).collect();
        assert!(cookies.iter().any(|cookie| cookie.starts_with("legato_oidc=;")), "{cookies:?}");
        let session = cookies.iter().find(|cookie| cookie.starts_with("legato_session=legato_s_")).expect("a session");
        assert!(session.contains("HttpOnly") && session.contains("SameSite=Lax"), "{session}");

        let ada = browser.me().await;
        assert_eq!((&ada["handle"], &ada["email"]), (&json!("ada"), &json!("ada@example.org")));
        assert_eq!((&ada["email_confirmed"], &ada["has_password"]), (&json!(true), &json!(false)));
        // The subject is who it is; all else may change.
        provider.serves(Claims { email: Some("new@example.org"), username: Some("nova"), ..ADA });
        let laptop = Browser::new(app);
        laptop.signs_in_by("one").await.is(303);
        assert_eq!(laptop.me().await, ada);
        let told = app.lines("select email as line from accounts.linked_identities").await;
        assert_eq!(told, ["new@example.org"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handle_is_made_of_what_the_provider_calls_them() {
    with_provider(async |app, provider| {
        app.listener("ada").await;
        for (subject, email, username, handle) in [
            ("1", "one@example.org", Some("Ada"), "ada-2"),
            ("2", "two@example.org", Some("ada@example.com"), "ada-3"),
            ("3", "three@example.org", Some("admin"), "admin-2"),
            ("4", "four.by.four+x@example.org", None, "four-by-four"),
            ("5", "5@example.org", Some("מיכל"), "listener"),
        ] {
            provider.serves(Claims { subject, email: Some(email), verified: true, username });
            let browser = Browser::new(app);
            browser.signs_in_by("one").await.is(303);
            assert_eq!(browser.me().await["handle"], handle);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_on_is_a_page_of_our_own() {
    with_provider(async |app, _| {
        for (next, landed) in [
            ("/studio?a=b%26c#top", "/studio?a=b%26c#top"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("/%2Fevil.example", "/"),
            ("https://evil.example", "/"),
            ("javascript:alert(1)", "/"),
            ("/\r\nset-cookie:a=b", "/"),
            ("/api/v1/oidc/one/authorization", "/"),
        ] {
            let query = form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
            let browser = Browser::new(app);
            let back = browser.goes_to("one", &format!("?{query}")).await;
            assert_eq!(browser.opens(&back).await.is(303).header("location"), landed, "{next}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_hold_opens_nothing() {
    with_provider(async |app, provider| {
        for trick in [
            Trick::Denies,
            Trick::OtherIssuerOnReturn,
            Trick::RefusesTheCode,
            Trick::GivesNoIdToken,
            Trick::Unsigned,
            Trick::SignedWithTheSecret,
            Trick::SignedWithThePublicKey,
            Trick::Forged,
            Trick::SignedByAnother,
            Trick::UnpublishedKey,
            Trick::OtherIssuer,
            Trick::OtherAudience,
            Trick::MoreAudiences,
            Trick::OtherParty,
            Trick::OtherNonce,
            Trick::NoNonce,
            Trick::Expired,
            Trick::TellsAnothersAddress,
        ] {
            provider.plays(trick);
            let browser = Browser::new(app);
            let refused = browser.signs_in_by("one").await;
            assert_eq!((trick, refused.status), (trick, 400), "{}", refused.text());
            refused.is_problem(400, "provider-refused");
            browser.opens("/me").await.is_problem(401, "unauthenticated");
        }
        assert_eq!(traces(app).await, ["0 0 0"]);
        provider.plays(Trick::None);
        Browser::new(app).signs_in_by("one").await.is(303);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_breaks_on_the_way_is_away() {
    with_provider(async |app, provider| {
        provider.plays(Trick::Breaks);
        Browser::new(app).signs_in_by("one").await.is_problem(502, "provider-away");
        assert_eq!(traces(app).await, ["0 0 0"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_may_change_its_key_and_is_asked_no_more_than_needed() {
    with_provider(async |app, provider| {
        Browser::new(app).signs_in_by("one").await.is(303);
        Browser::new(app).signs_in_by("one").await.is(303);
        assert_eq!(provider.asked_for_keys(), 1);
        provider.changes_its_key();
        Browser::new(app).signs_in_by("one").await.is(303);
        Browser::new(app).signs_in_by("one").await.is(303);
        assert_eq!(provider.asked_for_keys(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_asked_for_where_the_token_has_none() {
    with_provider(async |app, provider| {
        provider.plays(Trick::TellsTheAddressLater);
        let browser = Browser::new(app);
        browser.signs_in_by("one").await.is(303);
        let ada = browser.me().await;
        assert_eq!((&ada["email"], &ada["email_confirmed"]), (&json!("ada@example.org"), &json!(true)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_needs_an_address() {
    with_provider(async |app, provider| {
        for email in [None, Some("not an address")] {
            provider.serves(Claims { email, ..ADA });
            Browser::new(app).signs_in_by("one").await.is_problem(422, "provider-without-email");
        }
        assert_eq!(traces(app).await, ["0 0 0"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_return_that_nobody_went_out_for_is_refused() {
    with_provider(async |app, _| {
        let (ada, mallory) = (Browser::new(app), Browser::new(app));
        let (back, foreign) = (ada.goes_to("one", "").await, mallory.goes_to("one", "").await);
        let without_state = back.replace("state=", "estate=");
        let returns = [
            ("without a state", without_state.as_str()),
            ("with a made-up state", "/oidc/one/callback?state=legato_c_x&code=y"),
            ("with nothing", "/oidc/one/callback"),
            ("with another's state", foreign.as_str()),
        ];
        for (how, back) in returns {
            let refused = ada.opens(back).await;
            assert_eq!((how, refused.status), (how, 400));
            refused.is_problem(400, "provider-refused");
        }
        Browser::new(app).opens(&back).await.is_problem(400, "provider-refused");
        assert_eq!(traces(app).await, ["0 0 0"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_return_is_taken_once() {
    with_provider(async |app, _| {
        let browser = Browser::new(app);
        let back = browser.goes_to("one", "").await;
        let cookie = app.lines("select kind as line from accounts.ceremonies").await;
        assert_eq!(cookie, ["oidc"]);
        browser.opens(&back).await.is(303);
        browser.opens(&back).await.is_problem(400, "provider-refused");
        assert_eq!(traces(app).await, ["1 1 1"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_return_comes_in_time_and_from_the_same_provider() {
    let provider = Provider::start().await;
    let list = json!([provider.setting("one"), provider.setting("two")]).to_string();
    with_settings(&[("oidc", &list)], async |app| {
        let browser = Browser::new(app);
        let back = browser.goes_to("one", "").await;
        browser.opens(&back.replace("/oidc/one/", "/oidc/two/")).await.is_problem(400, "provider-refused");
        let back = browser.goes_to("one", "").await;
        app.platform.clock.advance(TimeDelta::minutes(11));
        browser.opens(&back).await.is_problem(400, "provider-refused");
        assert_eq!(traces(app).await, ["0 0 0"]);
    })
    .await;
    provider.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_providers_may_call_two_people_the_same() {
    let (one, two) = (Provider::start().await, Provider::start().await);
    two.serves(Claims { email: Some("bob@example.org"), username: Some("bob"), ..ADA });
    let list = json!([one.setting("one"), two.setting("two")]).to_string();
    with_settings(&[("oidc", &list)], async |app| {
        let (ada, bob) = (Browser::new(app), Browser::new(app));
        ada.signs_in_by("one").await.is(303);
        bob.signs_in_by("two").await.is(303);
        assert_eq!((ada.me().await["handle"].clone(), bob.me().await["handle"].clone()), (json!("ada"), json!("bob")));
    })
    .await;
    one.stop().await;
    two.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_address_is_the_same_person_where_both_sides_have_seen_it() {
    with_provider(async |app, _| {
        let ada = app.listener("ada").await;
        confirms_the_address(app, "ada").await;
        let browser = Browser::new(app);
        browser.signs_in_by("one").await.is(303);
        assert_eq!(browser.me().await["id"], ada.id);
        app.settle().await;
        let letters = app.letters_to("ada@example.org");
        assert!(letters.iter().any(|letter| letter.text.contains("at another provider was linked")), "{letters:#?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_one_side_has_not_seen_links_nothing() {
    with_provider(async |app, provider| {
        app.listener("ada").await;
        provider.serves(Claims { verified: true, ..ADA });
        Browser::new(app).signs_in_by("one").await.is_problem(409, "email-taken");
        confirms_the_address(app, "ada").await;
        provider.serves(Claims { verified: false, ..ADA });
        Browser::new(app).signs_in_by("one").await.is_problem(409, "email-taken");
        provider.serves(Claims { email: Some("ADA@example.org"), verified: false, ..ADA });
        let browser = Browser::new(app);
        let back = browser.goes_to("one", "?next=/studio").await;
        let told = browser.visits(&back).await.is(303);
        assert_eq!(told.header("location"), "/sign-in?next=%2Fstudio#problem=email-taken&provider=one");
        assert!(told.header("set-cookie").starts_with("legato_oidc=;"), "{:?}", told.headers);
        assert_eq!(traces(app).await, ["1 0 1"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_the_provider_has_not_seen_is_confirmed_by_letter() {
    with_provider(async |app, provider| {
        provider.serves(Claims { verified: false, ..ADA });
        let browser = Browser::new(app);
        browser.signs_in_by("one").await.is(303);
        assert_eq!(browser.me().await["email_confirmed"], false);
        let code = app.letter_to("ada@example.org", "").await.code();
        app.stranger().put(&format!("/email-confirmations/{code}"), json!({})).await.is(204);
        assert_eq!(browser.me().await["email_confirmed"], true);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_addresses_are_confirmed_first_an_unseen_one_tells_nobody_whether_it_is_known() {
    with_provider_and(&[("email_confirmation", "true")], async |app, provider| {
        provider.serves(Claims { subject: "1", email: Some("known@example.org"), username: Some("known"), ..ADA });
        Browser::new(app).signs_in_by("one").await.is(303);
        for email in ["known@example.org", "unknown@example.org"] {
            provider.serves(Claims { email: Some(email), verified: false, ..ADA });
            Browser::new(app).signs_in_by("one").await.is_problem(422, "provider-without-email");
        }
        assert_eq!(traces(app).await, ["1 1 1"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_server_takes_nobody_new_and_lets_in_whom_it_knows() {
    for (registration, slug) in [("closed", "registration-closed"), ("invitation", "invitation-needed")] {
        with_provider_and(&[("registration", registration)], async |app, provider| {
            Browser::new(app).signs_in_by("one").await.is_problem(403, slug);
            assert_eq!(traces(app).await, ["0 0 0"]);
            app.execute(
                "insert into accounts.accounts (id, handle, email, display_name, role)
                 values (gen_random_uuid(), 'bob', 'bob@example.org', 'Bob', 'listener')",
            )
            .await;
            app.execute(
                "insert into accounts.linked_identities (id, account_id, provider, subject)
                 select gen_random_uuid(), id, 'one', '7' from accounts.accounts",
            )
            .await;
            provider.serves(Claims { subject: "7", ..ADA });
            let browser = Browser::new(app);
            browser.signs_in_by("one").await.is(303);
            assert_eq!(browser.me().await["handle"], "bob");
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_accounts_own_second_factor_is_asked_for() {
    with_provider(async |app, _| {
        let ada = app.listener("ada").await;
        ada.sets_up_totp(app).await;
        confirms_the_address(app, "ada").await;
        let browser = Browser::new(app);
        let back = browser.goes_to("one", "?next=/studio").await;
        let asked = browser.opens(&back).await.is(303);
        let page = asked.header("location");
        assert!(page.starts_with("/sign-in?next=%2Fstudio#challenge=legato_f_"), "{page}");
        assert!(
            !asked.headers.get_all("set-cookie").iter().any(|cookie| cookie.as_bytes().starts_with(b"legato_session"))
        );
        browser.opens("/me").await.is_problem(401, "unauthenticated");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_suspended_or_about_to_go_does_not_slip_in() {
    with_provider(async |app, _| {
        Browser::new(app).signs_in_by("one").await.is(303);
        app.execute("update accounts.accounts set suspended_at = now(), suspension_reason = 'spam'").await;
        Browser::new(app).signs_in_by("one").await.is_problem(403, "account-suspended");
        app.execute(
            "update accounts.accounts set suspended_at = null, suspension_reason = null,
                 closing_until = now() + interval '14 days'",
        )
        .await;
        Browser::new(app).signs_in_by("one").await.is_problem(403, "account-closing");
        let browser = Browser::new(app);
        let back = browser.goes_to("one", "?reopen=true").await;
        browser.opens(&back).await.is(303);
        assert_eq!(browser.me().await["handle"], "ada");
    })
    .await;
}
