//! What plays on which device of an account: rows and queries.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::platform::auth::Proof;
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, PlayId, TrackId};
use crate::streaming::schema::streams;

/// A player that tells of itself is believed to play for so long after each time.
const TOLD_FOR: TimeDelta = TimeDelta::seconds(120);

/// Rows are kept for so long after what they tell of has ended.
const KEPT: TimeDelta = TimeDelta::days(1);

/// A row of `streaming.streams`.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = streams)]
pub(crate) struct Stream {
    pub(super) account_id: AccountId,
    pub(super) credential_id: Uuid,
    /// What was granted last.
    pub(super) play_id: PlayId,
    pub(super) track_id: TrackId,
    pub(super) started_at: DateTime<Utc>,
    /// What its player says that it plays.
    pub(super) heard_play_id: Option<PlayId>,
    pub(super) heard_track_id: Option<TrackId>,
}

/// What somebody hears now, as their player says.
#[derive(Debug, Clone, Copy, Queryable)]
pub(in crate::streaming) struct Heard {
    pub(in crate::streaming) account_id: AccountId,
    pub(in crate::streaming) track_id: TrackId,
    pub(in crate::streaming) since: DateTime<Utc>,
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

    /// What each of these accounts began to hear last, as far as it plays now.
    pub(in crate::streaming) async fn heard_by(
        conn: &mut Conn,
        accounts: &[AccountId],
        now: DateTime<Utc>,
    ) -> Result<Vec<Heard>> {
        let (track, since) = (streams::heard_track_id.assume_not_null(), streams::heard_since.assume_not_null());
        let latest = streams::table
            .distinct_on(streams::account_id)
            .filter(streams::account_id.eq_any(accounts).and(streams::playing_until.gt(now)))
            .filter(streams::heard_track_id.is_not_null())
            .order((streams::account_id, since.desc()))
            .select((streams::account_id, track, since));
        Ok(latest.load(conn).await?)
    }

    /// The row of a device.
    pub(super) async fn find(conn: &mut Conn, account: AccountId, credential: Uuid) -> Result<Option<Self>> {
        let row = streams::table.find((account, credential)).select(Self::as_select());
        Ok(row.first(conn).await.optional()?)
    }

    /// What was granted is noted, in the place of what was granted before; what is heard goes on.
    pub(super) async fn insert(conn: &mut Conn, new: NewStream, now: DateTime<Utc>) -> Result<()> {
        // A player that never tells of itself plays to the end, as far as anybody knows.
        let insert = sql(
            "insert into streaming.streams (account_id, credential_id, play_id, track_id, started_at, playing_until)
             values ($1, $2, $3, $4, $5, $5 + $6 * interval '1 ms' + interval '30 s')
             on conflict (account_id, credential_id) do update set play_id = excluded.play_id,
                 track_id = excluded.track_id, started_at = excluded.started_at, playing_until = excluded.playing_until",
        );
        let insert = insert.bind::<SqlUuid, _>(new.account).bind::<SqlUuid, _>(new.credential);
        let insert = insert.bind::<SqlUuid, _>(new.play).bind::<SqlUuid, _>(new.track);
        let insert = insert.bind::<Timestamptz, _>(now).bind::<BigInt, _>(new.duration_ms);
        prepared(insert).execute(conn).await?;
        Ok(())
    }

    /// A device says that it plays this.
    pub(super) async fn hear(
        conn: &mut Conn,
        proof: &Proof,
        (play, track): (PlayId, TrackId),
        now: DateTime<Utc>,
    ) -> Result<()> {
        let hear = sql("update streaming.streams set playing_until = $5, heard_play_id = $3, heard_track_id = $4,
                 heard_since = case when heard_play_id = $3 then heard_since else $6 end
             where account_id = $1 and credential_id = $2");
        let hear = hear.bind::<SqlUuid, _>(proof.account).bind::<SqlUuid, _>(proof.credential.uuid());
        let hear = hear.bind::<SqlUuid, _>(play).bind::<SqlUuid, _>(track);
        prepared(hear.bind::<Timestamptz, _>(now + TOLD_FOR).bind::<Timestamptz, _>(now)).execute(conn).await?;
        Ok(())
    }

    /// A device has paused: what was asked for to follow waits too.
    pub(super) async fn pause(conn: &mut Conn, proof: &Proof, now: DateTime<Utc>) -> Result<()> {
        let row = streams::table.find((proof.account, proof.credential.uuid()));
        diesel::update(row).set(streams::playing_until.eq(now)).execute(conn).await?;
        Ok(())
    }

    /// A play is over: nothing is heard of it any more, and nothing plays unless another was granted.
    pub(super) async fn finish(conn: &mut Conn, account: AccountId, play: PlayId, now: DateTime<Utc>) -> Result<()> {
        let own = streams::table.filter(streams::account_id.eq(account));
        let silent = (
            streams::heard_play_id.eq(None::<PlayId>),
            streams::heard_track_id.eq(None::<TrackId>),
            streams::heard_since.eq(None::<DateTime<Utc>>),
        );
        diesel::update(own.filter(streams::heard_play_id.eq(play))).set(silent).execute(conn).await?;
        let granted = own.filter(streams::play_id.eq(play));
        diesel::update(granted).set(streams::playing_until.eq(now)).execute(conn).await?;
        Ok(())
    }

    pub(super) async fn delete(&self, conn: &mut Conn) -> Result<()> {
        diesel::delete(streams::table.find((self.account_id, self.credential_id))).execute(conn).await?;
        Ok(())
    }

    /// The plays that a device holds.
    pub(super) fn plays(&self) -> impl Iterator<Item = PlayId> {
        [self.play_id].into_iter().chain(self.heard_play_id.filter(|heard| *heard != self.play_id))
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
