//! No secret lies about: not in the database, and not in the log (security cases A4 and B5).

use std::path::Path;

use reqwest::Method;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::support::{App, Legato, Letter, Site, becomes_true, code_at, kept, password, send, with_settings};

/// A key as an operator gives it.
const KEY: &str = "correct horse battery staple, twice";

/// What everybody might have left somewhere: passwords, tokens, codes, keys.
struct Secrets(Vec<String>);

impl Secrets {
    fn add(&mut self, secret: &Value) {
        self.0.push(secret.as_str().unwrap_or_else(|| panic!("not a text: {secret}")).to_owned());
    }

    /// Fails when one of them is in the text, as it is or in the hexadecimal digits that a dump has for bytes.
    #[track_caller]
    fn are_not_in(&self, what: &str, text: &str) {
        for secret in &self.0 {
            let digits: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
            assert!(!text.contains(secret) && !text.contains(&digits), "{what} has {secret}");
        }
    }
}

/// Somebody who uses all that has to do with secrets, and what they were given.
async fn ada_walks(site: &Site, data: &Path) -> Secrets {
    let ada = site.listener("ada").await;
    let mut secrets = Secrets(vec![password("ada"), ada.token.clone().expect("a session")]);
    let token = json!({ "name": "a script", "scopes": ["read"] });
    secrets.add(&ada.post("/me/tokens", token).await.is(201).json()["secret"]);
    secrets.add(&ada.post("/me/app-passwords", json!({ "name": "a player" })).await.is(201).json()["password"]);
    secrets.add(&ada.post("/me/totp", json!({})).await.is(201).json()["secret"]);
    site.stranger().post("/password-resets", json!({ "login": "ada" })).await.is(202);
    let code = || kept(data).iter().map(Letter::link).find(|(page, _)| page.ends_with("/reset-password"));
    assert!(becomes_true(std::time::Duration::from_secs(20), async || code().is_some()).await, "no letter");
    let (_, code) = code().expect("a letter");
    // As an attacker would see it in a path, a query and a header.
    site.stranger()
        .put(&format!("/password-resets/{code}"), json!({ "password": "short" }))
        .await
        .is_invalid("password");
    let token = secrets.0[2].clone();
    let query = site.stranger().request(Method::GET, &format!("/me?token={token}&apiKey={token}&p={code}"));
    send(query).await.is(401);
    let bearer = site.stranger().request(Method::GET, "/me").bearer_auth(&token);
    send(bearer).await.is(200);
    secrets.0.push(code);
    secrets
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_holds_no_secret() {
    with_settings(&[("secret_key", KEY)], async |app| {
        let mut secrets = ada_walks(&app.site, app.data()).await;
        let ada = app.site.signs_in("ada").await;
        let begun = ada.post("/me/totp", json!({})).await.is(201).json();
        let secret = begun["secret"].as_str().expect("a secret").to_owned();
        let code = code_at(&secret, app.platform.clock.now());
        let codes = ada.put("/me/totp", json!({ "code": code })).await.is(200).json();
        codes["recovery_codes"].as_array().expect("codes").iter().for_each(|code| secrets.add(code));
        assert!(secrets.0.len() >= 15, "{}", secrets.0.len());
        secrets.0.extend([secret, KEY.to_owned()]);
        let key = app.platform.config.secret_key.as_ref().expect("a key");
        assert_eq!(key.expose_secret(), KEY);
        app.settle().await;
        secrets.are_not_in("the database", &dump(app).await);
    })
    .await;
}

/// Every row of every table.
async fn dump(app: &App) -> String {
    let tables = "select format('%I.%I', table_schema, table_name) as line from information_schema.tables
                  where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')";
    let mut dump = String::new();
    for table in app.lines(tables).await {
        let rows = app.lines(&format!("select to_jsonb(t)::text as line from {table} t")).await;
        dump += &format!("{table}\n{}\n", rows.join("\n"));
    }
    assert!(dump.contains("accounts.accounts\n{") && dump.contains("$argon2id$"), "{dump}");
    dump
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_holds_no_secret_however_talkative_it_is() {
    let home = tempfile::tempdir().expect("a folder");
    let data = home.path().join("data");
    let (legato, site) = Legato::serve(&data, &["--log", "debug,legato=trace"]).await;
    let secrets = ada_walks(&site, &data).await;
    let track = site.artist("nina").await.publishes_a_single("Tides").await.track;
    let play = site.signs_in("ada").await.plays(&track).await;
    let url = play["stream"]["url"].as_str().expect("a stream").to_owned();
    site.stranger().get(&url).await.is(200);
    let log = legato.logged();
    assert!(log.contains("/api/v1/password-resets/{token}"), "the log is there: {log}");
    secrets.are_not_in("the log", &log);
    let grant = url.split('/').nth(4).expect("a grant");
    assert!(!log.contains(grant), "the log has a grant");
    legato.kill().await;
}
