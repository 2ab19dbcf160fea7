//! Tracks that wait to be processed once more, in the background.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::own_track::OwnTrack;
use super::schema::{releases, reprocessings, stages, tracks};
use super::stage::{StageState, Step};
use super::track::TrackState;
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::Result;
use crate::platform::id::{ArtistId, TrackId};

/// A row of `artists.reprocessings`.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Reprocessing {
    #[diesel(sql_type = SqlUuid)]
    pub(super) track_id: TrackId,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) from_step: Option<Step>,
    #[diesel(sql_type = Bool)]
    pub(super) anew: bool,
}

/// A track that can be heard, and what it was made of last.
pub(super) struct Standing {
    pub(super) track: OwnTrack,
    /// The hash of its recipe; none when it was made before there were recipes.
    pub(super) inputs: Option<Vec<u8>>,
}

impl Reprocessing {
    /// Lets tracks wait; those that do already are not doubled. Answers with those that are new.
    pub(super) async fn insert(
        conn: &mut Conn,
        of: &[TrackId],
        from: Option<Step>,
        anew: bool,
    ) -> Result<Vec<TrackId>> {
        let rows: Vec<_> = of
            .iter()
            .map(|track| {
                (reprocessings::track_id.eq(track), reprocessings::from_step.eq(from), reprocessings::anew.eq(anew))
            })
            .collect();
        let new = diesel::insert_into(reprocessings::table)
            .values(rows)
            .on_conflict_do_nothing()
            .returning(reprocessings::track_id);
        Ok(new.get_results(conn).await?)
    }

    /// Takes the next ones; others that do the same pass them by.
    pub(super) async fn take(conn: &mut Conn, limit: i64) -> Result<Vec<Self>> {
        let take = prepared(
            sql("delete from artists.reprocessings where track_id = any(array(
                    select track_id from artists.reprocessings
                    order by requested_at, track_id limit $1 for update skip locked))
                 returning track_id, from_step, anew")
            .bind::<BigInt, _>(limit),
        );
        let mut taken: Vec<Self> = take.load(conn).await?;
        // Locked in one order.
        taken.sort_by_key(|taken| taken.track_id);
        Ok(taken)
    }

    /// How many wait.
    pub(super) async fn count(conn: &mut Conn) -> Result<i64> {
        Ok(reprocessings::table.count().get_result(conn).await?)
    }

    /// Whether some wait to be made again though they are up to date.
    pub(super) async fn any_anew(conn: &mut Conn) -> Result<bool> {
        let anew = diesel::dsl::exists(reprocessings::table.filter(reprocessings::anew));
        Ok(diesel::select(anew).get_result(conn).await?)
    }
}

impl Standing {
    /// Tracks in the order of their ids, after one of them: of one artist, or of all. `every` one that has a file, or
    /// those that can be heard.
    pub(super) async fn list(
        conn: &mut Conn,
        artist: Option<ArtistId>,
        every: bool,
        after: Option<TrackId>,
        limit: i64,
    ) -> Result<Vec<Self>> {
        let mut list = tracks::table
            .inner_join(releases::table.on(releases::id.eq(tracks::release_id)))
            .left_join(stages::table.on(stages::track_id.eq(tracks::id).and(stages::name.eq(Step::Package))))
            .order(tracks::id)
            .limit(limit)
            .select((OwnTrack::COLUMNS, stages::inputs.nullable()))
            .into_boxed();
        let heard = [TrackState::Ready, TrackState::TakenDown];
        let any = [TrackState::Ready, TrackState::TakenDown, TrackState::Rejected];
        list = if every { list.filter(tracks::state.eq_any(any)) } else { list.filter(tracks::state.eq_any(heard)) };
        if let Some(artist) = artist {
            list = list.filter(releases::artist_id.eq(artist));
        }
        if let Some(after) = after {
            list = list.filter(tracks::id.gt(after));
        }
        let rows: Vec<(OwnTrack, Option<Vec<u8>>)> = list.load(conn).await?;
        Ok(rows.into_iter().map(|(track, inputs)| Self { track, inputs }).collect())
    }
}

/// How many of the tracks have a step that failed.
pub(super) async fn count_failed(conn: &mut Conn, of: &[TrackId]) -> Result<i64> {
    #[derive(QueryableByName)]
    struct Failed {
        #[diesel(sql_type = BigInt)]
        tracks: i64,
    }
    let failed = prepared(
        sql("select count(distinct track_id) as tracks from artists.stages where track_id = any($1) and state = $2")
            .bind::<Array<SqlUuid>, _>(of)
            .bind::<Text, _>(StageState::Failed),
    );
    let failed: Failed = failed.get_result(conn).await?;
    Ok(failed.tracks)
}
