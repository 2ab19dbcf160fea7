//! What looks like plays that nobody hears: marked, kept, and not counted.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bytea, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use crate::platform::db::{Conn, named, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::TrackId;

named! {
    /// Why a play does not count although enough of it was heard.
    pub(crate) enum Suspicion {
        /// More was heard than there was time to hear, by all of one listener's players together.
        ImpossibleRate = "impossible_rate",
        /// One listener heard the track more often in a day than people do.
        Loop = "loop",
        /// Many accounts at one address heard the track within a day.
        Crowd = "crowd",
    }
}

/// On each side of a play, what else its listener heard is added up.
const AROUND: TimeDelta = TimeDelta::hours(1);
/// So much of one play counts for that, however long it is: the rest lies farther away.
const MOST_OF_ONE_MS: i32 = 3_600_000;
/// In those two hours an account may hear so much: two players at once, for a while.
const MOST_HEARD_MS: i64 = 9_000_000;
/// What strangers at one address may hear besides, as a household or an office does.
const MOST_HEARD_BY_STRANGERS_MS: i64 = 10 * MOST_HEARD_MS;

/// The stretch of time on each side of a play for which repetitions are looked for: plays are told of in any order.
const DAY: TimeDelta = TimeDelta::hours(24);
const MOST_REPETITIONS: i64 = 30;
const MOST_REPETITIONS_BY_STRANGERS: i64 = 60;
const MOST_ACCOUNTS: i64 = 20;

/// Who heard what, and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Listening<'a> {
    /// The account under a secret, which outlives the account's name on the play; none for a stranger.
    pub(super) listener: Option<&'a [u8]>,
    /// The address under a secret.
    pub(super) origin: &'a [u8],
    pub(super) track: TrackId,
    pub(super) started_at: DateTime<Utc>,
    pub(super) heard_ms: i32,
}

/// What was heard besides.
#[derive(Debug, Clone, Copy, QueryableByName)]
struct Beside {
    #[diesel(sql_type = BigInt)]
    heard_ms: i64,
    #[diesel(sql_type = BigInt)]
    repetitions: i64,
    #[diesel(sql_type = BigInt)]
    accounts: i64,
}

/// Whether a play that has now been heard looks like one that nobody hears.
pub(super) async fn judge(conn: &mut Conn, listening: Listening<'_>) -> Result<Option<Suspicion>> {
    let beside = match listening.listener {
        Some(listener) => of_account(conn, listener, listening).await?,
        None => of_strangers(conn, listening).await?,
    };
    let (most_heard_ms, most_repetitions) = match listening.listener {
        Some(_) => (MOST_HEARD_MS, MOST_REPETITIONS),
        None => (MOST_HEARD_BY_STRANGERS_MS, MOST_REPETITIONS_BY_STRANGERS),
    };
    Ok(if beside.heard_ms + i64::from(listening.heard_ms.min(MOST_OF_ONE_MS)) > most_heard_ms {
        Some(Suspicion::ImpossibleRate)
    } else if beside.repetitions >= most_repetitions {
        Some(Suspicion::Loop)
    } else if beside.accounts >= MOST_ACCOUNTS {
        Some(Suspicion::Crowd)
    } else {
        None
    })
}

async fn of_account(conn: &mut Conn, listener: &[u8], listening: Listening<'_>) -> Result<Beside> {
    let beside = prepared(
        sql("select (select coalesce(sum(least(p.heard_ms, 3600000)), 0)::bigint from streaming.plays p
                     where p.listener = $1 and p.started_at > $4 and p.started_at < $5
                       and p.qualified_at is not null) as heard_ms,
                    (select count(*) from streaming.plays p
                     where p.listener = $1 and p.track_id = $3 and p.started_at > $6 and p.started_at < $7
                       and p.qualified_at is not null) as repetitions,
                    (select count(distinct p.listener) from streaming.plays p
                     where p.origin = $2 and p.track_id = $3 and p.started_at > $6 and p.started_at < $7
                       and p.listener <> $1 and p.qualified_at is not null) as accounts")
        .bind::<Bytea, _>(listener)
        .bind::<Bytea, _>(listening.origin)
        .bind::<SqlUuid, _>(listening.track)
        .bind::<Timestamptz, _>(listening.started_at - AROUND)
        .bind::<Timestamptz, _>(listening.started_at + AROUND)
        .bind::<Timestamptz, _>(listening.started_at - DAY)
        .bind::<Timestamptz, _>(listening.started_at + DAY),
    );
    Ok(beside.get_result(conn).await?)
}

async fn of_strangers(conn: &mut Conn, listening: Listening<'_>) -> Result<Beside> {
    let beside = prepared(
        sql("select (select coalesce(sum(least(p.heard_ms, 3600000)), 0)::bigint from streaming.plays p
                     where p.origin = $1 and p.started_at > $3 and p.started_at < $4
                       and p.listener is null and p.qualified_at is not null) as heard_ms,
                    (select count(*) from streaming.plays p
                     where p.origin = $1 and p.track_id = $2 and p.started_at > $5 and p.started_at < $6
                       and p.listener is null and p.qualified_at is not null) as repetitions,
                    0::bigint as accounts")
        .bind::<Bytea, _>(listening.origin)
        .bind::<SqlUuid, _>(listening.track)
        .bind::<Timestamptz, _>(listening.started_at - AROUND)
        .bind::<Timestamptz, _>(listening.started_at + AROUND)
        .bind::<Timestamptz, _>(listening.started_at - DAY)
        .bind::<Timestamptz, _>(listening.started_at + DAY),
    );
    Ok(beside.get_result(conn).await?)
}
