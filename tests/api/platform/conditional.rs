//! `ETag`, `If-Match` and `If-None-Match` of what can be edited.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Person, send, tone, with_app};

async fn sends_if(person: &Person<'_>, method: Method, path: &str, tag: &str, body: Value) -> Answer {
    send(person.request(method, path).header("if-match", tag).json(&body)).await
}

async fn patches_if(person: &Person<'_>, path: &str, tag: &str, body: Value) -> Answer {
    sends_if(person, Method::PATCH, path, tag, body).await
}

async fn gets_unless(person: &Person<'_>, path: &str, tag: &str) -> Answer {
    send(person.request(Method::GET, path).header("if-none-match", tag)).await
}

/// The tag of what is there; a strong one.
async fn tag_of(person: &Person<'_>, path: &str) -> String {
    let answer = person.get(path).await.is(200);
    let tag = answer.header("etag");
    assert!(tag.starts_with('"') && tag.ends_with('"') && tag.len() > 2, "{tag}");
    tag.to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_editors_who_saw_the_same_release_one_wins() {
    with_app(async |app| {
        let ada = app.artist("ada").await;
        let path = format!("/releases/{}", ada.creates_release("Dew").await);
        let seen = tag_of(&ada, &path).await;
        let (one, two) = tokio::join!(
            patches_if(&ada, &path, &seen, json!({ "title": "Rain" })),
            patches_if(&ada, &path, &seen, json!({ "title": "Snow" })),
        );
        let (won, lost) = if one.status == 200 { (one, two) } else { (two, one) };
        lost.is_problem(412, "changed-meanwhile");
        let now = ada.get(&path).await;
        assert_eq!(now.json()["title"], won.clone().is(200).json()["title"]);
        assert_eq!(now.header("etag"), won.header("etag"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_editors_who_saw_the_same_track_one_wins() {
    with_app(async |app| {
        let ada = app.artist("ada").await;
        let path = format!("/tracks/{}", ada.drafts_a_single("Dew").await.track);
        let seen = tag_of(&ada, &path).await;
        let (one, two) = tokio::join!(
            patches_if(&ada, &path, &seen, json!({ "title": "Rain" })),
            patches_if(&ada, &path, &seen, json!({ "title": "Snow" })),
        );
        let (won, lost) = if one.status == 200 { (one, two) } else { (two, one) };
        lost.is_problem(412, "changed-meanwhile");
        assert_eq!(ada.get(&path).await.json()["title"], won.is(200).json()["title"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_changes_with_its_tracks() {
    with_app(async |app| {
        let ada = app.artist("ada").await;
        let single = ada.drafts_a_single("Dew").await;
        let path = format!("/releases/{}", single.release);
        let seen = tag_of(&ada, &path).await;
        ada.patch(&format!("/tracks/{}", single.track), json!({ "title": "Rain" })).await.is(200);
        patches_if(&ada, &path, &seen, json!({ "kind": "ep" })).await.is_problem(412, "changed-meanwhile");
        assert_eq!(ada.get(&path).await.json()["kind"], "single");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_release_that_was_seen_is_published() {
    with_app(async |app| {
        let ada = app.artist("ada").await;
        let single = ada.drafts_a_single("Dew").await;
        let path = format!("/releases/{}", single.release);
        let publication = format!("{path}/publication");
        let seen = tag_of(&ada, &path).await;
        ada.uploads(&single.release, "more.wav", tone(220.0, 0.5)).await;
        app.settle().await;
        let stale = sends_if(&ada, Method::PUT, &publication, &seen, json!({})).await;
        stale.is_problem(412, "changed-meanwhile");
        assert_eq!(ada.get(&path).await.json()["state"], "draft");
        let seen = tag_of(&ada, &path).await;
        let published = sends_if(&ada, Method::PUT, &publication, &seen, json!({})).await.is(200);
        assert_eq!(published.json()["state"], "published");
        assert_eq!(published.header("etag"), tag_of(&ada, &path).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn any_tag_of_a_list_and_the_star_fit_and_weak_tags_do_not() {
    with_app(async |app| {
        let ada = app.artist("ada").await;
        let path = format!("/releases/{}", ada.creates_release("Dew").await);
        let seen = tag_of(&ada, &path).await;
        for stale in [format!("W/{seen}"), "\"other\"".into(), "nonsense".into()] {
            let answer = patches_if(&ada, &path, &stale, json!({ "title": "Rain" })).await;
            answer.is_problem(412, "changed-meanwhile");
        }
        patches_if(&ada, &path, &format!("\"other\", {seen}"), json!({ "title": "Rain" })).await.is(200);
        patches_if(&ada, &path, "*", json!({ "title": "Snow" })).await.is(200);
        ada.patch(&path, json!({ "title": "Hail" })).await.is(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_condition_tells_nothing_of_what_is_hidden() {
    with_app(async |app| {
        let (ada, ben) = (app.artist("ada").await, app.listener("ben").await);
        let path = format!("/releases/{}", ada.creates_release("Dew").await);
        let seen = tag_of(&ada, &path).await;
        for tag in [seen.as_str(), "*", "\"other\""] {
            patches_if(&ben, &path, tag, json!({ "title": "Rain" })).await.is_problem(404, "not-found");
            gets_unless(&ben, &path, tag).await.is_problem(404, "not-found");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_holds_it_already_is_sent_no_body() {
    with_app(async |app| {
        let (nina, ben) = (app.artist("nina").await, app.listener("ben").await);
        let single = nina.publishes_a_single("Dew").await;
        for path in [format!("/releases/{}", single.release), format!("/tracks/{}", single.track)] {
            let seen = tag_of(&ben, &path).await;
            for tag in [seen.clone(), format!("W/{seen}"), format!("\"other\", {seen}")] {
                let answer = gets_unless(&ben, &path, &tag).await.is(304);
                assert!(answer.body.is_empty());
                assert_eq!(answer.header("etag"), seen);
                assert_eq!(answer.header("cache-control"), "private, no-cache");
            }
            // Its artist sees more of it.
            assert_ne!(tag_of(&nina, &path).await, seen);
            gets_unless(&nina, &path, &seen).await.is(200);
        }
        nina.patch(&format!("/tracks/{}", single.track), json!({ "title": "Rain" })).await.is(200);
        let seen = tag_of(&ben, &format!("/releases/{}", single.release)).await;
        gets_unless(&ben, &format!("/releases/{}", single.release), &seen).await.is(304);
    })
    .await;
}
