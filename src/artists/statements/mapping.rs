//! A mapping: a layout that an artist described, for statements of whom nobody else knows.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::reading::{DateForm, Decimal};
use super::sale::SaleKind;
use crate::artists::Title;
use crate::artists::schema::statement_mappings as mappings;
use crate::platform::db::{Conn, named};
use crate::platform::error::{Code, Error, Result};
use crate::platform::id::{ArtistId, StatementMappingId};

/// Limits of a mapping.
const MAX_COLUMNS: usize = 256;
const MAX_COLUMN: usize = 200;

/// Mappings that an artist may have.
pub(super) const MAX_MAPPINGS: i64 = 100;

named! {
    /// What a column can hold.
    #[derive(PartialOrd, Ord)]
    pub(crate) enum Field {
        /// When it was sold: a day or a month; the first day where there is a `period_end`.
        Period = "period",
        PeriodEnd = "period_end",
        Store = "store",
        Territory = "territory",
        Isrc = "isrc",
        Upc = "upc",
        Title = "title",
        Artist = "artist",
        Release = "release",
        /// Words such as `Stream` or `Download`.
        Kind = "kind",
        Quantity = "quantity",
        /// What the artist gets.
        Amount = "amount",
        Currency = "currency",
        /// The sender's own number of the sale.
        Reference = "reference",
    }
}

/// A layout as its artist describes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mapping {
    pub(crate) name: Title,
    /// Every column of the header, in order: 1 to 256 of at most 200 characters.
    #[schema(min_items = 1, max_items = 256)]
    pub(crate) columns: Vec<String>,
    /// Which column holds what. Wanted are `period`, `amount`, and `title` or `isrc`.
    #[schema(value_type = std::collections::HashMap<String, String>)]
    pub(crate) fields: BTreeMap<Field, String>,
    /// How dates are written.
    pub(crate) date: DateForm,
    /// How numbers are written; told from the file where absent.
    #[serde(default)]
    pub(crate) decimal: Option<Decimal>,
    /// Of all amounts (ISO 4217), where no column says it.
    #[serde(default)]
    pub(crate) currency: Option<String>,
    /// Of all sales, where no column says it.
    #[serde(default)]
    pub(crate) kind: Option<SaleKind>,
    /// What stands in the line that holds the statement's own sum, `Total` say.
    #[serde(default)]
    pub(crate) total_label: Option<String>,
}

impl Mapping {
    /// Refuses what cannot be read by, with the field at fault.
    pub(super) fn check(&self) -> Result<()> {
        self.check_columns()?;
        for (field, column) in &self.fields {
            if !self.columns.contains(column) {
                let problem = format!("There is no column “{column}” in `columns`.");
                return Err(Error::invalid(format!("fields.{}", field.name()), problem));
            }
        }
        for field in [Field::Period, Field::Amount] {
            if !self.fields.contains_key(&field) {
                return Err(Error::invalid(format!("fields.{}", field.name()), "A mapping needs this field."));
            }
        }
        if !self.fields.contains_key(&Field::Title) && !self.fields.contains_key(&Field::Isrc) {
            return Err(Error::invalid("fields.title", "A mapping needs `title` or `isrc`."));
        }
        let is_code = |code: &String| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase());
        match (&self.currency, self.fields.contains_key(&Field::Currency)) {
            (Some(code), _) if !is_code(code) => {
                Err(Error::invalid("currency", "A currency has three capital letters (ISO 4217)."))
            }
            (None, false) => Err(Error::invalid("currency", "Say the currency here, or which column holds it.")),
            _ => self.check_label(),
        }
    }

    fn check_columns(&self) -> Result<()> {
        if !(1..=MAX_COLUMNS).contains(&self.columns.len()) {
            return Err(Error::invalid("columns", "A file has 1 to 256 columns."));
        }
        let is_name = |column: &String| column.chars().count() <= MAX_COLUMN && !column.chars().any(char::is_control);
        if !self.columns.iter().all(is_name) {
            return Err(Error::invalid(
                "columns",
                "A column's name has at most 200 characters, and no control characters.",
            ));
        }
        let names: HashSet<String> = self.columns.iter().map(|column| column.trim().to_lowercase()).collect();
        if names.len() < self.columns.len() {
            return Err(Error::invalid("columns", "Two columns have the same name."));
        }
        Ok(())
    }

    fn check_label(&self) -> Result<()> {
        let fits =
            |label: &String| (1..=MAX_COLUMN).contains(&label.chars().count()) && !label.chars().any(char::is_control);
        if self.total_label.as_ref().is_none_or(fits) {
            return Ok(());
        }
        Err(Error::invalid("total_label", "A label has 1 to 200 characters, and no control characters."))
    }
}

/// A mapping that is kept.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct KeptMapping {
    pub(crate) id: StatementMappingId,
    #[serde(flatten)]
    pub(crate) mapping: Mapping,
    pub(crate) created_at: DateTime<Utc>,
}

#[derive(Queryable)]
struct Row {
    id: StatementMappingId,
    definition: Value,
    created_at: DateTime<Utc>,
}

impl TryFrom<Row> for KeptMapping {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let mapping = serde_json::from_value(row.definition).map_err(anyhow::Error::from)?;
        Ok(Self { id: row.id, mapping, created_at: row.created_at })
    }
}

impl KeptMapping {
    pub(super) async fn insert(
        conn: &mut Conn,
        id: StatementMappingId,
        artist: ArtistId,
        mapping: &Mapping,
    ) -> Result<()> {
        let added = diesel::insert_into(mappings::table)
            .values((
                mappings::id.eq(id),
                mappings::artist_id.eq(artist),
                mappings::name.eq(mapping.name.as_str()),
                mappings::definition.eq(json!(mapping)),
            ))
            .execute(conn)
            .await;
        let failed = |error: Error| error.on_constraint("statement_mappings_name", Code::MappingNameTaken);
        added.map(drop).map_err(|cause| failed(cause.into()))
    }

    pub(super) async fn count(conn: &mut Conn, artist: ArtistId) -> Result<i64> {
        Ok(mappings::table.filter(mappings::artist_id.eq(artist)).count().get_result(conn).await?)
    }

    pub(super) async fn find(conn: &mut Conn, artist: ArtistId, id: StatementMappingId) -> Result<Option<Self>> {
        let found = mappings::table.filter(mappings::id.eq(id).and(mappings::artist_id.eq(artist))).select((
            mappings::id,
            mappings::definition,
            mappings::created_at,
        ));
        let row: Option<Row> = found.first(conn).await.optional()?;
        row.map(Self::try_from).transpose()
    }

    /// In the order of their ids.
    pub(super) async fn list(
        conn: &mut Conn,
        artist: ArtistId,
        after: Option<StatementMappingId>,
        limit: i64,
    ) -> Result<Vec<Self>> {
        let mut list = mappings::table
            .filter(mappings::artist_id.eq(artist))
            .order(mappings::id)
            .limit(limit + 1)
            .select((mappings::id, mappings::definition, mappings::created_at))
            .into_boxed();
        if let Some(after) = after {
            list = list.filter(mappings::id.gt(after));
        }
        let rows: Vec<Row> = list.load(conn).await?;
        rows.into_iter().map(Self::try_from).collect()
    }

    /// False when there is no such mapping.
    pub(super) async fn delete(conn: &mut Conn, artist: ArtistId, id: StatementMappingId) -> Result<bool> {
        let mine = mappings::table.filter(mappings::id.eq(id).and(mappings::artist_id.eq(artist)));
        Ok(diesel::delete(mine).execute(conn).await? == 1)
    }
}
