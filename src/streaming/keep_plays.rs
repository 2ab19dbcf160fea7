//! Keep the table of plays in order: partitions for the months to come, and no address for longer than it is of use.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::sql_types::{BigInt, Timestamptz};
use diesel_async::RunQueryDsl;

use super::players::Player;
use super::rooms::Room;
use super::streams::Stream;
use crate::platform::Platform;
use crate::platform::db::{Conn, sql};
use crate::platform::error::Result;

const EVERY: Duration = Duration::from_secs(3600);

/// Partitions are there for so long ahead.
const AHEAD: TimeDelta = TimeDelta::days(70);

/// Addresses and accounts (under a secret) are of use for so long: a day's repetitions, told a day late.
const ORIGINS_KEPT: TimeDelta = TimeDelta::hours(48);

/// Plays at a time.
const BATCH: i64 = 5000;

/// Façade: looks after them, for as long as the process lives.
pub(crate) async fn keep_plays(platform: Platform) {
    loop {
        if let Err(error) = keep(&platform).await {
            tracing::warn!(%error, "keeping plays in order");
        }
        tokio::time::sleep(EVERY).await;
    }
}

async fn keep(platform: &Platform) -> Result<()> {
    let now = platform.clock.now();
    let mut conn = platform.db.conn().await?;
    // Whatever keeps a partition from being made, no address is kept for longer.
    let made = make_partitions(&mut conn, now).await;
    while forget_origins(&mut conn, now - ORIGINS_KEPT).await? {}
    Stream::forget_old(&mut conn, now).await?;
    Player::forget_old(&mut conn, now).await?;
    Room::forget_old(&mut conn, now).await?;
    made
}

// One process at a time: the others find them made.
async fn make_partitions(conn: &mut Conn, now: DateTime<Utc>) -> Result<()> {
    let making = sql("select streaming.make_partitions($1, $2)
                      from pg_advisory_xact_lock(hashtext('streaming.make_partitions'))");
    making.bind::<Timestamptz, _>(now).bind::<Timestamptz, _>(now + AHEAD).execute(conn).await?;
    Ok(())
}

// Whether there may be more.
async fn forget_origins(conn: &mut Conn, before: DateTime<Utc>) -> Result<bool> {
    let forgetting = sql("with old as (
            select id from streaming.plays where origin is not null and id < streaming.first_id($1)
            order by id limit $2 for update)
         update streaming.plays p set origin = null, listener = null from old where p.id = old.id");
    let forgotten = forgetting.bind::<Timestamptz, _>(before).bind::<BigInt, _>(BATCH).execute(conn).await?;
    Ok(i64::try_from(forgotten).is_ok_and(|forgotten| forgotten == BATCH))
}
