//! The history of what artists say of themselves: who changed which fields, when, and from what.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde::Deserialize;
use serde_json::{Value, json};

use super::artist_profile::Edited;
use crate::artists::metadata::{By, FieldChange, differences};
use crate::artists::schema::profile_changes;
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, ArtistId, ChangeId};

/// A row of `artists.profile_changes`.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = profile_changes)]
pub(super) struct ProfileChange {
    pub(super) id: ChangeId,
    pub(super) account_id: Option<AccountId>,
    pub(super) takes_back: Option<ChangeId>,
    fields: Value,
    pub(super) changed_at: DateTime<Utc>,
}

impl ProfileChange {
    /// Notes what differs; `None`, and nothing noted, where nothing does.
    pub(super) async fn insert(
        conn: &mut Conn,
        artist: ArtistId,
        by: By,
        before: &Edited,
        after: &Edited,
    ) -> Result<Option<ChangeId>> {
        let (Value::Object(before), Value::Object(after)) = (json!(before), json!(after)) else { return Ok(None) };
        let fields = differences(&before, &after);
        if fields.is_empty() {
            return Ok(None);
        }
        let id = ChangeId::new();
        diesel::insert_into(profile_changes::table)
            .values((
                profile_changes::id.eq(id),
                profile_changes::artist_id.eq(artist),
                profile_changes::account_id.eq(by.account),
                profile_changes::takes_back.eq(by.takes_back),
                profile_changes::fields.eq(json!(fields)),
            ))
            .execute(conn)
            .await?;
        Ok(Some(id))
    }

    /// A change of an artist's profile.
    pub(super) async fn find(conn: &mut Conn, artist: ArtistId, id: ChangeId) -> Result<Option<Self>> {
        let found = profile_changes::table
            .filter(profile_changes::id.eq(id).and(profile_changes::artist_id.eq(artist)))
            .select(Self::as_select());
        Ok(found.first(conn).await.optional()?)
    }

    /// How many of the changes behind `after`, up to `limit`, have no more than `bytes` together; one at the least.
    pub(super) async fn that_fit(
        conn: &mut Conn,
        artist: ArtistId,
        after: Option<ChangeId>,
        limit: i64,
        bytes: i64,
    ) -> Result<i64> {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = BigInt)]
            count: i64,
        }
        let fitting = prepared(
            sql("select count(*) as count from (
                    select sum(c.size) over (order by c.id desc) as size from (
                        select id, octet_length(fields::text) as size from artists.profile_changes
                        where artist_id = $1 and ($2::uuid is null or id < $2)
                        order by id desc limit $3) c
                 ) c where c.size <= $4")
            .bind::<SqlUuid, _>(artist)
            .bind::<Nullable<SqlUuid>, _>(after)
            .bind::<BigInt, _>(limit)
            .bind::<BigInt, _>(bytes),
        );
        let row: Row = fitting.get_result(conn).await?;
        Ok(row.count.max(1))
    }

    /// The changes of an artist's profile, the newest first.
    pub(super) async fn list(
        conn: &mut Conn,
        artist: ArtistId,
        after: Option<ChangeId>,
        limit: i64,
    ) -> Result<Vec<Self>> {
        let mut list = profile_changes::table
            .filter(profile_changes::artist_id.eq(artist))
            .order(profile_changes::id.desc())
            .limit(limit + 1)
            .select(Self::as_select())
            .into_boxed();
        if let Some(after) = after {
            list = list.filter(profile_changes::id.lt(after));
        }
        Ok(list.load(conn).await?)
    }

    pub(super) fn fields(&self) -> Result<Vec<FieldChange>> {
        Ok(Vec::deserialize(&self.fields).map_err(anyhow::Error::from)?)
    }
}

/// Takes the account out of the history; what it changed stays.
pub(in crate::artists) async fn forget_account(conn: &mut Conn, account: AccountId) -> Result<()> {
    diesel::update(profile_changes::table.filter(profile_changes::account_id.eq(account)))
        .set(profile_changes::account_id.eq(None::<AccountId>))
        .execute(conn)
        .await?;
    Ok(())
}
