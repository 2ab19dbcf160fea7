//! What was changed of a playlist: rows, what a way back needs to know, and queries.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::playlist::{Openness, Playlist};
use super::rules::Rules;
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, PlaylistChangeId, PlaylistEntryId, PlaylistId, TrackId};
use crate::streaming::schema::playlist_changes as changes;

/// So many are kept of a playlist.
const KEPT: i64 = 500;

/// One change.
#[derive(Debug, Clone, Queryable)]
pub(super) struct Change {
    pub(super) id: PlaylistChangeId,
    pub(super) account_id: Option<AccountId>,
    detail: Value,
    pub(super) takes_back: Option<PlaylistChangeId>,
    pub(super) changed_at: DateTime<Utc>,
}

/// What was done.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum PlaylistDeed {
    /// It was made, without entries.
    Created,
    /// It was made of a file.
    Imported { count: usize },
    /// It is called otherwise, others see it, or it has other rules.
    Edited { before: PlaylistNames, after: PlaylistNames },
    /// Entries came, behind one another.
    Added { entries: Vec<PlacedEntry> },
    /// An entry has another place.
    Moved {
        entry: PlaylistEntryId,
        track_id: TrackId,
        /// The entry right before it, before; null where it was the first.
        before: Option<PlaylistEntryId>,
        /// And since.
        after: Option<PlaylistEntryId>,
    },
    /// Entries went.
    Removed { entries: Vec<PlacedEntry> },
}

/// What a playlist was called, who saw it, and how it filled itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct PlaylistNames {
    pub(super) title: String,
    pub(super) description: String,
    pub(super) visibility: Openness,
    /// How it filled itself, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) rules: Option<Rules>,
}

/// An entry, and where it stands or stood.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct PlacedEntry {
    pub(super) id: PlaylistEntryId,
    pub(super) track_id: TrackId,
    /// The entry right before it; null where it is the first.
    pub(super) after: Option<PlaylistEntryId>,
}

/// Who changes something, and of which earlier change it is the way back.
#[derive(Debug, Clone, Copy)]
pub(super) struct By {
    pub(super) account: AccountId,
    pub(super) takes_back: Option<PlaylistChangeId>,
}

impl PlaylistNames {
    pub(super) fn of(playlist: &Playlist) -> Result<Self> {
        Ok(Self {
            title: playlist.title.clone(),
            description: playlist.description.clone(),
            visibility: playlist.visibility,
            rules: playlist.rules()?,
        })
    }
}

impl PlaylistDeed {
    fn name(&self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Imported { .. } => "imported",
            Self::Edited { .. } => "edited",
            Self::Added { .. } => "added",
            Self::Moved { .. } => "moved",
            Self::Removed { .. } => "removed",
        }
    }
}

impl Change {
    /// Notes a change, and forgets the oldest where there are many.
    pub(super) async fn record(
        conn: &mut Conn,
        id: PlaylistChangeId,
        playlist: PlaylistId,
        by: By,
        deed: &PlaylistDeed,
    ) -> Result<()> {
        let new = (
            changes::id.eq(id),
            changes::playlist_id.eq(playlist),
            changes::account_id.eq(by.account),
            changes::kind.eq(deed.name()),
            changes::detail.eq(serde_json::to_value(deed).map_err(anyhow::Error::from)?),
            changes::takes_back.eq(by.takes_back),
        );
        diesel::insert_into(changes::table).values(new).execute(conn).await?;
        let forgotten = prepared(
            sql("delete from streaming.playlist_changes where playlist_id = $1 and id <=
                    (select id from streaming.playlist_changes where playlist_id = $1 order by id desc offset $2 limit 1)")
            .bind::<SqlUuid, _>(playlist)
            .bind::<BigInt, _>(KEPT),
        );
        forgotten.execute(conn).await?;
        Ok(())
    }

    pub(super) async fn find(conn: &mut Conn, playlist: PlaylistId, id: PlaylistChangeId) -> Result<Option<Self>> {
        let found = changes::table.find(id).filter(changes::playlist_id.eq(playlist)).select(COLUMNS);
        Ok(found.first(conn).await.optional()?)
    }

    /// The changes of a playlist, the latest first; one more than `limit`.
    pub(super) async fn list(
        conn: &mut Conn,
        playlist: PlaylistId,
        after: Option<PlaylistChangeId>,
        limit: i64,
    ) -> Result<Vec<Self>> {
        let list = changes::table
            .filter(changes::playlist_id.eq(playlist))
            .order(changes::id.desc())
            .select(COLUMNS)
            .limit(limit + 1)
            .into_boxed();
        let list = match after {
            Some(after) => list.filter(changes::id.lt(after)),
            None => list,
        };
        Ok(list.load(conn).await?)
    }

    pub(super) fn deed(&self) -> Result<PlaylistDeed> {
        Ok(serde_json::from_value(self.detail.clone()).map_err(anyhow::Error::from)?)
    }

    /// Takes an account's name off what it changed in the playlists of others.
    pub(super) async fn forget_account(conn: &mut Conn, account: AccountId) -> Result<()> {
        let forgotten = prepared(
            sql("update streaming.playlist_changes set account_id = $2 where account_id = $1")
                .bind::<SqlUuid, _>(account)
                .bind::<Nullable<SqlUuid>, _>(None::<AccountId>),
        );
        forgotten.execute(conn).await?;
        Ok(())
    }
}

const COLUMNS: (changes::id, changes::account_id, changes::detail, changes::takes_back, changes::changed_at) =
    (changes::id, changes::account_id, changes::detail, changes::takes_back, changes::changed_at);
