//! Labels: an artist that manages others.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::people::{joins, told};
use crate::support::{Answer, Person, with_app};

async fn wants(person: &Person<'_>, artist: &str, label: &str) -> Answer {
    person.put(&format!("/artists/{artist}/label"), json!({ "label": label })).await
}

fn slugs(list: &[Value]) -> Vec<&str> {
    list.iter().filter_map(|artist| artist["slug"].as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn both_sides_have_to_want_it_and_then_the_labels_people_act() {
    with_app(async |app| {
        let (nina, lena) = (app.artist("nina").await, app.artist("lena").await);
        let (vera, emil) = (app.listener("vera").await, app.listener("emil").await);
        joins(&lena, "lena", &vera, "viewer").await;
        joins(&lena, "lena", &emil, "editor").await;
        let single = nina.drafts_a_single("Tides").await;
        let track = format!("/tracks/{}", single.track);

        let offered = wants(&nina, "nina", "lena").await.is(200).json();
        assert_eq!((&offered["state"], &offered["label"]["slug"]), (&json!("offered"), &json!("lena")));
        assert_eq!(told(app, &lena).await.pop().as_deref(), Some("label_offered nina lena"));
        for person in [&nina, &lena] {
            let offers = person.walks(&format!("/artists/{}/label-offers", person.handle), 5).await;
            assert_eq!((offers.len(), &offers[0]["offered_by"]), (1, &json!("artist")));
        }
        // One side's wish is not enough, how often it is said; and only owners speak for a side.
        assert_eq!(wants(&nina, "nina", "lena").await.is(200).json()["state"], "offered");
        wants(&emil, "nina", "lena").await.is_problem(403, "forbidden");
        lena.get(&track).await.is_problem(404, "not-found");

        assert_eq!(wants(&lena, "nina", "lena").await.is(200).json()["state"], "managed");
        assert_eq!(told(app, &nina).await, ["label_joined nina lena"]);
        assert_eq!(wants(&nina, "nina", "lena").await.is(200).json()["state"], "managed");
        let public = app.stranger().get("/artists/nina").await.is(200).json();
        assert_eq!(public["label"]["slug"], "lena");
        assert_eq!(slugs(&app.stranger().walks("/artists/lena/roster", 1).await), ["nina"]);
        for (person, role) in [(&lena, "editor"), (&emil, "editor"), (&vera, "viewer")] {
            assert_eq!(person.get("/artists/nina").await.json()["role"], role, "{}", person.handle);
            person.get(&track).await.is(200);
        }
        emil.patch(&track, json!({ "title": "Ebb" })).await.is(200);
        vera.patch(&track, json!({ "title": "Flow" })).await.is_problem(404, "not-found");
        // What is its owners' stays theirs; and the artist does not act for the label.
        lena.delete("/artists/nina").await.is_problem(403, "forbidden");
        lena.get("/artists/nina/invitations").await.is_problem(403, "forbidden");
        nina.get("/artists/lena/members").await.is_problem(404, "not-found");
        nina.patch("/artists/lena", json!({ "places": [] })).await.is_problem(404, "not-found");

        emil.delete("/artists/nina/label").await.is_problem(403, "forbidden");
        lena.delete("/artists/nina/label").await.is(204);
        lena.delete("/artists/nina/label").await.is_problem(404, "not-found");
        emil.get(&track).await.is_problem(404, "not-found");
        assert_eq!(told(app, &nina).await.pop().as_deref(), Some("label_left nina lena"));
        assert_eq!(app.stranger().walks("/artists/lena/roster", 1).await.len(), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_label_may_ask_too_and_either_says_no() {
    with_app(async |app| {
        let (nina, lena, otto) = (app.artist("nina").await, app.artist("lena").await, app.artist("otto").await);
        assert_eq!(wants(&lena, "nina", "lena").await.is(200).json()["state"], "offered");
        wants(&otto, "nina", "lena").await.is_problem(404, "not-found");
        otto.delete("/artists/nina/label-offers/lena").await.is_problem(404, "not-found");
        nina.delete("/artists/nina/label-offers/lena").await.is(204);
        nina.delete("/artists/nina/label-offers/lena").await.is_problem(404, "not-found");
        assert_eq!(wants(&nina, "nina", "lena").await.is(200).json()["state"], "offered", "the other's is gone");
        nina.delete("/artists/nina/label-offers/lena").await.is(204);
        // Two labels ask; the first that is accepted is the one.
        wants(&lena, "nina", "lena").await.is(200);
        wants(&otto, "nina", "otto").await.is(200);
        assert_eq!(wants(&nina, "nina", "otto").await.is(200).json()["state"], "managed");
        wants(&nina, "nina", "lena").await.is_problem(409, "label-exists");
        assert_eq!(nina.walks("/artists/nina/label-offers", 5).await.len(), 0);
        nina.delete("/artists/nina/label").await.is(204);
        wants(&nina, "nina", "nina").await.is_invalid("label");
        wants(&nina, "nina", "nobody").await.is_problem(404, "not-found");
        // Who owns both sides asks nobody.
        nina.creates_artist("Ninas Label").await;
        assert_eq!(wants(&nina, "nina", "ninas-label").await.is(200).json()["state"], "managed");
        nina.delete("/artists/ninas-label").await.is(204);
        app.settle().await;
        assert_eq!(nina.get("/artists/nina").await.is(200).json()["label"], json!(null));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_comes_to_its_end() {
    with_app(async |app| {
        let (nina, lena, ada) = (app.artist("nina").await, app.artist("lena").await, app.listener("ada").await);
        // Whoever made it owns that side no longer.
        joins(&nina, "nina", &ada, "owner").await;
        wants(&ada, "nina", "lena").await.is(200);
        nina.delete(&format!("/artists/nina/members/{}", ada.id)).await.is(204);
        assert_eq!(lena.walks("/artists/lena/label-offers", 5).await.len(), 0);
        assert_eq!(wants(&lena, "nina", "lena").await.is(200).json()["state"], "offered");
        app.platform.clock.advance(TimeDelta::days(31));
        let nina = app.site.signs_in("nina").await;
        assert_eq!(wants(&nina, "nina", "lena").await.is(200).json()["state"], "offered");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_asked_without_end() {
    with_app(async |app| {
        let (nina, _lena) = (app.artist("nina").await, app.artist("lena").await);
        let offers = async || nina.put("/artists/nina/label", json!({ "label": "lena" })).await;
        for _ in 0..30 {
            offers().await.is(200);
        }
        offers().await.is_problem(429, "too-many-requests");
    })
    .await;
}
