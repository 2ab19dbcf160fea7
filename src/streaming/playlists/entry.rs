//! What is in a playlist, in its order: rows and queries. Who writes holds the playlist.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::change::PlacedEntry;
use super::rank::Rank;
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, PlaylistEntryId, PlaylistId, TrackId};
use crate::streaming::schema::playlist_entries as entries;

/// A track in a playlist.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Entry {
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: PlaylistEntryId,
    #[diesel(sql_type = SqlUuid)]
    pub(super) track_id: TrackId,
    #[diesel(sql_type = Text)]
    rank: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(super) added_by: Option<AccountId>,
    #[diesel(sql_type = Timestamptz)]
    pub(super) added_at: DateTime<Utc>,
}

/// An entry that is not in yet, or is to be in again.
#[derive(Debug, Clone, Copy)]
pub(super) struct NewEntry {
    pub(super) id: PlaylistEntryId,
    pub(super) track_id: TrackId,
    pub(super) added_by: Option<AccountId>,
    pub(super) added_at: DateTime<Utc>,
}

/// Where something goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spot {
    First,
    Behind(PlaylistEntryId),
    Last,
}

impl Entry {
    pub(super) fn rank(&self) -> Rank {
        // The table's check says what the type says.
        Rank::try_from(self.rank.clone()).unwrap_or_else(|_| Rank::anew(1).remove(0))
    }

    /// The entries after a rank, in their order; one more than `limit`.
    pub(super) async fn list(
        conn: &mut Conn,
        playlist: PlaylistId,
        after: Option<&Rank>,
        limit: i64,
    ) -> Result<Vec<Self>> {
        let list = prepared(
            sql("select id, track_id, rank, added_by, added_at from streaming.playlist_entries
                 where playlist_id = $1 and rank > $2 order by rank limit $3")
            .bind::<SqlUuid, _>(playlist)
            .bind::<Text, _>(after.map_or("", Rank::as_str))
            .bind::<BigInt, _>(limit + 1),
        );
        Ok(list.load(conn).await?)
    }

    pub(super) async fn find(conn: &mut Conn, playlist: PlaylistId, id: PlaylistEntryId) -> Result<Option<Self>> {
        let found = prepared(
            sql("select id, track_id, rank, added_by, added_at from streaming.playlist_entries
                 where id = $2 and playlist_id = $1")
            .bind::<SqlUuid, _>(playlist)
            .bind::<SqlUuid, _>(id),
        );
        Ok(found.get_result(conn).await.optional()?)
    }

    /// Those of these entries that there are, in the playlist's order, and what each stands behind.
    pub(super) async fn placed(
        conn: &mut Conn,
        playlist: PlaylistId,
        ids: &[PlaylistEntryId],
    ) -> Result<Vec<PlacedEntry>> {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = SqlUuid)]
            id: PlaylistEntryId,
            #[diesel(sql_type = SqlUuid)]
            track_id: TrackId,
            #[diesel(sql_type = Nullable<SqlUuid>)]
            after: Option<PlaylistEntryId>,
        }
        let placed = prepared(
            sql("select e.id, e.track_id,
                        (select b.id from streaming.playlist_entries b
                         where b.playlist_id = $1 and b.rank < e.rank order by b.rank desc limit 1) as after
                 from streaming.playlist_entries e
                 where e.playlist_id = $1 and e.id = any($2) order by e.rank")
            .bind::<SqlUuid, _>(playlist)
            .bind::<Array<SqlUuid>, _>(ids),
        );
        let rows: Vec<Row> = placed.load(conn).await?;
        let placed = |Row { id, track_id, after }| PlacedEntry { id, track_id, after };
        Ok(rows.into_iter().map(placed).collect())
    }

    /// The entry right before this one.
    pub(super) async fn before(&self, conn: &mut Conn, playlist: PlaylistId) -> Result<Option<PlaylistEntryId>> {
        let before = entries::table
            .filter(entries::playlist_id.eq(playlist).and(entries::rank.lt(&self.rank)))
            .order(entries::rank.desc())
            .select(entries::id);
        Ok(before.first(conn).await.optional()?)
    }

    pub(super) async fn insert(conn: &mut Conn, playlist: PlaylistId, new: &[NewEntry], ranks: &[Rank]) -> Result<()> {
        let inserted = prepared(
            sql("insert into streaming.playlist_entries (id, playlist_id, track_id, rank, added_by, added_at)
                 select n.id, $1, n.track_id, n.rank, n.added_by, n.added_at
                 from unnest($2, $3, $4, $5, $6) as n (id, track_id, rank, added_by, added_at)")
            .bind::<SqlUuid, _>(playlist)
            .bind::<Array<SqlUuid>, _>(new.iter().map(|entry| entry.id).collect::<Vec<_>>())
            .bind::<Array<SqlUuid>, _>(new.iter().map(|entry| entry.track_id).collect::<Vec<_>>())
            .bind::<Array<Text>, _>(ranks.iter().map(Rank::as_str).collect::<Vec<_>>())
            .bind::<Array<Nullable<SqlUuid>>, _>(new.iter().map(|entry| entry.added_by).collect::<Vec<_>>())
            .bind::<Array<Timestamptz>, _>(new.iter().map(|entry| entry.added_at).collect::<Vec<_>>()),
        );
        inserted.execute(conn).await?;
        Ok(())
    }

    pub(super) async fn set_rank(conn: &mut Conn, id: PlaylistEntryId, rank: &Rank) -> Result<()> {
        diesel::update(entries::table.find(id)).set(entries::rank.eq(rank.as_str())).execute(conn).await?;
        Ok(())
    }

    /// Takes entries out; how many were there.
    pub(super) async fn delete(conn: &mut Conn, playlist: PlaylistId, ids: &[PlaylistEntryId]) -> Result<usize> {
        let these = entries::table.filter(entries::playlist_id.eq(playlist).and(entries::id.eq_any(ids)));
        Ok(diesel::delete(these).execute(conn).await?)
    }

    /// The ranks around a place, leaving out an entry that is about to leave its own; `None` where the entry to go behind is
    /// not there.
    pub(super) async fn around(
        conn: &mut Conn,
        playlist: PlaylistId,
        spot: Spot,
        but: Option<PlaylistEntryId>,
    ) -> Result<Option<(Option<Rank>, Option<Rank>)>> {
        let low = match spot {
            Spot::First => None,
            Spot::Behind(id) => match Self::find(conn, playlist, id).await? {
                Some(entry) => Some(entry.rank()),
                None => return Ok(None),
            },
            Spot::Last => return Ok(Some((Self::last(conn, playlist, but).await?, None))),
        };
        let next = Self::list(conn, playlist, low.as_ref(), 1).await?;
        let next = next.into_iter().find(|entry| Some(entry.id) != but);
        Ok(Some((low, next.as_ref().map(Self::rank))))
    }

    async fn last(conn: &mut Conn, playlist: PlaylistId, but: Option<PlaylistEntryId>) -> Result<Option<Rank>> {
        let last = entries::table
            .filter(entries::playlist_id.eq(playlist))
            .order(entries::rank.desc())
            .select((entries::id, entries::rank))
            .limit(2);
        let last: Vec<(PlaylistEntryId, String)> = last.load(conn).await?;
        let rank = last.into_iter().find(|(id, _)| Some(*id) != but).and_then(|(_, rank)| Rank::try_from(rank).ok());
        Ok(rank)
    }

    /// Gives every entry a new rank, in the order that they have.
    pub(super) async fn rank_anew(conn: &mut Conn, playlist: PlaylistId) -> Result<()> {
        let in_order =
            entries::table.filter(entries::playlist_id.eq(playlist)).order(entries::rank).select(entries::id);
        let ids: Vec<PlaylistEntryId> = in_order.load(conn).await?;
        let ranks = Rank::anew(ids.len());
        let ranked = prepared(
            sql("update streaming.playlist_entries e set rank = n.rank
                 from unnest($1, $2) as n (id, rank) where e.id = n.id")
            .bind::<Array<SqlUuid>, _>(ids)
            .bind::<Array<Text>, _>(ranks.iter().map(Rank::as_str).collect::<Vec<_>>()),
        );
        ranked.execute(conn).await?;
        Ok(())
    }

    /// Takes an account's name off what it added to the playlists of others.
    pub(super) async fn forget_adder(conn: &mut Conn, account: AccountId) -> Result<()> {
        diesel::update(entries::table.filter(entries::added_by.eq(account)))
            .set(entries::added_by.eq(None::<AccountId>))
            .execute(conn)
            .await?;
        Ok(())
    }
}
