//! A layout that an artist describes is as good as a known one.

use serde_json::{Value, json};

use super::{earns, imports, takes};
use crate::support::with_app;

fn mapping() -> Value {
    json!({
        "name": "My label",
        "columns": ["Monat", "Laden", "Land", "Lied", "Stück", "Anteil"],
        "fields": { "period": "Monat", "store": "Laden", "territory": "Land", "title": "Lied", "quantity": "Stück", "amount": "Anteil" },
        "date": "month_year", "currency": "EUR", "kind": "stream", "total_label": "Summe"
    })
}

const FILE: &str = "Monat;Laden;Land;Lied;Stück;Anteil\n03/2026;Spotify;DE;Tides;1.000;1.234,56\n04/2026;Deezer;FR;Tides;2;0,44\nSumme;;;;;1.235,00\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_described_statement_is_read_and_reconciled() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let kept = nina.post("/artists/nina/statement-mappings", mapping()).await.is(201).json();
        let query = format!("?mapping={}", kept["id"].as_str().expect("an id"));
        let statement = takes(&nina, &query, FILE).await;
        let told = (&statement["source"], &statement["reconciled"], &statement["totals"]);
        assert_eq!(
            told,
            (&json!("described"), &json!(true), &json!([{ "currency": "EUR", "amount": "1235.00", "quantity": 1002 }]))
        );
        let stores = earns(&nina, "group=store,territory").await;
        let stores: Vec<_> = stores
            .iter()
            .map(|group| (group["store"].clone(), group["territory"].clone(), group["streams"].clone()))
            .collect();
        let expected = [(json!("Spotify"), json!("DE"), json!(1000)), (json!("Deezer"), json!("FR"), json!(2))];
        assert_eq!(stores, expected);
        let wrong = imports(&nina, &query, FILE.replace("1.235,00", "1.235,01")).await;
        assert_eq!(wrong["problem"]["slug"], "totals_differ");
        let drifted = imports(&nina, &query, FILE.replace("Land", "Region")).await;
        assert_eq!(drifted["problem"]["slug"], "layout_changed", "{drifted:#}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mapping_is_checked_at_the_door() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let path = "/artists/nina/statement-mappings";
        let with = |field: &str, value: Value| {
            let mut mapping = mapping();
            mapping[field] = value;
            mapping
        };
        for (body, field) in [
            (with("columns", json!([])), "columns"),
            (with("columns", json!(["Monat", "monat"])), "columns"),
            (with("fields", json!({ "period": "Datum", "amount": "Anteil", "title": "Lied" })), "fields.period"),
            (with("fields", json!({ "period": "Monat", "title": "Lied" })), "fields.amount"),
            (with("fields", json!({ "period": "Monat", "amount": "Anteil" })), "fields.title"),
            (with("currency", json!("euro")), "currency"),
            (with("currency", Value::Null), "currency"),
            (with("total_label", json!("")), "total_label"),
            (with("mood", json!("blue")), "mood"),
        ] {
            nina.post(path, body).await.is_invalid(field);
        }
        nina.post(path, mapping()).await.is(201);
        nina.post(path, mapping()).await.is_problem(409, "mapping-name-taken");
        let list = nina.get(path).await.is(200).json();
        assert_eq!((list["items"].as_array().map(Vec::len), &list["items"][0]["name"]), (Some(1), &json!("My label")));
        let one = format!("{path}/{}", list["items"][0]["id"].as_str().expect("an id"));
        let ben = app.artist("ben").await;
        ben.post(path, mapping()).await.is_problem(404, "not-found");
        ben.delete(&one).await.is_problem(404, "not-found");
        nina.delete(&one).await.is(204);
        nina.delete(&one).await.is_problem(404, "not-found");
    })
    .await;
}

/// A statement in this currency, with this total.
fn stating(currency: &str, amounts: &[&str], total: Option<&str>) -> String {
    let lines: String = amounts.iter().map(|amount| format!("2026-03,Tides,{currency},{amount}\n")).collect();
    let total = total.map(|total| format!("Total,,{currency},{total}\n")).unwrap_or_default();
    format!("Month,Title,Currency,Net\n{lines}{total}")
}

#[tokio::test(flavor = "multi_thread")]
async fn totals_are_the_same_to_the_smallest_unit_of_their_currency_and_must_be_there() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let described = json!({
            "name": "Totals", "columns": ["Month", "Title", "Currency", "Net"], "date": "year_month", "total_label": "Total",
            "fields": { "period": "Month", "title": "Title", "currency": "Currency", "amount": "Net" },
        });
        let kept = nina.post("/artists/nina/statement-mappings", described).await.is(201).json();
        let query = format!("?mapping={}", kept["id"].as_str().expect("an id"));
        for (currency, amounts, total, slug) in [
            ("JPY", ["120.4", "30.2"], Some("151"), None),
            ("JPY", ["120.4", "31.9"], Some("151"), Some("totals_differ")),
            ("KWD", ["1.2504", "2.1000"], Some("3.350"), None),
            ("KWD", ["1.2504", "2.1000"], Some("3.354"), Some("totals_differ")),
            ("EUR", ["1.2504", "-2.1000"], Some("-0.85"), None),
            ("EUR", ["1.2504", "-2.1000"], None, Some("total_missing")),
        ] {
            let statement = imports(&nina, &query, stating(currency, &amounts, total)).await;
            assert_eq!(statement["problem"]["slug"].as_str(), slug, "{currency} {total:?} {statement:#}");
        }
        // Each currency has its own, and none may be missing.
        let both = stating("USD", &["1.00"], Some("1.00")) + "2026-03,Tides,CHF,2.00\n";
        let cut = imports(&nina, &query, both.clone()).await;
        assert_eq!(cut["problem"]["slug"], "total_missing", "{cut:#}");
        assert!(cut["problem"]["message"].as_str().is_some_and(|message| message.contains("CHF")), "{cut:#}");
        takes(&nina, &query, both + "Total,,CHF,2.00\n").await;
    })
    .await;
}
