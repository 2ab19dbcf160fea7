//! Lines that came before their files.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::{Value, json};

use super::sheet::Line;
use crate::artists::schema::{awaiting_lines, tracks};
use crate::platform::db::Conn;
use crate::platform::error::Result;
use crate::platform::id::{AccountId, ReleaseId, TrackId};

/// A row of `artists.awaiting_lines`, and the place of its track.
#[derive(Debug, Clone, Queryable)]
pub(super) struct AwaitingLine {
    number: i32,
    pub(super) account: AccountId,
    said: Value,
    /// The track that is as the line says; none while it waits.
    pub(super) track: Option<TrackId>,
    /// Where that track is in the release.
    pub(super) place: Option<i32>,
}

impl AwaitingLine {
    /// The lines of a release in their order, as long as one of them waits.
    pub(super) async fn list(conn: &mut Conn, release: ReleaseId) -> Result<Vec<Self>> {
        let rows = awaiting_lines::table
            .left_join(tracks::table.on(awaiting_lines::track_id.eq(tracks::id.nullable())))
            .filter(awaiting_lines::release_id.eq(release))
            .order(awaiting_lines::number)
            .select((
                awaiting_lines::number,
                awaiting_lines::account_id,
                awaiting_lines::said,
                awaiting_lines::track_id,
                tracks::position.nullable(),
            ));
        Ok(rows.load(conn).await?)
    }

    /// Whether a line waits for some file of a release.
    pub(super) async fn is_any(conn: &mut Conn, release: ReleaseId) -> Result<bool> {
        let waiting = awaiting_lines::table
            .filter(awaiting_lines::release_id.eq(release))
            .filter(awaiting_lines::track_id.is_null());
        Ok(diesel::select(diesel::dsl::exists(waiting)).get_result(conn).await?)
    }

    /// Lets the lines of a table wait, in the place of all that waited before.
    pub(super) async fn replace(
        conn: &mut Conn,
        release: ReleaseId,
        member: AccountId,
        lines: &[(&Line, Option<TrackId>)],
    ) -> Result<()> {
        Self::forget(conn, release).await?;
        let rows: Vec<_> = lines
            .iter()
            .map(|(line, track)| {
                (
                    awaiting_lines::release_id.eq(release),
                    awaiting_lines::number.eq(i32::try_from(line.number).unwrap_or(i32::MAX)),
                    awaiting_lines::account_id.eq(member),
                    awaiting_lines::said.eq(json!(line.values())),
                    awaiting_lines::track_id.eq(*track),
                )
            })
            .collect();
        diesel::insert_into(awaiting_lines::table).values(rows).execute(conn).await?;
        Ok(())
    }

    pub(super) async fn forget(conn: &mut Conn, release: ReleaseId) -> Result<()> {
        let all = awaiting_lines::table.filter(awaiting_lines::release_id.eq(release));
        diesel::delete(all).execute(conn).await?;
        Ok(())
    }

    /// Notes that a track is as a line says.
    pub(super) async fn follow(conn: &mut Conn, release: ReleaseId, number: u64, track: TrackId) -> Result<()> {
        let line = awaiting_lines::table.find((release, i32::try_from(number).unwrap_or(i32::MAX)));
        diesel::update(line).set(awaiting_lines::track_id.eq(track)).execute(conn).await?;
        Ok(())
    }

    #[cfg(test)]
    pub(super) fn placed(wanted: i32, place: Option<i32>) -> Self {
        let said = json!({ "position": wanted.to_string() });
        Self { number: wanted, account: AccountId::new(), said, track: None, place }
    }

    /// What the line says.
    pub(super) fn line(&self) -> Line {
        let values: BTreeMap<String, String> = serde_json::from_value(self.said.clone()).unwrap_or_default();
        Line::of(u64::try_from(self.number).unwrap_or(0), values)
    }
}

/// Forgets the tables of an account that is erased: nothing is done in its name any more.
pub(in crate::artists) async fn forget_account(conn: &mut Conn, account: AccountId) -> Result<()> {
    diesel::delete(awaiting_lines::table.filter(awaiting_lines::account_id.eq(account))).execute(conn).await?;
    Ok(())
}
