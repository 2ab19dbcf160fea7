//! Where else the file of a track is, to the bit.

use diesel::prelude::*;
use diesel::sql_types::{Array, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use utoipa::ToSchema;

use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{AccountId, ReleaseId, TrackId};

/// Another track that was made of the very same file.
#[derive(Debug, Serialize, ToSchema, QueryableByName)]
pub(crate) struct SameFile {
    #[diesel(sql_type = SqlUuid)]
    pub(in crate::artists) track_id: TrackId,
    #[diesel(sql_type = Text)]
    pub(in crate::artists) title: String,
    #[diesel(sql_type = SqlUuid)]
    release_id: ReleaseId,
    #[diesel(sql_type = Text)]
    pub(in crate::artists) release_title: String,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = SqlUuid)]
    of: TrackId,
    #[diesel(embed)]
    same: SameFile,
}

impl SameFile {
    /// Tracks of artists that the member acts for, the oldest first; 20 at the most for each of these.
    pub(in crate::artists) async fn list(
        conn: &mut Conn,
        tracks: &[TrackId],
        member: AccountId,
    ) -> Result<Vec<(TrackId, Self)>> {
        let list = prepared(
            sql("select t.id as of, same.* from unnest($1::uuid[]) as t (id) cross join lateral (
                    select o.id as track_id, o.title, r.id as release_id, r.title as release_title
                    from artists.tracks s
                    join artists.tracks o on o.source_key = s.source_key and o.id <> s.id
                    join artists.releases r on r.id = o.release_id
                    where s.id = t.id and exists (
                        select 1 from artists.acting x where x.artist_id = r.artist_id and x.account_id = $2)
                    order by o.id limit 20) same
                 order by t.id, same.track_id")
            .bind::<Array<SqlUuid>, _>(tracks)
            .bind::<SqlUuid, _>(member),
        );
        let found: Vec<Found> = list.load(conn).await?;
        Ok(found.into_iter().map(|found| (found.of, found.same)).collect())
    }

    /// Of which of these a track that everybody may hear, of an artist that the member does not act for, was made of the same
    /// file.
    pub(in crate::artists) async fn elsewhere(
        conn: &mut Conn,
        tracks: &[TrackId],
        member: AccountId,
    ) -> Result<Vec<TrackId>> {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = SqlUuid)]
            id: TrackId,
        }
        let found = prepared(
            sql("select t.id from artists.tracks t
                 where t.id = any($1) and exists (
                    select 1 from artists.tracks o
                    join artists.releases r on r.id = o.release_id
                    where o.source_key = t.source_key and o.id <> t.id
                      and o.state = 'ready' and r.published_at <= now() and r.visibility = 'public'
                      and not exists (
                        select 1 from artists.acting x where x.artist_id = r.artist_id and x.account_id = $2))")
            .bind::<Array<SqlUuid>, _>(tracks)
            .bind::<SqlUuid, _>(member),
        );
        let rows: Vec<Row> = found.load(conn).await?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    }
}
