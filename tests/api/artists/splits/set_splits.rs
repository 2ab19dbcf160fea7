//! Set the shares in a track.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Person, send, with_app};

/// Sets shares, written as `nina 50, ada 50`.
pub(super) async fn shares(nina: &Person<'_>, track: &str, shares: &str) -> Answer {
    let share = |text: &str| {
        let (handle, percent) = text.trim().split_once(' ').expect("a handle and a number");
        json!({ "handle": handle, "percent": percent })
    };
    let shares: Vec<Value> = shares.split(',').filter(|text| !text.is_empty()).map(share).collect();
    nina.put(&format!("/tracks/{track}/splits"), json!({ "shares": shares })).await
}

/// `handle percent state` of each share.
pub(super) fn told(splits: &Value) -> Vec<String> {
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let share = |share: &Value| {
        format!("{} {} {}", word(&share["account"]["handle"]), word(&share["percent"]), word(&share["state"]))
    };
    splits["shares"].as_array().expect("shares").iter().map(share).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn shares_add_up_to_the_hundredth() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        for handle in ["ada", "ben"] {
            app.listener(handle).await;
        }
        let track = nina.drafts_a_single("Tides").await.track;
        let set = shares(&nina, &track, "nina 33.34,ada 33.33,ben 33.33").await.is(200).json();
        assert_eq!(told(&set), ["nina 33.34 confirmed", "ada 33.33 invited", "ben 33.33 invited"]);
        assert_eq!(set["agreed"], false);
        for (wrong, field) in [
            ("nina 33.33,ada 33.33,ben 33.33", "shares"),
            ("nina 50,ada 50.01", "shares"),
            ("nina 50,ada 50.001", "shares[1].percent"),
            ("nina 0,ada 100", "shares[0].percent"),
            ("nina 50,nobody 50", "shares[1].handle"),
            ("nina 50,nina 50", "shares[1].handle"),
        ] {
            shares(&nina, &track, wrong).await.is_invalid(field);
        }
        nina.put(&format!("/tracks/{track}/splits"), json!({ "shares": [{ "handle": "nina", "percent": 100 }] }))
            .await
            .is_invalid("shares[0].percent");
        assert_eq!(nina.get(&format!("/tracks/{track}/splits")).await.json(), set);
        assert_eq!(told(&shares(&nina, &track, "").await.is(200).json()), [""; 0]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_confirmed_holds_as_long_as_it_is_the_same() {
    with_app(async |app| {
        let (nina, ada, ben) = (app.artist("nina").await, app.listener("ada").await, app.listener("ben").await);
        let track = nina.drafts_a_single("Tides").await.track;
        shares(&nina, &track, "nina 40,ada 30,ben 30").await.is(200);
        app.settle().await;
        let asked = async |person: &Person<'_>| {
            let inbox = person.walks("/notifications", 50).await;
            let line =
                |news: &Value| format!("{} {} {} {}", news["kind"], news["title"], news["subtitle"], news["url"]);
            inbox.iter().map(line).collect::<Vec<_>>()
        };
        let expected = r#""share_offered" "Tides" "30.00" "/invitations""#;
        assert_eq!((asked(&ada).await, asked(&nina).await), (vec![expected.to_owned()], Vec::new()));
        for person in [&ada, &ben] {
            let id =
                person.get("/me/splits").await.is(200).json()["items"][0]["id"].as_str().expect("a share").to_owned();
            person.put(&format!("/me/splits/{id}"), json!({ "confirmed": true })).await.is(200);
        }
        assert_eq!(nina.get(&format!("/tracks/{track}/splits")).await.json()["agreed"], true);
        let set = shares(&nina, &track, "nina 45,ada 30,ben 25").await.is(200).json();
        assert_eq!(told(&set), ["nina 45.00 confirmed", "ada 30.00 confirmed", "ben 25.00 invited"]);
        app.settle().await;
        assert_eq!((asked(&ada).await.len(), asked(&ben).await.len()), (1, 2));
        assert_eq!(set["agreed"], false);
        let history = nina.get(&format!("/tracks/{track}/history")).await.is(200).json();
        let fields = &history["items"][0]["fields"][0];
        assert_eq!(
            (&fields["field"], &fields["after"][2]),
            (&json!("splits"), &json!({ "handle": "ben", "percent": "25.00" }))
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_shares_that_were_seen_are_replaced_and_by_members_alone() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.artist("ada").await);
        let track = nina.drafts_a_single("Tides").await.track;
        let path = format!("/tracks/{track}/splits");
        let seen = nina.get(&path).await.is(200).header("etag").to_owned();
        shares(&nina, &track, "nina 100").await.is(200);
        let body = json!({ "shares": [{ "handle": "ada", "percent": "100" }] });
        let stale = send(nina.request(Method::PUT, &path).header("if-match", seen).json(&body)).await;
        stale.is_problem(412, "changed-meanwhile");
        ada.put(&path, body.clone()).await.is_problem(404, "not-found");
        app.stranger().put(&path, body).await.is_problem(401, "unauthenticated");
        assert_eq!(told(&nina.get(&path).await.json()), ["nina 100.00 confirmed"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_keeps_no_part_of_the_shares() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let track = nina.drafts_a_single("Tides").await.track;
        shares(&nina, &track, "nina 100").await.is(200);
        let mut conn = app.platform.db.conn().await.expect("a connection");
        let less = diesel::sql_query("update artists.splits set share_hundredths = 9999");
        let refused = diesel_async::RunQueryDsl::execute(less, &mut *conn).await.expect_err("it is not all");
        assert!(refused.to_string().contains("100 %"), "{refused}");
    })
    .await;
}
