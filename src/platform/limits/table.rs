//! The counters in the database: for several processes, and over a restart.

use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Bytea, Double, Integer, Timestamptz};
use diesel_async::RunQueryDsl;

use super::{Claim, Rule, refusal};
use crate::platform::db::{Conn, Db, prepared, sql};
use crate::platform::error::Result;
use crate::platform::schema::limits;

/// Counts one attempt on every claim, or on none. Claims come in the order of their keys, so that two who want the same
/// ones do not wait for each other.
pub(super) async fn take(db: &Db, claims: &[Claim], now: DateTime<Utc>) -> Result<()> {
    db.transaction(async |conn| {
        for claim in claims {
            if !count(conn, claim, now).await? {
                return Err(refusal(resets_at(conn, claim).await?, now));
            }
        }
        Ok(())
    })
    .await
}

/// Takes back what [`take`] counted.
pub(super) async fn give_back(db: &Db, claims: &[Claim], now: DateTime<Utc>) -> Result<()> {
    db.transaction(async |conn| {
        for claim in claims {
            uncount(conn, claim, now).await?;
        }
        Ok(())
    })
    .await
}

// As `Counter::count`; false in a pause.
async fn count(conn: &mut Conn, claim: &Claim, now: DateTime<Utc>) -> Result<bool> {
    let counting = prepared(
        sql("insert into platform.limits as kept (key, spent, carried, strikes, resets_at)
             values ($1, 1, 0, 0, $2 + make_interval(secs => $4))
             on conflict (key) do update
             set (spent, carried, strikes, resets_at) = (
                 select next.spent, next.carried, next.strikes + is_full::int4,
                        case when is_full
                             then $2 + least(make_interval(secs => $4 * 2 ^ least(next.strikes, 16)), make_interval(secs => $5))
                             else next.resets_at end
                 from (select case when kept.resets_at <= $2 then 1 else kept.spent + 1 end as spent,
                              case when kept.resets_at > $2 then kept.carried
                                   when kept.spent + kept.carried >= $3
                                     or kept.resets_at + make_interval(secs => $4) <= $2 then 0
                                   else kept.spent end as carried,
                              case when kept.resets_at + make_interval(secs => $5) <= $2 then 0
                                   else kept.strikes end as strikes,
                              case when kept.resets_at <= $2 then $2 + make_interval(secs => $4)
                                   else kept.resets_at end as resets_at) as next,
                      lateral (select next.spent + next.carried >= $3 as is_full) as reached)
             where kept.resets_at <= $2 or kept.spent + kept.carried < $3")
        .bind::<Bytea, _>(&claim.key[..])
        .bind::<Timestamptz, _>(now)
        .bind::<Integer, _>(allowed(claim.rule))
        .bind::<Double, _>(claim.rule.window.as_secs_f64())
        .bind::<Double, _>(claim.rule.longest.as_secs_f64()),
    );
    Ok(counting.execute(conn).await? == 1)
}

// As `Counter::give_back`.
async fn uncount(conn: &mut Conn, claim: &Claim, now: DateTime<Utc>) -> Result<()> {
    let uncounting = prepared(
        sql("update platform.limits
             set spent = spent - 1,
                 strikes = case when spent + carried >= $3 then greatest(strikes - 1, 0) else strikes end,
                 resets_at = case when spent + carried >= $3 then least(resets_at, $2 + make_interval(secs => $4))
                                  else resets_at end
             where key = $1 and resets_at > $2 and spent > 0")
        .bind::<Bytea, _>(&claim.key[..])
        .bind::<Timestamptz, _>(now)
        .bind::<Integer, _>(allowed(claim.rule))
        .bind::<Double, _>(claim.rule.window.as_secs_f64()),
    );
    uncounting.execute(conn).await?;
    Ok(())
}

fn allowed(rule: &Rule) -> i32 {
    i32::try_from(rule.allowed).unwrap_or(i32::MAX)
}

async fn resets_at(conn: &mut Conn, claim: &Claim) -> Result<DateTime<Utc>> {
    Ok(limits::table.find(&claim.key[..]).select(limits::resets_at).first(conn).await?)
}

/// Removes counters that have said nothing for `quiet`, and answers with how many there were.
pub(super) async fn delete_old(conn: &mut Conn, quiet: Duration, now: DateTime<Utc>) -> Result<usize> {
    let old = limits::resets_at.le(now - quiet);
    Ok(diesel::delete(limits::table.filter(old)).execute(conn).await?)
}
