//! What plays on which device of an account: rows and queries.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::json;
use uuid::Uuid;

use crate::accounts;
use crate::platform::Platform;
use crate::platform::auth::{Proof, Subject, revoke};
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::{Code, Error, Result};
use crate::platform::id::{AccountId, PlayId, TrackId};
use crate::platform::live::{self, Message};
use crate::streaming::play::PlayState;
use crate::streaming::schema::streams;

/// A player that tells of itself is believed to play for so long after each time.
const TOLD_FOR: TimeDelta = TimeDelta::seconds(120);

/// Rows are kept for so long after what they tell of has ended.
const KEPT: TimeDelta = TimeDelta::days(1);

/// A row of `streaming.streams`.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = streams)]
pub(crate) struct Stream {
    pub(in crate::streaming) account_id: AccountId,
    pub(super) credential_id: Uuid,
    pub(super) play_id: PlayId,
    pub(in crate::streaming) track_id: TrackId,
    pub(in crate::streaming) started_at: DateTime<Utc>,
}

/// What a device begins to play.
#[derive(Debug, Clone, Copy)]
pub(in crate::streaming) struct NewStream {
    pub(in crate::streaming) account: AccountId,
    pub(in crate::streaming) credential: Uuid,
    pub(in crate::streaming) play: PlayId,
    pub(in crate::streaming) track: TrackId,
    pub(in crate::streaming) duration_ms: i64,
    /// Whether it may end what plays elsewhere.
    pub(in crate::streaming) takes_over: bool,
}

/// Notes that a device begins to play, in the place of what it played before.
///
/// # Errors
/// `too-many-streams`, with the devices' names, where as many others play as may.
pub(in crate::streaming) async fn begin(
    platform: &Platform,
    conn: &mut Conn,
    new: NewStream,
    now: DateTime<Utc>,
) -> Result<()> {
    let most = platform.config.streams_per_account as usize;
    if most > 0 {
        let mut others = Stream::list(conn, new.account, Some(new.credential), now).await?;
        if others.len() + 1 >= most {
            // Devices that begin at once are counted one after the other.
            lock(conn, new.account).await?;
            others = Stream::list(conn, new.account, Some(new.credential), now).await?;
        }
        match &others[..(others.len() + 1).saturating_sub(most)] {
            [] => {}
            oldest if new.takes_over => end(platform, conn, oldest).await?,
            _ => return Err(refusal(conn, &others).await?),
        }
    }
    insert(conn, new, now).await
}

/// Ends streams, in every process, and tells their devices.
pub(super) async fn end(platform: &Platform, conn: &mut Conn, ended: &[Stream]) -> Result<()> {
    let plays: Vec<Subject> = ended.iter().map(|stream| Subject::Play(stream.play_id)).collect();
    revoke(conn, &platform.clock, &plays).await?;
    for stream in ended {
        let row =
            streams::table.find((stream.account_id, stream.credential_id)).filter(streams::play_id.eq(stream.play_id));
        diesel::delete(row).execute(conn).await?;
        let message =
            Message { event: "stream.ended".to_owned(), id: None, data: json!({ "play_id": stream.play_id }) };
        live::tell(conn, vec![format!("account:{}", stream.account_id)], message).await?;
    }
    Ok(())
}

impl Stream {
    /// What an account plays now, the longest first; one device left out.
    pub(super) async fn list(
        conn: &mut Conn,
        account: AccountId,
        except: Option<Uuid>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Self>> {
        // No device has the nil id.
        let except = except.unwrap_or(Uuid::nil());
        let playing = streams::table
            .filter(streams::account_id.eq(account).and(streams::credential_id.ne(except)))
            .filter(streams::playing_until.gt(now))
            .order((streams::started_at, streams::credential_id))
            .select(Self::as_select());
        Ok(playing.load(conn).await?)
    }

    /// What each of these accounts began to play last, as far as it plays now.
    pub(in crate::streaming) async fn latest_of(
        conn: &mut Conn,
        accounts: &[AccountId],
        now: DateTime<Utc>,
    ) -> Result<Vec<Self>> {
        let latest = streams::table
            .distinct_on(streams::account_id)
            .filter(streams::account_id.eq_any(accounts).and(streams::playing_until.gt(now)))
            .order((streams::account_id, streams::started_at.desc()))
            .select(Self::as_select());
        Ok(latest.load(conn).await?)
    }

    /// What a player told of a play. One that another took the place of is not there any more.
    pub(in crate::streaming) async fn tell(
        conn: &mut Conn,
        proof: &Proof,
        play: PlayId,
        state: PlayState,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let until = if state == PlayState::Playing { now + TOLD_FOR } else { now };
        let (device, is_told) = (streams::credential_id.eq(proof.credential.uuid()), streams::play_id.eq(play));
        let own = streams::table.filter(streams::account_id.eq(proof.account));
        let set = streams::playing_until.eq(until);
        if state == PlayState::Paused {
            // What was asked for to follow waits too.
            diesel::update(own.filter(device)).set(set).execute(conn).await?;
        } else {
            diesel::update(own.filter(is_told)).set(set).execute(conn).await?;
        }
        Ok(())
    }

    /// Forgets what ended long ago.
    pub(in crate::streaming) async fn forget_old(conn: &mut Conn, now: DateTime<Utc>) -> Result<()> {
        diesel::delete(streams::table.filter(streams::playing_until.le(now - KEPT))).execute(conn).await?;
        Ok(())
    }

    pub(in crate::streaming) async fn forget(conn: &mut Conn, account: AccountId) -> Result<()> {
        diesel::delete(streams::table.filter(streams::account_id.eq(account))).execute(conn).await?;
        Ok(())
    }
}

async fn lock(conn: &mut Conn, account: AccountId) -> Result<()> {
    let lock = sql("select pg_advisory_xact_lock(hashtextextended('streams:' || $1::text, 0))");
    prepared(lock.bind::<SqlUuid, _>(account)).execute(conn).await?;
    Ok(())
}

async fn insert(conn: &mut Conn, new: NewStream, now: DateTime<Utc>) -> Result<()> {
    // A player that never tells of itself plays to the end, as far as anybody knows.
    let insert =
        sql("insert into streaming.streams (account_id, credential_id, play_id, track_id, started_at, playing_until)
         values ($1, $2, $3, $4, $5, $5 + $6 * interval '1 ms' + interval '30 s')
         on conflict (account_id, credential_id) do update set play_id = excluded.play_id, track_id = excluded.track_id,
             started_at = excluded.started_at, playing_until = excluded.playing_until");
    let insert = insert.bind::<SqlUuid, _>(new.account).bind::<SqlUuid, _>(new.credential);
    let insert = insert.bind::<SqlUuid, _>(new.play).bind::<SqlUuid, _>(new.track);
    let insert = insert.bind::<Timestamptz, _>(now).bind::<BigInt, _>(new.duration_ms);
    prepared(insert).execute(conn).await?;
    Ok(())
}

async fn refusal(conn: &mut Conn, others: &[Stream]) -> Result<Error> {
    let ids: Vec<Uuid> = others.iter().map(|stream| stream.credential_id).collect();
    let account = others.first().map(|stream| stream.account_id);
    let devices = match account {
        Some(account) => accounts::devices(conn, account, &ids).await?,
        None => Default::default(),
    };
    let names: Vec<&str> = ids.iter().map(|id| devices.get(id).map_or("another device", String::as_str)).collect();
    Ok(Error::RefusedBecause(Code::TooManyStreams, format!("It plays on: {}.", names.join(", "))))
}
