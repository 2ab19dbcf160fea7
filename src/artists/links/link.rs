//! A link to a release: its rows and queries.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use utoipa::ToSchema;

use crate::artists::schema::{link_plays, links};
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, LinkId, ReleaseId, TrackId};
use crate::platform::secret;

/// A link, as those who act for the artist see it.
#[derive(Debug, Clone, Serialize, ToSchema, QueryableByName)]
pub(crate) struct SharedLink {
    #[diesel(sql_type = SqlUuid)]
    pub(crate) id: LinkId,
    /// Whom it is for, in words of whoever made it.
    #[diesel(sql_type = Text)]
    pub(crate) recipient: String,
    #[diesel(sql_type = Timestamptz)]
    pub(crate) expires_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub(crate) revoked_at: Option<DateTime<Utc>>,
    /// How often tracks may be played by it, all together; null for as often as wanted.
    #[diesel(sql_type = Nullable<Integer>)]
    pub(crate) max_plays: Option<i32>,
    /// How often they were.
    #[diesel(sql_type = Integer)]
    pub(crate) plays: i32,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub(crate) last_played_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Timestamptz)]
    pub(crate) created_at: DateTime<Utc>,
}

/// How often a track was played by a link.
#[derive(Debug, Clone, Serialize, ToSchema, QueryableByName)]
pub(crate) struct LinkPlays {
    #[serde(skip)]
    #[diesel(sql_type = SqlUuid)]
    pub(super) link_id: LinkId,
    #[diesel(sql_type = SqlUuid)]
    pub(crate) track_id: TrackId,
    #[diesel(sql_type = Text)]
    pub(crate) title: String,
    #[diesel(sql_type = Integer)]
    pub(crate) plays: i32,
    #[diesel(sql_type = Timestamptz)]
    pub(crate) first_played_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    pub(crate) last_played_at: DateTime<Utc>,
}

/// A link that opens its release now.
#[derive(Debug, Clone, QueryableByName)]
pub(crate) struct OpenLink {
    #[diesel(sql_type = SqlUuid)]
    pub(crate) id: LinkId,
    #[diesel(sql_type = SqlUuid)]
    pub(super) release_id: ReleaseId,
    #[diesel(sql_type = Text)]
    pub(super) recipient: String,
    #[diesel(sql_type = Timestamptz)]
    pub(super) expires_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Integer>)]
    pub(super) plays_left: Option<i32>,
}

/// What a new link is made of.
pub(super) struct Making<'a> {
    pub(super) id: LinkId,
    pub(super) release: ReleaseId,
    pub(super) recipient: &'a str,
    pub(super) token: &'a str,
    pub(super) created_by: AccountId,
    pub(super) max_plays: Option<i32>,
    pub(super) expires_at: DateTime<Utc>,
}

macro_rules! select_links {
    ($rest:literal) => {
        concat!(
            "select l.id, l.recipient, l.expires_at, l.revoked_at, l.max_plays, l.plays, l.created_at,
                    (select max(p.last_played_at) from artists.link_plays p where p.link_id = l.id) as last_played_at
             from artists.links l ",
            $rest
        )
    };
}

/// SQL: whether a link whose secret has the hash `$3`, or null, opens the release `r` now.
macro_rules! open_by_link {
    () => {
        "exists (select 1 from artists.links l join artists.artists la on la.id = r.artist_id
                 where l.token_hash = $3 and l.release_id = r.id and l.revoked_at is null and not l.paused
                   and l.expires_at > now() and la.closed_at is null)"
    };
}

pub(in crate::artists) use open_by_link;

/// Façade: the link with this secret, as long as it opens its release.
pub(crate) async fn find_link(conn: &mut Conn, token: &str) -> Result<Option<OpenLink>> {
    let open = prepared(
        sql("select l.id, l.release_id, l.recipient, l.expires_at, greatest(l.max_plays - l.plays, 0) as plays_left
             from artists.links l
             join artists.releases r on r.id = l.release_id
             join artists.artists a on a.id = r.artist_id
             where l.token_hash = $1 and l.revoked_at is null and not l.paused and l.expires_at > now()
               and a.closed_at is null")
        .bind::<diesel::sql_types::Binary, _>(secret::hash(token)),
    );
    Ok(open.get_result(conn).await.optional()?)
}

impl Making<'_> {
    pub(super) async fn insert(&self, conn: &mut Conn) -> Result<()> {
        diesel::insert_into(links::table)
            .values((
                links::id.eq(self.id),
                links::release_id.eq(self.release),
                links::recipient.eq(self.recipient),
                links::token_hash.eq(secret::hash(self.token)),
                links::created_by.eq(self.created_by),
                links::max_plays.eq(self.max_plays),
                links::expires_at.eq(self.expires_at),
            ))
            .execute(conn)
            .await?;
        Ok(())
    }
}

impl SharedLink {
    pub(super) async fn find(conn: &mut Conn, id: LinkId) -> Result<Option<Self>> {
        let found = prepared(sql(select_links!("where l.id = $1")).bind::<SqlUuid, _>(id));
        Ok(found.get_result(conn).await.optional()?)
    }

    /// The links of a release, the newest first.
    pub(super) async fn list(
        conn: &mut Conn,
        release: ReleaseId,
        after: Option<LinkId>,
        limit: i64,
    ) -> Result<Vec<Self>> {
        let list = prepared(
            sql(select_links!(
                "where l.release_id = $1 and ($2::uuid is null or l.id < $2) order by l.id desc limit $3 + 1"
            ))
            .bind::<SqlUuid, _>(release)
            .bind::<Nullable<SqlUuid>, _>(after)
            .bind::<BigInt, _>(limit),
        );
        Ok(list.load(conn).await?)
    }

    /// How many links of a release open it, or will.
    pub(super) async fn count(conn: &mut Conn, release: ReleaseId, now: DateTime<Utc>) -> Result<i64> {
        let good = links::table
            .filter(links::release_id.eq(release))
            .filter(links::revoked_at.is_null().and(links::expires_at.gt(now)));
        Ok(good.count().get_result(conn).await?)
    }

    /// Revokes a link of a release; false where there is none. One that was revoked stays so since then.
    pub(super) async fn revoke(conn: &mut Conn, release: ReleaseId, id: LinkId) -> Result<bool> {
        let link = links::table.filter(links::id.eq(id).and(links::release_id.eq(release)));
        let there: Option<LinkId> = link.select(links::id).for_update().first(conn).await.optional()?;
        diesel::update(links::table.find(id).filter(links::release_id.eq(release)).filter(links::revoked_at.is_null()))
            .set(links::revoked_at.eq(diesel::dsl::now))
            .execute(conn)
            .await?;
        Ok(there.is_some())
    }

    /// Notes a play of a track; false, and nothing noted, where the link has been played as often as it allows.
    pub(super) async fn count_play(conn: &mut Conn, id: LinkId, track: TrackId) -> Result<bool> {
        let allowed = links::max_plays.is_null().or(links::plays.nullable().lt(links::max_plays));
        let counted = diesel::update(links::table.find(id).filter(allowed)).set(links::plays.eq(links::plays + 1));
        if counted.execute(conn).await? == 0 {
            return Ok(false);
        }
        diesel::insert_into(link_plays::table)
            .values((link_plays::link_id.eq(id), link_plays::track_id.eq(track), link_plays::plays.eq(1)))
            .on_conflict((link_plays::link_id, link_plays::track_id))
            .do_update()
            .set((link_plays::plays.eq(link_plays::plays + 1), link_plays::last_played_at.eq(diesel::dsl::now)))
            .execute(conn)
            .await?;
        Ok(true)
    }

    /// Pauses the links that an account made, or opens them again; those that opened a release until then. What was said
    /// later has been heard already.
    pub(super) async fn pause(
        conn: &mut Conn,
        account: AccountId,
        paused: bool,
        at: DateTime<Utc>,
    ) -> Result<Vec<LinkId>> {
        let own = links::table
            .filter(links::created_by.eq(account))
            .filter(links::paused_changed_at.is_null().or(links::paused_changed_at.lt(at)));
        let changed = diesel::update(own).set((links::paused.eq(paused), links::paused_changed_at.eq(at)));
        Ok(changed.returning(links::id).get_results(conn).await?)
    }
}

impl LinkPlays {
    /// What was played by these links, in the order of the tracks.
    pub(super) async fn list(conn: &mut Conn, links: &[LinkId]) -> Result<Vec<Self>> {
        let list = prepared(
            sql("select p.link_id, p.track_id, t.title, p.plays, p.first_played_at, p.last_played_at
                 from artists.link_plays p join artists.tracks t on t.id = p.track_id
                 where p.link_id = any($1) order by t.position")
            .bind::<diesel::sql_types::Array<SqlUuid>, _>(links),
        );
        Ok(list.load(conn).await?)
    }
}

/// Takes the account out of the links that it made; they stay the artist's.
pub(in crate::artists) async fn forget_account(conn: &mut Conn, account: AccountId) -> Result<()> {
    diesel::update(links::table.filter(links::created_by.eq(account)))
        .set(links::created_by.eq(None::<AccountId>))
        .execute(conn)
        .await?;
    Ok(())
}
