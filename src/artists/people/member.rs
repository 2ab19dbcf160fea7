//! A member of an artist: rows and queries.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::accounts::{self, AccountName};
use crate::artists::membership::MemberRole;
use crate::artists::own_artist::OwnArtist;
use crate::artists::schema::memberships;
use crate::platform::db::Conn;
use crate::platform::error::{Code, Error, Result};
use crate::platform::event::Event;
use crate::platform::id::{AccountId, ArtistId};

/// A row of `artists.memberships`.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = memberships)]
pub(super) struct Member {
    pub(super) account_id: AccountId,
    pub(super) role: MemberRole,
    pub(super) created_at: DateTime<Utc>,
}

/// The name of the trigger's refusal.
const LAST_OWNER: &str = "memberships_last_owner";

impl Member {
    pub(super) async fn find(conn: &mut Conn, artist: ArtistId, account: AccountId) -> Result<Option<Self>> {
        Ok(memberships::table.find((artist, account)).select(Self::as_select()).first(conn).await.optional()?)
    }

    /// The members of an artist, who has been there longest first.
    pub(super) async fn list(
        conn: &mut Conn,
        artist: ArtistId,
        after: Option<(DateTime<Utc>, AccountId)>,
        limit: i64,
    ) -> Result<Vec<Self>> {
        let mut list = memberships::table
            .filter(memberships::artist_id.eq(artist))
            .order((memberships::created_at, memberships::account_id))
            .limit(limit + 1)
            .select(Self::as_select())
            .into_boxed();
        if let Some((at, account)) = after {
            let later = memberships::created_at.gt(at);
            list = list.filter(later.or(memberships::created_at.eq(at).and(memberships::account_id.gt(account))));
        }
        Ok(list.load(conn).await?)
    }

    pub(super) async fn count(conn: &mut Conn, artist: ArtistId) -> Result<i64> {
        Ok(memberships::table.filter(memberships::artist_id.eq(artist)).count().get_result(conn).await?)
    }

    /// Makes an account a member; one that is more already stays that. Answers with what it is now, if that is new.
    pub(super) async fn add(
        conn: &mut Conn,
        artist: ArtistId,
        account: AccountId,
        role: MemberRole,
    ) -> Result<Option<MemberRole>> {
        match Self::find(conn, artist, account).await? {
            Some(member) if rank(member.role) >= rank(role) => return Ok(None),
            Some(_) => Self::set_role(conn, artist, account, role).await?,
            None => {
                diesel::insert_into(memberships::table)
                    .values((
                        memberships::artist_id.eq(artist),
                        memberships::account_id.eq(account),
                        memberships::role.eq(role),
                    ))
                    .execute(conn)
                    .await?;
            }
        }
        Ok(Some(role))
    }

    /// Another role. The last owner keeps its own.
    pub(super) async fn set_role(
        conn: &mut Conn,
        artist: ArtistId,
        account: AccountId,
        role: MemberRole,
    ) -> Result<()> {
        let set = diesel::update(memberships::table.find((artist, account))).set(memberships::role.eq(role));
        set.execute(conn).await.map_err(refused)?;
        Ok(())
    }

    /// A member no longer; false where it was none. The last owner stays.
    pub(super) async fn delete(conn: &mut Conn, artist: ArtistId, account: AccountId) -> Result<bool> {
        let gone = diesel::delete(memberships::table.find((artist, account))).execute(conn).await.map_err(refused)?;
        Ok(gone > 0)
    }
}

/// The owners of an artist.
pub(in crate::artists) async fn owners(conn: &mut Conn, artist: ArtistId) -> Result<Vec<AccountId>> {
    let owners = memberships::table
        .filter(memberships::artist_id.eq(artist).and(memberships::role.eq(MemberRole::Owner)))
        .order(memberships::account_id)
        .select(memberships::account_id);
    Ok(owners.load(conn).await?)
}

fn refused(cause: diesel::result::Error) -> Error {
    Error::from(cause).on_constraint(LAST_OWNER, Code::LastOwner)
}

fn rank(role: MemberRole) -> u8 {
    match role {
        MemberRole::Owner => 2,
        MemberRole::Editor => 1,
        MemberRole::Viewer => 0,
    }
}

/// What a changed membership is told as.
pub(in crate::artists) fn changed(
    artist: &OwnArtist,
    account: AccountId,
    role: Option<MemberRole>,
    by: Option<AccountId>,
) -> Event {
    Event::MembershipChanged {
        change: Uuid::now_v7(),
        artist: artist.id,
        artist_name: artist.name.clone(),
        account,
        role: role.map(|role| role.name().to_owned()),
        by,
    }
}

/// What accounts are called, by id. One that is gone is not in it.
pub(super) async fn names_of(conn: &mut Conn, ids: &[AccountId]) -> Result<HashMap<AccountId, AccountName>> {
    Ok(accounts::names(conn, ids).await?.into_iter().map(|name| (name.id, name)).collect())
}
