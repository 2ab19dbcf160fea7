//! An upload in pieces: its row and queries.

use chrono::{DateTime, Utc};
use diesel::dsl;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Jsonb, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::artists::membership::may_edit;
use crate::artists::schema::{releases, uploads};
use crate::artists::track::TrackProblem;
use crate::platform::db::{Conn, named, prepared, sql};
use crate::platform::error::{Code, Error, Result};
use crate::platform::id::{AccountId, ReleaseId, TrackId, UploadId};
use crate::platform::storage::{Landing, Whole};

named! {
    /// What an upload is to become.
    pub(super) enum Form {
        /// A file of its own.
        Whole = "whole",
        /// A part that others are put together of.
        Part = "part",
        /// A file that is put together of parts.
        Joined = "joined",
    }
}

named! {
    /// Where an upload stands.
    pub(crate) enum UploadState {
        /// Bytes are still to come.
        Arriving = "arriving",
        /// All bytes are here.
        Arrived = "arrived",
        /// It is a track.
        Done = "done",
        /// It came whole and could not become a track.
        Refused = "refused",
        /// It was not finished in time.
        Expired = "expired",
    }
}

/// A row of `artists.uploads`.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = uploads)]
pub(super) struct Transfer {
    pub(super) id: UploadId,
    pub(super) account_id: AccountId,
    pub(super) release_id: Option<ReleaseId>,
    pub(super) form: Form,
    pub(super) filename: Option<String>,
    pub(super) metadata: Option<String>,
    length_bytes: Option<i64>,
    offset_bytes: i64,
    landing: Value,
    hash: Option<Vec<u8>>,
    part_ids: Option<Vec<Option<Uuid>>>,
    pub(super) state: UploadState,
    pub(super) track_id: Option<TrackId>,
    problem_slug: Option<String>,
    problem_message: Option<String>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
    /// The track that it is another file for.
    pub(super) replaces_id: Option<TrackId>,
    /// Of which each audio file becomes a track.
    pub(super) is_archive: bool,
}

/// What a new upload is.
pub(super) struct NewTransfer<'a> {
    pub(super) id: UploadId,
    pub(super) account: AccountId,
    pub(super) release: Option<ReleaseId>,
    pub(super) form: Form,
    pub(super) filename: Option<&'a str>,
    pub(super) metadata: Option<&'a str>,
    pub(super) length: Option<u64>,
    pub(super) parts: Option<&'a [UploadId]>,
    pub(super) replaces: Option<TrackId>,
    pub(super) is_archive: bool,
    pub(super) expires_at: DateTime<Utc>,
}

impl Transfer {
    pub(super) async fn insert(conn: &mut Conn, new: &NewTransfer<'_>) -> Result<()> {
        let parts: Option<Vec<Option<Uuid>>> =
            new.parts.map(|parts| parts.iter().map(|part| Some(part.uuid())).collect());
        diesel::insert_into(uploads::table)
            .values((
                uploads::id.eq(new.id),
                uploads::account_id.eq(new.account),
                uploads::release_id.eq(new.release),
                uploads::form.eq(new.form),
                uploads::filename.eq(new.filename),
                uploads::metadata.eq(new.metadata),
                uploads::length_bytes.eq(new.length.map(number)),
                uploads::part_ids.eq(parts),
                uploads::replaces_id.eq(new.replaces),
                uploads::is_archive.eq(new.is_archive),
                uploads::expires_at.eq(new.expires_at),
            ))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// The upload, if this account began it and may still edit what it is for.
    pub(super) async fn find_mine(conn: &mut Conn, id: UploadId, account: AccountId) -> Result<Option<Self>> {
        let editable = releases::table.filter(may_edit(releases::artist_id, account)).select(releases::id.nullable());
        let mine = uploads::table
            .find(id)
            .filter(uploads::account_id.eq(account))
            .filter(uploads::release_id.is_null().or(uploads::release_id.eq_any(editable)))
            .select(Self::as_select());
        Ok(mine.first(conn).await.optional()?)
    }

    /// The upload, whoever asks.
    pub(super) async fn find(conn: &mut Conn, id: UploadId) -> Result<Option<Self>> {
        Ok(uploads::table.find(id).select(Self::as_select()).first(conn).await.optional()?)
    }

    /// The same, held until the transaction ends.
    pub(super) async fn lock(conn: &mut Conn, id: UploadId) -> Result<Option<Self>> {
        Ok(uploads::table.find(id).select(Self::as_select()).for_update().first(conn).await.optional()?)
    }

    /// How many uploads of an account wait for bytes, or for their joining.
    pub(super) async fn count_open(conn: &mut Conn, account: AccountId) -> Result<i64> {
        let open = uploads::table
            .filter(uploads::account_id.eq(account))
            .filter(uploads::state.eq_any([UploadState::Arriving, UploadState::Arrived]));
        Ok(open.count().get_result(conn).await?)
    }

    /// Who counts an account's parts takes turns with others who do, until the transaction ends.
    pub(super) async fn take_turn(conn: &mut Conn, account: AccountId) -> Result<()> {
        let turn = prepared(
            sql("select pg_advisory_xact_lock(hashtextextended('parts:' || $1::text, 0))").bind::<SqlUuid, _>(account),
        );
        turn.execute(conn).await?;
        Ok(())
    }

    /// Bytes that an account's parts take, or will.
    pub(super) async fn bytes_of_parts(conn: &mut Conn, account: AccountId) -> Result<u64> {
        let parts = uploads::table
            .filter(uploads::account_id.eq(account).and(uploads::form.eq(Form::Part)))
            .filter(uploads::state.eq_any([UploadState::Arriving, UploadState::Arrived]))
            .select((uploads::length_bytes, uploads::offset_bytes));
        let parts: Vec<(Option<i64>, i64)> = parts.load(conn).await?;
        Ok(parts.into_iter().map(|(length, offset)| length.unwrap_or(offset).unsigned_abs()).sum())
    }

    /// The client knows now how long it is.
    pub(super) async fn measure(conn: &mut Conn, id: UploadId, length: u64) -> Result<()> {
        diesel::update(uploads::table.find(id)).set(uploads::length_bytes.eq(number(length))).execute(conn).await?;
        Ok(())
    }

    /// Notes how far it is, and lets its writer go on; false when it is somebody else's turn, or the upload is gone.
    pub(super) async fn move_on(
        conn: &mut Conn,
        id: UploadId,
        writer: Uuid,
        (offset, landing): (u64, &Landing),
        expires_at: DateTime<Utc>,
    ) -> Result<bool> {
        let moved = prepared(
            sql("update artists.uploads
                 set offset_bytes = $3, landing = $4, expires_at = $5, writer_until = clock_timestamp() + interval '6 s'
                 where id = $1 and writer = $2 and state = 'arriving' and offset_bytes <= $3")
            .bind::<SqlUuid, _>(id)
            .bind::<SqlUuid, _>(writer)
            .bind::<BigInt, _>(number(offset))
            .bind::<Jsonb, _>(json!(landing))
            .bind::<Timestamptz, _>(expires_at),
        );
        Ok(moved.execute(conn).await? == 1)
    }

    /// Notes that it came whole; false when it is somebody else's turn, or the upload is gone.
    pub(super) async fn arrive(conn: &mut Conn, id: UploadId, writer: Uuid, whole: &Whole) -> Result<bool> {
        let held = uploads::table
            .find(id)
            .filter(uploads::writer.eq(writer))
            .filter(uploads::state.eq(UploadState::Arriving))
            .filter(uploads::length_bytes.eq(number(whole.size_bytes)));
        let arrived = diesel::update(held)
            .set((
                uploads::offset_bytes.eq(number(whole.size_bytes)),
                uploads::landing.eq(json!(whole.landing)),
                uploads::hash.eq(&whole.hash),
                uploads::state.eq(UploadState::Arrived),
            ))
            .execute(conn)
            .await?;
        Ok(arrived == 1)
    }

    /// It is a track.
    pub(super) async fn finish(&self, conn: &mut Conn, track: TrackId) -> Result<()> {
        diesel::update(uploads::table.find(self.id))
            .set((uploads::state.eq(UploadState::Done), uploads::track_id.eq(track)))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// All that was in it is unpacked.
    pub(super) async fn end(&self, conn: &mut Conn) -> Result<()> {
        let arrived = uploads::table.find(self.id).filter(uploads::state.eq(UploadState::Arrived));
        diesel::update(arrived).set(uploads::state.eq(UploadState::Done)).execute(conn).await?;
        Ok(())
    }

    /// It cannot become a track.
    pub(super) async fn refuse(conn: &mut Conn, id: UploadId, problem: &TrackProblem) -> Result<()> {
        let open = uploads::table.find(id).filter(uploads::state.ne(UploadState::Done));
        diesel::update(open)
            .set((
                uploads::state.eq(UploadState::Refused),
                uploads::problem_slug.eq(&problem.slug),
                uploads::problem_message.eq(&problem.message),
            ))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// Its time is over: nothing more is taken for it.
    pub(super) async fn expire(&self, conn: &mut Conn) -> Result<()> {
        diesel::update(uploads::table.find(self.id)).set(uploads::state.eq(UploadState::Expired)).execute(conn).await?;
        Ok(())
    }

    pub(super) async fn delete(&self, conn: &mut Conn) -> Result<()> {
        diesel::delete(uploads::table.find(self.id)).execute(conn).await?;
        Ok(())
    }

    /// Uploads whose time was over before `time`, and whose bytes are still here; what was put together of parts waits for
    /// its job.
    pub(super) async fn list_overdue(conn: &mut Conn, time: DateTime<Utc>, limit: i64) -> Result<Vec<Self>> {
        let is_waiting = uploads::state
            .eq(UploadState::Arriving)
            .or(uploads::state.eq(UploadState::Arrived).and(uploads::form.eq(Form::Part)));
        let overdue = uploads::table
            .filter(uploads::expires_at.lt(time))
            .filter(is_waiting)
            .order(uploads::expires_at)
            .limit(limit)
            .select(Self::as_select());
        Ok(overdue.load(conn).await?)
    }

    /// Forgets uploads that ended, one way or the other, and whose time was over before `time`.
    pub(super) async fn forget_ended(conn: &mut Conn, time: DateTime<Utc>) -> Result<usize> {
        let ended = [UploadState::Done, UploadState::Refused, UploadState::Expired];
        let old = uploads::table.filter(uploads::expires_at.lt(time)).filter(uploads::state.eq_any(ended));
        Ok(diesel::delete(old).execute(conn).await?)
    }

    /// Bytes that count.
    pub(super) fn offset(&self) -> u64 {
        self.offset_bytes.unsigned_abs()
    }

    /// Bytes that count, for the client: what is put together has none before it is whole.
    pub(super) fn told_offset(&self) -> Option<u64> {
        let is_open = self.form == Form::Joined && self.hash.is_none();
        (!is_open).then(|| self.offset())
    }

    /// Whether an upload can be put together of it: all of its bytes are here, or it has none.
    pub(super) fn is_complete_part(&self) -> bool {
        self.state == UploadState::Arrived || (self.state == UploadState::Arriving && self.length() == Some(0))
    }

    pub(super) fn length(&self) -> Option<u64> {
        self.length_bytes.map(i64::unsigned_abs)
    }

    pub(super) fn parts(&self) -> impl Iterator<Item = UploadId> {
        self.part_ids.iter().flatten().flatten().copied().map(UploadId::from)
    }

    pub(super) fn problem(&self) -> Option<TrackProblem> {
        let problem = self.problem_slug.clone().zip(self.problem_message.clone());
        problem.map(|(slug, message)| TrackProblem { slug, message })
    }

    /// What the store knows of its bytes.
    pub(super) fn landing(&self) -> Result<Landing> {
        Ok(serde_json::from_value(self.landing.clone()).map_err(anyhow::Error::from)?)
    }

    /// What came whole; none before that.
    pub(super) fn whole(&self) -> Result<Option<Whole>> {
        let Some(hash) = self.hash.clone() else { return Ok(None) };
        Ok(Some(Whole { landing: self.landing()?, hash, size_bytes: self.offset() }))
    }

    /// Refuses what can take no bytes any more, for whatever reason that lies in the past.
    pub(super) fn require_open(&self, now: DateTime<Utc>) -> Result<()> {
        let is_waiting = matches!(self.state, UploadState::Arriving)
            || (self.state == UploadState::Arrived && self.form == Form::Part);
        match self.state {
            UploadState::Refused => Err(Error::Refused(Code::UploadRefused)),
            UploadState::Expired => Err(Error::Refused(Code::UploadExpired)),
            _ if is_waiting && self.expires_at <= now => Err(Error::Refused(Code::UploadExpired)),
            _ => Ok(()),
        }
    }
}

fn number(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

/// Whether an account may change anything of any artist; who may not has nothing to upload for.
pub(super) async fn edits_anything(conn: &mut Conn, account: AccountId) -> Result<bool> {
    let acts = dsl::sql::<Bool>("exists (select 1 from artists.acting x where x.role <> 'viewer' and x.account_id = ")
        .bind::<SqlUuid, _>(account)
        .sql(")");
    Ok(diesel::select(acts).get_result(conn).await?)
}

/// Forgets the uploads of an account that is erased. Their bytes are swept.
pub(in crate::artists) async fn forget(conn: &mut Conn, account: AccountId) -> Result<()> {
    diesel::delete(uploads::table.filter(uploads::account_id.eq(account))).execute(conn).await?;
    Ok(())
}
