//! How often tracks were played, as far as that is counted: rows and queries.

use diesel::sql_types::{BigInt, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use crate::platform::db::{Conn, sql};
use crate::platform::error::Result;
use crate::platform::event::TrackPlays;
use crate::platform::id::TrackId;

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    track_id: TrackId,
    #[diesel(sql_type = BigInt)]
    plays: i64,
}

/// Puts up to `limit` plays that were heard since into the totals of their tracks, and answers with these. A play is marked as soon as it is in a
/// total, so that it counts once; what another process is counting is passed over.
pub(super) async fn add_up(conn: &mut Conn, limit: i64) -> Result<Vec<TrackPlays>> {
    let counting = sql("with batch as (
             select id from streaming.plays
             where qualified_at is not null and suspicion is null and not counted order by id limit $1 for update skip locked
         ), marked as (
             update streaming.plays p set counted = true from batch where p.id = batch.id returning p.track_id
         )
         insert into streaming.track_plays as total (track_id, plays)
         select track_id, count(*) from marked group by track_id order by track_id
         on conflict (track_id) do update set plays = total.plays + excluded.plays
         returning track_id, plays");
    let rows: Vec<Row> = counting.bind::<BigInt, _>(limit).load(conn).await?;
    Ok(rows.into_iter().map(|row| TrackPlays { track: row.track_id, plays: row.plays }).collect())
}
