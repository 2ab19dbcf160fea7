//! An artist: rows, memberships, follows.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use utoipa::ToSchema;

use super::artwork::Artwork;
use super::membership::{MemberRole, may_edit};
use super::schema::{artists, follows, memberships};
use super::{Slug, Title, former_slug};
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
    /// A square; null where there is none.
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub(crate) avatar: Option<Artwork>,
    /// Three times as wide as high; null where there is none.
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub(crate) banner: Option<Artwork>,
    #[diesel(sql_type = BigInt)]
    pub(crate) follower_count: i64,
    /// Whether the viewer follows this artist.
    #[diesel(sql_type = Bool)]
    pub(crate) following: bool,
    /// Whether the viewer acts for this artist: as a member, or by its label.
    #[diesel(sql_type = Bool)]
    pub(crate) mine: bool,
    /// As what; null for everybody else.
    #[diesel(sql_type = Nullable<Text>)]
    pub(crate) role: Option<MemberRole>,
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

// $1 is the viewer, or null. What its owner has deleted is not there.
macro_rules! select_artists {
    ($rest:literal) => {
        concat!(
            "select a.id, a.slug, a.name, a.created_at,
                    artists.picture_of(a.id, 'avatar') as avatar, artists.picture_of(a.id, 'banner') as banner,
                    (select count(*) from artists.follows f where f.artist_id = a.id) as follower_count,
                    exists (select 1 from artists.follows f where f.artist_id = a.id and f.account_id = $1) as following,
                    v.role, v.role is not null as mine
             from artists.artists a
             left join lateral (
                select x.role from artists.acting x where x.artist_id = a.id and x.account_id = $1
                order by array_position(array['owner', 'editor', 'viewer'], x.role) limit 1
             ) v on true
             where a.closed_at is null ",
            $rest
        )
    };
}

impl Artist {
    /// Adds an artist and its owner; false, and nothing added, where the slug is or was another's.
    pub(super) async fn insert(
        conn: &mut Conn,
        id: ArtistId,
        slug: &Slug,
        name: &Title,
        member: AccountId,
    ) -> Result<bool> {
        if !former_slug::take_first(conn, slug, id).await? {
            return Ok(false);
        }
        diesel::insert_into(artists::table)
            .values((artists::id.eq(id), artists::slug.eq(slug.as_str()), artists::name.eq(name.as_str())))
            .execute(conn)
            .await?;
        diesel::insert_into(memberships::table)
            .values((
                memberships::artist_id.eq(id),
                memberships::account_id.eq(member),
                memberships::role.eq(MemberRole::Owner),
            ))
            .execute(conn)
            .await?;
        Ok(true)
    }

    /// The artist with this id, or with a slug that it has or had.
    pub(super) async fn find(conn: &mut Conn, id_or_slug: &str, viewer: Option<AccountId>) -> Result<Option<Self>> {
        let found = prepared(
            sql(select_artists!(
                "and a.id = coalesce($2, (select s.artist_id from artists.slugs s where s.slug = $3))"
            ))
            .bind::<Nullable<SqlUuid>, _>(viewer)
            .bind::<Nullable<SqlUuid>, _>(id_or_slug.parse::<ArtistId>().ok())
            .bind::<Text, _>(id_or_slug),
        );
        Ok(found.get_result(conn).await.optional()?)
    }

    /// Those of the artists that are there, in no order.
    pub(super) async fn list_these(conn: &mut Conn, ids: &[ArtistId], viewer: Option<AccountId>) -> Result<Vec<Self>> {
        let list = prepared(
            sql(select_artists!("and a.id = any($2)"))
                .bind::<Nullable<SqlUuid>, _>(viewer)
                .bind::<Array<SqlUuid>, _>(ids),
        );
        Ok(list.load(conn).await?)
    }

    /// An artist's address and name, whoever asks.
    pub(super) async fn link(conn: &mut Conn, id: ArtistId) -> Result<Option<ArtistLink>> {
        let there = artists::table.find(id).filter(artists::closed_at.is_null());
        let link = there.select((artists::id, artists::slug, artists::name));
        Ok(link.first(conn).await.optional()?)
    }

    /// The id behind an id or a slug, if `member` may edit it.
    pub(super) async fn find_mine(conn: &mut Conn, id_or_slug: &str, member: AccountId) -> Result<Option<ArtistId>> {
        let id = match id_or_slug.parse() {
            Ok(id) => Some(id),
            Err(_) => former_slug::artist_of(conn, id_or_slug).await?,
        };
        let mine = artists::table
            .filter(artists::id.nullable().eq(id))
            .filter(artists::closed_at.is_null().and(may_edit(artists::id, member)))
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
