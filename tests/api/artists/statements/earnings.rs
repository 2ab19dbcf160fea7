//! Earnings beside plays, in groups; what was sold finds its track, by itself or by hand.

use serde_json::{Value, json};

use super::generator::{self, Line, lines};
use super::{earns, takes};
use crate::support::{tone, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn sales_stand_beside_the_plays_here() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        nina.patch(&format!("/tracks/{}", single.track), json!({ "isrc": "QZ-ES7-12-34567" })).await.is(200);
        nina.hears(&single.track).await;
        nina.hears(&single.track).await;
        nina.plays(&single.track).await; // and hears nothing of it
        takes(&nina, "", generator::distrokid(&lines())).await;
        let tracks = earns(&nina, "group=track").await;
        assert_eq!(
            (tracks.len(), &tracks[0]["track"]["title"], &tracks[1]["track"]),
            (2, &json!("Tides"), &Value::Null)
        );
        let told = (&tracks[0]["streams"], &tracks[0]["own_plays"], &tracks[0]["amounts"]);
        assert_eq!(told, (&json!(25), &json!(2), &json!([{ "currency": "USD", "amount": "12.5" }])));
        let stores = earns(&nina, "group=store").await;
        let stores: Vec<_> = stores.iter().map(|group| (group["store"].clone(), group["own_plays"].clone())).collect();
        assert_eq!(stores, [(json!("Legato"), json!(2)), (json!("Spotify"), json!(0)), (json!("iTunes"), json!(0))]);
        let months = earns(&nina, &format!("group=month,track,territory&track={}", single.track)).await;
        let of = |group: &Value| (group["month"].clone(), group["territory"].clone(), group["streams"].clone());
        assert_eq!(of(&months[0]), (json!("2026-03"), json!("DE"), json!(20)));
        assert_eq!(of(&months[1]), (json!("2026-04"), json!("US"), json!(5)));
        assert_eq!((months.len(), &months[2]["own_plays"], &months[2]["territory"]), (3, &json!(2), &Value::Null));
        // Others' plays are others'.
        let ben = app.artist("ben").await;
        assert!(earns(&ben, "group=track").await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_have_pages_and_filters_and_say_what_they_do_not_know() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        takes(&nina, "", generator::distrokid(&lines())).await;
        let path = "/artists/nina/earnings?group=month,store,territory";
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = nina.get(&format!("{path}&limit=1{cursor}")).await.is(200).json();
            seen.push(page["items"][0]["amounts"][0]["amount"].clone());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen, [json!("10.0000000001"), json!("1"), json!("2.4999999999")]);
        let of = async |query: &str| {
            earns(&nina, query).await.iter().map(|group| group["amounts"][0]["amount"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(of("group=kind&from=2026-04").await, [json!("2.4999999999")]);
        assert_eq!(of("group=kind&to=2026-03&store=Spotify").await, [json!("10.0000000001")]);
        assert_eq!(of("group=kind&territory=US").await, [json!("2.4999999999")]);
        for (query, field) in [
            ("group=mood", "group"),
            ("group=month&from=March", "from"),
            ("group=month&limit=0", "limit"),
            ("", "group"),
        ] {
            nina.get(&format!("/artists/nina/earnings?{query}")).await.is_invalid(field);
        }
        nina.get("/artists/nobody/earnings?group=month").await.is_problem(404, "not-found");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_spreadsheet_gets_no_formulas() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let line = Line { store: "=1+1", ..Line::new("Tides", "QZES71234567", "-0.69") };
        takes(&nina, "", generator::distrokid(&[line])).await;
        let answer = nina.get("/artists/nina/earnings.csv?group=store,month").await.is(200);
        assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
        let expected = "month,track_id,track,territory,store,kind,streams,downloads,physical,other,currency,amount,own_plays\r\n\
                        2026-03,,,,\"'=1+1\",,10,0,0,0,USD,-0.69,0\r\n";
        assert_eq!(answer.text(), expected);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sold_finds_its_track_by_code_then_by_title() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let tides = nina.drafts_a_single("Tides").await;
        nina.patch(&format!("/tracks/{}", tides.track), json!({ "isrc": "QZES71234567" })).await.is(200);
        let harbour = nina.drafts_a_single("harbour").await;
        for _ in 0..2 {
            nina.drafts_a_single("Twice").await;
        }
        let sold = [
            Line::new("By another name", "QZES71234567", "1"),
            Line::new("  Harbour ", "", "1"),
            // Its code says that it is another one.
            Line::new("Tides", "QZES79999999", "1"),
            Line::new("Twice", "", "1"),
        ];
        takes(&nina, "", generator::distrokid(&sold)).await;
        let items = nina.get("/artists/nina/sold-items").await.is(200).json();
        let by = |title: &str| {
            let item =
                items["items"].as_array().expect("items").iter().find(|item| item["title"] == title).expect("it");
            (item["track_id"].clone(), item["matched_by"].clone())
        };
        assert_eq!(by("By another name"), (json!(tides.track), json!("isrc")));
        assert_eq!(by("Harbour"), (json!(harbour.track), json!("title")));
        assert_eq!((by("Tides"), by("Twice")), ((Value::Null, Value::Null), (Value::Null, Value::Null)));
        let open = nina.get("/artists/nina/sold-items?unmatched=true").await.is(200).json();
        assert_eq!(open["items"].as_array().map(Vec::len), Some(2));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_title_that_two_tracks_have_is_told_by_what_else_has_its_upc() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let album = nina.drafts_a_single("First").await;
        nina.patch(&format!("/tracks/{}", album.track), json!({ "isrc": "QZES71234567" })).await.is(200);
        let twice = nina.uploads(&album.release, "Twice.wav", tone(330.0, 0.5)).await;
        nina.waits_until_ready(&twice).await;
        nina.drafts_a_single("Twice").await;
        // All lines have the same UPC.
        let sold = [Line::new("First", "QZES71234567", "1"), Line::new("Twice", "", "1")];
        takes(&nina, "", generator::distrokid(&sold)).await;
        let items = nina.get("/artists/nina/sold-items").await.is(200).json();
        let item = items["items"].as_array().expect("items").iter().find(|item| item["title"] == "Twice").expect("it");
        assert_eq!((&item["track_id"], &item["matched_by"]), (&json!(twice), &json!("upc")));
        // And by the UPC that a release says.
        let ben = app.artist("ben").await;
        let (_, told) = (ben.drafts_a_single("Twice").await, ben.drafts_a_single("Twice").await);
        ben.patch(&format!("/releases/{}", told.release), json!({ "upc": "724384960650" })).await.is(200);
        takes(&ben, "", generator::distrokid(&sold[1..])).await;
        let item = ben.get("/artists/ben/sold-items").await.is(200).json()["items"][0].clone();
        assert_eq!((&item["track_id"], &item["matched_by"]), (&json!(told.track), &json!("upc")));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_unknown_is_kept_and_assigned_by_hand_or_found_later() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        takes(&nina, "", generator::distrokid(&lines())).await;
        let items = nina.get("/artists/nina/sold-items?unmatched=true").await.is(200).json();
        let item =
            items["items"].as_array().expect("items").iter().find(|item| item["title"] == "Harbour").expect("it");
        let told = (&item["sales"], &item["quantity"], &item["amounts"], &item["isrc"]);
        assert_eq!(
            told,
            (&json!(1), &json!(2), &json!([{ "currency": "USD", "amount": "1" }]), &json!("QZES71234568"))
        );
        let path = format!("/artists/nina/sold-items/{}/track", item["id"].as_str().expect("an id"));
        let track = nina.drafts_a_single("Something else").await.track;
        let assigned = nina.put(&path, json!({ "track_id": track })).await.is(200).json();
        assert_eq!((&assigned["track_id"], &assigned["matched_by"]), (&json!(track), &json!("hand")));
        let groups = earns(&nina, "group=track").await;
        assert!(groups.iter().any(|group| group["track"]["id"] == track && group["downloads"] == 2), "{groups:#?}");
        // Nobody else's track, and no unknown field.
        let foreign = app.artist("ben").await.drafts_a_single("Foreign").await.track;
        nina.put(&path, json!({ "track_id": foreign })).await.is_invalid("track_id");
        nina.put(&path, json!({})).await.is_invalid("track_id");
        nina.put(&path, json!({ "track_id": null, "also": 1 })).await.is_invalid("also");
        // A track that comes later is found when its code is told.
        let tides = nina.drafts_a_single("Another title").await.track;
        nina.patch(&format!("/tracks/{tides}"), json!({ "isrc": "QZES71234567" })).await.is(200);
        app.settle().await;
        let groups = earns(&nina, "group=track").await;
        assert!(groups.iter().any(|group| group["track"]["id"] == tides && group["streams"] == 25), "{groups:#?}");
        nina.put(&path, json!({ "track_id": null })).await.is(200);
        assert_eq!(nina.get("/artists/nina/sold-items?unmatched=true").await.json()["items"][0]["title"], "Harbour");
    })
    .await;
}
