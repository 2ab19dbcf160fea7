//! An artist's quota: its row, what is used of it, and whether there is room for more.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use utoipa::ToSchema;

use crate::artists::schema::{quotas, releases};
use crate::platform::config::Config;
use crate::platform::db::{Conn, prepared, sql};
use crate::platform::error::{Code, Error, Result};
use crate::platform::id::{ArtistId, ReleaseId};

/// What an artist may have, and has.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Quota {
    /// Of originals and statements, and of uploads under way.
    pub(crate) bytes: QuotaShare,
    pub(crate) tracks: QuotaShare,
    /// Since midnight, in UTC.
    pub(crate) uploads_today: QuotaShare,
}

/// A part of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QuotaShare {
    pub(crate) used: i64,
    pub(crate) limit: i64,
    /// Whether an administrator set this limit for the artist; else it is everybody's.
    pub(crate) is_own: bool,
}

/// What somebody wants to upload.
#[derive(Debug, Clone, Copy)]
pub(in crate::artists) struct Wanted {
    pub(in crate::artists) bytes: u64,
    pub(in crate::artists) tracks: i64,
    pub(in crate::artists) uploads: i64,
}

/// Limits that an administrator sets for an artist; null is everybody's.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Limits {
    pub(super) bytes: Option<i64>,
    pub(super) tracks: Option<i64>,
    pub(super) uploads_per_day: Option<i64>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    bytes: i64,
    #[diesel(sql_type = BigInt)]
    tracks: i64,
    #[diesel(sql_type = BigInt)]
    uploads: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    max_bytes: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    max_tracks: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    max_uploads: Option<i64>,
}

impl Quota {
    /// An artist's quota. What is on its way counts as if it were here.
    pub(in crate::artists) async fn of(conn: &mut Conn, config: &Config, artist: ArtistId) -> Result<Self> {
        let found = prepared(
            sql("select (t.bytes + p.bytes + u.bytes + s.bytes)::bigint as bytes, (t.tracks + u.tracks)::bigint as tracks,
                        coalesce(d.uploads, 0)::bigint as uploads,
                        q.bytes as max_bytes, q.tracks as max_tracks, q.uploads_per_day as max_uploads
                 from (select coalesce(sum(t.source_size_bytes), 0) as bytes, count(*) as tracks
                       from artists.tracks t join artists.releases r on r.id = t.release_id
                       where r.artist_id = $1) t
                 cross join (select coalesce(sum(p.source_size_bytes), 0) as bytes
                             from artists.replacements p
                             join artists.tracks t on t.id = p.track_id join artists.releases r on r.id = t.release_id
                             where r.artist_id = $1) p
                 -- What is in an archive that has come counts file by file, as it is unpacked.
                 cross join (select coalesce(sum(coalesce(u.length_bytes, u.offset_bytes))
                                        filter (where not (u.is_archive and u.state = 'arrived')), 0) as bytes,
                                    count(*) filter (where u.replaces_id is null and not u.is_archive) as tracks
                             from artists.uploads u join artists.releases r on r.id = u.release_id
                             where r.artist_id = $1 and u.state in ('arriving', 'arrived')) u
                 cross join (select coalesce(sum(s.file_size_bytes), 0) as bytes
                             from artists.statements s where s.artist_id = $1) s
                 left join artists.quotas q on q.artist_id = $1
                 left join artists.upload_days d
                    on d.artist_id = $1 and d.day = (now() at time zone 'utc')::date")
            .bind::<SqlUuid, _>(artist),
        );
        let row: Row = found.get_result(conn).await?;
        let share = |used, own: Option<i64>, all: u64| QuotaShare {
            used,
            limit: own.unwrap_or_else(|| i64::try_from(all).unwrap_or(i64::MAX)),
            is_own: own.is_some(),
        };
        Ok(Self {
            bytes: share(row.bytes, row.max_bytes, config.artist_max_bytes),
            tracks: share(row.tracks, row.max_tracks, config.artist_max_tracks),
            uploads_today: share(row.uploads, row.max_uploads, config.artist_max_uploads_per_day),
        })
    }

    /// The quota of a release's artist.
    pub(in crate::artists) async fn of_release(conn: &mut Conn, config: &Config, release: ReleaseId) -> Result<Self> {
        let artist = artist_of(conn, release).await?;
        Self::of(conn, config, artist).await
    }

    /// The same as [`Quota::spend`], for the artist of a release.
    pub(in crate::artists) async fn spend_for_release(
        conn: &mut Conn,
        config: &Config,
        release: ReleaseId,
        wanted: Wanted,
    ) -> Result<()> {
        let artist = artist_of(conn, release).await?;
        Self::spend(conn, config, artist, wanted).await
    }

    /// Refuses what there is no room for.
    pub(in crate::artists) fn require(&self, wanted: Wanted) -> Result<()> {
        let bytes = i64::try_from(wanted.bytes).unwrap_or(i64::MAX);
        for (share, more, code) in [
            (&self.uploads_today, wanted.uploads, Code::QuotaOfUploads),
            (&self.tracks, wanted.tracks, Code::QuotaOfTracks),
            (&self.bytes, bytes, Code::QuotaOfBytes),
        ] {
            if more > 0 && share.used.saturating_add(more) > share.limit {
                return Err(Error::Refused(code));
            }
        }
        Ok(())
    }

    /// Counts an upload, and refuses what there is no room for. Until the caller's transaction ends, nobody else counts for
    /// the same artist.
    pub(in crate::artists) async fn spend(
        conn: &mut Conn,
        config: &Config,
        artist: ArtistId,
        wanted: Wanted,
    ) -> Result<()> {
        let count = prepared(
            sql("insert into artists.upload_days as d (artist_id, day, uploads)
                 values ($1, (now() at time zone 'utc')::date, $2)
                 on conflict (artist_id, day) do update set uploads = d.uploads + excluded.uploads")
            .bind::<SqlUuid, _>(artist)
            .bind::<BigInt, _>(wanted.uploads),
        );
        count.execute(conn).await?;
        // It is counted by now.
        let quota = Self::of(conn, config, artist).await?;
        if wanted.uploads > 0 && quota.uploads_today.used > quota.uploads_today.limit {
            return Err(Error::Refused(Code::QuotaOfUploads));
        }
        quota.require(Wanted { uploads: 0, ..wanted })
    }
}

async fn artist_of(conn: &mut Conn, release: ReleaseId) -> Result<ArtistId> {
    let artist = releases::table.find(release).select(releases::artist_id).first(conn).await.optional()?;
    artist.ok_or(Error::NotFound("release"))
}

impl Limits {
    /// Sets an artist's limits, whatever they were.
    pub(super) async fn put(&self, conn: &mut Conn, artist: ArtistId) -> Result<()> {
        let limits = (
            quotas::artist_id.eq(artist),
            quotas::bytes.eq(self.bytes),
            quotas::tracks.eq(self.tracks),
            quotas::uploads_per_day.eq(self.uploads_per_day),
        );
        let set = (
            quotas::bytes.eq(self.bytes),
            quotas::tracks.eq(self.tracks),
            quotas::uploads_per_day.eq(self.uploads_per_day),
        );
        diesel::insert_into(quotas::table)
            .values(limits)
            .on_conflict(quotas::artist_id)
            .do_update()
            .set(set)
            .execute(conn)
            .await?;
        Ok(())
    }

    /// Everybody's limits are the artist's again.
    pub(super) async fn delete(conn: &mut Conn, artist: ArtistId) -> Result<()> {
        diesel::delete(quotas::table.find(artist)).execute(conn).await?;
        Ok(())
    }
}
