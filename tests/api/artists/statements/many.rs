//! Long statements: in constant memory, with progress, and stopped when somebody removes them.

use std::fmt::Write;
use std::time::Instant;

use serde_json::json;

use super::generator::{self, Line};
use super::{ends, sends, sum, takes};
use crate::support::{App, Person, becomes_true, skipped, variable, with_app};

/// A statement of so many lines, of a cent each.
fn statement(lines: usize) -> String {
    let mut text = super::generator::distrokid(&[]);
    for line in 0..lines {
        let (month, store) = (line % 12 + 1, ["Spotify", "Deezer", "TIDAL", "Amazon Music"][line % 4]);
        let (track, country) = (line % 500, ["DE", "US", "FR", "GB", "JP", "BR", "SE"][line % 7]);
        let code = 1_000_000 + track;
        writeln!(text, "2026-06-01\t2025-{month:02}\t{store}\tNina\tTrack {track}\tQZES7{code}\t724384960650\t{}\t100\tSong\t{country}\t0\t0.01", line + 1)
            .expect("written");
    }
    text
}

async fn progress(person: &Person<'_>, id: &str) -> (String, i64) {
    let statement = person.get(&format!("/artists/nina/statements/{id}")).await.json();
    (statement["state"].as_str().unwrap_or_default().to_owned(), statement["percent"].as_i64().unwrap_or(-1))
}

async fn counted(app: &App) -> String {
    app.lines("select count(*)::text as line from artists.sales").await.concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_statement_is_loaded_in_batches() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let id = sends(&nina, "", statement(9_000)).await.is(202).json()["id"].as_str().expect("an id").to_owned();
        let ready = ends(&nina, &id).await;
        assert_eq!((&ready["state"], &ready["sales"]), (&json!("ready"), &json!(9_000)));
        assert_eq!((counted(app).await.as_str(), sum(&nina).await.as_str()), ("9000", "90.00"));
        nina.delete(&format!("/artists/nina/statements/{id}")).await.is(204);
        assert_eq!(sum(&nina).await, "0.00", "at once, though it takes a while to clear");
        app.settle().await;
        assert_eq!(counted(app).await, "0");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_is_stopped_by_removing_its_statement() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let id = sends(&nina, "", statement(60_000)).await.is(202).json()["id"].as_str().expect("an id").to_owned();
        let begun =
            becomes_true(std::time::Duration::from_secs(60), async || progress(&nina, &id).await.0 != "waiting").await;
        assert!(begun);
        nina.delete(&format!("/artists/nina/statements/{id}")).await.is(204);
        app.settle().await;
        assert_eq!(counted(app).await, "0");
        assert!(app.lines("select id::text as line from artists.statements").await.is_empty());
        assert!(app.stored("raw").is_empty());
    })
    .await;
}

/// What a million lines take: by hand, for it takes minutes. `LEGATO_TEST_MANY=1000000` says how many.
#[tokio::test(flavor = "multi_thread")]
async fn a_million_lines_are_imported() {
    let Some(lines) = variable("LEGATO_TEST_MANY").and_then(|lines| lines.parse::<usize>().ok()) else {
        return skipped("LEGATO_TEST_MANY is not set");
    };
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let begun = Instant::now();
        let id = sends(&nina, "", statement(lines)).await.is(202).json()["id"].as_str().expect("an id").to_owned();
        let done = becomes_true(std::time::Duration::from_secs(1800), async || {
            ["ready", "rejected"].contains(&progress(&nina, &id).await.0.as_str())
        });
        assert!(done.await);
        let taken = begun.elapsed();
        let ready = nina.get(&format!("/artists/nina/statements/{id}")).await.json();
        assert_eq!((&ready["state"], &ready["sales"]), (&json!("ready"), &json!(lines)), "{ready:#}");
        // For who measures.
        eprintln!("{lines} lines: {taken:?}");
        for group in [
            "month",
            "track",
            "territory,store",
            "month,track,territory",
            "month,track,territory,store,kind",
            "track,territory,store",
        ] {
            let asked = Instant::now();
            let groups = super::earns(&nina, &format!("group={group}&limit=200")).await;
            eprintln!("earnings by {group} ({}): {:?}", groups.len(), asked.elapsed());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sold_is_forgotten_with_the_last_of_its_sales() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let line = |title| Line::new(title, "", "1");
        let long = statement(9_000).replace("Track ", "Song ");
        let long = takes(&nina, "", long).await;
        let short = takes(&nina, "", generator::distrokid(&[line("Tides"), line("Harbour")])).await;
        let items =
            "select title as line from artists.sold_items where title !~ '^Song ' or title = 'Song 1' order by 1";
        assert_eq!(app.lines(items).await, ["Harbour", "Song 1", "Tides"]);
        // What somebody said by hand stays.
        app.execute("update artists.sold_items set matched_by = 'hand' where title = 'Harbour'").await;
        for gone in [&long, &short] {
            nina.delete(&format!("/artists/nina/statements/{}", gone["id"].as_str().expect("an id"))).await.is(204);
        }
        app.settle().await;
        assert_eq!(app.lines("select title as line from artists.sold_items").await, ["Harbour"]);
        assert_eq!(app.lines("select count(*)::text as line from artists.statements").await, ["0"]);
        assert_eq!(app.lines("select count(*)::text as line from artists.sale_totals").await, ["0"]);
    })
    .await;
}
