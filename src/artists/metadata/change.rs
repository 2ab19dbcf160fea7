//! The history of what artists say of their music: who changed which fields, when, and from what.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Jsonb, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::accounts::AccountName;
use crate::artists::schema::{changes, tracks};
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, ChangeId, ReleaseId, TrackId};

/// A field that is another than before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub(crate) struct FieldChange {
    field: String,
    #[schema(value_type = Value)]
    before: Value,
    #[schema(value_type = Value)]
    after: Value,
}

/// The field whose values are shares: it names accounts by their ids, and is shown with their handles.
const SHARES: &str = "splits";

impl FieldChange {
    /// The field, and what it was.
    pub(in crate::artists) fn into_before(self) -> (String, Value) {
        (self.field, self.before)
    }

    /// The accounts that its values name.
    pub(super) fn accounts(&self) -> Vec<AccountId> {
        let sides = [&self.before, &self.after].into_iter().filter(|_| self.field == SHARES);
        let shares = sides.filter_map(Value::as_array).flatten();
        shares.filter_map(|share| share["account"].as_str()?.parse().ok()).collect()
    }

    /// Puts the handles of these accounts in the place of their ids; of those who are gone, none.
    pub(super) fn name(&mut self, people: &[AccountName]) {
        if self.field != SHARES {
            return;
        }
        let handle = |id: &Value| people.iter().find(|person| id == &json!(person.id)).map(|person| &person.handle);
        for shares in [&mut self.before, &mut self.after].into_iter().filter_map(Value::as_array_mut) {
            for share in shares {
                *share = json!({ "handle": handle(&share["account"]), "percent": share["percent"] });
            }
        }
    }
}

/// Who changes something, and whether that takes an earlier change back.
#[derive(Debug, Clone, Copy)]
pub(in crate::artists) struct By {
    pub(in crate::artists) account: AccountId,
    pub(in crate::artists) takes_back: Option<ChangeId>,
}

/// What is changed: a release, or one of its tracks.
#[derive(Debug, Clone, Copy)]
pub(in crate::artists) struct Subject {
    pub(in crate::artists) release: ReleaseId,
    pub(in crate::artists) track: Option<TrackId>,
}

/// A row of `artists.changes`, and the title that its track has now.
#[derive(Debug, Clone, Queryable)]
pub(in crate::artists) struct Change {
    pub(super) id: ChangeId,
    pub(super) track_id: Option<TrackId>,
    pub(super) track_title: Option<String>,
    pub(super) account_id: Option<AccountId>,
    pub(super) takes_back: Option<ChangeId>,
    fields: Value,
    pub(super) changed_at: DateTime<Utc>,
}

type Columns = (
    changes::id,
    changes::track_id,
    diesel::dsl::Nullable<tracks::title>,
    changes::account_id,
    changes::takes_back,
    changes::fields,
    changes::changed_at,
);

fn columns() -> Columns {
    (
        changes::id,
        changes::track_id,
        tracks::title.nullable(),
        changes::account_id,
        changes::takes_back,
        changes::fields,
        changes::changed_at,
    )
}

impl Change {
    /// Notes what differs; `None`, and nothing noted, where nothing does.
    pub(in crate::artists) async fn insert(
        conn: &mut Conn,
        subject: Subject,
        by: By,
        before: &Map<String, Value>,
        after: &Map<String, Value>,
    ) -> Result<Option<ChangeId>> {
        let fields = differences(before, after);
        if fields.is_empty() {
            return Ok(None);
        }
        let id = ChangeId::new();
        diesel::insert_into(changes::table)
            .values((
                changes::id.eq(id),
                changes::release_id.eq(subject.release),
                changes::track_id.eq(subject.track),
                changes::account_id.eq(by.account),
                changes::takes_back.eq(by.takes_back),
                changes::fields.eq(json!(fields)),
            ))
            .execute(conn)
            .await?;
        Ok(Some(id))
    }

    /// A change of a release or of one of its tracks.
    pub(super) async fn find(conn: &mut Conn, release: ReleaseId, id: ChangeId) -> Result<Option<Self>> {
        let found = changes::table
            .left_join(tracks::table.on(changes::track_id.eq(tracks::id.nullable())))
            .filter(changes::id.eq(id).and(changes::release_id.eq(release)))
            .select(columns());
        Ok(found.first(conn).await.optional()?)
    }

    /// How many of the changes behind `after`, up to `limit`, have no more than `bytes` together; one at the least.
    pub(super) async fn that_fit(
        conn: &mut Conn,
        subject: Subject,
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
                        select id, octet_length(fields::text) as size from artists.changes
                        where release_id = $1 and ($2::uuid is null or track_id = $2) and ($3::uuid is null or id < $3)
                        order by id desc limit $4) c
                 ) c where c.size <= $5")
            .bind::<SqlUuid, _>(subject.release)
            .bind::<Nullable<SqlUuid>, _>(subject.track)
            .bind::<Nullable<SqlUuid>, _>(after)
            .bind::<BigInt, _>(limit)
            .bind::<BigInt, _>(bytes),
        );
        let row: Row = fitting.get_result(conn).await?;
        Ok(row.count.max(1))
    }

    /// The changes of a release and its tracks, or of one track alone; the newest first.
    pub(super) async fn list(
        conn: &mut Conn,
        subject: Subject,
        after: Option<ChangeId>,
        limit: i64,
    ) -> Result<Vec<Self>> {
        let mut list = changes::table
            .left_join(tracks::table.on(changes::track_id.eq(tracks::id.nullable())))
            .filter(changes::release_id.eq(subject.release))
            .order(changes::id.desc())
            .limit(limit + 1)
            .select(columns())
            .into_boxed();
        if let Some(track) = subject.track {
            list = list.filter(changes::track_id.eq(track));
        }
        if let Some(after) = after {
            list = list.filter(changes::id.lt(after));
        }
        Ok(list.load(conn).await?)
    }

    pub(super) fn fields(&self) -> Result<Vec<FieldChange>> {
        Ok(Vec::deserialize(&self.fields).map_err(anyhow::Error::from)?)
    }
}

/// The fields that are another than before.
pub(in crate::artists) fn differences(before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<FieldChange> {
    let differs = after.iter().filter_map(|(field, after)| {
        let before = before.get(field).unwrap_or(&Value::Null);
        (before != after).then(|| FieldChange { field: field.clone(), before: before.clone(), after: after.clone() })
    });
    differs.collect()
}

/// Takes the account out of the history, also where it had a share; what it changed stays.
pub(in crate::artists) async fn forget_account(conn: &mut Conn, account: AccountId) -> Result<()> {
    diesel::update(changes::table.filter(changes::account_id.eq(account)))
        .set(changes::account_id.eq(None::<AccountId>))
        .execute(conn)
        .await?;
    let shared = prepared(
        sql("update artists.changes set fields = replace(fields::text, to_json($1::text)::text, 'null')::jsonb
             where fields @> '[{\"field\": \"splits\"}]' and (fields @> $2 or fields @> $3)")
        .bind::<Text, _>(account.to_string())
        .bind::<Jsonb, _>(json!([{ "before": [{ "account": account }] }]))
        .bind::<Jsonb, _>(json!([{ "after": [{ "account": account }] }])),
    );
    shared.execute(conn).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stays_is_not_in_the_history() {
        let map = |value: Value| value.as_object().cloned().unwrap_or_default();
        let (before, after) =
            (map(json!({ "a": 1, "b": [2], "c": null })), map(json!({ "a": 1, "b": [], "c": 3, "d": null })));
        let found = differences(&before, &after);
        let expected = json!([
            { "field": "b", "before": [2], "after": [] },
            { "field": "c", "before": null, "after": 3 },
        ]);
        assert_eq!(json!(found), expected);
    }
}
