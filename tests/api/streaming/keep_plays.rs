//! Keep the table of plays in order.

use std::time::Duration;

use crate::support::{App, becomes_true, with_app};

#[tokio::test(flavor = "multi_thread")]
async fn a_play_lies_in_its_month_and_the_months_to_come_are_ready() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        nina.plays(&single.track).await;
        let here = "select (tableoid::regclass::text = 'streaming.plays_' || to_char(now() at time zone 'UTC', 'YYYY_MM'))::text
                    as line from streaming.plays";
        assert_eq!(app.lines(here).await, ["true"]);
        let coming = "select (to_regclass('streaming.plays_' || to_char((now() at time zone 'UTC')
                              + make_interval(months => n), 'YYYY_MM')) is not null)::text as line from generate_series(0, 2) n";
        assert_eq!(app.lines(coming).await, ["true"; 3]);
        // Making them again changes nothing, and the bounds of months leave no gap.
        app.execute("select streaming.make_partitions(now(), now() + interval '14 months')").await;
        app.execute("select streaming.make_partitions(now(), now() + interval '14 months')").await;
        let lost = "insert into streaming.plays (id, track_id, expires_at, started_at, needed_ms)
                    select streaming.first_id(now() + make_interval(hours => n)), gen_random_uuid(), now(), now(), 0
                    from generate_series(0, 24 * 420) n";
        app.execute(lost).await;
        let rest = "select count(*)::text as line from streaming.plays_rest";
        assert_eq!(app.lines(rest).await, ["0"]);
        // What came before its month was made moves in.
        let early = "insert into streaming.plays (id, track_id, expires_at, started_at, needed_ms)
                     select streaming.first_id(now() + interval '16 months'), gen_random_uuid(), now(), now(), 0";
        app.execute(early).await;
        assert_eq!(app.lines(rest).await, ["1"]);
        app.execute("select streaming.make_partitions(now(), now() + interval '17 months')").await;
        assert_eq!(app.lines(rest).await, ["0"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_forgotten_after_two_days() {
    with_app(async |app| {
        let nina = app.artist("nina").await;
        let single = nina.publishes_a_single("Tides").await;
        nina.hears(&single.track).await;
        let old = "insert into streaming.plays (id, track_id, expires_at, started_at, needed_ms, qualified_at, origin)
                   select streaming.first_id(now() - interval '49 hours'), track_id, expires_at, started_at, 0, now(), origin
                   from streaming.plays";
        app.execute(old).await;
        let origins = async || app.lines("select count(origin)::text as line from streaming.plays").await;
        assert_eq!(origins().await, ["2"]);
        // Each process looks when it starts.
        let another = App::start(app.platform.db.url(), &[]).await;
        assert!(becomes_true(Duration::from_secs(20), async || origins().await == ["1"]).await);
        another.stop().await;
    })
    .await;
}

/// How often this month's plays were read from end to end.
async fn scans(app: &App) -> Vec<String> {
    // A connection that is idle tells what it has counted after ten seconds.
    tokio::time::sleep(Duration::from_secs(12)).await;
    let month = "select seq_scan::text as line from pg_stat_user_tables where schemaname = 'streaming'
                 and relname = 'plays_' || to_char(now() at time zone 'UTC', 'YYYY_MM')";
    app.lines(month).await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_a_listener_does_reads_the_whole_table() {
    with_app(async |app| {
        let (nina, ada) = (app.artist("nina").await, app.listener("ada").await);
        let single = nina.publishes_a_single("Tides").await;
        app.execute(
            "insert into streaming.plays (id, account_id, track_id, expires_at, started_at, heard_ms, needed_ms, qualified_at,
                                          listener, origin, counted)
             select streaming.first_id(date_trunc('month', now()) + make_interval(secs => n)), gen_random_uuid(),
                    gen_random_uuid(), now(), now(), 30000, 0, now(), sha256(n::text::bytea), sha256(n::text::bytea), true
             from generate_series(1, 20000) n",
        )
        .await;
        app.execute("analyze streaming.plays").await;
        app.listener("boss").await;
        app.execute("update accounts.accounts set role = 'admin' where handle = 'boss'").await;
        let boss = app.site.signs_in("boss").await;
        let before = scans(app).await;
        for person in [&ada, &nina, &app.stranger()] {
            person.hears(&single.track).await;
        }
        ada.get("/me/history?q=tides").await.is(200);
        assert_eq!(ada.walks("/me/history", 1).await.len(), 1);
        boss.get("/admin/suspicious-plays").await.is(200);
        nina.get("/artists/nina/earnings?group=track").await.is(200);
        ada.delete("/me/history").await.is(204);
        assert_eq!(scans(app).await, before);
    })
    .await;
}
