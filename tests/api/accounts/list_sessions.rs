//! List an account's sessions.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Person, password, send, with_app};

async fn sessions(person: &Person<'_>) -> Vec<Value> {
    person.get("/me/sessions").await.is(200).json()["items"].as_array().expect("items").clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_sees_their_own_devices_and_which_one_they_sit_at() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        app.listener("ben").await;
        let credentials = json!({ "login": "ada", "password": password("ada") });
        let sign_in = app.stranger().request(Method::POST, "/session").header("user-agent", "Ada's telephone");
        send(sign_in.json(&credentials)).await.is(201);
        let seen = sessions(&ada).await;
        assert_eq!(seen.len(), 2, "{seen:#?}");
        let telephone = seen.iter().find(|session| session["device"] == "Ada's telephone").expect("the telephone");
        assert_eq!((&telephone["current"], &telephone["address"]), (&json!(false), &json!("127.0.0.1")));
        let current: Vec<_> = seen.iter().filter(|session| session["current"] == true).collect();
        assert_eq!(current.len(), 1);
        assert_ne!(current[0]["id"], telephone["id"]);
        for field in ["created_at", "last_used_at", "expires_at"] {
            assert!(telephone[field].is_string(), "{telephone}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_tells_when_a_device_was_last_used_and_forgets_what_nobody_uses() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let elsewhere = app.site.signs_in("ada").await;
        app.platform.clock.advance(TimeDelta::days(20));
        ada.get("/me").await.is(200);
        let seen = sessions(&ada).await;
        assert_eq!((seen.len(), &seen[0]["current"]), (2, &json!(true)));
        assert!(seen[0]["last_used_at"].as_str() > seen[1]["last_used_at"].as_str(), "{seen:#?}");
        app.platform.clock.advance(TimeDelta::days(20));
        assert_eq!(sessions(&ada).await.len(), 1);
        elsewhere.get("/me").await.is_problem(401, "unauthenticated");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_holds_no_token() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        let answer = ada.get("/me/sessions").await.is(200).text();
        assert!(!answer.contains("legato_") && !answer.contains("hash"), "{answer}");
        app.stranger().get("/me/sessions").await.is_problem(401, "unauthenticated");
    })
    .await;
}
