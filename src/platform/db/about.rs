//! What a database says of itself, for `legato doctor`.

use chrono::{DateTime, Utc};
use diesel::prelude::QueryableByName;
use diesel::sql_types::{Bool, Text, Timestamptz};
use diesel_async::RunQueryDsl;

use super::{Db, prepared, sql};
use crate::platform::error::Result;

/// PostgreSQL's answer.
#[derive(Debug, QueryableByName)]
pub(crate) struct About {
    /// Of PostgreSQL.
    #[diesel(sql_type = Text)]
    pub(crate) version: String,
    /// Its clock.
    #[diesel(sql_type = Timestamptz)]
    pub(crate) now: DateTime<Utc>,
    /// Whether the extension `pg_trgm` is installed, or can be.
    #[diesel(sql_type = Bool)]
    pub(crate) has_trigram: bool,
}

impl Db {
    /// Asks the database for itself.
    pub(crate) async fn about(&self) -> Result<About> {
        let query = prepared(sql("select split_part(version(), ' ', 2) as version, clock_timestamp() as now,
                    exists (select 1 from pg_available_extensions where name = 'pg_trgm') as has_trigram"));
        Ok(query.get_result(&mut *self.conn().await?).await?)
    }
}
