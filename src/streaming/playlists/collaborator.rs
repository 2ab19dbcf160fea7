//! Who has a role in a playlist besides its owner: rows and queries.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::playlist::PlaylistRole;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::{AccountId, PlaylistId};
use crate::streaming::schema::playlist_collaborators as collaborators;

/// Somebody with a role in a playlist.
#[derive(Debug, Clone, Copy, Queryable)]
pub(super) struct Collaborator {
    pub(super) account_id: AccountId,
    pub(super) role: PlaylistRole,
    pub(super) added_at: DateTime<Utc>,
}

impl Collaborator {
    /// All of a playlist, who came first first.
    pub(super) async fn list(conn: &mut Conn, playlist: PlaylistId) -> Result<Vec<Self>> {
        let list = collaborators::table
            .filter(collaborators::playlist_id.eq(playlist))
            .order((collaborators::added_at, collaborators::account_id))
            .select((collaborators::account_id, collaborators::role, collaborators::added_at));
        Ok(list.load(conn).await?)
    }

    pub(super) async fn set(
        conn: &mut Conn,
        playlist: PlaylistId,
        account: AccountId,
        role: PlaylistRole,
    ) -> Result<()> {
        let new = (
            collaborators::playlist_id.eq(playlist),
            collaborators::account_id.eq(account),
            collaborators::role.eq(role),
        );
        diesel::insert_into(collaborators::table)
            .values(new)
            .on_conflict((collaborators::playlist_id, collaborators::account_id))
            .do_update()
            .set(collaborators::role.eq(role))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// Whether the account had a role.
    pub(super) async fn remove(conn: &mut Conn, playlist: PlaylistId, account: AccountId) -> Result<bool> {
        Ok(diesel::delete(collaborators::table.find((playlist, account))).execute(conn).await? == 1)
    }

    /// Takes an account out of all playlists of others.
    pub(super) async fn forget(conn: &mut Conn, account: AccountId) -> Result<()> {
        diesel::delete(collaborators::table.filter(collaborators::account_id.eq(account))).execute(conn).await?;
        Ok(())
    }
}
