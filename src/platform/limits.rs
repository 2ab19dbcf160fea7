//! Limits: how often something may be tried, by account, by address, by whatever has a name.
//!
//! An attempt is counted before it is looked at, so that a hundred at once slip through no better than one after the
//! other; what turns out well is given back. The counters are in Redis where one is configured, else, and whenever Redis
//! does not answer, in the database. Each process refuses besides what it has seen itself to be too much: neither an emptied
//! Redis nor the change from one store to the other gives anybody a new start there, and a flood costs no query.

mod counter;
mod shared;
mod table;

use std::num::NonZero;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use lru::LruCache;
use sha2::Sha256;

use super::clock::Clock;
use super::db::Db;
use super::error::{Error, Result};
use super::redis::Redis;
use counter::Counter;

/// Counters that this process remembers, some 100 bytes each.
const REMEMBERED: NonZero<usize> = NonZero::new(50_000).expect("it is not zero");

/// Counters that nobody asked for are removed this often …
const PURGE_EVERY: Duration = Duration::from_secs(3600);

/// … when they have been quiet for so long. No rule remembers for longer.
const KEPT: Duration = Duration::from_secs(24 * 3600);

/// What may be tried how often.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    name: &'static str,
    allowed: u32,
    window: Duration,
    longest: Duration,
}

impl Rule {
    /// `allowed` attempts, at least 2, within any stretch of `window`. Then there is a pause: of a window's length at first,
    /// twice as long each time that the limit is reached again, `longest` at the most.
    pub const fn new(name: &'static str, allowed: u32, window: Duration, longest: Duration) -> Self {
        assert!(allowed >= 2, "what may be tried once needs no counter");
        assert!(window.as_secs() <= longest.as_secs() && longest.as_secs() < KEPT.as_secs());
        Self { name, allowed, window, longest }
    }
}

/// All counters. Cheap to clone.
#[derive(Clone)]
pub struct Limits {
    mac: Hmac<Sha256>,
    db: Db,
    redis: Option<Redis>,
    clock: Clock,
    seen: Arc<Mutex<LruCache<[u8; 32], Counter>>>,
}

/// One rule for one subject, under the name of their counter.
#[derive(Debug, Clone, Copy)]
struct Claim {
    key: [u8; 32],
    rule: &'static Rule,
}

/// An attempt that was counted. It stays counted unless it is given back.
#[must_use = "what turned out well must be given back"]
pub struct Slot {
    limits: Limits,
    claims: Vec<Claim>,
    place: Place,
}

#[derive(Clone, Copy)]
enum Place {
    Redis,
    Database,
}

impl Limits {
    /// Counters under a secret: their names tell nobody whose they are.
    pub fn new(secret: &[u8; 32], db: Db, redis: Option<Redis>, clock: Clock) -> Self {
        let mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of any length");
        let seen = Arc::new(Mutex::new(LruCache::new(REMEMBERED)));
        Self { mac: mac.chain_update(b"limits\0"), db, redis, clock, seen }
    }

    /// A name for an address (or whoever else a rule counts), under which others can count too and that tells nobody whose it is.
    pub(crate) fn pseudonym(&self, subject: &str) -> [u8; 32] {
        self.mac.clone().chain_update(b"pseudonym\0").chain_update(subject).finalize().into_bytes().into()
    }

    /// Counts an attempt on every rule, each for its subject. When one of them allows no more, none is spent, and the answer
    /// is `TooManyRequests` with the time to wait.
    pub async fn take(&self, wanted: &[(&'static Rule, &str)]) -> Result<Slot> {
        let mut claims: Vec<Claim> = wanted.iter().map(|(rule, subject)| self.claim(rule, subject)).collect();
        claims.sort_unstable_by_key(|claim| claim.key);
        let now = self.clock.now();
        self.take_here(&claims, now)?;
        match self.take_everywhere(&claims, now).await {
            Ok(place) => Ok(Slot { limits: self.clone(), claims, place }),
            Err(refusal) => {
                self.give_back_here(&claims, now);
                Err(refusal)
            }
        }
    }

    fn claim(&self, rule: &'static Rule, subject: &str) -> Claim {
        let mac = self.mac.clone().chain_update(rule.name).chain_update(b"\0").chain_update(subject);
        Claim { key: mac.finalize().into_bytes().into(), rule }
    }

    fn take_here(&self, claims: &[Claim], now: DateTime<Utc>) -> Result<()> {
        let mut seen = self.seen();
        let paused = claims.iter().filter_map(|claim| seen.peek(&claim.key)?.paused_until(claim.rule, now));
        if let Some(until) = paused.max() {
            return Err(refusal(until, now));
        }
        for claim in claims {
            seen.get_or_insert_mut(claim.key, || Counter::NEW).count(claim.rule, now);
        }
        Ok(())
    }

    async fn take_everywhere(&self, claims: &[Claim], now: DateTime<Utc>) -> Result<Place> {
        if let Some(redis) = &self.redis
            && let Some(taken) = shared::take(redis, claims, now).await
        {
            return taken.map(|()| Place::Redis);
        }
        table::take(&self.db, claims, now).await.map(|()| Place::Database)
    }

    fn give_back_here(&self, claims: &[Claim], now: DateTime<Utc>) {
        let mut seen = self.seen();
        for claim in claims {
            if let Some(counter) = seen.get_mut(&claim.key) {
                counter.give_back(claim.rule, now);
            }
        }
    }

    fn seen(&self) -> MutexGuard<'_, LruCache<[u8; 32], Counter>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Slot {
    /// The attempt turned out well: it does not count. When that cannot be noted, it counts; the attempt is no worse for it.
    pub async fn give_back(self) {
        let now = self.limits.clock.now();
        self.limits.give_back_here(&self.claims, now);
        match (self.place, &self.limits.redis) {
            (Place::Redis, Some(redis)) => shared::give_back(redis, &self.claims, now).await,
            _ => {
                if let Err(error) = table::give_back(&self.limits.db, &self.claims, now).await {
                    tracing::warn!(%error, "giving an attempt back");
                }
            }
        }
    }
}

fn refusal(until: DateTime<Utc>, now: DateTime<Utc>) -> Error {
    // Whole seconds are what `Retry-After` has; rounded up, for who comes at that time shall be let in.
    let wait = (until - now + TimeDelta::milliseconds(999)).num_seconds().max(1);
    Error::TooManyRequests { retry_after: Duration::from_secs(wait.unsigned_abs()) }
}

/// Removes counters that were forgotten, for as long as the process lives.
pub(crate) async fn purge(db: Db, clock: Clock) {
    loop {
        if let Err(error) = remove_old(&db, &clock).await {
            tracing::warn!(%error, "removing old counters");
        }
        tokio::time::sleep(PURGE_EVERY).await;
    }
}

async fn remove_old(db: &Db, clock: &Clock) -> Result<()> {
    let removed = table::delete_old(&mut *db.conn().await?, KEPT, clock.now()).await?;
    tracing::debug!(counters = removed, "removed old counters");
    Ok(())
}
