//! Bring in what is in a package.

use serde_json::{Value, json};

use super::{document, exports, files, fills, imports, nothing_is_left, timeless};
use crate::support::{App, Person, with_app, with_settings};

/// The releases of a package, without ids and times.
fn releases(package: &[u8]) -> Value {
    timeless(document(&files(package), "releases.json"))
}

async fn all(person: &Person<'_>) -> Vec<Value> {
    let mut all = Vec::new();
    for release in person.walks(&format!("/artists/{}/releases", person.handle), 50).await {
        all.push(person.get(&format!("/releases/{}", release["id"].as_str().expect("an id"))).await.is(200).json());
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_artist_takes_along_is_the_same_on_another_server() {
    with_app(async |here| {
        with_app(async |there| {
            let nina = here.artist("nina").await;
            fills(&nina).await;
            here.execute("update artists.releases set details = '{}' where title = 'Draft'").await;
            let package = exports(&nina).await;
            let otto = there.artist("otto").await;
            let report = imports(&otto, &package, true).await;
            assert_eq!((&report["state"], &report["problem"]), (&json!("done"), &Value::Null), "{report:#}");
            let key = here.stranger().get("/signing-key").await.json();
            let source = &report["source"];
            assert_eq!((&source["key_id"], &source["is_own_key"]), (&key["id"], &json!(false)), "{source}");
            assert_eq!(
                (&source["server"], &source["artist_name"]),
                (&json!(here.site.base), &json!("nina")),
                "{source}"
            );
            there.settle().await;
            let again = exports(&otto).await;
            assert_eq!(releases(&again), releases(&package));
            let (first, second) = (files(&package), files(&again));
            let blobs = |name: &&String| name.starts_with("masters/") || name.starts_with("artwork/");
            assert_eq!(first.keys().filter(blobs).count(), 6);
            for name in first.keys().chain(second.keys()).filter(blobs) {
                assert_eq!(first.get(name), second.get(name), "{name}");
            }
            let (mut one, mut other) = (document(&first, "artist.json"), document(&second, "artist.json"));
            for field in ["slug", "name"] {
                (one[field], other[field]) = (Value::Null, Value::Null);
            }
            assert_eq!(timeless(one), timeless(other));
        })
        .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_package_twice_changes_nothing() {
    with_app(async |app| {
        let (nina, otto) = (app.artist("nina").await, app.artist("otto").await);
        fills(&nina).await;
        let package = exports(&nina).await;
        let report = imports(&otto, &package, false).await;
        let lines = report["lines"].as_array().expect("lines");
        let outcomes: Vec<_> = lines.iter().map(|line| (&line["place"], &line["outcome"], &line["tracks"])).collect();
        let made = json!("made");
        assert_eq!(
            outcomes,
            [(&json!(0), &made, &json!(0)), (&json!(1), &made, &json!(2)), (&json!(2), &made, &json!(1))]
        );
        assert_eq!(report["source"]["is_own_key"], true);
        app.settle().await;
        let before = all(&otto).await;
        // What was out there is offered as a draft that knows when it was.
        assert_eq!((&before[1]["state"], &before[1]["published_at"]), (&json!("draft"), &Value::Null));
        assert_eq!((&before[1]["visibility"], &before[1]["original_date"]), (&json!("unlisted"), &json!("1968-11")));
        let profile = otto.get("/artists/otto").await.json();
        let stored = app.stored("raw");
        let report = imports(&otto, &package, false).await;
        let lines = report["lines"].as_array().expect("lines");
        assert_eq!(lines.len(), 2, "{lines:#?}");
        assert!(
            lines.iter().all(|line| line["outcome"] == "there" && line["tracks"] == 0 && line["problems"] == json!([]))
        );
        app.settle().await;
        assert_eq!((all(&otto).await, app.stored("raw")), (before, stored));
        assert_eq!(otto.get("/artists/otto").await.json(), profile);
        // Nor does it where it comes from.
        let own = all(&nina).await;
        let report = imports(&nina, &package, true).await;
        assert!(report["lines"].as_array().expect("lines").iter().all(|line| line["outcome"] == "there"), "{report:#}");
        assert_eq!(all(&nina).await, own);
        nothing_is_left(app).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_here_stays_and_what_was_deleted_here_stays_deleted() {
    with_app(async |app| {
        let (nina, otto) = (app.artist("nina").await, app.artist("otto").await);
        fills(&nina).await;
        let package = exports(&nina).await;
        otto.patch("/artists/otto", json!({ "biography": "Mine." })).await.is(200);
        imports(&otto, &package, false).await;
        app.settle().await;
        let profile = otto.get("/artists/otto").await.json();
        assert_eq!((&profile["biography"]["markdown"], &profile["places"]), (&json!("Mine."), &json!(["Bergen"])));
        let before = all(&otto).await;
        let (draft, tides) = (before[0]["id"].as_str().expect("an id"), before[1]["id"].as_str().expect("an id"));
        let ebb = before[1]["tracks"][0]["id"].as_str().expect("an id");
        otto.patch(&format!("/releases/{tides}"), json!({ "title": "Another title" })).await.is(200);
        otto.delete(&format!("/tracks/{ebb}")).await.is(204);
        otto.delete(&format!("/releases/{draft}")).await.is(204);
        let report = imports(&otto, &package, false).await;
        app.settle().await;
        let after = all(&otto).await;
        let titles: Vec<&Value> = after.iter().map(|release| &release["title"]).collect();
        // A release that was deleted as a whole is brought in again.
        assert_eq!(titles, [&json!("Draft"), &json!("Another title")], "{report:#}");
        assert_eq!(after[1]["tracks"].as_array().map(Vec::len), Some(1));
        assert_eq!(after[1]["tracks"][0]["title"], "Flow");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_there_is_no_room_for_comes_when_there_is() {
    with_settings(&[("artist_max_tracks", "3")], async |app| {
        let (nina, otto) = (app.artist("nina").await, app.artist("otto").await);
        fills(&nina).await;
        let package = exports(&nina).await;
        let own = otto.drafts_a_single("Own").await;
        otto.drafts_a_single("Owned").await;
        let report = imports(&otto, &package, true).await;
        let problems = report["lines"][1]["problems"].to_string();
        assert!(problems.contains("“Flow”: ") && problems.contains("It stays a draft"), "{report:#}");
        assert_eq!((&report["state"], &report["lines"][1]["publication"]), (&json!("done"), &json!("draft")));
        otto.delete(&format!("/releases/{}", own.release)).await.is(204);
        app.execute(
            "insert into artists.quotas (artist_id, tracks) select id, 9 from artists.artists where slug = 'otto'",
        )
        .await;
        // The one that came already is not the last one any more.
        let ebb = all(&otto).await.into_iter().find(|one| one["title"] == "Tides: Ebb/Flow").expect("it is here");
        let ebb = ebb["tracks"][0]["id"].as_str().expect("an id").to_owned();
        otto.waits_until_ready(&ebb).await;
        imports(&otto, &package, false).await;
        app.settle().await;
        let tides = all(&otto).await.into_iter().find(|one| one["title"] == "Tides: Ebb/Flow").expect("it is here");
        let titles: Vec<&Value> =
            tides["tracks"].as_array().expect("tracks").iter().map(|track| &track["title"]).collect();
        assert_eq!(titles, [&json!("Ebb"), &json!("Flow")]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_no_owner_any_more_brings_nothing_in() {
    with_app(async |app| {
        let (nina, otto) = (app.artist("nina").await, app.artist("otto").await);
        nina.drafts_a_single("Tides").await;
        let package = exports(&nina).await;
        // The job finds that its artist has another owner.
        let otto_is = async |role: &str| {
            app.execute(&format!("update artists.memberships set role = '{role}' where account_id = '{}'", otto.id))
                .await;
        };
        app.execute(&format!(
            "insert into artists.memberships (artist_id, account_id, role)
             select id, '{}', 'owner' from artists.artists where slug = 'otto'",
            nina.id
        ))
        .await;
        let import = asks_late(app, &otto, &package).await;
        otto_is("editor").await;
        app.settle().await;
        otto_is("owner").await;
        let report = otto.get(&format!("/artists/otto/imports/{import}")).await.is(200).json();
        assert_eq!((&report["state"], &report["problem"]["slug"]), (&json!("refused"), &json!("not_an_owner")));
        assert!(all(&otto).await.is_empty());
    })
    .await;
}

/// Asks for an import whose job begins some seconds later; the answer is its id.
async fn asks_late(app: &App, otto: &Person<'_>, package: &[u8]) -> String {
    let upload_ids = super::sends_package(otto, package, 1).await;
    app.execute(
        "create function later() returns trigger language plpgsql as
         $$ begin new.run_at := now() + interval '3 s'; return new; end $$",
    )
    .await;
    app.execute(
        "create trigger later before insert on platform.jobs for each row
         when (new.kind = 'artists.import_package') execute function later()",
    )
    .await;
    let import = otto.post("/artists/otto/imports", json!({ "upload_ids": upload_ids })).await.is(202).json();
    import["id"].as_str().expect("an id").to_owned()
}
