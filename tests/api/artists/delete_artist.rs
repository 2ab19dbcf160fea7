//! An artist that nobody acts for any more goes with its whole catalogue, and one that its owner deletes.

use std::time::Duration;

use diesel_async::RunQueryDsl;
use legato::platform::db::Conn;

use crate::support::{App, becomes_true, with_app};

/// As the transaction does that takes the last member away.
async fn desert(app: &App, slug: &str) {
    app.execute(&format!("update artists.artists set closed_at = now() where slug = '{slug}'")).await;
    app.execute(&format!(
        "delete from artists.memberships where artist_id = (select id from artists.artists where slug = '{slug}')"
    ))
    .await;
    delete(app, slug).await;
}

async fn delete(app: &App, slug: &str) {
    app.execute(&format!(
        "insert into platform.jobs (id, queue, kind, payload, max_attempts)
         select gen_random_uuid(), 'ingest', 'artists.delete_artist', jsonb_build_object('artist', id), 20
         from artists.artists where slug = '{slug}'"
    ))
    .await;
    app.settle().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn its_releases_its_files_and_its_place_in_the_search_go() {
    with_app(async |app| {
        let (nina, otto) = (app.artist("nina").await, app.artist("otto").await);
        for title in ["Tides", "Winds"] {
            nina.publishes_a_single(title).await;
        }
        nina.drafts_a_single("Drafts").await;
        otto.follows("nina").await;
        app.settle().await;
        assert_eq!(otto.get("/search?q=nina").await.is(200).json()["items"].as_array().map(Vec::len), Some(5));
        desert(app, "nina").await;
        otto.get("/artists/nina").await.is_problem(404, "not-found");
        assert_eq!(otto.get("/search?q=nina").await.is(200).json()["items"].as_array().map(Vec::len), Some(0));
        let left = "select slug as line from artists.artists union all select title from artists.releases
                    union all select account_id::text from artists.follows";
        assert_eq!(app.lines(left).await, ["otto"]);
        assert!(app.stored("raw").is_empty() && app.stored("curated").is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_artist_with_a_member_is_left_alone() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        app.settle().await;
        delete(app, "nina").await;
        nina.get(&format!("/releases/{}", single.release)).await.is(200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn its_owner_deletes_it_and_from_then_on_nobody_finds_it() {
    with_app(async |app| {
        let (nina, otto) = (app.artist("nina").await, app.artist("otto").await);
        let (public, draft) = (nina.publishes_a_single("Tides").await, nina.drafts_a_single("Drafts").await);
        app.settle().await;
        let grant = otto.plays(&public.track).await["stream"]["url"].as_str().expect("a url").to_owned();
        otto.get(&grant).await.is(200);
        otto.delete("/artists/nina").await.is_problem(404, "not-found");
        app.stranger().delete("/artists/nina").await.is_problem(401, "unauthenticated");
        nina.delete("/artists/nina").await.is(204);
        // At once, whatever the job has done by now.
        for person in [&nina, &otto] {
            for path in
                ["/artists/nina".into(), format!("/releases/{}", public.release), format!("/tracks/{}", draft.track)]
            {
                person.get(&path).await.is_problem(404, "not-found");
            }
            for list in ["/artists?mine=true", "/releases", "/search?q=tides", "/search?q=nina"] {
                let items = person.get(list).await.is(200).json()["items"].to_string();
                assert!(!items.contains("nina") && !items.contains("Tides"), "{list}: {items}");
            }
        }
        nina.delete("/artists/nina").await.is_problem(404, "not-found");
        app.settle().await;
        assert!(app.stored("raw").is_empty() && app.stored("curated").is_empty());
        let is_over = async || otto.get(&grant).await.status == 404;
        assert!(crate::support::becomes_true(std::time::Duration::from_secs(10), is_over).await, "it still plays");
        // Its address is free again.
        otto.post("/artists", serde_json::json!({ "name": "Nina", "slug": "nina" })).await.is(201);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_lets_no_artist_be_without_an_owner() {
    with_app(async |app| {
        app.artist("nina").await;
        let mut conn = app.platform.db.conn().await.expect("a connection");
        for statement in ["delete from artists.memberships", "update artists.memberships set role = 'editor'"] {
            let refused = diesel_async::RunQueryDsl::execute(diesel::sql_query(statement), &mut *conn).await;
            let refused = refused.expect_err("the last owner stays").to_string();
            assert!(refused.contains("an artist needs an owner"), "{refused}");
        }
    })
    .await;
}

/// Lets the job that takes the catalogue away wait, as it does behind long chains.
async fn keeps_the_job_waiting(app: &App) {
    app.execute(
        "create function platform.later() returns trigger language plpgsql as $$
         begin
             if new.kind = 'artists.delete_artist' then new.run_at := now() + interval '1 hour'; end if;
             return new;
         end $$",
    )
    .await;
    app.execute("create trigger later before insert on platform.jobs for each row execute function platform.later()")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_to_come_and_what_few_may_see_ends_at_once() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        ada.follows("nina").await;
        let (later, secret) = (nina.drafts_a_single("Later").await, nina.drafts_a_single("Secret").await);
        let in_ms = |ms| {
            let at = app.platform.clock.now() + chrono::TimeDelta::milliseconds(ms);
            at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)
        };
        let link = serde_json::json!({ "recipient": "Radio North", "expires_at": in_ms(3_600_000) });
        let link = nina.post(&format!("/releases/{}/links", secret.release), link).await.is(201).json();
        let link = format!("/links/{}", link["token"].as_str().expect("a secret"));
        app.stranger().get(&link).await.is(200);
        let embargo = serde_json::json!({ "at": in_ms(2000) });
        nina.put(&format!("/releases/{}/publication", later.release), embargo).await.is(200);
        keeps_the_job_waiting(app).await;
        nina.delete("/artists/nina").await.is(204);
        app.stranger().get(&link).await.is_problem(404, "not-found");
        tokio::time::sleep(std::time::Duration::from_millis(2500)).await;
        let told = "select name as line from platform.outbox where name = 'artists.release_published.v1'";
        assert!(app.lines(told).await.is_empty());
        assert_eq!(ada.walks("/notifications", 5).await.len(), 0);
        app.execute("drop trigger later on platform.jobs").await;
        app.execute("update platform.jobs set run_at = now() where kind = 'artists.delete_artist'").await;
        app.settle().await;
        assert!(app.stored("raw").is_empty());
    })
    .await;
}

/// Somebody who writes sales has the turn, for a while.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_with_the_artist_in_hand() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        nina.drafts_a_single("Tides").await;
        app.settle().await;
        let id = app.lines("select id::text as line from artists.artists").await.remove(0);
        let mut writer = app.platform.db.conn().await.expect("a connection");
        let run = async |conn: &mut Conn, statement: String| diesel::sql_query(statement).execute(conn).await.map(drop);
        let turn = format!("select pg_advisory_lock(hashtextextended('sales:{id}', 0))");
        run(&mut writer, turn).await.expect("a turn");
        let deleting = desert(app, "nina");
        let writing = async {
            let waits = "select pid::text as line from pg_locks where locktype = 'advisory' and not granted
                         and database = (select oid from pg_database where datname = current_database())";
            let waiting = becomes_true(Duration::from_secs(20), async || !app.lines(waits).await.is_empty()).await;
            assert!(waiting, "the job waits for its turn");
            // What a line that is written asks of its artist.
            let hold = format!("select 1 from artists.artists where id = '{id}' for key share nowait");
            run(&mut writer, hold).await.expect("nobody holds the artist");
            run(&mut writer, format!("select pg_advisory_unlock(hashtextextended('sales:{id}', 0))"))
                .await
                .expect("free");
        };
        futures_util::future::join(deleting, writing).await;
        assert!(app.lines("select id::text as line from artists.artists").await.is_empty());
    })
    .await;
}
