//! The counters in Redis: one script for all claims, so that nothing comes between.

use std::sync::LazyLock;
use std::time::Duration;

use ::redis::Script;
use chrono::{DateTime, Utc};

use super::{Claim, refusal};
use crate::platform::error::Result;
use crate::platform::redis::Redis;

static TAKE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("take.lua")));
static GIVE_BACK: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("give_back.lua")));

/// Counts one attempt on every claim, or on none; `None` when Redis does not say.
pub(super) async fn take(redis: &Redis, claims: &[Claim], now: DateTime<Utc>) -> Option<Result<()>> {
    let mut call = TAKE.prepare_invoke();
    call.arg(now.timestamp_millis());
    for Claim { key, rule } in claims {
        call.key(named(key)).arg(rule.allowed).arg(milliseconds(rule.window)).arg(milliseconds(rule.longest));
    }
    let paused_until: i64 = redis.ask(async |connection| call.invoke_async(connection).await).await?;
    Some(match DateTime::from_timestamp_millis(paused_until) {
        Some(until) if paused_until > 0 => Err(refusal(until, now)),
        _ => Ok(()),
    })
}

/// Takes back what [`take`] counted. Without Redis there is nothing left to take back.
pub(super) async fn give_back(redis: &Redis, claims: &[Claim], now: DateTime<Utc>) {
    let mut call = GIVE_BACK.prepare_invoke();
    call.arg(now.timestamp_millis());
    for Claim { key, rule } in claims {
        call.key(named(key)).arg(rule.allowed).arg(milliseconds(rule.window));
    }
    let _: Option<i64> = redis.ask(async |connection| call.invoke_async(connection).await).await;
}

fn named(key: &[u8; 32]) -> Vec<u8> {
    [&b"legato:limits:"[..], key].concat()
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
