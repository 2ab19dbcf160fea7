//! Playlists: rows, who may do what with them, and queries.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};

use super::cover::Cover;
use super::discard_cover;
use super::rules::Rules;
use super::words::Description;
use crate::accounts;
use crate::artists::Title;
use crate::platform::db::{Conn, named, prepared, sql};
use crate::platform::error::{Code, Error, Result};
use crate::platform::id::{AccountId, PlaylistId};
use crate::streaming::schema::playlists;

named! {
    /// Who sees a playlist besides those who have a role in it.
    pub(crate) enum Openness {
        /// Everybody; it is in its owner's public list.
        Public = "public",
        /// Who has its address.
        Unlisted = "unlisted",
        /// Nobody else.
        Private = "private",
    }
}

named! {
    /// What somebody may do with a playlist.
    pub(crate) enum PlaylistRole {
        /// Everything.
        Owner = "owner",
        /// Change what is in it.
        Editor = "editor",
        /// Look, also where it is private.
        Viewer = "viewer",
    }
}

/// A playlist, as somebody sees it.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Playlist {
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: PlaylistId,
    #[diesel(sql_type = SqlUuid)]
    pub(super) account_id: AccountId,
    #[diesel(sql_type = Text)]
    pub(super) title: String,
    #[diesel(sql_type = Text)]
    pub(super) description: String,
    #[diesel(sql_type = Text)]
    pub(super) visibility: Openness,
    #[diesel(sql_type = Integer)]
    pub(super) entry_count: i32,
    #[diesel(sql_type = Timestamptz)]
    pub(super) created_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub(super) updated_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    rules: Option<Value>,
    #[diesel(sql_type = Integer)]
    pub(super) follower_count: i32,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) cover_key: Option<String>,
    /// Whether the viewer follows it.
    #[diesel(sql_type = Bool)]
    pub(super) is_followed: bool,
    /// The viewer's.
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) role: Option<PlaylistRole>,
}

/// What a playlist is called, who sees it, and how it fills itself, if it does.
pub(super) struct Naming<'a> {
    pub(super) title: &'a Title,
    pub(super) description: &'a Description,
    pub(super) visibility: Openness,
    pub(super) rules: Option<&'a Rules>,
}

/// SQL: a playlist `p` with the role of the viewer `$1`, or null.
macro_rules! select_playlists {
    ($rest:literal) => {
        concat!(
            "select p.id, p.account_id, p.title, p.description, p.visibility, p.entry_count, p.created_at, p.updated_at, p.rules,
                    p.follower_count, p.cover_key,
                    exists (select 1 from streaming.playlist_followers w
                            where w.account_id = $1 and w.playlist_id = p.id) as is_followed,
                    case when p.account_id = $1 then 'owner' else c.role end as role
             from streaming.playlists p
             left join streaming.playlist_collaborators c on c.playlist_id = p.id and c.account_id = $1 ",
            $rest
        )
    };
}

impl Playlist {
    pub(super) async fn insert(conn: &mut Conn, id: PlaylistId, owner: AccountId, naming: &Naming<'_>) -> Result<()> {
        let new = (
            playlists::id.eq(id),
            playlists::account_id.eq(owner),
            playlists::title.eq(naming.title.as_str()),
            playlists::description.eq(naming.description.as_str()),
            playlists::visibility.eq(naming.visibility),
            playlists::rules.eq(naming.rules.map(|rules| json!(rules))),
        );
        diesel::insert_into(playlists::table).values(new).execute(conn).await?;
        Ok(())
    }

    /// A playlist that this viewer may see.
    pub(super) async fn find(conn: &mut Conn, id: PlaylistId, viewer: Option<AccountId>) -> Result<Option<Self>> {
        let found = prepared(
            sql(select_playlists!(
                "where p.id = $2 and (p.visibility <> 'private' or p.account_id = $1 or c.role is not null)"
            ))
            .bind::<Nullable<SqlUuid>, _>(viewer)
            .bind::<SqlUuid, _>(id),
        );
        Ok(found.get_result(conn).await.optional()?)
    }

    /// The same, or 404. Whoever is suspended or about to leave shows theirs to nobody but those who have a role.
    pub(super) async fn shown(conn: &mut Conn, id: PlaylistId, viewer: Option<AccountId>) -> Result<Self> {
        let playlist = Self::find(conn, id, viewer).await?.ok_or(Error::NotFound("playlist"))?;
        if playlist.role.is_none() && !accounts::is_there(conn, playlist.account_id).await? {
            return Err(Error::NotFound("playlist"));
        }
        Ok(playlist)
    }

    /// Holds a playlist that this account may act on as `role` may; 404 where it may not even see it, else 403. Whoever
    /// changes a playlist, its entries or its people holds it.
    pub(super) async fn lock(conn: &mut Conn, id: PlaylistId, account: AccountId, role: PlaylistRole) -> Result<Self> {
        let there = playlists::table.find(id).select(playlists::id).for_update();
        let _: Option<PlaylistId> = there.first(conn).await.optional()?;
        let playlist = Self::shown(conn, id, Some(account)).await?;
        match playlist.role {
            Some(PlaylistRole::Owner) => Ok(playlist),
            Some(PlaylistRole::Editor) if role != PlaylistRole::Owner => Ok(playlist),
            Some(PlaylistRole::Viewer) if role == PlaylistRole::Viewer => Ok(playlist),
            _ => Err(Error::Forbidden),
        }
    }

    /// Those of an account and those that are shared with it, the newest first; one more than `limit`.
    pub(super) async fn list(
        conn: &mut Conn,
        account: AccountId,
        after: Option<PlaylistId>,
        limit: i64,
    ) -> Result<Vec<Self>> {
        let list = prepared(
            sql(select_playlists!(
                "where p.id in (
                    (select o.id from streaming.playlists o
                     where o.account_id = $1 and ($2::uuid is null or o.id < $2) order by o.id desc limit $3)
                    union all
                    (select s.playlist_id from streaming.playlist_collaborators s
                     where s.account_id = $1 and ($2::uuid is null or s.playlist_id < $2)
                     order by s.playlist_id desc limit $3))
                 order by p.id desc limit $3"
            ))
            .bind::<SqlUuid, _>(account)
            .bind::<Nullable<SqlUuid>, _>(after)
            .bind::<BigInt, _>(limit + 1),
        );
        Ok(list.load(conn).await?)
    }

    /// Of these, those that an account may see, in no order.
    pub(super) async fn list_of(conn: &mut Conn, ids: &[PlaylistId], viewer: AccountId) -> Result<Vec<Self>> {
        let list = prepared(
            sql(select_playlists!(
                "where p.id = any($2) and (p.visibility <> 'private' or p.account_id = $1 or c.role is not null)"
            ))
            .bind::<SqlUuid, _>(viewer)
            .bind::<Array<SqlUuid>, _>(ids),
        );
        Ok(list.load(conn).await?)
    }

    /// The public ones of an account, the newest first; one more than `limit`.
    pub(super) async fn list_public(
        conn: &mut Conn,
        owner: AccountId,
        viewer: Option<AccountId>,
        after: Option<PlaylistId>,
        limit: i64,
    ) -> Result<Vec<Self>> {
        let list = prepared(
            sql(select_playlists!(
                "where p.account_id = $2 and p.visibility = 'public' and ($3::uuid is null or p.id < $3)
                 order by p.id desc limit $4"
            ))
            .bind::<Nullable<SqlUuid>, _>(viewer)
            .bind::<SqlUuid, _>(owner)
            .bind::<Nullable<SqlUuid>, _>(after)
            .bind::<BigInt, _>(limit + 1),
        );
        Ok(list.load(conn).await?)
    }

    /// How many an account has, counted up to `most`; two of its requests count one after the other, until their transactions
    /// end.
    pub(super) async fn count(conn: &mut Conn, owner: AccountId, most: i64) -> Result<i64> {
        let turn = prepared(
            sql("select pg_advisory_xact_lock(hashtextextended('playlists:' || $1::text, 0))")
                .bind::<SqlUuid, _>(owner),
        );
        turn.execute(conn).await?;
        let own = playlists::table.filter(playlists::account_id.eq(owner)).select(playlists::id).limit(most);
        let ids: Vec<PlaylistId> = own.load(conn).await?;
        Ok(i64::try_from(ids.len()).unwrap_or(i64::MAX))
    }

    pub(super) async fn rename(&self, conn: &mut Conn, naming: &Naming<'_>, now: DateTime<Utc>) -> Result<()> {
        let changed = (
            playlists::title.eq(naming.title.as_str()),
            playlists::description.eq(naming.description.as_str()),
            playlists::visibility.eq(naming.visibility),
            playlists::rules.eq(naming.rules.map(|rules| json!(rules))),
            playlists::updated_at.eq(now),
        );
        diesel::update(playlists::table.find(self.id)).set(changed).execute(conn).await?;
        Ok(())
    }

    /// How it fills itself; `None` where people do.
    pub(super) fn rules(&self) -> Result<Option<Rules>> {
        Ok(self.rules.clone().map(serde_json::from_value).transpose().map_err(anyhow::Error::from)?)
    }

    /// Refuses to put anything into a playlist that fills itself.
    pub(super) fn require_kept_by_hand(&self) -> Result<()> {
        if self.rules.is_some() { Err(Error::Refused(Code::PlaylistFillsItself)) } else { Ok(()) }
    }

    /// Notes that its entries have changed, and by how many they are more now.
    pub(super) async fn count_entries(conn: &mut Conn, id: PlaylistId, more: i32, now: DateTime<Utc>) -> Result<()> {
        let changed = (playlists::entry_count.eq(playlists::entry_count + more), playlists::updated_at.eq(now));
        diesel::update(playlists::table.find(id)).set(changed).execute(conn).await?;
        Ok(())
    }

    /// Deletes it, with the objects of its cover.
    pub(super) async fn delete(&self, conn: &mut Conn) -> Result<()> {
        let cover = Cover::of(conn, self.id).await?;
        diesel::delete(playlists::table.find(self.id)).execute(conn).await?;
        discard_cover::enqueue(conn, cover.keys()).await
    }

    /// Deletes up to `limit` of an account's, with the objects of their covers; how many those were.
    pub(super) async fn delete_some(conn: &mut Conn, owner: AccountId, limit: i64) -> Result<usize> {
        let deleted = prepared(
            sql("delete from streaming.playlists p
                 using (select id from streaming.playlists where account_id = $1 order by id desc limit $2 for update) d
                 where p.id = d.id returning p.account_id, p.cover_object, p.cover_thumbnail")
            .bind::<SqlUuid, _>(owner)
            .bind::<BigInt, _>(limit),
        );
        let covers: Vec<Cover> = deleted.load(conn).await?;
        let count = covers.len();
        discard_cover::enqueue(conn, covers.into_iter().flat_map(Cover::keys).collect()).await?;
        Ok(count)
    }
}
