//! Make a link.

use chrono::{SecondsFormat, TimeDelta};
use serde_json::{Value, json};

use crate::support::{App, Person, with_app};

/// A time so many seconds from now.
pub(super) fn in_seconds(app: &App, seconds: i64) -> String {
    (app.platform.clock.now() + TimeDelta::seconds(seconds)).to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// Makes a link for an hour; the answer is the link with its secret.
pub(super) async fn makes_link(app: &App, nina: &Person<'_>, release: &str, max_plays: Option<u32>) -> Value {
    let new = json!({ "recipient": "Radio North", "expires_at": in_seconds(app, 3600), "max_plays": max_plays });
    let made = nina.post(&format!("/releases/{release}/links"), new).await.is(201);
    assert_eq!(made.header("cache-control"), "no-store");
    made.json()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_has_a_secret_that_is_told_once_and_kept_nowhere() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        let (one, other) =
            (makes_link(app, &nina, &release, Some(3)).await, makes_link(app, &nina, &release, None).await);
        let secret = one["token"].as_str().expect("a secret");
        // 256 bits in base64url, behind a prefix.
        assert!(secret.strip_prefix("legato_p_").is_some_and(|random| random.len() == 43), "{secret}");
        assert_ne!(one["token"], other["token"]);
        assert_eq!(
            (&one["max_plays"], &one["plays"], &one["recipient"]),
            (&json!(3), &json!(0), &json!("Radio North"))
        );
        let list = nina.get(&format!("/releases/{release}/links")).await.is(200).text();
        assert!(!list.contains(secret));
        let rows = app.lines("select to_jsonb(l)::text as line from artists.links l").await;
        assert!(rows.len() == 2 && rows.iter().all(|row| !row.contains(secret)), "{rows:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_has_limits_and_is_made_by_those_who_may_edit() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.artist("ada").await);
        let path = format!("/releases/{}/links", nina.creates_release("Tides").await);
        let good = in_seconds(app, 60);
        let new = |recipient: &str, expires_at: &str, max_plays: Value| {
            json!({ "recipient": recipient, "expires_at": expires_at, "max_plays": max_plays })
        };
        nina.post(&path, new("", &good, json!(1))).await.is_invalid("recipient");
        nina.post(&path, new("Otto", &in_seconds(app, -1), json!(1))).await.is_invalid("expires_at");
        nina.post(&path, new("Otto", &in_seconds(app, 367 * 86_400), json!(1))).await.is_invalid("expires_at");
        nina.post(&path, json!({ "recipient": "Otto" })).await.is_invalid("expires_at");
        for plays in [0, -1, 100_001] {
            nina.post(&path, new("Otto", &good, json!(plays))).await.is_invalid("max_plays");
        }
        ada.post(&path, new("Otto", &good, json!(1))).await.is_problem(404, "not-found");
        app.stranger().post(&path, new("Otto", &good, json!(1))).await.is_problem(401, "unauthenticated");
        assert_eq!(nina.get(&path).await.is(200).json()["items"], json!([]));
    })
    .await;
}
