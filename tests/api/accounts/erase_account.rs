//! Erase the accounts whose owners did not come back.

use std::time::Duration;

use serde_json::json;

use crate::support::{App, Person, becomes_true, tone, with_app};

const IN_TIME: Duration = Duration::from_secs(20);

/// Lets the time of all closing accounts run out, and a process look for them: each does so as it starts.
async fn erases(app: &App) {
    app.execute(
        "update accounts.accounts set closing_until = now() - interval '1 second' where closing_until is not null",
    )
    .await;
    let second = another(app).await;
    let closing = "select handle as line from accounts.accounts where closing_until is not null";
    assert!(becomes_true(IN_TIME, async || app.lines(closing).await.is_empty()).await, "not erased");
    app.settle().await;
    second.stop().await;
}

async fn another(app: &App) -> App {
    App::start(app.platform.db.url(), &[("data", app.data().to_str().expect("a plain path"))]).await
}

/// Every row of every table that holds a word, but where that may be.
async fn traces(app: &App, word: &str, but: &[&str]) -> Vec<String> {
    // A partition's rows are its table's.
    let tables =
        "select n.nspname || '.' || c.relname as line from pg_class c join pg_namespace n on n.oid = c.relnamespace
                  where c.relkind in ('r', 'p') and not c.relispartition and n.nspname in
                    ('accounts', 'artists', 'streaming', 'search', 'notifications', 'platform')";
    let mut found = Vec::new();
    for table in app.lines(tables).await.into_iter().filter(|table| !but.contains(&table.as_str())) {
        let rows = format!(
            "select '{table} ' || to_jsonb(t)::text as line from {table} t where position('{word}' in to_jsonb(t)::text) > 0"
        );
        found.extend(app.lines(&rows).await);
    }
    found
}

/// Tables of what is under way: their rows are gone after a week, which is half of what a closed account waits.
const PASSING: [&str; 4] = ["platform.jobs", "platform.outbox", "platform.broadcasts", "platform.revocations"];

/// A life on this server: music, follows, plays, an inbox, tokens, an export.
async fn lives(app: &App, person: &Person<'_>) -> String {
    let track = person.publishes_a_single(&format!("Song of {}", person.handle)).await.track;
    person.post("/me/tokens", json!({ "name": "player", "scopes": ["listen"] })).await.is(201);
    person.post("/me/app-passwords", json!({ "name": "phone" })).await.is(201);
    person.post("/me/export", json!({})).await.is(202);
    app.settle().await;
    track
}

/// Keeps a track in every way that there is.
async fn keeps(person: &Person<'_>, track: &str) {
    let release = person.get(&format!("/tracks/{track}")).await.is(200).json()["release"]["id"].clone();
    let release = release.as_str().expect("an id");
    person.put(&format!("/tracks/{track}/like"), json!({})).await.is(204);
    person.put(&format!("/tracks/{track}/rating"), json!({ "stars": 5 })).await.is(204);
    person.put(&format!("/me/library/releases/{release}"), json!({})).await.is(204);
    person.put(&format!("/me/bookmarks/{track}"), json!({ "position_ms": 1 })).await.is(204);
    person.put("/me/queue", json!({ "items": [track], "current": 0 })).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_an_erased_account_is_left_but_its_handle_and_the_log() {
    with_app(async |app| {
        let (nina, otto) = (app.artist("nina").await, app.artist("otto").await);
        nina.follows("otto").await;
        otto.follows("nina").await;
        app.settle().await;
        let (ninas, ottos) = (lives(app, &nina).await, lives(app, &otto).await);
        nina.plays(&ottos).await;
        otto.plays(&ninas).await;
        keeps(&nina, &ottos).await;
        keeps(&otto, &ottos).await;
        assert_eq!((app.stored("exports").len(), app.stored("raw").len()), (2, 1));
        nina.delete("/me").await.is(202);
        erases(app).await;

        let but = [&PASSING[..], &["accounts.audit_log", "accounts.handles"]].concat();
        for word in [nina.id.as_str(), "nina@example.org", "Song of nina", &ninas] {
            let but = if word == ninas || word == "Song of nina" {
                // That somebody listened, and was told of it, is theirs.
                [
                    &but[..],
                    &["streaming.plays", "streaming.streams", "streaming.track_plays", "notifications.notifications"],
                ]
                .concat()
            } else {
                but.clone()
            };
            assert_eq!(traces(app, word, &but).await, Vec::<String>::new(), "{word}");
        }
        let handle = "select handle as line from accounts.handles where account_id is null";
        assert_eq!(app.lines(handle).await, ["nina"]);
        let log = "select distinct to_jsonb(l)::text as line from accounts.audit_log l";
        assert!(app.lines(log).await.iter().all(|entry| !entry.contains("nina") && !entry.contains("example.org")));
        assert_eq!(app.stored("exports").len(), 1);
        let handle = json!({ "handle": "nina", "email": "new@example.org", "password": "analytical engine" });
        app.stranger().post("/accounts", handle).await.is_problem(409, "handle-taken");

        // Otto has lost nothing, but whom he followed.
        for list in ["/me/library/tracks", "/me/library/releases", "/me/bookmarks", "/me/queue"] {
            assert_eq!(otto.get(list).await.is(200).json()["items"].as_array().map(Vec::len), Some(1), "{list}");
        }
        otto.get("/me").await.is(200);
        otto.get("/me/export/archive").await.is(200);
        assert_eq!(otto.get(&format!("/tracks/{ottos}")).await.is(200).json()["state"], "ready");
        assert_eq!(app.stored("curated").len(), 6);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn plays_of_an_erased_account_are_nobodys() {
    with_app(async |app| {
        let (ada, nina) = (app.listener("ada").await, app.artist("nina").await);
        let track = nina.publishes_a_single("Tides").await.track;
        ada.plays(&track).await;
        nina.plays(&track).await;
        ada.delete("/me").await.is(202);
        erases(app).await;
        let plays =
            "select coalesce(account_id::text, 'nobody') as line from streaming.plays order by account_id nulls first";
        assert_eq!(app.lines(plays).await, ["nobody", &nina.id]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_artist_that_others_act_for_stays_with_all_its_music() {
    with_app(async |app| {
        let (nina, otto) = (app.artist("nina").await, app.listener("otto").await);
        let single = nina.publishes_a_single("Tides").await;
        app.execute(&format!(
            "insert into artists.memberships (artist_id, account_id) select id, '{}' from artists.artists",
            otto.id
        ))
        .await;
        nina.delete("/me").await.is(202);
        erases(app).await;
        let track = otto.get(&format!("/tracks/{}", single.track)).await.is(200).json();
        assert_eq!((&track["mine"], &track["state"]), (&json!(true), &json!("ready")), "{track}");
        let but = [&PASSING[..], &["accounts.audit_log"]].concat();
        assert_eq!(traces(app, &nina.id, &but).await, Vec::<String>::new());

        // The last one who leaves takes the music along.
        otto.delete("/me").await.is(202);
        erases(app).await;
        app.stranger().get(&format!("/tracks/{}", single.track)).await.is(404);
        app.stranger().get("/artists/nina").await.is(404);
        assert_eq!((app.stored("raw").len(), app.stored("curated").len()), (0, 0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_back_in_the_last_moment_stays() {
    with_app(async |app| {
        let ada = app.listener("ada").await;
        ada.delete("/me").await.is(202);
        app.settle().await;
        app.execute("update accounts.accounts set closing_until = now() - interval '1 second'").await;
        // Somebody who signs in holds the row; whoever erases waits, and looks again.
        use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
        let mut conn = app.platform.db.conn().await.expect("a connection");
        conn.batch_execute("begin; update accounts.accounts set closing_until = null").await.expect("held");
        let second = another(app).await;
        let waiting = "select pid::text as line from pg_locks where not granted
                       and database = (select oid from pg_database where datname = current_database())
                       union all select pid::text from pg_locks where not granted and locktype = 'transactionid'";
        let waits = becomes_true(IN_TIME, async || !app.lines(waiting).await.is_empty()).await;
        assert!(waits, "nobody waits");
        diesel::sql_query("commit").execute(&mut *conn).await.expect("committed");
        drop(conn);
        app.settle().await;
        second.stop().await;
        app.site.signs_in("ada").await.get("/me").await.is(200);
        assert!(app.lines("select name as line from platform.outbox where name like '%closed%'").await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_that_runs_is_stopped_and_leaves_nothing() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let release = nina.creates_release("Tides").await;
        nina.uploads(&release, "long.wav", tone(220.0, 60.0)).await;
        nina.delete("/me").await.is(202);
        erases(app).await;
        for zone in ["raw", "curated", "quarantine"] {
            assert!(app.stored(zone).is_empty(), "{:?}", app.stored(zone));
        }
        assert!(app.lines("select id::text as line from artists.tracks").await.is_empty());
    })
    .await;
}
