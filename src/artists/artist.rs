//! An artist: rows, memberships, follows.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use utoipa::ToSchema;

use super::schema::{artists, follows, memberships};
use super::{Slug, Title};
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, ArtistId};

/// An artist as `viewer` sees it.
#[derive(Debug, Clone, Serialize, ToSchema, QueryableByName)]
pub(crate) struct Artist {
    #[diesel(sql_type = SqlUuid)]
    pub(crate) id: ArtistId,
    #[diesel(sql_type = Text)]
    pub(crate) slug: String,
    #[diesel(sql_type = Text)]
    pub(crate) name: String,
    #[diesel(sql_type = BigInt)]
    pub(crate) follower_count: i64,
    /// Whether the viewer follows this artist.
    #[diesel(sql_type = Bool)]
    pub(crate) following: bool,
    /// Whether the viewer may act for this artist.
    #[diesel(sql_type = Bool)]
    pub(crate) mine: bool,
    #[diesel(sql_type = Timestamptz)]
    pub(crate) created_at: DateTime<Utc>,
}

/// The artist in a release or a track.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable)]
pub(crate) struct ArtistLink {
    pub(crate) id: ArtistId,
    pub(crate) slug: String,
    pub(crate) name: String,
}

// $1 is the viewer, or null.
macro_rules! select_artists {
    ($rest:literal) => {
        concat!(
            "select a.id, a.slug, a.name, a.created_at,
                    (select count(*) from artists.follows f where f.artist_id = a.id) as follower_count,
                    exists (select 1 from artists.follows f where f.artist_id = a.id and f.account_id = $1) as following,
                    exists (select 1 from artists.memberships m where m.artist_id = a.id and m.account_id = $1) as mine
             from artists.artists a ",
            $rest
        )
    };
}

impl Artist {
    /// Adds an artist and its first member; false, and nothing added, where the slug is taken.
    pub(super) async fn insert(
        conn: &mut Conn,
        id: ArtistId,
        slug: &Slug,
        name: &Title,
        member: AccountId,
    ) -> Result<bool> {
        let added = diesel::insert_into(artists::table)
            .values((artists::id.eq(id), artists::slug.eq(slug.as_str()), artists::name.eq(name.as_str())))
            .on_conflict(artists::slug)
            .do_nothing()
            .execute(conn)
            .await?;
        if added == 0 {
            return Ok(false);
        }
        diesel::insert_into(memberships::table)
            .values((memberships::artist_id.eq(id), memberships::account_id.eq(member)))
            .execute(conn)
            .await?;
        Ok(true)
    }

    /// The artist with this id or slug.
    pub(super) async fn find(conn: &mut Conn, id_or_slug: &str, viewer: Option<AccountId>) -> Result<Option<Self>> {
        let found = prepared(
            sql(select_artists!("where a.id = $2 or a.slug = $3"))
                .bind::<Nullable<SqlUuid>, _>(viewer)
                .bind::<Nullable<SqlUuid>, _>(id_or_slug.parse::<ArtistId>().ok())
                .bind::<Text, _>(id_or_slug),
        );
        Ok(found.get_result(conn).await.optional()?)
    }

    /// Artists by id, newest first; only the viewer's own where `mine`.
    pub(super) async fn list(
        conn: &mut Conn,
        viewer: Option<AccountId>,
        mine: bool,
        after: Option<ArtistId>,
        limit: i64,
    ) -> Result<Vec<Self>> {
        let list = prepared(
            sql(select_artists!(
                "where ($2::uuid is null or a.id < $2)
                   and (not $3 or exists (select 1 from artists.memberships m where m.artist_id = a.id and m.account_id = $1))
                 order by a.id desc limit $4 + 1"
            ))
            .bind::<Nullable<SqlUuid>, _>(viewer)
            .bind::<Nullable<SqlUuid>, _>(after)
            .bind::<Bool, _>(mine)
            .bind::<BigInt, _>(limit),
        );
        Ok(list.load(conn).await?)
    }

    /// An artist's address and name, whoever asks.
    pub(super) async fn link(conn: &mut Conn, id: ArtistId) -> Result<Option<ArtistLink>> {
        let link = artists::table.find(id).select((artists::id, artists::slug, artists::name));
        Ok(link.first(conn).await.optional()?)
    }

    /// The id behind an id or a slug, if `member` may act for it.
    pub(super) async fn find_mine(conn: &mut Conn, id_or_slug: &str, member: AccountId) -> Result<Option<ArtistId>> {
        let mine = artists::table
            .inner_join(memberships::table.on(memberships::artist_id.eq(artists::id)))
            .filter(memberships::account_id.eq(member))
            .filter(artists::slug.eq(id_or_slug).or(artists::id.nullable().eq(id_or_slug.parse::<ArtistId>().ok())))
            .select(artists::id);
        Ok(mine.first(conn).await.optional()?)
    }

    /// Follows an artist; false when that was so already.
    pub(super) async fn follow(conn: &mut Conn, artist: ArtistId, account: AccountId) -> Result<bool> {
        let added = diesel::insert_into(follows::table)
            .values((follows::artist_id.eq(artist), follows::account_id.eq(account)))
            .on_conflict_do_nothing()
            .execute(conn)
            .await?;
        Ok(added > 0)
    }

    /// Follows an artist no longer; false when that was so already.
    pub(super) async fn unfollow(conn: &mut Conn, artist: ArtistId, account: AccountId) -> Result<bool> {
        let gone = diesel::delete(follows::table.find((artist, account))).execute(conn).await?;
        Ok(gone > 0)
    }

    /// The accounts that may act for an artist.
    pub(super) async fn members(conn: &mut Conn, artist: ArtistId) -> Result<Vec<AccountId>> {
        let members = memberships::table.filter(memberships::artist_id.eq(artist)).select(memberships::account_id);
        Ok(members.load(conn).await?)
    }
}
