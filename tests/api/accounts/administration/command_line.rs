//! `legato admin`, while the server runs and while it does not.

use std::path::Path;
use std::process::Output;
use std::time::Duration;

use rustix::process::Signal;
use serde_json::json;

use crate::support::{Legato, becomes_true, password, run_legato};

const AT_MOST: Duration = Duration::from_secs(5);

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// What a command has to say, which must succeed.
async fn admin(data: &Path, arguments: &[&str], input: &str) -> String {
    let output = run_legato(data, &[&["admin"], arguments].concat(), input).await;
    assert!(output.status.success(), "{arguments:?}: {}", told(&output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_command_line_does_holds_in_the_running_server() {
    let home = tempfile::tempdir().expect("a folder");
    let data = home.path().join("data");
    let (legato, site) = Legato::serve(&data, &[]).await;
    let ada = site.listener("ada").await;
    ada.get("/me").await.is(200);
    assert!(admin(&data, &["set-role", "ada", "admin"], "").await.contains("has the role admin now"));
    assert!(becomes_true(AT_MOST, async || ada.get("/me").await.status == 401).await, "the old session goes on");
    let ada = site.signs_in("ada").await;
    ada.get("/admin/accounts").await.is(200);
    let last = run_legato(&data, &["admin", "set-role", "ada", "listener"], "").await;
    assert!(!last.status.success() && told(&last).contains("needs an administrator"), "{}", told(&last));

    let otto = site.listener("otto").await;
    admin(&data, &["suspend", "otto@example.org", "--reason", "Spam."], "").await;
    assert!(becomes_true(AT_MOST, async || otto.get("/me").await.status == 401).await, "the session goes on");
    let credentials = json!({ "login": "otto", "password": password("otto") });
    site.stranger().post("/session", credentials).await.is_problem(403, "account-suspended");
    admin(&data, &["reinstate", "otto"], "").await;
    let otto = site.signs_in("otto").await;
    admin(&data, &["revoke", "otto"], "").await;
    assert!(becomes_true(AT_MOST, async || otto.get("/me").await.status == 401).await, "the session goes on");
    let log = ada.walks(&format!("/admin/accounts/{}/audit-log", otto.id), 10).await;
    let actions: Vec<&str> = log.iter().filter_map(|entry| entry["action"].as_str()).collect();
    assert_eq!(actions, ["access_revoked", "reinstated", "suspended"]);
    assert!(log.iter().all(|entry| entry["actor_id"].is_null()), "{log:?}");
    legato.signal(Signal::TERM);
    assert!(legato.ends().await.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_helps_who_is_locked_out() {
    let home = tempfile::tempdir().expect("a folder");
    let data = home.path().join("data");
    let create = ["create-account", "--handle", "ada", "--email", "ada@example.org", "--role", "admin"];
    admin(&data, &create, "the password of ada\n").await;
    let list = admin(&data, &["list", "ad"], "").await;
    assert!(list.contains("ada@example.org") && list.contains("admin") && list.contains("active"), "{list}");
    assert_eq!(admin(&data, &["list", "nobody"], "").await, "");
    let link = admin(&data, &["reset-password", "ada", "--link"], "").await;
    let code = link.trim().rsplit_once("/reset-password#").expect("a link").1.to_owned();
    admin(&data, &["reset-factors", "ada"], "").await;
    let invitation = admin(&data, &["invite", "--uses", "3", "--note", "The band"], "").await;
    assert!(invitation.contains("legato_i_"), "{invitation}");
    for (arguments, complaint) in [
        (&["revoke", "nobody"][..], "no account is called nobody"),
        (&["suspend", "ada", "--reason", " "], "1 to 500 characters"),
        (&["suspend", "ada", "--reason", "Spam."], "needs an administrator"),
        (&["invite", "--uses", "0"], "1 to 1,000 accounts"),
        (&["reset-password", "ada"], "give the password"),
    ] {
        let refused = run_legato(&data, &[&["admin"], arguments].concat(), "").await;
        assert!(!refused.status.success() && told(&refused).contains(complaint), "{arguments:?}: {}", told(&refused));
    }

    let (legato, site) = Legato::serve(&data, &[]).await;
    let reset = json!({ "password": "a new one for ada" });
    site.stranger().put(&format!("/password-resets/{code}"), reset).await.is(204);
    let credentials = |password: &str| json!({ "login": "ada", "password": password });
    site.stranger().post("/session", credentials("the password of ada")).await.is_problem(401, "wrong-credentials");
    site.stranger().post("/session", credentials("a new one for ada")).await.is(201);
    admin(&data, &["reset-password", "ada"], "yet another one\n").await;
    site.stranger().post("/session", credentials("a new one for ada")).await.is_problem(401, "wrong-credentials");
    site.stranger().post("/session", credentials("yet another one")).await.is(201);
    legato.signal(Signal::TERM);
    assert!(legato.ends().await.success());
}
