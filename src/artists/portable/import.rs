//! A package that came here, and what becomes of it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::import_line::ImportLine;
use crate::artists::schema::imports;
use crate::artists::track::TrackProblem;
use crate::platform::db::{Conn, named};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, ArtistId, ImportId, UploadId};

named! {
    /// Where an import stands.
    pub(crate) enum ImportState {
        Waiting = "waiting",
        /// Signature and files are compared with what the package says of them.
        Checking = "checking",
        /// Releases and tracks are being made.
        Importing = "importing",
        /// All is here; what is to be published waits for its tracks.
        Publishing = "publishing",
        Done = "done",
        /// The package cannot be used, or no further.
        Refused = "refused",
    }
}

/// Where a package comes from, as its manifest says.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct ImportSource {
    /// The server's own word.
    pub(super) server: String,
    pub(super) artist_name: String,
    /// When it was made.
    pub(super) created_at: DateTime<Utc>,
    /// The key that it is signed with. Whether that is the server's, `/signing-key` there tells.
    pub(super) key_id: String,
    /// Whether this very server signed it.
    pub(super) is_own_key: bool,
    pub(super) releases: usize,
}

/// A package that came here.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Import {
    pub(super) id: ImportId,
    pub(super) state: ImportState,
    /// Whether what was out there is to be out here.
    publish: bool,
    /// Null until it was read.
    source: Option<ImportSource>,
    /// Why it was refused.
    problem: Option<TrackProblem>,
    created_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
}

/// A package that came here, and what became of what is in it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportReport {
    #[serde(flatten)]
    pub(super) import: Import,
    pub(super) lines: Vec<ImportLine>,
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = imports)]
struct Row {
    id: ImportId,
    state: ImportState,
    publish: bool,
    source: Option<Value>,
    problem: Option<Value>,
    created_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
}

/// A row of `artists.imports`, for the jobs that work on it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = imports)]
pub(super) struct OpenImport {
    pub(super) id: ImportId,
    pub(super) artist_id: ArtistId,
    pub(super) account_id: Option<AccountId>,
    upload_ids: Vec<Uuid>,
    pub(super) publish: bool,
    pub(super) state: ImportState,
}

impl TryFrom<Row> for Import {
    type Error = crate::platform::error::Error;

    fn try_from(row: Row) -> Result<Self> {
        let source = row.source.map(serde_json::from_value).transpose().map_err(anyhow::Error::from)?;
        let problem = row.problem.map(serde_json::from_value).transpose().map_err(anyhow::Error::from)?;
        let Row { id, state, publish, created_at, ended_at, .. } = row;
        Ok(Self { id, state, publish, source, problem, created_at, ended_at })
    }
}

impl Import {
    /// Adds one that waits; `None` where another one of the artist's is under way.
    pub(super) async fn insert(
        conn: &mut Conn,
        artist: ArtistId,
        account: AccountId,
        uploads: &[UploadId],
        publish: bool,
    ) -> Result<Option<Self>> {
        let added = diesel::insert_into(imports::table)
            .values((
                imports::id.eq(ImportId::new()),
                imports::artist_id.eq(artist),
                imports::account_id.eq(account),
                imports::upload_ids.eq(raw(uploads)),
                imports::publish.eq(publish),
            ))
            .on_conflict_do_nothing()
            .returning(Row::as_returning());
        let row: Option<Row> = added.get_result(conn).await.optional()?;
        row.map(Self::try_from).transpose()
    }

    /// The artist's import of these very uploads.
    pub(super) async fn of_uploads(conn: &mut Conn, artist: ArtistId, uploads: &[UploadId]) -> Result<Option<Self>> {
        let same = imports::table
            .filter(imports::artist_id.eq(artist).and(imports::upload_ids.eq(raw(uploads))))
            .order(imports::id.desc())
            .select(Row::as_select());
        let row: Option<Row> = same.first(conn).await.optional()?;
        row.map(Self::try_from).transpose()
    }

    pub(super) async fn find(conn: &mut Conn, artist: ArtistId, id: ImportId) -> Result<Option<Self>> {
        let found = imports::table.find(id).filter(imports::artist_id.eq(artist)).select(Row::as_select());
        let row: Option<Row> = found.first(conn).await.optional()?;
        row.map(Self::try_from).transpose()
    }

    /// An artist's imports, newest first.
    pub(super) async fn list(
        conn: &mut Conn,
        artist: ArtistId,
        after: Option<ImportId>,
        limit: i64,
    ) -> Result<Vec<Self>> {
        let mut list = imports::table
            .filter(imports::artist_id.eq(artist))
            .order(imports::id.desc())
            .limit(limit + 1)
            .select(Row::as_select())
            .into_boxed();
        if let Some(after) = after {
            list = list.filter(imports::id.lt(after));
        }
        let rows: Vec<Row> = list.load(conn).await?;
        rows.into_iter().map(Self::try_from).collect()
    }
}

impl OpenImport {
    /// The import, as long as it is under way.
    pub(super) async fn lock(conn: &mut Conn, id: ImportId) -> Result<Option<Self>> {
        let open = imports::table
            .find(id)
            .filter(imports::state.ne_all([ImportState::Done, ImportState::Refused]))
            .select(Self::as_select());
        Ok(open.for_update().first(conn).await.optional()?)
    }

    pub(super) fn uploads(&self) -> Vec<UploadId> {
        self.upload_ids.iter().copied().map(UploadId::from).collect()
    }

    pub(super) async fn turn(conn: &mut Conn, id: ImportId, state: ImportState) -> Result<()> {
        diesel::update(imports::table.find(id)).set(imports::state.eq(state)).execute(conn).await?;
        Ok(())
    }

    /// It is known where the package comes from, and that it is whole.
    pub(super) async fn begin_to_import(conn: &mut Conn, id: ImportId, source: &ImportSource) -> Result<()> {
        diesel::update(imports::table.find(id))
            .set((imports::state.eq(ImportState::Importing), imports::source.eq(json!(source))))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// It has ended, one way or the other.
    pub(super) async fn end(conn: &mut Conn, id: ImportId, problem: Option<&TrackProblem>) -> Result<()> {
        let state = if problem.is_some() { ImportState::Refused } else { ImportState::Done };
        let open = imports::table.find(id).filter(imports::ended_at.is_null());
        diesel::update(open)
            .set((
                imports::state.eq(state),
                imports::problem.eq(problem.map(|problem| json!(problem))),
                imports::ended_at.eq(diesel::dsl::now),
            ))
            .execute(conn)
            .await?;
        if problem.is_some() { ImportLine::withhold(conn, id).await } else { Ok(()) }
    }
}

fn raw(uploads: &[UploadId]) -> Vec<Uuid> {
    uploads.iter().map(|id| id.uuid()).collect()
}

/// Takes an account out of what it imported; nothing more is made in its name.
pub(in crate::artists) async fn forget_account(conn: &mut Conn, account: AccountId) -> Result<()> {
    diesel::update(imports::table.filter(imports::account_id.eq(account)))
        .set(imports::account_id.eq(None::<AccountId>))
        .execute(conn)
        .await?;
    Ok(())
}
