//! What streaming tells of plays: the totals of tracks, and with them where releases stand among the most played.

use diesel::sql_types::{Array, BigInt, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::event::TrackPlays;

/// Takes over totals. They only grow, so that what comes twice or late changes nothing.
pub(in crate::artists) async fn follow_plays(conn: &mut Conn, told: &[TrackPlays]) -> Result<()> {
    let tracks: Vec<_> = told.iter().map(|total| total.track).collect();
    let plays: Vec<_> = told.iter().map(|total| total.plays).collect();
    // Whoever puts a release on its shelves anew holds it, and would not see these totals.
    let hold = prepared(
        sql("select r.id from artists.releases r
             where r.id in (select t.release_id from artists.tracks t where t.id = any($1)) order by r.id for share")
        .bind::<Array<SqlUuid>, _>(&tracks),
    );
    hold.execute(conn).await?;
    let keep = prepared(
        sql("insert into artists.track_plays as p (track_id, plays)
             select t.id, told.plays from unnest($1::uuid[], $2::bigint[]) told (track_id, plays)
             join artists.tracks t on t.id = told.track_id order by t.id
             on conflict (track_id) do update set plays = excluded.plays where p.plays < excluded.plays")
        .bind::<Array<SqlUuid>, _>(&tracks)
        .bind::<Array<BigInt>, _>(&plays),
    );
    keep.execute(conn).await?;
    let stand = prepared(
        sql("update artists.shelves h set plays = total.plays
             from (select t.release_id, sum(p.plays)::bigint as plays
                   from artists.tracks t join artists.track_plays p on p.track_id = t.id
                   where t.release_id in (select o.release_id from artists.tracks o where o.id = any($1))
                   group by t.release_id) total
             where h.release_id = total.release_id and h.plays <> total.plays")
        .bind::<Array<SqlUuid>, _>(&tracks),
    );
    stand.execute(conn).await?;
    Ok(())
}
