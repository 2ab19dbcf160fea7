//! Who is in a room: rows and queries.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::{AccountId, RoomId};
use crate::streaming::schema::room_members as members;

/// What an account takes along of its rooms.
pub(in crate::streaming) const KEPT: (&str, &str, &str) = (
    "rooms.json",
    "The rooms that you are in, to listen with others.",
    "select m.room_id as id, json_build_object('room_id', m.room_id, 'title', r.title, 'is_host', r.host_id = $1,
            'joined_at', m.joined_at) as document
     from streaming.room_members m join streaming.rooms r on r.id = m.room_id
     where m.account_id = $1 and ($2::uuid is null or m.room_id > $2) order by m.room_id limit $3",
);

/// Somebody in a room.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = members)]
pub(super) struct Member {
    pub(super) account_id: AccountId,
    pub(super) joined_at: DateTime<Utc>,
}

impl Member {
    /// Everybody in it, who came first first.
    pub(super) async fn list(conn: &mut Conn, room: RoomId) -> Result<Vec<Self>> {
        let list = members::table
            .filter(members::room_id.eq(room))
            .order((members::joined_at, members::account_id))
            .select(Self::as_select());
        Ok(list.load(conn).await?)
    }

    pub(super) async fn count(conn: &mut Conn, room: RoomId) -> Result<i64> {
        Ok(members::table.filter(members::room_id.eq(room)).count().get_result(conn).await?)
    }

    /// How many are in each of these rooms.
    pub(super) async fn count_each(conn: &mut Conn, rooms: &[RoomId]) -> Result<HashMap<RoomId, i64>> {
        let each = members::table
            .filter(members::room_id.eq_any(rooms))
            .group_by(members::room_id)
            .select((members::room_id, diesel::dsl::count_star()));
        let each: Vec<(RoomId, i64)> = each.load(conn).await?;
        Ok(each.into_iter().collect())
    }

    /// In how many rooms an account is.
    pub(super) async fn count_rooms(conn: &mut Conn, account: AccountId) -> Result<i64> {
        Ok(members::table.filter(members::account_id.eq(account)).count().get_result(conn).await?)
    }

    /// Whether it was not in it before.
    pub(super) async fn insert(conn: &mut Conn, room: RoomId, account: AccountId, now: DateTime<Utc>) -> Result<bool> {
        let new = (members::room_id.eq(room), members::account_id.eq(account), members::joined_at.eq(now));
        let insert = diesel::insert_into(members::table).values(new).on_conflict_do_nothing();
        Ok(insert.execute(conn).await? == 1)
    }

    /// Whether it was in it.
    pub(super) async fn delete(conn: &mut Conn, room: RoomId, account: AccountId) -> Result<bool> {
        Ok(diesel::delete(members::table.find((room, account))).execute(conn).await? == 1)
    }
}
