//! A room: the row and its queries.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};

use super::member::Member;
use super::playback::Playback;
use crate::artists::Title;
use crate::platform::Platform;
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::{Error, Result};
use crate::platform::id::{AccountId, RoomId, TrackId};
use crate::platform::live::{self, Message};
use crate::streaming::schema::{room_members as members, rooms};

/// A room in which nobody does anything is closed after so long.
const KEPT_FOR: TimeDelta = TimeDelta::days(7);

/// A row of `streaming.rooms`.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = rooms)]
pub(in crate::streaming) struct Room {
    pub(super) id: RoomId,
    pub(super) host_id: AccountId,
    pub(super) title: String,
    /// Whether everybody in it steers.
    pub(super) is_open: bool,
    pub(super) key_number: i32,
    pub(super) track_ids: Vec<TrackId>,
    pub(super) durations_ms: Vec<i64>,
    pub(super) current: i32,
    pub(super) position_ms: i64,
    pub(super) is_playing: bool,
    pub(super) anchored_at: DateTime<Utc>,
    pub(super) version: i64,
    pub(super) touched_at: DateTime<Utc>,
}

impl Room {
    /// A new one, with its host in it.
    pub(super) async fn insert(&self, conn: &mut Conn) -> Result<()> {
        diesel::insert_into(rooms::table).values(self).execute(conn).await?;
        Member::insert(conn, self.id, self.host_id, self.touched_at).await?;
        Ok(())
    }

    /// A room that this account is in; 404 for one that it is not in, whether there is such a one or not.
    pub(super) async fn of_member(conn: &mut Conn, id: RoomId, account: AccountId) -> Result<Self> {
        let is_in = members::table.find((id, account));
        let room = rooms::table.find(id).filter(diesel::dsl::exists(is_in)).select(Self::as_select());
        room.first(conn).await.optional()?.ok_or(Error::NotFound("room"))
    }

    /// Holds a room until the transaction ends: whoever changes it, or who is in it, does so.
    pub(super) async fn lock(conn: &mut Conn, id: RoomId) -> Result<Self> {
        let room = rooms::table.find(id).for_no_key_update().select(Self::as_select());
        room.first(conn).await.optional()?.ok_or(Error::NotFound("room"))
    }

    /// The same for its host; 404 for who is not in it, 403 for the others.
    pub(super) async fn lock_for_host(conn: &mut Conn, id: RoomId, account: AccountId) -> Result<Self> {
        let room = Self::lock(conn, id).await?;
        if room.host_id == account {
            return Ok(room);
        }
        Self::of_member(conn, id, account).await?;
        Err(Error::Forbidden)
    }

    /// Those that an account is in, the latest first. There are few.
    pub(super) async fn list(conn: &mut Conn, account: AccountId) -> Result<Vec<Self>> {
        let list = rooms::table
            .inner_join(members::table.on(members::room_id.eq(rooms::id)))
            .filter(members::account_id.eq(account))
            .order(rooms::id.desc())
            .select(Self::as_select());
        Ok(list.load(conn).await?)
    }

    /// Writes what may change of a room.
    pub(super) async fn save(&self, conn: &mut Conn) -> Result<()> {
        let changed = (
            rooms::host_id.eq(self.host_id),
            rooms::title.eq(&self.title),
            rooms::is_open.eq(self.is_open),
            rooms::key_number.eq(self.key_number),
            rooms::touched_at.eq(self.touched_at),
        );
        diesel::update(rooms::table.find(self.id)).set(changed).execute(conn).await?;
        Ok(())
    }

    /// Writes what is heard in it from now on; a new version.
    pub(super) async fn play(&self, conn: &mut Conn) -> Result<()> {
        let changed = (
            rooms::track_ids.eq(&self.track_ids),
            rooms::durations_ms.eq(&self.durations_ms),
            rooms::current.eq(self.current),
            rooms::position_ms.eq(self.position_ms),
            rooms::is_playing.eq(self.is_playing),
            rooms::anchored_at.eq(self.anchored_at),
            rooms::version.eq(self.version),
            rooms::touched_at.eq(self.touched_at),
        );
        diesel::update(rooms::table.find(self.id)).set(changed).execute(conn).await?;
        Ok(())
    }

    pub(super) async fn delete(conn: &mut Conn, id: RoomId) -> Result<()> {
        diesel::delete(rooms::table.find(id)).execute(conn).await?;
        Ok(())
    }

    /// Closes those in which nothing has happened for long.
    pub(in crate::streaming) async fn forget_old(conn: &mut Conn, now: DateTime<Utc>) -> Result<()> {
        diesel::delete(rooms::table.filter(rooms::touched_at.le(now - KEPT_FOR))).execute(conn).await?;
        Ok(())
    }

    /// The rooms that an account is in, or is the host of.
    pub(super) async fn ids_of(conn: &mut Conn, account: AccountId) -> Result<Vec<RoomId>> {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = SqlUuid)]
            id: RoomId,
        }
        let ids = sql("select room_id as id from streaming.room_members where account_id = $1
             union select id from streaming.rooms where host_id = $1 order by id");
        let rows: Vec<Row> = prepared(ids.bind::<SqlUuid, _>(account)).load(conn).await?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    }

    /// Who has been in it for longest, but for one.
    pub(super) async fn heir(conn: &mut Conn, id: RoomId, but: AccountId) -> Result<Option<AccountId>> {
        let heir = members::table
            .filter(members::room_id.eq(id).and(members::account_id.ne(but)))
            .order((members::joined_at, members::account_id))
            .select(members::account_id);
        Ok(heir.first(conn).await.optional()?)
    }

    /// What lets others in.
    pub(super) fn key(&self, platform: &Platform) -> String {
        platform.grants.key_to(&self.key_name())
    }

    pub(super) fn is_opened_by(&self, platform: &Platform, key: &str) -> bool {
        platform.grants.is_key_to(&self.key_name(), key)
    }

    fn key_name(&self) -> String {
        format!("room {} {}", self.id, self.key_number)
    }

    /// Whether this account, which is in it, steers.
    pub(super) fn is_steered_by(&self, account: AccountId) -> bool {
        self.is_open || self.host_id == account
    }

    pub(super) fn name(&mut self, title: &Title) {
        title.as_str().clone_into(&mut self.title);
    }

    pub(super) fn playback(&self) -> Playback {
        Playback {
            current: self.current,
            position_ms: self.position_ms,
            is_playing: self.is_playing,
            anchored_at: self.anchored_at,
            version: self.version,
        }
    }

    /// Tells all who are in it, with the caller's commit.
    pub(super) async fn tell(&self, conn: &mut Conn, event: &str, rest: Value) -> Result<()> {
        let listeners = Member::list(conn, self.id).await?;
        self.tell_these(conn, listeners.iter().map(|member| member.account_id), event, rest).await
    }

    pub(super) async fn tell_these(
        &self,
        conn: &mut Conn,
        accounts: impl Iterator<Item = AccountId>,
        event: &str,
        rest: Value,
    ) -> Result<()> {
        let mut data = json!({ "room_id": self.id });
        if let (Some(data), Value::Object(rest)) = (data.as_object_mut(), rest) {
            data.extend(rest);
        }
        let channels = accounts.map(|account| format!("account:{account}")).collect();
        live::tell(conn, channels, Message { event: event.to_owned(), id: None, data }).await
    }

    /// Notes that somebody is there, now and then.
    pub(super) async fn touch(conn: &mut Conn, id: RoomId, now: DateTime<Utc>) -> Result<()> {
        let touch = sql("update streaming.rooms set touched_at = $2 where id = $1 and touched_at < $3");
        let touch = touch.bind::<SqlUuid, _>(id).bind::<Timestamptz, _>(now);
        prepared(touch.bind::<Timestamptz, _>(now - TimeDelta::hours(1))).execute(conn).await?;
        Ok(())
    }
}
