//! Beside everything else: each object is read again once in a while, and compared with the hash that it was stored under.
//!
//! What was looked at, and what was found, stands in the object's row, so that it goes on where it stopped, in whatever
//! process. What is damaged is reported by an event; who can make it again does.

use std::sync::Arc;
use std::time::Duration;

use chrono::DateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Text, Timestamptz};
use diesel_async::RunQueryDsl;

use super::super::Platform;
use super::super::db::{Conn, prepared, sql};
use super::super::error::{Error, Result};
use super::super::event::Event;
use super::super::outbox;
use super::super::schema::objects;
use super::verify::Verdict;
use super::{Opened, Zone, hold};

/// How often somebody looks whether an object is due.
const EVERY: Duration = Duration::from_secs(10);

/// What was bad is looked at again after so long: perhaps it was mended, perhaps nobody could do it just then.
const AGAIN: Duration = Duration::from_secs(600);

/// An object whose turn it is.
#[derive(Debug, QueryableByName)]
struct Due {
    #[diesel(sql_type = Text)]
    key: String,
    #[diesel(sql_type = Text)]
    zone: String,
    #[diesel(sql_type = Binary)]
    hash: Vec<u8>,
    #[diesel(sql_type = BigInt)]
    size_bytes: i64,
}

/// Scrubs the store, for as long as the process lives.
pub(crate) async fn scrub(platform: Platform) {
    if platform.config.scrub_every.is_zero() {
        return;
    }
    loop {
        let pause = match scrub_next(&platform).await {
            Ok(Some(bytes)) => pause_after(&platform, bytes),
            Ok(None) => EVERY,
            Err(error) => {
                tracing::warn!(%error, "scrubbing the storage");
                EVERY
            }
        };
        tokio::time::sleep(pause).await;
    }
}

/// An object to serve from. One that is not there is 404 for whoever asks, and looked at next: somebody may make it again.
pub(crate) async fn open_to_serve(platform: &Platform, key: &str) -> Result<Arc<Opened>> {
    let opened = platform.storage.open(key).await;
    if matches!(opened, Err(Error::NotFound(_)))
        && let Err(error) = doubt(platform, key).await
    {
        tracing::warn!(%error, key, "an object is missing, and nobody could be told");
    }
    opened
}

// What was noted as damaged has its own time.
async fn doubt(platform: &Platform, key: &str) -> Result<()> {
    let doubted = objects::table.find(key).filter(objects::damage.is_null());
    let update = diesel::update(doubted).set(objects::checked_at.eq(DateTime::UNIX_EPOCH));
    update.execute(&mut *platform.db.conn().await?).await?;
    Ok(())
}

// So long that a whole store read in this way takes no more of a disk than it is allowed.
fn pause_after(platform: &Platform, bytes: u64) -> Duration {
    let rate = platform.config.scrub_bytes_per_second.max(1);
    Duration::from_millis(bytes.saturating_mul(1000) / rate).max(Duration::from_millis(1))
}

/// Checks the object that was not checked for the longest time, and answers with its length; none when none is due.
pub(crate) async fn scrub_next(platform: &Platform) -> Result<Option<u64>> {
    let Some(due) = take(platform).await? else { return Ok(None) };
    let verdict = platform.storage.verify(&due.key, &due.hash).await?;
    note(platform, &due, verdict).await?;
    Ok(Some(u64::try_from(due.size_bytes).unwrap_or(0)))
}

// Its turn is over before it is read: an object on which a process dies holds nobody up.
async fn take(platform: &Platform) -> Result<Option<Due>> {
    let now = platform.clock.now();
    let take = prepared(
        sql("update platform.objects set checked_at = $1 where key = (
                select key from platform.objects
                where checked_at < $2 or (damage is not null and checked_at < $3)
                order by checked_at limit 1
                for update skip locked)
             returning key, zone, hash, size_bytes")
        .bind::<Timestamptz, _>(now)
        .bind::<Timestamptz, _>(now - platform.config.scrub_every)
        .bind::<Timestamptz, _>(now - AGAIN),
    );
    Ok(take.get_result(&mut *platform.db.conn().await?).await.optional()?)
}

async fn note(platform: &Platform, due: &Due, verdict: Verdict) -> Result<()> {
    let found = platform
        .db
        .transaction(async |conn| {
            hold::lock(conn, &due.key).await?;
            // Under the lock nobody takes it away or stores it again: what was bad is looked at once more.
            let verdict = match verdict {
                Verdict::Whole => Verdict::Whole,
                _ => platform.storage.verify(&due.key, &due.hash).await?,
            };
            if !set_damage(conn, &due.key, verdict).await? || verdict == Verdict::Whole {
                return Ok(None);
            }
            if verdict == Verdict::Damaged && due.zone == Zone::Curated.name() {
                // What is in its place cannot be made again; and it is not what anybody wants to hear.
                platform.storage.delete(&due.key).await?;
            }
            outbox::record(conn, &Event::ObjectDamaged { key: due.key.clone() }).await?;
            Ok(Some(verdict))
        })
        .await?;
    if let Some(verdict) = found {
        tracing::error!(key = due.key, damage = verdict.damage(), "an object of the store is not what was stored");
    }
    Ok(())
}

/// False when the object has no row any more.
async fn set_damage(conn: &mut Conn, key: &str, verdict: Verdict) -> Result<bool> {
    let noted = diesel::update(objects::table.find(key)).set(objects::damage.eq(verdict.damage().map(str::to_owned)));
    Ok(noted.execute(conn).await? == 1)
}
