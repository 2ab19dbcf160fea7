//! A release: its rows and queries.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use utoipa::ToSchema;

use super::Title;
use super::artist::ArtistLink;
use super::artwork::Artwork;
use super::loudness::ReleaseLoudness;
use super::membership::may_edit;
use super::metadata::ReleaseDetails;
use super::publication::{Visibility, listed, open_by_address};
use super::schema::releases;
use super::track::Track;
use crate::platform::db::{Conn, named, prepared, sql};
use crate::platform::error::{Error, Result};
use crate::platform::id::{AccountId, ArtistId, ReleaseId};

named! {
    /// What kind of release.
    pub(crate) enum ReleaseKind {
        Album = "album",
        Ep = "ep",
        Single = "single",
        Compilation = "compilation",
        Live = "live",
    }
}

named! {
    /// Where a release stands; who sees it then is its visibility.
    pub(crate) enum ReleaseState {
        /// It has never been public.
        Draft = "draft",
        /// It will be public at `published_at`.
        Scheduled = "scheduled",
        Published = "published",
        /// It was public, and is not any more.
        Withdrawn = "withdrawn",
    }
}

/// A release in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ReleaseSummary {
    pub(crate) id: ReleaseId,
    pub(crate) title: String,
    pub(crate) kind: ReleaseKind,
    pub(crate) artist: ArtistLink,
    /// Null where there is none.
    pub(crate) artwork: Option<Artwork>,
    pub(crate) state: ReleaseState,
    pub(crate) visibility: Visibility,
    /// In the future under an embargo.
    pub(crate) published_at: Option<DateTime<Utc>>,
    /// For members of the artist all tracks, for others those that are ready.
    pub(crate) track_count: i64,
    pub(crate) duration_ms: i64,
    /// Whether the viewer may act for the artist.
    pub(crate) mine: bool,
    pub(crate) created_at: DateTime<Utc>,
}

/// A release with its tracks.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Release {
    #[serde(flatten)]
    pub(crate) summary: ReleaseSummary,
    #[serde(flatten)]
    pub(crate) details: ReleaseDetails,
    /// Genres out of the tags of its files: what it is found under while `genres` is empty.
    pub(crate) tag_genres: Vec<String>,
    /// Of the analysed tracks that the viewer may see; null where there are none.
    pub(crate) loudness: Option<ReleaseLoudness>,
    pub(crate) tracks: Vec<Track>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: ReleaseId,
    #[diesel(sql_type = Text)]
    title: String,
    #[diesel(sql_type = Text)]
    kind: ReleaseKind,
    #[diesel(sql_type = Text)]
    state: ReleaseState,
    #[diesel(sql_type = Text)]
    visibility: Visibility,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    published_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Timestamptz)]
    created_at: DateTime<Utc>,
    #[diesel(sql_type = SqlUuid)]
    artist_id: ArtistId,
    #[diesel(sql_type = Text)]
    artist_slug: String,
    #[diesel(sql_type = Text)]
    artist_name: String,
    #[diesel(sql_type = Nullable<Jsonb>)]
    artwork: Option<Artwork>,
    #[diesel(sql_type = BigInt)]
    track_count: i64,
    #[diesel(sql_type = BigInt)]
    duration_ms: i64,
    #[diesel(sql_type = Bool)]
    mine: bool,
}

impl From<Row> for ReleaseSummary {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            title: row.title,
            kind: row.kind,
            artist: ArtistLink { id: row.artist_id, slug: row.artist_slug, name: row.artist_name },
            artwork: row.artwork,
            state: row.state,
            visibility: row.visibility,
            published_at: row.published_at,
            track_count: row.track_count,
            duration_ms: row.duration_ms,
            mine: row.mine,
            created_at: row.created_at,
        }
    }
}

// $1 is the viewer, or null. What the viewer may see, is for the rest to say.
macro_rules! select_releases {
    ($rest:literal) => {
        concat!(
            "select r.id, r.title, r.kind, r.visibility, r.published_at, r.created_at,
                    case when r.published_at <= now() then 'published' when r.published_at is not null then 'scheduled'
                         when r.first_published_at is not null then 'withdrawn' else 'draft' end as state,
                    r.artist_id, a.slug as artist_slug,
                    a.name as artist_name, artists.cover_of(r.id) as artwork, s.track_count, s.duration_ms, v.mine
             from artists.releases r
             join artists.artists a on a.id = r.artist_id
             cross join lateral (
                select exists (select 1 from artists.acting x where x.artist_id = r.artist_id and x.account_id = $1) as mine
             ) v
             cross join lateral (
                select count(*) as track_count, coalesce(sum(n.duration_ms), 0)::bigint as duration_ms
                from artists.tracks t left join artists.analyses n on n.track_id = t.id
                where t.release_id = r.id and (v.mine or t.state = 'ready')
             ) s ",
            $rest
        )
    };
}

impl ReleaseSummary {
    /// The release, if the viewer may see it.
    pub(super) async fn find(conn: &mut Conn, id: ReleaseId, viewer: Option<AccountId>) -> Result<Option<Self>> {
        let found = prepared(
            sql(concat!(select_releases!("where r.id = $2 and (v.mine or "), open_by_address!(), ")"))
                .bind::<Nullable<SqlUuid>, _>(viewer)
                .bind::<SqlUuid, _>(id),
        );
        let row: Option<Row> = found.get_result(conn).await.optional()?;
        Ok(row.map(Self::from))
    }

    /// The release, for whoever was let in by a link.
    pub(super) async fn find_linked(conn: &mut Conn, id: ReleaseId) -> Result<Option<Self>> {
        let nobody = None::<AccountId>;
        let found = sql(select_releases!("where r.id = $2")).bind::<Nullable<SqlUuid>, _>(nobody);
        let row: Option<Row> = prepared(found.bind::<SqlUuid, _>(id)).get_result(conn).await.optional()?;
        Ok(row.map(Self::from))
    }

    /// Those of the releases that the viewer may open by their addresses, in no order.
    pub(super) async fn open_these(conn: &mut Conn, ids: &[ReleaseId], viewer: Option<AccountId>) -> Result<Vec<Self>> {
        let open = prepared(
            sql(concat!(select_releases!("where r.id = any($2) and (v.mine or "), open_by_address!(), ")"))
                .bind::<Nullable<SqlUuid>, _>(viewer)
                .bind::<Array<SqlUuid>, _>(ids),
        );
        let rows: Vec<Row> = open.load(conn).await?;
        Ok(rows.into_iter().map(Self::from).collect())
    }

    /// Those of the releases that the viewer may see, in the order of the ids.
    pub(super) async fn list_these(conn: &mut Conn, ids: &[ReleaseId], viewer: Option<AccountId>) -> Result<Vec<Self>> {
        let list = prepared(
            sql(concat!(
                select_releases!("where (v.mine or "),
                listed!(),
                ") and r.id = any($2) order by array_position($2, r.id)"
            ))
            .bind::<Nullable<SqlUuid>, _>(viewer)
            .bind::<Array<SqlUuid>, _>(ids),
        );
        let rows: Vec<Row> = list.load(conn).await?;
        Ok(rows.into_iter().map(Self::from).collect())
    }

    /// An artist's releases that the viewer may see, newest first.
    pub(super) async fn list_of(
        conn: &mut Conn,
        artist: ArtistId,
        viewer: Option<AccountId>,
        after: Option<ReleaseId>,
        limit: i64,
    ) -> Result<Vec<Self>> {
        let list = prepared(
            sql(concat!(
                select_releases!("where (v.mine or "),
                listed!(),
                ") and r.artist_id = $2 and ($3::uuid is null or r.id < $3) order by r.id desc limit $4 + 1"
            ))
            .bind::<Nullable<SqlUuid>, _>(viewer)
            .bind::<SqlUuid, _>(artist)
            .bind::<Nullable<SqlUuid>, _>(after)
            .bind::<BigInt, _>(limit),
        );
        let rows: Vec<Row> = list.load(conn).await?;
        Ok(rows.into_iter().map(Self::from).collect())
    }
}

/// Façade: those of the releases that an account may open by their addresses, in no order.
pub(crate) async fn open_releases(
    conn: &mut Conn,
    ids: &[ReleaseId],
    viewer: AccountId,
) -> Result<Vec<ReleaseSummary>> {
    ReleaseSummary::open_these(conn, ids, Some(viewer)).await
}

/// Façade: a member's release, and the names of the files that were uploaded to it.
#[derive(Debug, Clone, QueryableByName)]
pub(crate) struct FilledRelease {
    #[diesel(sql_type = SqlUuid)]
    pub(crate) id: ReleaseId,
    #[diesel(sql_type = Text)]
    pub(crate) title: String,
    #[diesel(sql_type = Array<Text>)]
    pub(crate) filenames: Vec<String>,
}

/// Façade: all releases of the artists that an account may act for.
pub(crate) async fn own_releases(conn: &mut Conn, member: AccountId) -> Result<Vec<FilledRelease>> {
    let list = prepared(
        sql("select r.id, r.title, array(
                select t.filename from artists.tracks t where t.release_id = r.id and t.filename is not null
             ) as filenames
             from artists.releases r
             where r.artist_id in (select x.artist_id from artists.acting x where x.account_id = $1)")
        .bind::<SqlUuid, _>(member),
    );
    Ok(list.load(conn).await?)
}

/// A row to change: held by the transaction, and the member's own.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = releases)]
pub(super) struct OwnRelease {
    pub(super) id: ReleaseId,
    pub(super) artist_id: ArtistId,
    pub(super) title: String,
    pub(super) kind: ReleaseKind,
    pub(super) published_at: Option<DateTime<Utc>>,
    pub(super) visibility: Visibility,
    pub(super) embargo_until: Option<DateTime<Utc>>,
    pub(super) announced_at: Option<DateTime<Utc>>,
}

impl OwnRelease {
    pub(super) async fn insert(
        conn: &mut Conn,
        id: ReleaseId,
        artist: ArtistId,
        title: &Title,
        kind: ReleaseKind,
    ) -> Result<()> {
        diesel::insert_into(releases::table)
            .values((
                releases::id.eq(id),
                releases::artist_id.eq(artist),
                releases::title.eq(title.as_str()),
                releases::kind.eq(kind),
            ))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// Whether the member may act for this release.
    pub(super) async fn is_mine(conn: &mut Conn, id: ReleaseId, member: AccountId) -> Result<bool> {
        let mine = releases::table.filter(releases::id.eq(id)).filter(may_edit(releases::artist_id, member));
        Ok(diesel::select(diesel::dsl::exists(mine)).get_result(conn).await?)
    }

    /// The member's release, locked until the transaction ends.
    pub(super) async fn lock(conn: &mut Conn, id: ReleaseId, member: AccountId) -> Result<Self> {
        let own = releases::table
            .filter(releases::id.eq(id))
            .filter(may_edit(releases::artist_id, member))
            .select(Self::as_select())
            // Not its key: a track that is written twice in a transaction has its reference to the release checked
            // again, and would wait for whoever waits for that track.
            .for_no_key_update();
        own.first(conn).await.optional()?.ok_or(Error::NotFound("release"))
    }

    /// Some release of an artist, locked, whoever asks; for an artist that is deleted.
    pub(super) async fn lock_any_of(conn: &mut Conn, artist: ArtistId) -> Result<Option<Self>> {
        let any = releases::table.filter(releases::artist_id.eq(artist)).order(releases::id).select(Self::as_select());
        Ok(any.for_update().first(conn).await.optional()?)
    }

    pub(super) async fn update(&self, conn: &mut Conn, title: Option<&Title>, kind: Option<ReleaseKind>) -> Result<()> {
        let title = title.map_or_else(|| self.title.clone(), |title| title.as_str().to_owned());
        let kind = kind.unwrap_or(self.kind);
        diesel::update(releases::table.find(self.id))
            .set((releases::title.eq(title), releases::kind.eq(kind)))
            .execute(conn)
            .await?;
        Ok(())
    }

    pub(super) async fn delete(&self, conn: &mut Conn) -> Result<()> {
        diesel::delete(releases::table.find(self.id)).execute(conn).await?;
        Ok(())
    }
}
