//! A track as its artist and its chain change it.

use diesel::prelude::*;
use diesel::sql_types::{Array, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::Value;

use super::Title;
use super::artwork::Picture;
use super::membership::may_edit;
use super::schema::{releases, renditions, replacements, tracks};
use super::track::{TrackProblem, TrackState};
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::{Error, Result};
use crate::platform::id::{AccountId, ArtistId, ReleaseId, TrackId};
use crate::platform::storage::Stored;

/// A row of `artists.tracks` and the artist that it belongs to.
#[derive(Debug, Clone, Queryable)]
pub(super) struct OwnTrack {
    pub(super) id: TrackId,
    pub(super) release: ReleaseId,
    pub(super) artist: ArtistId,
    pub(super) source_key: String,
    pub(super) filename: Option<String>,
    pub(super) state: TrackState,
}

/// What an upload knows of its track.
pub(super) struct NewTrack<'a> {
    pub(super) id: TrackId,
    pub(super) release: ReleaseId,
    pub(super) title: &'a Title,
    pub(super) source: &'a Stored,
    pub(super) filename: Option<&'a str>,
    pub(super) uploaded_by: AccountId,
}

/// The tracks of a release, in numbers.
pub(super) struct TrackCount {
    pub(super) all: usize,
    pub(super) processing: usize,
    pub(super) ready: usize,
}

type Columns =
    (tracks::id, tracks::release_id, releases::artist_id, tracks::source_key, tracks::filename, tracks::state);

impl OwnTrack {
    /// What is selected of tracks joined with their releases.
    pub(super) const COLUMNS: Columns =
        (tracks::id, tracks::release_id, releases::artist_id, tracks::source_key, tracks::filename, tracks::state);

    /// Adds a track at the end of its release, which the caller has locked.
    pub(super) async fn insert(conn: &mut Conn, new: &NewTrack<'_>) -> Result<()> {
        let last: Option<i32> = tracks::table
            .filter(tracks::release_id.eq(new.release))
            .select(diesel::dsl::max(tracks::position))
            .first(conn)
            .await?;
        diesel::insert_into(tracks::table)
            .values((
                tracks::id.eq(new.id),
                tracks::release_id.eq(new.release),
                tracks::title.eq(new.title.as_str()),
                tracks::position.eq(last.unwrap_or(0) + 1),
                tracks::source_key.eq(&new.source.key),
                tracks::source_size_bytes.eq(i64::try_from(new.source.size_bytes).unwrap_or(i64::MAX)),
                tracks::filename.eq(new.filename),
                tracks::uploaded_by.eq(new.uploaded_by),
            ))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// The track, for its chain: locked, so that two attempts take turns. None once it is deleted.
    pub(super) async fn lock(conn: &mut Conn, id: TrackId) -> Result<Option<Self>> {
        let locked: Option<TrackId> =
            tracks::table.find(id).select(tracks::id).for_update().first(conn).await.optional()?;
        if locked.is_some() { Self::find(conn, id).await } else { Ok(None) }
    }

    /// The track, for its chain, without a lock.
    pub(super) async fn find(conn: &mut Conn, id: TrackId) -> Result<Option<Self>> {
        let found = tracks::table
            .inner_join(releases::table.on(releases::id.eq(tracks::release_id)))
            .filter(tracks::id.eq(id))
            .select(Self::COLUMNS);
        Ok(found.first(conn).await.optional()?)
    }

    /// The member's track, without a lock.
    pub(super) async fn find_mine(conn: &mut Conn, id: TrackId, member: AccountId) -> Result<Option<Self>> {
        let found = tracks::table
            .inner_join(releases::table.on(releases::id.eq(tracks::release_id)))
            .filter(tracks::id.eq(id))
            .filter(may_edit(releases::artist_id, member))
            .select(Self::COLUMNS);
        Ok(found.first(conn).await.optional()?)
    }

    /// The member's track, locked.
    pub(super) async fn lock_mine(conn: &mut Conn, id: TrackId, member: AccountId) -> Result<Self> {
        let releases = releases::table.filter(may_edit(releases::artist_id, member)).select(releases::id);
        let locked: Option<TrackId> = tracks::table
            .filter(tracks::id.eq(id).and(tracks::release_id.eq_any(releases)))
            .select(tracks::id)
            .for_update()
            .first(conn)
            .await
            .optional()?;
        let track = if locked.is_some() { Self::find(conn, id).await? } else { None };
        track.ok_or(Error::NotFound("track"))
    }

    /// The tracks of a release.
    pub(super) async fn ids(conn: &mut Conn, release: ReleaseId) -> Result<Vec<TrackId>> {
        Ok(tracks::table.filter(tracks::release_id.eq(release)).select(tracks::id).load(conn).await?)
    }

    /// How many tracks a release has.
    pub(super) async fn count(conn: &mut Conn, release: ReleaseId) -> Result<TrackCount> {
        let states: Vec<TrackState> =
            tracks::table.filter(tracks::release_id.eq(release)).select(tracks::state).load(conn).await?;
        let of = |state| states.iter().filter(|other| **other == state).count();
        Ok(TrackCount { all: states.len(), processing: of(TrackState::Processing), ready: of(TrackState::Ready) })
    }

    /// The keys of what these tracks have in the store, originals, renditions and covers. The tracks stay locked, so that it
    /// stays so.
    pub(super) async fn lock_objects(conn: &mut Conn, ids: &[TrackId]) -> Result<Vec<String>> {
        let originals = tracks::table.filter(tracks::id.eq_any(ids)).order(tracks::id).select(tracks::source_key);
        let mut keys: Vec<String> = originals.for_update().load(conn).await?;
        let made = renditions::table.filter(renditions::track_id.eq_any(ids)).select(renditions::object_key);
        keys.extend(made.load::<String>(conn).await?);
        let covers = tracks::table.filter(tracks::id.eq_any(ids)).select(tracks::cover_key);
        keys.extend(covers.load::<Option<String>>(conn).await?.into_iter().flatten());
        let waiting = replacements::table
            .filter(replacements::track_id.eq_any(ids))
            .select((replacements::source_key, replacements::cover_key));
        for (source, cover) in waiting.load::<(String, Option<String>)>(conn).await? {
            keys.extend(std::iter::once(source).chain(cover));
        }
        Ok(keys)
    }

    /// Whether an object is some track's original, rendition or cover, or waits to be, or some picture's.
    pub(super) async fn uses(conn: &mut Conn, key: &str) -> Result<bool> {
        let originals = diesel::dsl::exists(tracks::table.filter(tracks::source_key.eq(key)));
        let made = diesel::dsl::exists(renditions::table.filter(renditions::object_key.eq(key)));
        let covers = diesel::dsl::exists(tracks::table.filter(tracks::cover_key.eq(key)));
        let waiting = replacements::table
            .filter(replacements::source_key.eq(key).or(replacements::cover_key.is_not_distinct_from(key)));
        let waiting = diesel::dsl::exists(waiting);
        let is_a_tracks: bool = diesel::select(originals.or(made).or(covers).or(waiting)).get_result(conn).await?;
        Ok(is_a_tracks || Picture::uses(conn, key).await?)
    }

    /// The original, as the store has it.
    pub(super) async fn stored(&self, conn: &mut Conn) -> Result<Stored> {
        let size: i64 = tracks::table.find(self.id).select(tracks::source_size_bytes).first(conn).await?;
        let name = self.source_key.rsplit('/').next().unwrap_or_default();
        let hash = blake3::Hash::from_hex(name).map_err(anyhow::Error::from)?;
        Ok(Stored { key: self.source_key.clone(), hash: hash.as_bytes().to_vec(), size_bytes: size.unsigned_abs() })
    }

    /// What a track is called.
    pub(super) async fn title(conn: &mut Conn, id: TrackId) -> Result<String> {
        Ok(tracks::table.find(id).select(tracks::title).first(conn).await?)
    }

    pub(super) async fn retitle(&self, conn: &mut Conn, title: &Title) -> Result<()> {
        diesel::update(tracks::table.find(self.id)).set(tracks::title.eq(title.as_str())).execute(conn).await?;
        Ok(())
    }

    /// Moves the track to a place in its release; the others close up. Beyond the end is the end.
    pub(super) async fn reposition(&self, conn: &mut Conn, position: i32) -> Result<()> {
        let others: Vec<TrackId> = tracks::table
            .filter(tracks::release_id.eq(self.release).and(tracks::id.ne(self.id)))
            .order(tracks::position)
            .select(tracks::id)
            // All rows before the first change: nobody may wait for half an order.
            .for_update()
            .load(conn)
            .await?;
        let place = usize::try_from(position - 1).unwrap_or(0).min(others.len());
        let order: Vec<TrackId> = [&others[..place], &[self.id], &others[place..]].concat();
        diesel::sql_query("set constraints artists.tracks_position deferred").execute(conn).await?;
        let placed = prepared(
            sql("update artists.tracks t set position = o.place
                 from unnest($1) with ordinality as o(id, place) where t.id = o.id")
            .bind::<Array<SqlUuid>, _>(order),
        );
        placed.execute(conn).await?;
        Ok(())
    }

    pub(super) async fn suggest(&self, conn: &mut Conn, suggestions: &Value, cover_key: Option<&str>) -> Result<()> {
        diesel::update(tracks::table.find(self.id))
            .set((tracks::suggestions.eq(suggestions), tracks::cover_key.eq(cover_key)))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// The end of a chain that went well: what was being processed can be played. Any other state stays.
    pub(super) async fn make_ready(&self, conn: &mut Conn) -> Result<()> {
        let processed = tracks::table.find(self.id).filter(tracks::state.eq(TrackState::Processing));
        diesel::update(processed).set(tracks::state.eq(TrackState::Ready)).execute(conn).await?;
        Ok(())
    }

    /// A chain begins, or its artist stopped it: what was wrong before does not count any more.
    pub(super) async fn turn(&self, conn: &mut Conn, state: TrackState) -> Result<()> {
        diesel::update(tracks::table.find(self.id))
            .set((
                tracks::state.eq(state),
                tracks::problem_slug.eq(None::<String>),
                tracks::problem_message.eq(None::<String>),
            ))
            .execute(conn)
            .await?;
        Ok(())
    }

    pub(super) async fn reject(&self, conn: &mut Conn, problem: &TrackProblem) -> Result<()> {
        diesel::update(tracks::table.find(self.id))
            .set((
                tracks::state.eq(TrackState::Rejected),
                tracks::problem_slug.eq(&problem.slug),
                tracks::problem_message.eq(&problem.message),
            ))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// Another file is the track's original from now on.
    pub(super) async fn resupply(
        &self,
        conn: &mut Conn,
        source: &Stored,
        filename: Option<&str>,
        member: AccountId,
    ) -> Result<()> {
        diesel::update(tracks::table.find(self.id))
            .set((
                tracks::source_key.eq(&source.key),
                tracks::source_size_bytes.eq(i64::try_from(source.size_bytes).unwrap_or(i64::MAX)),
                tracks::filename.eq(filename),
                tracks::uploaded_by.eq(member),
            ))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// The original lies elsewhere now.
    pub(super) async fn relocate(&self, conn: &mut Conn, source_key: &str) -> Result<()> {
        diesel::update(tracks::table.find(self.id)).set(tracks::source_key.eq(source_key)).execute(conn).await?;
        Ok(())
    }

    pub(super) async fn delete(&self, conn: &mut Conn) -> Result<()> {
        diesel::delete(tracks::table.find(self.id)).execute(conn).await?;
        Ok(())
    }
}
