//! A picture as answers show it.

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::pg::{Pg, PgValue};
use diesel::sql_types::Jsonb;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A picture: fetched at `/artwork/{key}?size=`, and what a page can do with it before it is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, FromSqlRow)]
pub(crate) struct Artwork {
    /// What its address ends in. Another picture has another key, also where it is the same picture again.
    pub(crate) key: String,
    /// What it is mostly made of, as `#rrggbb`, the most frequent first; one to five.
    #[schema(min_items = 1, max_items = 5)]
    pub(crate) colours: Vec<String>,
    /// A blurred glance at it, as BlurHash has it (blurha.sh).
    pub(crate) blur_hash: String,
    /// Of its largest size, in pixels: nothing is enlarged.
    pub(crate) width: u32,
    pub(crate) height: u32,
}

impl FromSql<Jsonb, Pg> for Artwork {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let json = <serde_json::Value as FromSql<Jsonb, Pg>>::from_sql(value)?;
        Ok(serde_json::from_value(json)?)
    }
}
