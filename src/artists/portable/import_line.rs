//! The report of an import, line by line.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Integer, Jsonb, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::artists::schema::import_lines;
use crate::platform::db::{Conn, named, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{ImportId, ReleaseId};

named! {
    /// What became of something in a package.
    pub(crate) enum ImportOutcome {
        Made = "made",
        /// It was here already.
        There = "there",
        /// It could not be taken.
        Refused = "refused",
    }
}

named! {
    /// What becomes of a release's publication.
    pub(crate) enum ImportPublication {
        /// Nothing: it is a draft, unless it was published here before.
        Draft = "draft",
        /// It is published once its tracks are ready.
        Waiting = "waiting",
        Published = "published",
        /// It will be public when its embargo ends.
        Scheduled = "scheduled",
    }
}

/// What became of a release; or, at the place 0, of what the artist says of itself.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = import_lines)]
pub(crate) struct ImportLine {
    /// The place in the package, from 1.
    pub(super) place: i32,
    pub(super) title: String,
    pub(super) outcome: ImportOutcome,
    pub(super) release_id: Option<ReleaseId>,
    /// How many tracks this import has made.
    pub(super) tracks: i32,
    /// What could not be taken, and what is to be done by hand.
    #[schema(value_type = Vec<String>)]
    problems: Value,
    publication: ImportPublication,
    #[serde(skip)]
    pub(super) publish_at: Option<DateTime<Utc>>,
}

/// A line of which nothing is known yet but what became of the release itself.
pub(super) struct NewLine<'a> {
    pub(super) import: ImportId,
    pub(super) place: i32,
    pub(super) title: &'a str,
    pub(super) outcome: ImportOutcome,
    pub(super) release: Option<ReleaseId>,
}

impl ImportLine {
    /// Adds a line, and says so; what an earlier attempt wrote of the same place stays.
    pub(super) async fn insert(conn: &mut Conn, new: &NewLine<'_>) -> Result<bool> {
        let inserted = diesel::insert_into(import_lines::table)
            .values((
                import_lines::import_id.eq(new.import),
                import_lines::place.eq(new.place),
                import_lines::title.eq(new.title),
                import_lines::outcome.eq(new.outcome),
                import_lines::release_id.eq(new.release),
            ))
            .on_conflict_do_nothing()
            .execute(conn)
            .await?;
        Ok(inserted == 1)
    }

    pub(super) async fn find(conn: &mut Conn, import: ImportId, place: i32) -> Result<Option<Self>> {
        Ok(import_lines::table.find((import, place)).select(Self::as_select()).first(conn).await.optional()?)
    }

    /// All of an import, in the package's order.
    pub(super) async fn list(conn: &mut Conn, import: ImportId) -> Result<Vec<Self>> {
        let list = import_lines::table
            .filter(import_lines::import_id.eq(import))
            .order(import_lines::place)
            .select(Self::as_select());
        Ok(list.load(conn).await?)
    }

    /// The releases that wait to be published.
    pub(super) async fn list_waiting(conn: &mut Conn, import: ImportId) -> Result<Vec<Self>> {
        let list = import_lines::table
            .filter(import_lines::import_id.eq(import))
            .filter(import_lines::publication.eq(ImportPublication::Waiting))
            .order(import_lines::place)
            .select(Self::as_select());
        Ok(list.load(conn).await?)
    }

    /// One more track is made.
    pub(super) async fn count(conn: &mut Conn, import: ImportId, place: i32) -> Result<()> {
        diesel::update(import_lines::table.find((import, place)))
            .set(import_lines::tracks.eq(import_lines::tracks + 1))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// Adds what is to be told, once.
    pub(super) async fn tell(conn: &mut Conn, import: ImportId, place: i32, problem: &str) -> Result<()> {
        let told = prepared(
            sql("update artists.import_lines set problems = problems || $3
                 where import_id = $1 and place = $2 and not problems @> $3")
            .bind::<SqlUuid, _>(import)
            .bind::<Integer, _>(place)
            .bind::<Jsonb, _>(json!([problem])),
        );
        told.execute(conn).await?;
        Ok(())
    }

    /// Something of it could not be taken: it is told, and what was to be published stays a draft.
    pub(super) async fn miss(conn: &mut Conn, import: ImportId, place: i32, problem: &str) -> Result<()> {
        Self::tell(conn, import, place, problem).await?;
        let waiting =
            import_lines::table.find((import, place)).filter(import_lines::publication.eq(ImportPublication::Waiting));
        let withheld =
            diesel::update(waiting).set(import_lines::publication.eq(ImportPublication::Draft)).execute(conn).await?;
        let told = "It stays a draft: not all of it could be taken; look at it first.";
        if withheld > 0 { Self::tell(conn, import, place, told).await } else { Ok(()) }
    }

    /// What waited to be published stays a draft: the import has ended before.
    pub(super) async fn withhold(conn: &mut Conn, import: ImportId) -> Result<()> {
        let waiting = import_lines::table
            .filter(import_lines::import_id.eq(import))
            .filter(import_lines::publication.eq(ImportPublication::Waiting));
        diesel::update(waiting).set(import_lines::publication.eq(ImportPublication::Draft)).execute(conn).await?;
        Ok(())
    }

    /// What becomes of its publication; `at` is the end of an embargo.
    pub(super) async fn turn(
        conn: &mut Conn,
        import: ImportId,
        place: i32,
        publication: ImportPublication,
        at: Option<DateTime<Utc>>,
    ) -> Result<()> {
        diesel::update(import_lines::table.find((import, place)))
            .set((import_lines::publication.eq(publication), import_lines::publish_at.eq(at)))
            .execute(conn)
            .await?;
        Ok(())
    }
}
