//! The outside world's numbers: statements come in whole or not at all, and every sale counts once.

mod counting;
mod drift;
mod earnings;
mod generator;
mod many;
mod mappings;
mod match_items;
mod quota;
mod totals;

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::support::{Answer, App, Person, becomes_true, send, with_app};
use generator::lines;

/// Sends a file as a statement; the answer is the server's.
async fn sends(person: &Person<'_>, query: &str, bytes: impl Into<Vec<u8>>) -> Answer {
    let part = Part::bytes(bytes.into()).file_name("statement.csv");
    let path = format!("/artists/{}/statements{query}", person.handle);
    send(person.request(Method::POST, &path).multipart(Form::new().part("file", part))).await
}

/// Sends a file, and waits until its import has ended; the answer is the statement.
async fn imports(person: &Person<'_>, query: &str, bytes: impl Into<Vec<u8>>) -> Value {
    let statement = sends(person, query, bytes).await.is(202).json();
    ends(person, statement["id"].as_str().expect("an id")).await
}

async fn ends(person: &Person<'_>, id: &str) -> Value {
    let path = format!("/artists/{}/statements/{id}", person.handle);
    let is_over = |state: &Value| state == "ready" || state == "rejected";
    let ended = becomes_true(std::time::Duration::from_secs(120), async || {
        is_over(&person.get(&path).await.is(200).json()["state"])
    });
    assert!(ended.await, "it ends: {}", person.get(&path).await.text());
    person.get(&path).await.is(200).json()
}

/// The same, of a file that is sound.
async fn takes(person: &Person<'_>, query: &str, bytes: impl Into<Vec<u8>>) -> Value {
    let statement = imports(person, query, bytes).await;
    assert_eq!(statement["state"], "ready", "{statement:#}");
    statement
}

/// The groups of an artist's earnings.
async fn earns(person: &Person<'_>, query: &str) -> Vec<Value> {
    let path = format!("/artists/{}/earnings?{query}", person.handle);
    person.get(&path).await.is(200).json()["items"].as_array().expect("items").clone()
}

/// The sum of all that counts, in US dollars.
async fn sum(person: &Person<'_>) -> String {
    let groups = earns(person, "group=store").await;
    let cents = groups.iter().flat_map(|group| group["amounts"].as_array().cloned().unwrap_or_default());
    let sum: f64 =
        cents.map(|money| money["amount"].as_str().and_then(|text| text.parse::<f64>().ok()).expect("a number")).sum();
    // Of nothing, Rust makes -0.
    format!("{:.2}", sum + 0.0)
}

async fn rows(app: &App) -> String {
    app.lines("select count(*)::text as line from artists.sales").await.concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_of_every_sender_is_recognised_and_read_exactly() {
    with_app(async |app| {
        for (place, (source, file)) in generator::all(&lines()).into_iter().enumerate() {
            let artist = app.artist(&format!("artist{place}")).await;
            let statement = takes(&artist, "", file).await;
            assert_eq!(statement["source"], source);
            let told = (&statement["sales"], &statement["repeated"], &statement["totals"]);
            let totals = json!([{ "currency": "USD", "amount": "13.50", "quantity": 27 }]);
            assert_eq!(told, (&json!(3), &json!(0), &totals), "{source}");
            let months = earns(&artist, "group=month").await;
            let month = |place: usize| (months[place]["month"].clone(), months[place]["amounts"][0]["amount"].clone());
            assert_eq!(month(0), (json!("2026-03"), json!("11.0000000001")), "{source}");
            assert_eq!(month(1), (json!("2026-04"), json!("2.4999999999")), "{source}");
            let countries = earns(&artist, "group=territory").await;
            let countries: Vec<_> = countries.iter().map(|group| group["territory"].clone()).collect();
            assert_eq!(countries, [json!("DE"), json!("US")], "{source}");
            let kinds = &earns(&artist, "group=month&from=2026-03&to=2026-03").await[0];
            let expected = if source == "bandcamp" { (0, 22) } else { (20, 2) };
            assert_eq!((&kinds["streams"], &kinds["downloads"]), (&json!(expected.0), &json!(expected.1)), "{source}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_is_kept_and_the_same_file_twice_changes_nothing() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let file = generator::distrokid(&lines());
        let statement = takes(&nina, "", file.clone()).await;
        let again = sends(&nina, "", file.clone()).await.is(200).json();
        assert_eq!((&again["id"], &again["state"]), (&statement["id"], &json!("ready")));
        app.settle().await;
        assert_eq!((rows(app).await.as_str(), sum(&nina).await.as_str()), ("3", "13.50"));
        let stored = app.stored("raw");
        let kept = std::fs::read(app.data().join("objects/raw").join(&stored[0])).expect("the file");
        assert_eq!((stored.len(), kept), (1, file.into_bytes()));
        let lineage = app.lines("select zone || ' ' || step as line from platform.objects").await;
        assert_eq!(lineage, ["raw statement"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_is_removed_takes_its_sales_and_its_file_along() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let statement = takes(&nina, "", generator::distrokid(&lines())).await;
        let path = format!("/artists/nina/statements/{}", statement["id"].as_str().expect("an id"));
        nina.delete(&path).await.is(204);
        nina.get(&path).await.is_problem(404, "not-found");
        nina.delete(&path).await.is_problem(404, "not-found");
        assert!(earns(&nina, "group=store").await.is_empty());
        app.settle().await;
        assert_eq!(rows(app).await, "0");
        assert!(app.stored("raw").is_empty());
        assert!(app.lines("select key as line from platform.objects").await.is_empty());
        // And may come once more.
        takes(&nina, "", generator::distrokid(&lines())).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_those_who_act_for_an_artist_see_or_change_any_of_it() {
    with_app(async |app| {
        let (nina, ben, vera) = (app.artist("nina").await, app.artist("ben").await, app.listener("vera").await);
        let statement = takes(&nina, "", generator::distrokid(&lines())).await;
        let id = statement["id"].as_str().expect("an id");
        let item = nina.get("/artists/nina/sold-items").await.is(200).json()["items"][0]["id"].clone();
        let item = item.as_str().expect("an id").to_owned();
        let reads = [
            "/artists/nina/statements".to_owned(),
            format!("/artists/nina/statements/{id}"),
            format!("/artists/nina/statements/{id}/sales"),
            "/artists/nina/statement-mappings".to_owned(),
            "/artists/nina/sold-items".to_owned(),
            "/artists/nina/earnings?group=month".to_owned(),
            "/artists/nina/earnings.csv?group=month".to_owned(),
        ];
        let assignment = (format!("/artists/nina/sold-items/{item}/track"), json!({ "track_id": null }));
        for path in &reads {
            nina.get(path).await.is(200);
            ben.get(path).await.is_problem(404, "not-found");
            app.stranger().get(path).await.is_problem(401, "unauthenticated");
        }
        ben.delete(&reads[1]).await.is_problem(404, "not-found");
        ben.put(&assignment.0, assignment.1.clone()).await.is_problem(404, "not-found");
        // By way of an artist of one's own.
        ben.get(&format!("/artists/ben/statements/{id}")).await.is_problem(404, "not-found");
        ben.delete(&format!("/artists/ben/statements/{id}")).await.is_problem(404, "not-found");
        let stolen = format!("/artists/ben/sold-items/{item}/track");
        ben.put(&stolen, assignment.1.clone()).await.is_problem(404, "not-found");
        // A viewer looks, and changes nothing.
        app.execute(&format!(
            "insert into artists.memberships (artist_id, account_id, role)
             select id, '{}', 'viewer' from artists.artists where slug = 'nina'",
            vera.id
        ))
        .await;
        for path in &reads {
            vera.get(path).await.is(200);
        }
        vera.delete(&reads[1]).await.is_problem(404, "not-found");
        vera.put(&assignment.0, assignment.1).await.is_problem(404, "not-found");
        assert_eq!(sum(&nina).await, "13.50");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_upload_is_refused_before_it_is_read() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        nina.post("/artists/nina/statements", json!({})).await.is_problem(415, "not-a-multipart-upload");
        sends(&nina, "?source=described", "a,b").await.is_invalid("source");
        sends(&nina, "?source=winamp", "a,b").await.is_invalid("source");
        let nobody = uuid::Uuid::now_v7();
        sends(&nina, &format!("?mapping={nobody}"), "a,b").await.is_invalid("mapping");
        let form = Form::new().text("other", "a,b");
        send(nina.request(Method::POST, "/artists/nina/statements").multipart(form)).await.is_invalid("other");
        app.settle().await;
        assert!(app.stored("raw").is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_artist_that_goes_takes_its_statements_along() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        takes(&nina, "", generator::distrokid(&lines())).await;
        app.execute("update artists.artists set closed_at = now()").await;
        app.execute("delete from artists.memberships").await;
        let payload = "jsonb_build_object('artist', (select id from artists.artists))";
        app.execute(&format!(
            "insert into platform.jobs (id, queue, kind, payload, priority, max_attempts)
             values (gen_random_uuid(), 'ingest', 'artists.delete_artist', {payload}, 0, 5)"
        ))
        .await;
        app.settle().await;
        let left = "select 'artist' as line from artists.artists union all select 'sale' from artists.sales
                    union all select 'statement' from artists.statements union all select 'item' from artists.sold_items
                    union all select 'object' from platform.objects";
        let gone = becomes_true(std::time::Duration::from_secs(30), async || app.lines(left).await.is_empty()).await;
        assert!(gone, "{:?}", app.lines(left).await);
    })
    .await;
}
