//! Count how many releases there are of each genre.

use std::time::Duration;

use crate::platform::Platform;
use crate::platform::db::sql;
use crate::platform::error::Result;
use diesel_async::RunQueryDsl;

/// How often they are counted.
const EVERY: Duration = Duration::from_secs(10);

/// Façade: keeps the numbers true, for as long as the process lives.
pub(crate) async fn count_genres(platform: Platform) {
    loop {
        if let Err(error) = count(&platform).await {
            tracing::warn!(%error, "counting genres");
        }
        tokio::time::sleep(EVERY).await;
    }
}

// One process counts at a time, and only what is different is written.
async fn count(platform: &Platform) -> Result<()> {
    platform
        .db
        .transaction(async |conn| {
            let counting = sql("with turn as materialized (
                     select pg_try_advisory_xact_lock(hashtextextended('artists.genres', 0)) as is_ours
                 ), counted as (
                     select h.genre, count(*) as release_count
                     from artists.shelves h join artists.releases r on r.id = h.release_id
                     where (select is_ours from turn) and h.genre <> '' and h.year = 0 and h.kind = ''
                       and h.published_at <= now() and r.visibility = 'public'
                     group by h.genre
                 ), gone as (
                     delete from artists.genres g
                     where (select is_ours from turn) and g.genre not in (select c.genre from counted c)
                 )
                 insert into artists.genres as g (genre, release_count) select genre, release_count from counted
                 on conflict (genre) do update set release_count = excluded.release_count
                 where g.release_count <> excluded.release_count");
            counting.execute(conn).await?;
            Ok(())
        })
        .await
}
