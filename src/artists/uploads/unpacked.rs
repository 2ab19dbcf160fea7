//! What became of the files in an archive: rows and queries.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::table::TableReport;
use crate::artists::schema::unpacked;
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::{TrackId, UploadId};

/// A file of an archive.
#[derive(Debug, Clone, Queryable, Selectable, Serialize, ToSchema)]
#[diesel(table_name = unpacked)]
pub(crate) struct UnpackedFile {
    pub(super) filename: String,
    /// What it became; null where it became nothing, or its track was deleted.
    pub(super) track_id: Option<TrackId>,
    /// Why it became nothing.
    pub(super) problem: Option<String>,
    /// What became of its lines, where it is a table of metadata.
    #[schema(value_type = Option<TableReport>)]
    pub(super) report: Option<Value>,
}

/// Rows of `artists.unpacked`: one a file, which is taken once.
pub(super) struct Unpacked;

impl Unpacked {
    /// The places in the archive of what was taken, or passed over, already.
    pub(super) async fn list(conn: &mut Conn, upload: UploadId) -> Result<Vec<i32>> {
        let list = unpacked::table.filter(unpacked::upload_id.eq(upload)).select(unpacked::entry);
        Ok(list.load(conn).await?)
    }

    /// All files of an archive, as far as it is unpacked.
    pub(super) async fn files(conn: &mut Conn, upload: UploadId) -> Result<Vec<UnpackedFile>> {
        let files = unpacked::table
            .filter(unpacked::upload_id.eq(upload))
            .order(unpacked::entry)
            .select(UnpackedFile::as_select());
        Ok(files.load(conn).await?)
    }

    /// The tracks that files of an archive became, by the places of the files.
    pub(super) async fn tracks(conn: &mut Conn, upload: UploadId, entries: &[i32]) -> Result<Vec<TrackId>> {
        let tracks = unpacked::table
            .filter(unpacked::upload_id.eq(upload).and(unpacked::entry.eq_any(entries)))
            .filter(unpacked::track_id.is_not_null())
            .select(unpacked::track_id.assume_not_null());
        Ok(tracks.load(conn).await?)
    }

    /// A table of metadata was followed. A second time this fails.
    pub(super) async fn note_table(
        conn: &mut Conn,
        upload: UploadId,
        (entry, filename): (i32, &str),
        report: &Value,
    ) -> Result<()> {
        diesel::insert_into(unpacked::table)
            .values((
                unpacked::upload_id.eq(upload),
                unpacked::entry.eq(entry),
                unpacked::filename.eq(filename.replace('\0', "")),
                unpacked::report.eq(report),
            ))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// A file is about to become a track. A second time this fails.
    pub(super) async fn reserve(conn: &mut Conn, upload: UploadId, entry: i32, filename: &str) -> Result<()> {
        diesel::insert_into(unpacked::table)
            .values((
                unpacked::upload_id.eq(upload),
                unpacked::entry.eq(entry),
                unpacked::filename.eq(filename.replace('\0', "")),
            ))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// It is one.
    pub(super) async fn fill(conn: &mut Conn, upload: UploadId, entry: i32, track: TrackId) -> Result<()> {
        let row = unpacked::table.find((upload, entry));
        diesel::update(row).set(unpacked::track_id.eq(track)).execute(conn).await?;
        Ok(())
    }

    /// It cannot become one.
    pub(super) async fn skip(
        conn: &mut Conn,
        upload: UploadId,
        entry: i32,
        filename: &str,
        problem: &str,
    ) -> Result<()> {
        diesel::insert_into(unpacked::table)
            .values((
                unpacked::upload_id.eq(upload),
                unpacked::entry.eq(entry),
                unpacked::filename.eq(filename.replace('\0', "")),
                unpacked::problem.eq(problem),
            ))
            .execute(conn)
            .await?;
        Ok(())
    }
}
