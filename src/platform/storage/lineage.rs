//! Where an object came from: its parent, the step and version that made it.

use diesel::prelude::*;
use diesel::sql_types::{Text, Timestamptz};
use diesel_async::RunQueryDsl;

use super::super::db::{Conn, prepared, sql};
use super::super::error::Result;
use super::super::schema::objects;
use super::{Storage, Stored, Zone};

/// How an object came to be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lineage<'a> {
    pub(crate) zone: Zone,
    /// The key of the object that it was made from.
    pub(crate) parent: Option<&'a str>,
    /// What made it: `upload`, `render` …
    pub(crate) step: &'a str,
    /// The version of that step: a new one may make other bytes from the same parent.
    pub(crate) step_version: i32,
}

impl Storage {
    /// Records an object's lineage, and holds the object: until the transaction ends, nobody takes it away. The same
    /// object again changes nothing. `Unavailable`: it was taken away just before, and must be stored again.
    pub(crate) async fn record(&self, conn: &mut Conn, stored: &Stored, lineage: Lineage<'_>) -> Result<()> {
        self.hold(conn, &stored.key).await?;
        diesel::insert_into(objects::table)
            .values((
                objects::key.eq(&stored.key),
                objects::zone.eq(lineage.zone.name()),
                objects::parent.eq(lineage.parent),
                objects::step.eq(lineage.step),
                objects::step_version.eq(lineage.step_version),
                objects::hash.eq(&stored.hash),
                objects::size_bytes.eq(i64::try_from(stored.size_bytes).unwrap_or(i64::MAX)),
            ))
            .on_conflict(objects::key)
            .do_update()
            // It was stored just now: where something was wrong with it, the scrubber looks whether that is mended.
            .set(objects::checked_at.eq(diesel::dsl::sql::<Timestamptz>(
                "case when objects.damage is null then objects.checked_at else '-infinity' end",
            )))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// Records that an object was copied to another zone, and holds the copy as [`Storage::record`] does. The time that
    /// the zone keeps it begins now, also for one that lies there already.
    pub(crate) async fn record_copy(&self, conn: &mut Conn, from: &str, to: &str, zone: Zone) -> Result<()> {
        self.hold(conn, to).await?;
        let copied = prepared(
            sql("insert into platform.objects (key, zone, parent, step, step_version, hash, size_bytes)
                 select $2, $3, key, 'move', 1, hash, size_bytes from platform.objects where key = $1
                 on conflict (key) do update set created_at = now(), damage = null")
            .bind::<Text, _>(from)
            .bind::<Text, _>(to)
            .bind::<Text, _>(zone.name()),
        );
        copied.execute(conn).await?;
        Ok(())
    }
}

/// Whether an object has its row, and nothing is known to be wrong with it.
pub(crate) async fn is_sound(conn: &mut Conn, key: &str) -> Result<bool> {
    let sound = objects::table.find(key).filter(objects::damage.is_null());
    Ok(diesel::select(diesel::dsl::exists(sound)).get_result(conn).await?)
}
