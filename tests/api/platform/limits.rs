//! Limits: the counters themselves, in the database, in Redis and in a process' memory.

use std::time::Duration;

use chrono::TimeDelta;
use futures_util::future::join_all;
use legato::platform::error::Error;
use legato::platform::limits::{Limits, Rule, Slot};
use legato::platform::redis::Redis;

use crate::support::{App, RedisServer, becomes_true, with_app, with_settings};

const QUARTER: Duration = Duration::from_secs(15 * 60);
const HOUR: Duration = Duration::from_secs(3600);

static TEN: Rule = Rule::new("ten", 10, QUARTER, HOUR);
static FIVE: Rule = Rule::new("five", 5, QUARTER, HOUR);

/// Limits as of a process that has only just begun: it remembers nothing.
fn anew(app: &App, secret: u8, redis: Option<&Redis>) -> Limits {
    Limits::new(&[secret; 32], app.platform.db.clone(), redis.cloned(), app.platform.clock.clone())
}

/// The seconds to wait where an attempt was refused.
fn refused(taken: Result<Slot, Error>) -> Result<Slot, u64> {
    taken.map_err(|error| match error {
        Error::TooManyRequests { retry_after } => retry_after.as_secs(),
        other => panic!("{other}"),
    })
}

/// Numbers without a pattern, the same ones each time (xorshift64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

/// Three ways to keep one counter, and the attempts that each has counted.
struct Twins<'a> {
    app: &'a App,
    redis: Option<Redis>,
    remembering: Limits,
    counted: Vec<[Slot; 3]>,
}

impl Twins<'_> {
    /// An attempt with each. All count it, or all refuse it for as long.
    async fn take(&mut self) -> bool {
        let limits = [anew(self.app, 1, None), anew(self.app, 2, self.redis.as_ref()), self.remembering.clone()];
        let take = async |limits: &Limits| refused(limits.take(&[(&TEN, "ada")]).await);
        match (take(&limits[0]).await, take(&limits[1]).await, take(&limits[2]).await) {
            (Ok(table), Ok(redis), Ok(memory)) => {
                self.counted.push([table, redis, memory]);
                true
            }
            (Err(table), Err(redis), Err(memory)) => {
                assert!(table.abs_diff(redis) <= 1 && table.abs_diff(memory) <= 1, "{table}, {redis}, {memory} s");
                false
            }
            (table, redis, memory) => {
                panic!("table {:?}, Redis {:?}, memory {:?}", table.err(), redis.err(), memory.err())
            }
        }
    }

    async fn give_back(&mut self, at: usize) {
        for slot in self.counted.swap_remove(at) {
            slot.give_back().await;
        }
    }
}

// What a day of tries and pauses looks like, step by step: whole minutes pass, so that the milliseconds between the three
// decide nothing.
#[tokio::test(flavor = "multi_thread")]
async fn the_table_redis_and_memory_count_alike() {
    let Some(server) = RedisServer::start().await else { return };
    let url = server.url();
    with_settings(&[("redis_url", &url)], async |app| {
        let redis = Redis::start(&app.platform.config).expect("a URL");
        let mut twins = Twins { app, redis, remembering: anew(app, 3, None), counted: Vec::new() };
        let (mut dice, mut free, mut pauses) = (Dice(0x6c65_6761_746f), 0, 0);
        for _ in 0..600 {
            match dice.below(10) {
                0 => app
                    .platform
                    .clock
                    .advance(TimeDelta::minutes([1, 7, 14, 15, 29, 45, 61, 130][dice.below(8) as usize])),
                1 if !twins.counted.is_empty() => {
                    let at = dice.below(twins.counted.len() as u64) as usize;
                    twins.give_back(at).await;
                }
                _ if twins.take().await => free += 1,
                _ => pauses += 1,
            }
        }
        assert!(free > 100 && pauses > 100, "{free} counted, {pauses} refused: that shows nothing");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_at_once_in_two_processes_so_many_are_counted_and_no_more() {
    with_app(async |app| {
        let processes = [anew(app, 1, None), anew(app, 1, None)];
        let attempts = (0..60).map(async |number| refused(processes[number % 2].take(&[(&TEN, "ada")]).await));
        let taken = join_all(attempts).await;
        assert_eq!(taken.iter().filter(|taken| taken.is_ok()).count(), 10);
        assert!(taken.iter().all(|taken| taken.as_ref().err().is_none_or(|wait| (890..=900).contains(wait))));
    })
    .await;
}

/// `five` of one address, then `ten` of one account from another address.
async fn spends_only_together(limits: impl Fn() -> Limits) {
    for _ in 0..5 {
        let _stays_counted = limits().take(&[(&TEN, "ada"), (&FIVE, "192.0.2.7")]).await.expect("counted");
    }
    for _ in 0..20 {
        let spent = refused(limits().take(&[(&TEN, "ada"), (&FIVE, "192.0.2.7")]).await);
        assert!(spent.is_err(), "the address has had its five");
    }
    for _ in 0..5 {
        let _stays_counted = limits().take(&[(&TEN, "ada"), (&FIVE, "192.0.2.8")]).await.expect("not spent before");
    }
    let spent = refused(limits().take(&[(&TEN, "ada"), (&FIVE, "192.0.2.9")]).await);
    assert!(spent.is_err(), "the account has had its ten");
    let _stays_counted = limits().take(&[(&FIVE, "192.0.2.9"), (&TEN, "nina")]).await.expect("hers are her own");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_by_one_rule_spends_no_other() {
    with_app(async |app| {
        spends_only_together(|| anew(app, 1, None)).await;
        let remembering = anew(app, 2, None);
        spends_only_together(|| remembering.clone()).await;
        if let Some(server) = RedisServer::start().await {
            let settings = [("redis_url", server.url())].into();
            let config = legato::platform::config::Config::from_layers("", Default::default(), settings);
            let redis = Redis::start(&config.expect("settings that hold")).expect("a URL");
            spends_only_together(|| anew(app, 3, redis.as_ref())).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_counters_name_nobody() {
    with_app(async |app| {
        let _stays_counted = anew(app, 1, None).take(&[(&TEN, "ada@example.org")]).await.expect("counted");
        let _stays_counted = anew(app, 2, None).take(&[(&TEN, "ada@example.org")]).await.expect("counted");
        let rows = app.lines("select to_jsonb(l)::text as line from platform.limits l").await;
        assert_eq!(rows.len(), 2, "each secret has a name of its own for her: {rows:?}");
        assert!(!rows.concat().contains("ada"), "{rows:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn counters_that_were_quiet_for_a_day_are_removed() {
    with_app(async |app| {
        app.execute(
            "insert into platform.limits (key, spent, resets_at)
             values (sha256('old'), 1, now() - interval '25 hours'), (sha256('new'), 2, now() - interval '23 hours')",
        )
        .await;
        // Each process looks for them as it starts.
        let second = App::start(app.platform.db.url(), &[]).await;
        let left = async || app.lines("select spent::text as line from platform.limits").await;
        assert!(becomes_true(Duration::from_secs(10), async || left().await == ["2"]).await, "{:?}", left().await);
        second.stop().await;
    })
    .await;
}
