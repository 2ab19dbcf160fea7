//! The second factor at sign-in.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::{Answer, App, Person, code_at, password, with_app};

async fn signs_in(app: &App, handle: &str, code: Option<&str>) -> Answer {
    let credentials = json!({ "login": handle, "password": password(handle), "code": code });
    app.stranger().post("/session", credentials).await
}

fn code_now(app: &App, secret: &str) -> String {
    code_at(secret, app.platform.clock.now())
}

/// Somebody with an authenticator, half a minute after it showed its first code.
async fn guarded<'a>(app: &'a App, handle: &str) -> (Person<'a>, String, Vec<String>) {
    let person = app.listener(handle).await;
    let (secret, codes) = person.sets_up_totp(app).await;
    app.platform.clock.advance(TimeDelta::seconds(30));
    (person, secret, codes)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_needs_the_code_too() {
    with_app(async |app| {
        let (_, secret, _) = guarded(app, "ada").await;
        signs_in(app, "ada", None).await.is_problem(401, "second-factor-required");
        for wrong in ["", "000", "nonsense", "12345678901234567890"] {
            signs_in(app, "ada", Some(wrong)).await.is_problem(401, "wrong-code");
        }
        let code = code_now(app, &secret);
        let credentials = json!({ "login": "ada", "password": "not hers", "code": code });
        app.stranger().post("/session", credentials).await.is_problem(401, "wrong-credentials");
        signs_in(app, "ada", Some(&code)).await.is(201);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_know_the_password_does_not_learn_of_a_second_factor() {
    with_app(async |app| {
        guarded(app, "ada").await;
        let credentials = json!({ "login": "ada", "password": "not hers" });
        app.stranger().post("/session", credentials).await.is_problem(401, "wrong-credentials");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_taken_once_and_none_from_before_it() {
    with_app(async |app| {
        let (_, secret, _) = guarded(app, "ada").await;
        let earlier = code_now(app, &secret);
        app.platform.clock.advance(TimeDelta::seconds(30));
        let code = code_now(app, &secret);
        signs_in(app, "ada", Some(&format!("{} {}", &code[..3], &code[3..]))).await.is(201);
        signs_in(app, "ada", Some(&code)).await.is_problem(401, "wrong-code");
        signs_in(app, "ada", Some(&earlier)).await.is_problem(401, "wrong-code");
        app.platform.clock.advance(TimeDelta::seconds(30));
        signs_in(app, "ada", Some(&code)).await.is_problem(401, "wrong-code");
        signs_in(app, "ada", Some(&code_now(app, &secret))).await.is(201);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_at_once_with_the_same_code_one_gets_in() {
    with_app(async |app| {
        let (_, secret, codes) = guarded(app, "ada").await;
        for code in [code_now(app, &secret), codes[0].clone()] {
            let attempts = (0..6).map(|_| signs_in(app, "ada", Some(&code)));
            let answers = futures_util::future::join_all(attempts).await;
            let opened = answers.iter().filter(|answer| answer.status == 201).count();
            let told: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
            assert_eq!(opened, 1, "{told:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_set_back_makes_no_code_good_again() {
    with_app(async |app| {
        let (_, secret, codes) = guarded(app, "ada").await;
        let now = code_now(app, &secret);
        for wrong_by in [TimeDelta::hours(1), TimeDelta::days(1)] {
            app.platform.clock.advance(wrong_by);
            signs_in(app, "ada", Some(&code_now(app, &secret))).await.is(201);
            app.platform.clock.advance(-wrong_by);
            signs_in(app, "ada", Some(&now)).await.is_problem(401, "wrong-code");
        }
        signs_in(app, "ada", Some(&codes[0])).await.is(201);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_code_stands_in_once_however_it_is_typed() {
    with_app(async |app| {
        let (ada, _, codes) = guarded(app, "ada").await;
        let (_, _, others) = guarded(app, "bea").await;
        signs_in(app, "ada", Some(&others[0])).await.is_problem(401, "wrong-code");
        let typed = codes[0].to_uppercase().replace('-', " ").replace('0', "O");
        signs_in(app, "ada", Some(&typed)).await.is(201);
        signs_in(app, "ada", Some(&codes[0])).await.is_problem(401, "wrong-code");
        signs_in(app, "ada", Some(&codes[9])).await.is(201);
        assert_eq!(ada.get("/me/totp").await.is(200).json(), json!({ "enabled": true, "recovery_codes_left": 8 }));
        let told = "select payload::text as line from platform.jobs where payload::text like '%recovery_code_used%'";
        assert_eq!(app.lines(told).await.len(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_dump_holds_a_secret_or_a_code() {
    with_app(async |app| {
        let (_, secret, codes) = guarded(app, "ada").await;
        signs_in(app, "ada", Some(&codes[0])).await.is(201);
        let bytes = totp_rs::Secret::try_from_base32(&secret).expect("base 32");
        let hex: String = bytes.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        let plain = codes[1].replace('-', "");
        let dump = dump(app).await;
        assert!(dump.contains("sealed_secret") && dump.contains("code_hash"), "{dump}");
        for hidden in [&secret, &hex, &codes[0], &codes[1], &plain] {
            assert!(!dump.contains(hidden.as_str()), "{hidden} lies in the database");
        }
    })
    .await;
}

/// Every row of every table, as text.
async fn dump(app: &App) -> String {
    let tables = "select format('select row_to_json(t)::text as line from %I.%I t', table_schema, table_name) as line
                  from information_schema.tables
                  where table_schema in ('accounts', 'platform', 'notifications') and table_type = 'BASE TABLE'";
    let mut rows = Vec::new();
    for query in app.lines(tables).await {
        rows.extend(app.lines(&query).await);
    }
    rows.join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sealed_secret_opens_in_its_own_row_alone() {
    with_app(async |app| {
        let (ada, secret, _) = guarded(app, "ada").await;
        let (bea, _, codes) = guarded(app, "bea").await;
        // A thief with write access to the database puts a secret that they know into another's row.
        app.execute(&format!(
            "update accounts.totps set sealed_secret =
                 (select sealed_secret from accounts.totps where account_id = '{}') where account_id = '{}'",
            ada.id, bea.id
        ))
        .await;
        signs_in(app, "bea", Some(&code_now(app, &secret))).await.is_problem(401, "wrong-code");
        signs_in(app, "bea", Some(&codes[0])).await.is(201);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_for_the_api_needs_no_code() {
    with_app(async |app| {
        let (ada, _, _) = guarded(app, "ada").await;
        let new = json!({ "name": "a script", "scopes": ["read"] });
        let token: Value = ada.post("/me/tokens", new).await.is(201).json();
        let mut script = app.stranger();
        script.token = token["secret"].as_str().map(str::to_owned);
        script.get("/me").await.is(200);
        script.get("/me/totp").await.is_problem(403, "session-needed");
    })
    .await;
}
