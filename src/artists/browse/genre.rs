//! A genre: rows and queries.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;
use utoipa::ToSchema;

use crate::artists::schema::genres;
use crate::platform::db::Conn;
use crate::platform::error::Result;

/// A genre of an open list, for which there is something to hear.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = genres)]
pub(crate) struct Genre {
    #[diesel(column_name = genre)]
    pub(super) name: String,
    /// How many releases everybody may see of it: a count of some seconds ago.
    pub(super) release_count: i64,
}

impl Genre {
    /// Those behind this count and name.
    pub(super) async fn list(conn: &mut Conn, after: Option<(i64, String)>, limit: i64) -> Result<Vec<Self>> {
        let mut list = genres::table
            .order((genres::release_count.desc(), genres::genre))
            .limit(limit + 1)
            .select(Self::as_select())
            .into_boxed();
        if let Some((count, name)) = after {
            let fewer = genres::release_count.lt(count);
            list = list.filter(fewer.or(genres::release_count.eq(count).and(genres::genre.gt(name))));
        }
        Ok(list.load(conn).await?)
    }
}
