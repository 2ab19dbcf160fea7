//! Who comes to name an object and who takes it away take turns, key by key.
//!
//! An object is stored before the transaction that names it, and the same bytes may belong to several. So whoever names
//! one holds its lock and sees that it is still there ([`Storage::record`]), and whoever takes one away holds the same
//! lock while it sees that nobody names it and deletes it. The lock is the last thing that a transaction waits for: who
//! holds it waits for no row that another may have.

use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_async::RunQueryDsl;

use super::super::db::{Conn, prepared, sql};
use super::super::error::{Error, Result};
use super::super::schema::objects;
use super::Storage;

/// Locks an object's key until the caller's transaction ends. Read what depends on it in a statement after this one.
pub(crate) async fn lock(conn: &mut Conn, key: &str) -> Result<()> {
    let lock = prepared(sql("select pg_advisory_xact_lock(hashtextextended($1, 0))").bind::<Text, _>(key));
    lock.execute(conn).await?;
    Ok(())
}

impl Storage {
    /// Holds an object that the caller's transaction is about to name. `Unavailable`: somebody took it away just before,
    /// and who stores it again succeeds.
    pub(super) async fn hold(&self, conn: &mut Conn, key: &str) -> Result<()> {
        lock(conn, key).await?;
        if self.exists(key).await? { Ok(()) } else { Err(Error::Unavailable) }
    }

    /// Takes away an object and its lineage. The caller holds its [`lock`] and knows that nobody names it. The object goes
    /// before the commit: should that fail, the row tells of an object that is gone, and this may run again.
    pub(crate) async fn discard(&self, conn: &mut Conn, key: &str) -> Result<()> {
        diesel::delete(objects::table.find(key)).execute(conn).await?;
        self.delete(key).await
    }
}
