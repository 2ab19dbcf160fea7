//! When a release is seen: the columns of `artists.releases` that publication is about, and how they change.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Double, Nullable, Timestamptz};
use diesel_async::RunQueryDsl;
use serde_json::{Map, Value, json};

use super::Visibility;
use crate::artists::release::OwnRelease;
use crate::artists::schema::releases;
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::ReleaseId;

#[derive(QueryableByName)]
struct Now {
    #[diesel(sql_type = Timestamptz)]
    now: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct Wait {
    #[diesel(sql_type = Nullable<Double>)]
    seconds: Option<f64>,
}

/// The time of this transaction, by the clock that all reads compare with.
pub(super) async fn now(conn: &mut Conn) -> Result<DateTime<Utc>> {
    let now: Now = prepared(sql("select now() as now")).get_result(conn).await?;
    Ok(now.now)
}

/// How long it is until the next embargo ends: nothing or less where one has ended, `None` where there is none.
pub(super) async fn seconds_to_next(conn: &mut Conn) -> Result<Option<f64>> {
    let next = sql("select extract(epoch from min(embargo_until) - clock_timestamp())::float8 as seconds
                    from artists.releases where embargo_until is not null");
    let wait: Wait = prepared(next).get_result(conn).await?;
    Ok(wait.seconds)
}

/// A release whose embargo has ended and of which nobody was told: locked, and no other process has it.
pub(super) async fn lock_ended(conn: &mut Conn) -> Result<Option<OwnRelease>> {
    let ended = releases::table
        .filter(releases::embargo_until.le(diesel::dsl::now.into_sql::<Timestamptz>().nullable()))
        .order(releases::embargo_until)
        .select(OwnRelease::as_select())
        .for_no_key_update()
        .skip_locked();
    Ok(ended.first(conn).await.optional()?)
}

/// It is public since then, whether that was an embargo's end or not.
pub(super) async fn publish(conn: &mut Conn, id: ReleaseId, at: DateTime<Utc>) -> Result<()> {
    let first = diesel::dsl::sql::<Nullable<Timestamptz>>("coalesce(first_published_at, ");
    let first = first.bind::<Timestamptz, _>(at).sql(")");
    diesel::update(releases::table.find(id))
        .set((
            releases::published_at.eq(at),
            releases::embargo_until.eq(None::<DateTime<Utc>>),
            releases::first_published_at.eq(first),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// It will be public at a time that is to come.
pub(super) async fn schedule(conn: &mut Conn, id: ReleaseId, at: DateTime<Utc>) -> Result<()> {
    diesel::update(releases::table.find(id))
        .set((releases::published_at.eq(at), releases::embargo_until.eq(at)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Others see it no longer, or, under an embargo, never will.
pub(in crate::artists) async fn withdraw(conn: &mut Conn, id: ReleaseId) -> Result<()> {
    let never = None::<DateTime<Utc>>;
    diesel::update(releases::table.find(id))
        .set((releases::published_at.eq(never), releases::embargo_until.eq(never)))
        .execute(conn)
        .await?;
    Ok(())
}

/// What the history keeps of it, by name.
pub(super) async fn fields(conn: &mut Conn, id: ReleaseId) -> Result<Map<String, Value>> {
    let row = releases::table.find(id).select((releases::visibility, releases::published_at));
    let (visibility, published_at): (Visibility, Option<DateTime<Utc>>) = row.first(conn).await?;
    let fields = [("visibility", json!(visibility)), ("published_at", json!(published_at))];
    Ok(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

pub(super) async fn set_visibility(conn: &mut Conn, id: ReleaseId, visibility: Visibility) -> Result<()> {
    diesel::update(releases::table.find(id)).set(releases::visibility.eq(visibility)).execute(conn).await?;
    Ok(())
}

/// A draft of what was out elsewhere: who sees it once it is published, and whether its followers know it already.
pub(in crate::artists) async fn restore(
    conn: &mut Conn,
    id: ReleaseId,
    visibility: Visibility,
    is_known: bool,
) -> Result<()> {
    set_visibility(conn, id, visibility).await?;
    if is_known { set_announced(conn, id).await } else { Ok(()) }
}

/// Followers are told now.
pub(super) async fn set_announced(conn: &mut Conn, id: ReleaseId) -> Result<()> {
    let announced = diesel::update(releases::table.find(id).filter(releases::announced_at.is_null()));
    announced.set(releases::announced_at.eq(diesel::dsl::now)).execute(conn).await?;
    Ok(())
}
